"""Causes: which failures, windows and echoes belong together.

Same provider, same kind of reason, no recovery between: one cause. Retries and echoes join the cause that made
them; two providers, or two reasons that have nothing to do with each other, stay apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from forensics import reasons
from forensics.failures import Failure
from forensics.profiles import Attempt
from forensics.reasons import Verdict
from forensics.recoveries import PASSING, Answers, Failed
from forensics.tables import Event, Window

_RECOVERED = timedelta(minutes=30)  # quiet this long with answers in it: what comes next is another story
_OPENED = timedelta(seconds=5)
SAID = timedelta(seconds=20)  # a provider that answers with one status twice says the same twice
_FAMILIES = {"auth_permanent": "auth", "tls": "network"}


@dataclass(slots=True)
class Cause:
    """One cause while it is being put together; `attempts` in order of time."""

    provider: str
    family: str
    attempts: list[Attempt] = field(default_factory=list)
    windows: list[Window] = field(default_factory=list)
    echoes: list[Event] = field(default_factory=list)

    @property
    def start(self) -> datetime:
        return min([a.failure.began for a in self.attempts] or [w.start for w in self.windows] or self._echoed)

    @property
    def last(self) -> datetime:
        """The last sign of it: failure, echo or window opening."""
        return max([a.failure.time for a in self.attempts] + [w.start for w in self.windows] + self._echoed)

    @property
    def until(self) -> datetime:
        """The last sign of it, or the end of its last window."""
        return max([self.last, *(w.end for w in self.windows if w.end)])

    @property
    def failed(self) -> Failed:
        """What is asked whether it is over."""
        return Failed.of(self.provider, self.family, self.start, self.attempts)

    @property
    def _echoed(self) -> list[datetime]:
        return [e.time for e in self.echoes if e.time]


def judge(failure: Failure) -> Verdict:
    """What the provider's answer truly is. An abort after a timer fired is a timeout, whoever reports the abort."""
    return reasons.classify(
        "Request timed out." if failure.timed_out else failure.text,
        provider=failure.provider,
        http_status=failure.http_status,
        error_type=failure.error_type,
        now=failure.time,
    )


def is_echo(event: Event) -> bool:
    """A refusal the gateway made up by itself, a skipped candidate among them."""
    return event.role == "echo" or event.decision == "skip_candidate"


def find_causes(attempts: Sequence[Attempt], windows: Sequence[Window], events: Sequence[Event]) -> tuple[Cause, ...]:
    """Everything that went wrong, sorted into causes, in order of time. Absorbed attempts make no cause."""
    answers = Answers(attempts, events)
    causes = _from_attempts([a for a in attempts if not a.absorbed], answers)
    _give_windows(causes, windows)
    _give_echoes(causes, [(e.time, e) for e in events if is_echo(e) and e.time])
    told = any(e.kind == "agent_run_answered" for e in events)
    counting = (c for c in causes if _counts(c, told=told) and not _passing(c, answers))
    return tuple(sorted(counting, key=lambda c: c.start))


def _from_attempts(attempts: Sequence[Attempt], answers: Answers) -> list[Cause]:
    causes: list[Cause] = []
    worded = _Worded(attempts)
    for attempt in attempts:
        failure = attempt.failure
        provider = failure.provider or "unknown"
        reason = judge(worded.like(failure)).reason.true_reason
        family = _FAMILIES.get(reason, reason)
        cause = _open_cause(causes, provider, family, failure, answers)
        if cause is None:
            cause = Cause(provider, family)
            causes.append(cause)
        if cause.family == "unknown":
            cause.family = family
        cause.attempts.append(attempt)
    return causes


class _Worded:
    """Failures of which more than the status is known, by provider and status, in order of time."""

    def __init__(self, attempts: Iterable[Attempt]) -> None:
        self._known: dict[tuple[str | None, int | None], list[Failure]] = defaultdict(list)
        for attempt in attempts:
            if not is_wordless(attempt.failure):
                self._known[attempt.failure.provider, attempt.failure.http_status].append(attempt.failure)

    def like(self, failure: Failure) -> Failure:
        """The failure itself; of a bare status the nearest one that tells what this provider said with it."""
        if not is_wordless(failure):
            return failure
        same = self._known[failure.provider, failure.http_status]
        near = [f for f in same if abs(f.time - failure.time) <= SAID]
        return min(near, key=lambda f: abs(f.time - failure.time), default=failure)


def is_wordless(failure: Failure) -> bool:
    """True where a status is all that is known of the answer."""
    return failure.http_status is not None and not failure.text and not failure.error_type


def _open_cause(
    causes: Sequence[Cause], provider: str, family: str, failure: Failure, answers: Answers
) -> Cause | None:
    for cause in reversed(causes):
        if cause.provider != provider or not _related(cause.family, family):
            continue
        quiet = failure.began - cause.last > _RECOVERED
        if not quiet or (cause.family == family and not answers.recovery(cause.failed, cause.last, failure.began)):
            return cause
    return None


def _related(one: str, other: str) -> bool:
    return one == other or "unknown" in (one, other)


def _give_windows(causes: list[Cause], windows: Sequence[Window]) -> None:
    for window in windows:
        home = _opener(causes, window)
        if home is None:
            home = Cause(window.provider, "unknown")
            causes.append(home)
        home.windows.append(window)


def _opener(causes: Sequence[Cause], window: Window) -> Cause | None:
    """The cause one of whose failures opened the window; else the provider's cause that was going on."""
    places = {window.opened_by, *window.sources}
    for cause in causes:
        for attempt in cause.attempts:
            if places & set(attempt.failure.sources):
                return cause
    near = [
        (abs(window.start - a.failure.time), n)
        for n, cause in enumerate(causes)
        if cause.provider == window.provider
        for a in cause.attempts
        if a.profile in (window.profile, None) and abs(window.start - a.failure.time) <= _OPENED
    ]
    if near:
        return causes[min(near)[1]]
    going_on = [c for c in causes if c.provider == window.provider and c.start <= window.start <= c.until + _RECOVERED]
    return going_on[-1] if going_on else None


def _give_echoes(causes: list[Cause], echoes: Sequence[tuple[datetime, Event]]) -> None:
    only = {c.provider for c in causes}
    for time, echo in sorted(echoes, key=lambda pair: (pair[0], pair[1].source, pair[1].line)):
        provider = echo.provider or (next(iter(only)) if len(only) == 1 else "unknown")
        home = (None if echo.provider else _in_run(causes, echo)) or _made(causes, provider, time)
        if home is None:
            home = Cause(provider, "unknown")
            causes.append(home)
        home.echoes.append(echo)


def _in_run(causes: Sequence[Cause], echo: Event) -> Cause | None:
    """The last cause begun before an echo that names no provider, but its run, else its session."""
    mine = [
        (same_run, c.start, n)
        for n, c in enumerate(causes)
        for a in c.attempts
        if (same_run := bool(echo.run and a.failure.run == echo.run)) or _in_session(a, echo)
        if echo.time and c.start <= echo.time + _OPENED
    ]
    return causes[max(mine)[2]] if mine else None


def _in_session(attempt: Attempt, echo: Event) -> bool:
    return echo.session is not None and attempt.failure.session == echo.session


def _made(causes: Sequence[Cause], provider: str, time: datetime) -> Cause | None:
    """The cause that made an echo: one with a window open then, else the last one begun, else the next at once."""
    mine = [c for c in causes if c.provider == provider]
    blocking = [c for c in mine if any(w.start - _OPENED <= time <= (w.end or time) for w in c.windows)]
    begun = [c for c in mine if c.start <= time + _OPENED]
    pool = blocking or begun
    return max(pool, key=lambda c: c.start, default=None)


def _counts(cause: Cause, *, told: bool) -> bool:
    """A cause is an incident where it had a consequence: a window, an echo, or a run that failed with it.

    `told`: the log says of each run when it is answered, so that silence about one is a sign.
    """
    if cause.windows or cause.echoes:
        return True
    return any(_consequence(a, told=told) for a in cause.attempts)


def _passing(cause: Cause, answers: Answers) -> bool:
    """One fault on the provider's side that kept no credential from use, and the provider answered again."""
    alone = len(cause.attempts) == 1 and not cause.windows and not cause.echoes
    return alone and cause.family in PASSING and answers.recovery(cause.failed, cause.last) is not None


def _consequence(attempt: Attempt, *, told: bool) -> bool:
    """Reported beyond the attempt, acted upon, or never answered; a probe alone hurts nobody."""
    failure = attempt.failure
    if failure.probed:
        return False
    unanswered = failure.basis == "transcript" or (told and failure.run is not None)
    return failure.reported or failure.noticed or unanswered
