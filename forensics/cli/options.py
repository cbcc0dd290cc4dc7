"""The arguments and options that several commands take."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forensics.when import FORMS

Evidence = Annotated[
    list[Path],
    typer.Argument(help="State directory, home, folder, log file, pasted text, .zip, .tar.gz; several are one case."),
]
_FORMS = f"{FORMS}. What has no zone is in --timezone, else UTC; 2h and today count from --now"
LiveEvidence = Annotated[
    list[Path] | None,
    typer.Argument(
        help="State directory, home, folder, log file, pasted text, .zip, .tar.gz; several are one case. Without it: "
        "this machine, as `collect` looks at it: state, logs in /tmp/openclaw and as configured, journal, logins."
    ),
]
Since = Annotated[str | None, typer.Option(help=f"Only what happened from then on: {_FORMS}.")]
Until = Annotated[str | None, typer.Option(help="Only what happened up to then; no question is asked of later times.")]
Provider = Annotated[str | None, typer.Option(help="Only this provider's incidents.")]
Agent = Annotated[str | None, typer.Option(help="Only this agent's incidents.")]
Now = Annotated[
    str | None, typer.Option(help="The moment 'is it still blocked' asks about (default: the last of the evidence).")
]
Timezone = Annotated[
    str | None, typer.Option(help="IANA zone for times that state none, here and in the evidence: Europe/Berlin.")
]
NoCache = Annotated[
    bool, typer.Option("--no-cache", help="Read everything anew and keep nothing of it for a second look.")
]
Rules = Annotated[
    Path | None, typer.Option(help="A file with sentences of your own providers; docs/extending.md shows one.")
]
