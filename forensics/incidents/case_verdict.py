"""What a whole case can be called. Nobody is cleared by evidence in which a failure would not have shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from forensics.incidents.attempts import AttributedFailure
from forensics.incidents.client_refusals import ClientRefusal
from forensics.incidents.evidence_coverage import EvidenceCoverage
from forensics.incidents.incident import Incident
from forensics.incidents.state import State, state_of
from forensics.incidents.unread import Unread

Verdict = Literal["incident", "no incident", "calls failed", "client refused", "cannot tell"]

_LOG = "the gateway log (`openclaw logs`, or openclaw-<date>.log in /tmp/openclaw)"
_TRANSCRIPTS = "the session transcripts (agents/<agent>/sessions in the state directory)"
_STORES = "the auth stores (agents/<agent>/agent in the state directory)"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseVerdict:
    """The verdict and what it rests on; `send` names what would show more, the most telling first."""

    verdict: Verdict
    state: State  # of what hurts most
    incidents: int
    failed_calls: int  # that are part of no incident
    send: tuple[str, ...]
    unread: tuple[Unread, ...] = ()  # what might have told first

    @property
    def exit_code(self) -> int:
        """0 only where nothing failed and a failure would have shown."""
        return 0 if self.verdict == "no incident" else 1


def judge_case(
    incidents: Sequence[Incident],
    attempts: Sequence[AttributedFailure],
    refusals: Sequence[ClientRefusal],
    seen: EvidenceCoverage,
    unread: Sequence[Unread] = (),
    *,
    now: datetime | None,
    blocked: bool,
) -> CaseVerdict:
    """`incidents`: what hurts most first; `blocked`: a window is in force whose cause is over."""
    can_clear = seen.can_clear and not any(one.telling for one in unread)
    failed = 0 if incidents else sum(a.trigger == "probe" for a in attempts)
    verdict = _verdict(bool(incidents), bool(failed), bool(refusals), can_clear)
    return CaseVerdict(
        verdict=verdict,
        state=state_of(incidents[0], now) if incidents else _without_incident(verdict, blocked=blocked),
        incidents=len(incidents),
        failed_calls=failed,
        send=() if incidents else tuple(_to_send(seen)),
        unread=tuple(unread),
    )


def _verdict(incident: bool, failed: bool, refused: bool, can_clear: bool) -> Verdict:
    if incident:
        return "incident"
    if failed:
        return "calls failed"
    if can_clear:
        return "no incident"
    return "client refused" if refused else "cannot tell"


def _without_incident(verdict: Verdict, *, blocked: bool) -> State:
    if blocked:
        return "still blocked"
    return "well" if verdict == "no incident" else "cannot tell"


def _to_send(seen: EvidenceCoverage) -> Iterator[str]:
    if not seen.gateway_log:
        yield _LOG
    if not seen.transcripts:
        yield _TRANSCRIPTS
    if not seen.marks:
        yield _STORES
