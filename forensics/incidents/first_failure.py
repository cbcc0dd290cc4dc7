"""The first failure of a cause: what is known of it, how sure that is, and what else it could be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from forensics.incidents.causes import SAID, Cause, is_wordless
from forensics.incidents.evidence_coverage import EvidenceCoverage
from forensics.incidents.failures import FailedRequest, place
from forensics.incidents.incident import FirstFailure
from forensics.incidents.undated import dated
from forensics.openclaw.reasons import Classification

_ALTERNATIVES = 3
_NOT_SEEN = "The failure that opened this is not in the evidence."


def first_failure_of(
    cause: Cause, first: FailedRequest | None, verdict: Classification | None, seen: EvidenceCoverage
) -> FirstFailure:
    if first is None or verdict is None:
        return _unseen(cause)
    first_failure = _shown_as(first, *_confidence(cause, first, verdict, seen))
    others = [a.failure for a in cause.attempts if a.failure is not first]
    if is_wordless(first) and (said := _said_again(first, others)):
        places = (*first_failure.sources, said.source)
        first_failure = replace(first_failure, text=said.text, error_type=said.error_type, sources=places)
    return replace(first_failure, alternatives=_alternatives(first, others))


def _said_again(first: FailedRequest, others: Sequence[FailedRequest]) -> FailedRequest | None:
    """The nearest failure with the same status that tells what was said: a client sends its request again."""
    same = (f for f in others if f.text and (f.provider, f.http_status) == (first.provider, first.http_status))
    return next((f for f in same if abs(f.time - first.time) <= SAID), None)


def _shown_as(failure: FailedRequest, confidence: str, why: str) -> FirstFailure:
    return FirstFailure(
        time=dated(failure.began),
        time_basis=failure.basis if dated(failure.began) else "none",
        profile=failure.profile,
        model=failure.model,
        http_status=failure.http_status,
        error_type=failure.error_type,
        text=failure.text,
        source=failure.source,
        confidence=confidence,
        why=why,
        sources=failure.sources,
    )


def _alternatives(first: FailedRequest, others: Sequence[FailedRequest]) -> tuple[FirstFailure, ...]:
    """The next failures that say something else: another profile, another status, another type."""
    differing: dict[tuple[object, ...], FailedRequest] = {}
    for failure in others:
        differing.setdefault((failure.profile, failure.http_status, failure.error_type), failure)
    differing.pop((first.profile, first.http_status, first.error_type), None)
    why = "A later failure of the same cause that differs in profile or answer."
    return tuple(_shown_as(failure, "low", why) for failure in list(differing.values())[:_ALTERNATIVES])


def _unseen(cause: Cause) -> FirstFailure:
    """No failure in the evidence: the window's arithmetic or the first echo is all there is."""
    window = min(cause.windows, key=lambda w: w.start, default=None)
    echo = min(cause.echoes, key=lambda e: (dated(e.time) is None, e.time, e.line), default=None)
    echoed = dated(echo.time) if echo else None
    if window and (echoed is None or window.start <= echoed):
        basis = "state" if window.start_basis in ("state", "reported") else "computed"
        why = f"{_NOT_SEEN} The time is what the stored window leads back to."
        return _empty(window.start, basis, window.profile, window.opened_by, why)
    why = f"{_NOT_SEEN} The first refusal of the gateway itself is the earliest sign; the cause lies before it."
    source = place(echo) if echo else "nowhere:0"
    return _empty(cause.start, "log", None, source, why)


def _empty(time: datetime, basis: str, profile: str | None, source: str, why: str) -> FirstFailure:
    return FirstFailure(
        time=dated(time),
        time_basis=basis if dated(time) else "none",
        profile=profile,
        model=None,
        http_status=None,
        error_type=None,
        text="",
        source=source,
        confidence="low",
        why=why,
        sources=(source,),
    )


def _confidence(cause: Cause, first: FailedRequest, verdict: Classification, seen: EvidenceCoverage) -> tuple[str, str]:
    """How sure the choice is, and why, in one sentence."""
    signs = [time for e in cause.echoes if (time := dated(e.time))] + [w.start for w in cause.windows]
    if dated(first.began) and any(sign < first.began - timedelta(seconds=30) for sign in signs):
        return (
            "low",
            "A window or echo is older than the oldest failure here: an earlier failure is missing.",
        )
    if verdict.certainty == "none":
        return "low", "The text is OpenClaw's own sentence, not the provider's answer."
    if not (seen.transcripts or seen.gateway_log):
        return "low", "Neither transcripts nor a gateway log are in the evidence."
    exact = any(e.time_basis in ("exact", "aligned") for e in first.events)
    if verdict.certainty == "wording" or not exact or (first.basis == "log" and not seen.transcripts):
        return "medium", "The provider's words are there, but not its status, or the time rests on an assumption."
    return "high", "The provider's own answer, with nothing of this cause before it."
