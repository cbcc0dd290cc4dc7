"""`forensics fix`: the plan of an incident as a shell script, printed and never run."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from forensics.cli.options import Evidence, NoCache, Now, Timezone
from forensics.errors import ParameterError


def fix(
    evidence: Evidence,
    *,
    incident: Annotated[
        str | None, typer.Option("--incident", "-i", help="Which one, such as I2 (default: the first of the page).")
    ] = None,
    now: Now = None,
    timezone: Timezone = None,
    no_cache: NoCache = False,
) -> None:
    """Print what to do about an incident as a shell script; it is never run. Exit 0: printed, 2: not usable.

    Example: forensics fix ~/.openclaw I1 > fix.sh; less fix.sh; sh fix.sh
    """
    from forensics.case import open_case
    from forensics.remediation.gateway_control import supervisor
    from forensics.report.fix_script import fix_script
    from forensics.report.text.incident import headline

    *paths, last = evidence
    named = incident or (str(last) if paths and not last.exists() else None)  # `fix EVIDENCE I1`
    places = [*paths, *([] if named and not incident else [last])]
    case = open_case(places, now=now, timezone=timezone, cache=not no_cache)
    known = [found.id for found in case.headline_first]
    if not known:
        raise ParameterError("no incident was found, so there is nothing to fix; see forensics triage")
    if named and named not in known:
        raise ParameterError(
            f"there is no incident {named}; there {'are' if known[1:] else 'is'} {', '.join(sorted(known))}"
        )
    chosen = next(found for found in case.headline_first if found.id == (named or known[0]))
    sys.stdout.write(fix_script(chosen, case.plans[chosen.id], supervisor(case.timeline), headline(chosen)))
