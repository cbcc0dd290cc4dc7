"""The tables of notebook 5: desync windows, credentials, races, false alarms, and results that never arrived."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from forensics.detectors.desync import RACE, Desync, Edge, read_copies
from forensics.detectors.desync.model import ENDS, LAST, STARTS
from forensics.detectors.desync.stored_logins import TOOLS
from forensics.detectors.questions.lost_results import LostResult
from forensics.report.charts.token_validity import known_until
from forensics.report.tables import Row, Shown, shown, table
from forensics.tables import Credential, Finding
from forensics.text import between, clip, clock, counted

if TYPE_CHECKING:
    from forensics.case import Case

_NOT_OVER = "nothing in the evidence shows that it is over"
_SAID = 300  # characters of evidence text in a cell
_PLACES = 5
_KINDS = {
    "stale_copy": "stale copy: somebody else had renewed the login",
    "refresh_race": "refresh race: several agents had one login, one of them renewed it",
    "expired_external": "expired external: the tool's own login had run out",
    "overwritten": "overwritten: an older pair was written over the newer one",
}
_SURE = {"high": "sure", "medium": "likely", "low": "not sure"}
_WAITING = {"race_waiting": "waiting", "refresh_fenced": "fenced"}
_UNDELIVERED = {"result_delivered_late": "late", "cron_delivered_nothing": "cron, said ok"}


def windows(case: Case) -> Shown:
    """One row per window, then one row per edge: how it is known, and between which moments it lies."""
    rows = case.desyncs
    overview = table("desyncs", "Out of sync", [_window(n, row) for n, row in enumerate(rows, 1)])
    edges = [edge for n, row in enumerate(rows, 1) for edge in _edges(n, row)]
    known = (table("edges", "How each edge is known", edges),) if edges else ()
    return Shown("Out of sync", (overview, *known))


def _window(number: int, row: Desync) -> Row:
    return {
        "": f"D{number}",
        "Login": "\n".join((row.provider, *row.profiles)),
        "Agent": ", ".join(row.agents) or "not known",
        "What": _KINDS.get(row.kind, row.kind),
        "From": clock(row.start),
        "Until": clock(row.end) if row.end else "not over",
        "Length": between(row.start, row.end) if row.end else "",
        "Refused": _refused(row),
        "Renewed by": row.winner or "not known",
        "How sure": _SURE.get(row.confidence, row.confidence),
    }


def _refused(row: Desync) -> str:
    if row.first_failure is None:
        return "nothing seen"
    return f"{counted(len(row.refusals), 'call')}, the first {clock(row.first_failure, row.start)}"


def _edges(number: int, row: Desync) -> Iterator[Row]:
    opened, closed = row.opened, row.closed
    yield {"": f"D{number}\u00a0start", **_edge(opened, STARTS.get(opened.basis, opened.basis))}
    yield {"": f"D{number}\u00a0end", **_edge(closed, ENDS.get(closed.basis, closed.basis) if closed else _NOT_OVER)}


def _edge(edge: Edge | None, known_from: str) -> Row:
    return {
        "UTC": clock(edge.time) if edge else "not over",
        "Known from": known_from,
        "Exactly": _interval(edge) if edge else "",
        "Where": edge.source or "" if edge else "",
    }


def _interval(edge: Edge) -> str:
    if edge.exact:
        return "at that moment"
    since = f"from {clock(edge.not_before, edge.time)}" if edge.not_before else ""
    return f"somewhere {since} to {clock(edge.not_after or edge.time, edge.time)}".replace("  to", " up to")


def credentials(case: Case) -> Shown:
    """One row per credential in every store; of tokens only the fingerprints."""
    read, now = case.timeline, known_until(case)
    copies = read_copies(read.credentials, read.records, read.files, case.now or LAST)
    current = {copy.source: copy.current for copy in copies}
    rows = [_credential(row, current.get(row.source), now) for row in read.credentials]
    return shown("credentials", "Every credential in every store", rows)


def _credential(row: Credential, current: bool | None, now: datetime) -> Row:
    tokens = (("access", row.access), ("refresh", row.refresh))
    return {
        "Whose": TOOLS.get(row.store) or row.agent or "",
        "Credential": row.profile,
        "Kind": row.type,
        "Tokens": "\n".join(f"{name}\u00a0{fp}" for name, fp in tokens if fp),
        "Until": _expires(row.expires_at, now),
        "Scopes": ", ".join(row.scopes),
        "State": {None: "not renewed", True: "in the store now", False: "archive or earlier"}[current],
        "Where": row.source,
    }


def _expires(end: datetime | None, now: datetime) -> str:
    if end is None:
        return "no end stored"
    return f"{clock(end)}{' (past)' if end <= now else ''}"


def races(case: Case) -> Shown:
    """Races that happened, and those that wait: one refresh token in several stores."""
    happened = [_happened(row) for row in case.desyncs if row.kind == RACE]
    waiting = [_told(f, _WAITING[f.verdict]) for f in case.answers.findings if f.verdict in _WAITING]
    return shown("races", "Races", [*happened, *waiting])


def _happened(row: Desync) -> Row:
    lost = ", ".join(row.agents) or "agents that are not named"
    return {
        "": "happened",
        "What": f"{row.provider}, {clock(row.start)}: won by {row.winner or 'somebody'}, lost by {lost}",
        "What to do": "Log in again for one agent, and give every other one a login of its own.",
        "Evidence": "\n".join(row.evidence[:_PLACES]),
    }


def false_alarms(case: Case) -> Shown:
    """What looks expired and is no trouble, each with the reason why."""
    rows = [
        {"": finding.verdict.replace("_", " "), "Why it is none": finding.summary, "Evidence": _places(finding)}
        for finding in case.answers.findings
        if finding.detector == "credential_desync" and finding.severity == "info"
    ]
    return shown("alarms", "False alarms", rows)


def lost_results(case: Case) -> Shown:
    """Results that were computed and never delivered, and where they can still be read; then what came late."""
    lost = table("lost", "Computed, and never delivered", [_lost(row) for row in case.lost_results])
    rest = [_told(f, _UNDELIVERED[f.verdict]) for f in case.answers.findings if f.verdict in _UNDELIVERED]
    late = (table("late", "Late, and cron runs that delivered nothing", rest),) if rest else ()
    return Shown("Lost results", (lost, *late))


def _lost(row: LostResult) -> Row:
    return {
        "UTC": clock(row.ended_at) if row.ended_at else "",
        "For, and computed by": f"{row.requester or 'not known'}\n{row.child_session or row.run_id}",
        "What happened": _announces(row),
        "The result can still be read in": row.result_in or "nothing here: let the subagent run again",
        "Evidence": "\n".join(row.evidence[:_PLACES]),
    }


def _announces(row: LostResult) -> str:
    given_up = f", given up {clock(row.given_up_at, row.ended_at)}" if row.given_up_at else ""
    return f"{counted(row.retries, 'announce')} failed{given_up}: {clip(row.error or 'nothing said why', _SAID)}"


def _told(finding: Finding, state: str) -> Row:
    told = {"": state, "What": clip(finding.summary, _SAID), "What to do": finding.remedy or ""}
    return told | {"Evidence": _places(finding)}


def _places(finding: Finding) -> str:
    return "\n".join(finding.evidence[:_PLACES])
