"""The picture of logins in words: its title, its legend, and the sentence under it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from forensics.detectors.desync import Desync
from forensics.report.charts.token_validity import held_credentials, known_until
from forensics.report.charts.validity_plan import ValidityPlan
from forensics.text import between, clock, counted, duration, moment, visible

if TYPE_CHECKING:
    from forensics.case import Case

_CAUSES = {
    "stale_copy": "{by} had renewed it",
    "refresh_race": "{by} won the race for its renewal",
    "expired_external": "it had expired in the tool that it was taken from",
    "overwritten": "an older pair had been written over it",
}


def title(plan: ValidityPlan) -> str:
    """The conclusion."""
    if not plan.windows:
        return "No login was out of sync"
    if len(plan.windows) > 1:
        return f"{counted(len(plan.windows), 'window')} in which a login was out of sync"
    (row,) = plan.windows
    return f"{row.provider} login of {_whom(row)} out of sync, {_lasted(row, plan.plan.view.now)}: {_cause(row)}"


def legend(plan: ValidityPlan) -> str:
    """The legend, naming only what is in the picture."""
    parts = (
        ("▬ token from issue to expiry", bool(plan.held)),
        ("▬ slim: an earlier one", any(not one.current for one in plan.held)),
        ("▬ pale: not in this store yet", any(stripe.pale for stripe in plan.stripes)),
        ("┄ expired, and still there", bool(plan.beyond)),
        ("◆ refused", bool(plan.plan.failures)),
        ("├┤ an edge lies in here", bool(plan.uncertain)),
        ("▼ lost", any(result.lost for result in plan.results)),
        ("▽ late", any(not result.lost for result in plan.results)),
        ("┊ the gateway", bool(plan.plan.view.turns)),
        (f"and {counted(plan.left_out, 'more store')} in the table", bool(plan.left_out)),
    )
    return "\u2003".join(words for words, shown in parts if shown)


def describe_validity(case: Case) -> str:
    """One sentence on when logins were out of sync, why, and what it cost."""
    windows = case.desyncs
    if not windows:
        return f"No login was out of sync: {_why_not(case)}."
    return visible(f"{_when(windows, known_until(case))}; {_refused(windows)}, {_lost(case)}.")


def _when(windows: Sequence[Desync], now: datetime) -> str:
    if len(windows) > 1:
        whole = duration(sum(((row.end or max(now, row.start)) - row.start).total_seconds() for row in windows))
        logins = ", ".join(dict.fromkeys(f"{row.provider} ({_whom(row)})" for row in windows))
        return f"From {moment(windows[0].start)} on, {counted(len(windows), 'window')} ({whole} in all): {logins}"
    (row,) = windows
    until = f"to {clock(row.end, row.start)} ({_lasted(row, now)})" if row.end else "until the evidence ends"
    return f"The {row.provider} login of {_whom(row)} was out of sync from {moment(row.start)} {until}: {_cause(row)}"


def _refused(windows: Sequence[Desync]) -> str:
    refusals = sum(len(row.refusals) for row in windows)
    if not refusals:
        return "nothing was refused in the evidence"
    return f"{counted(refusals, 'call')} {'was' if refusals == 1 else 'were'} refused"


def _whom(row: Desync) -> str:
    return " and ".join(row.agents) or "an agent that is not named"


def _lasted(row: Desync, now: datetime) -> str:
    return between(row.start, row.end) if row.end else f"{between(row.start, max(now, row.start))} and not over"


def _cause(row: Desync) -> str:
    return _CAUSES.get(row.kind, row.kind.replace("_", " ")).format(by=row.winner or "somebody else")


def _lost(case: Case) -> str:
    rows = case.lost_results
    if not rows:
        return "and no result was lost"
    readable = sum(row.result_in is not None for row in rows)
    told = "but can still be read" if readable == len(rows) else f"{readable or 'none'} of which can still be read"
    return f"and {counted(len(rows), 'subagent result')} never arrived, {told}"


def _why_not(case: Case) -> str:
    held = held_credentials(case)
    logins = len({one.store for one in held if one.renewable})
    if logins:
        return (
            f"{counted(logins, 'store')} {_holds(logins)} a login that is renewed, and nothing replaced one behind it"
        )
    return "no credential in the evidence is ever renewed" if held else "there is no credential store in the evidence"


def _holds(stores: int) -> str:
    return "holds" if stores == 1 else "hold"
