"""`forensics tables`: every table of a case as files, for oneself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forensics.cli.options import Evidence, NoCache, Now, Since, Timezone, Until
from forensics.cli.printing import print_paths, tell


def tables(
    evidence: Evidence,
    *,
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the tables; made if need be.")] = Path("tables"),
    since: Since = None,
    until: Until = None,
    now: Now = None,
    timezone: Timezone = None,
    no_cache: NoCache = False,
) -> None:
    """Write every table as CSV and Parquet. Names and texts stay in them: for handing on, use report --share."""
    from forensics.case import open_case
    from forensics.errors import ReportError
    from forensics.report.earlier_notebook import refuse_unwritable
    from forensics.report.exports import table_files

    refuse_unwritable(out)
    case = open_case(evidence, since=since, until=until, now=now, timezone=timezone, cache=not no_cache)
    written = []
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, data in table_files(case):
            path = out / Path(name).name
            path.write_bytes(data)
            written.append(path)
    except OSError as error:
        raise ReportError(f"{out}: cannot be written ({error.strerror}); give another folder with -o") from error
    print_paths(written)
    tell("These hold names and texts as they were; forensics report --share writes tables that may be handed on.")
