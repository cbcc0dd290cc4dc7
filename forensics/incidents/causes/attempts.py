"""The causes of failed attempts: the same provider and kind of reason, with no recovery between."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from forensics.incidents.attempts import AttributedFailure
from forensics.incidents.causes.cause import Cause, classify_failure, is_wordless, stands_for_any_429
from forensics.incidents.failures import FailedRequest
from forensics.incidents.recoveries import Failed, Recoveries
from forensics.openclaw.reasons import Classification

RECOVERED = timedelta(minutes=30)  # quiet this long with answers in it: what comes next is another story
SAID = timedelta(seconds=20)  # a provider that answers with one status twice says the same twice
_FAMILIES = {"auth_permanent": "auth", "tls": "network"}


def causes_of(attempts: Sequence[AttributedFailure], answers: Recoveries) -> list[Cause]:
    causes: list[Cause] = []
    open_, worded = _Open(answers), _Worded(attempts, answers)
    for attempt in attempts:
        failure, verdict = attempt.failure, classify_failure(attempt.failure)
        told = worded.like(failure, verdict)
        provider = failure.provider or "unknown"
        reason = (verdict if told is failure else classify_failure(told)).reason.true_reason
        family = _FAMILIES.get(reason, reason)
        cause = open_.last(provider, family, failure)
        if cause is None:
            cause = Cause(provider, family)
            causes.append(cause)
        if cause.family == "unknown":
            cause.family = family
        cause.add_attempt(attempt, verdict)
        open_.keep(cause)
    return causes


class _Open:
    """Causes that may go on, by provider, in the order in which they were found."""

    def __init__(self, answers: Recoveries) -> None:
        self._answers = answers
        self._causes: dict[str, list[Cause]] = defaultdict(list)

    def last(self, provider: str, family: str, failure: FailedRequest) -> Cause | None:
        """The last one found to which a failure belongs."""
        for cause in reversed(self._causes[provider]):
            if not _related(cause.family, family):
                continue
            quiet = failure.began - cause.last > RECOVERED
            same = cause.family == family
            if not quiet or (same and not self._answers.recovery(cause.failed, cause.last, failure.began)):
                return cause
        return None

    def keep(self, cause: Cause) -> None:
        """A cause has got a failure: those of its kind that were found before it and ended sooner go on no more."""
        mine = self._causes[cause.provider]
        if cause not in mine:
            mine.append(cause)
        place = mine.index(cause)
        going_on = [c for c in mine[:place] if c.family != cause.family or c.last > cause.last]
        if cause.family != "unknown":  # what is not known yet may still turn out to be anything
            self._causes[cause.provider] = going_on + mine[place:]


class _Worded:
    """Failures of which more than the status is known, by provider and status, in order of time."""

    def __init__(self, attempts: Iterable[AttributedFailure], answers: Recoveries) -> None:
        self._answers = answers
        self._known: dict[tuple[str | None, int | None], list[FailedRequest]] = defaultdict(list)
        for attempt in attempts:
            if not is_wordless(attempt.failure):
                self._known[attempt.failure.provider, attempt.failure.http_status].append(attempt.failure)

    def like(self, failure: FailedRequest, verdict: Classification) -> FailedRequest:
        """The failure itself; of a bare status the nearest one that tells what this provider said with it.

        OpenClaw's own sentence about a rate limit stands for every 429: it is what was said with the next one.
        """
        if stands_for_any_429(verdict):
            return self._next(failure) or failure
        if not is_wordless(failure):
            return failure
        same = self._known[failure.provider, failure.http_status]
        at = bisect_left(same, failure.time, key=_time)
        before = bisect_left(same, same[at - 1].time, key=_time) if at else at
        near = [f for f in (*same[before : before + 1], *same[at : at + 1]) if abs(f.time - failure.time) <= SAID]
        return min(near, key=lambda f: abs(f.time - failure.time), default=failure)

    def _next(self, failure: FailedRequest) -> FailedRequest | None:
        """The next 429 with words of the same profile, where nothing answered before it."""
        limits = self._known[failure.provider, 429]
        later = limits[bisect_left(limits, failure.time, key=_time) :]
        found = next((f for f in later if failure.profile in (None, f.profile)), None)
        if found is None or found.time - failure.time > RECOVERED:
            return None
        failed = Failed(
            failure.provider or "unknown", "rate_limit", failure.began, {failure.model}, {failure.agent}, set()
        )
        return None if self._answers.recovery(failed, failure.time, found.began) else found


def _time(failure: FailedRequest) -> datetime:
    return failure.time


def _related(one: str, other: str) -> bool:
    return one == other or "unknown" in (one, other)
