"""A cause: failures, windows and echoes that belong together, and what its failures truly were."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from forensics.incidents.attempts import AttributedFailure
from forensics.incidents.failures import FailedRequest
from forensics.incidents.recoveries import Failed
from forensics.incidents.undated import dated
from forensics.openclaw import reasons
from forensics.openclaw.reasons import Classification
from forensics.tables import Event, Window

_EARLIEST, LATEST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


@dataclass(slots=True, eq=False)
class Cause:
    """One cause while it is being put together; `attempts` in order of time, each with its verdict."""

    provider: str
    family: str
    attempts: list[AttributedFailure] = field(default_factory=list)
    verdicts: list[Classification] = field(default_factory=list)
    windows: list[Window] = field(default_factory=list)
    echoes: list[Event] = field(default_factory=list)
    last: datetime = _EARLIEST  # the last sign of it: failure, echo or window opening
    _models: set[str | None] = field(default_factory=lambda: {None})
    _agents: set[str | None] = field(default_factory=lambda: {None})
    _sessions: set[str | None] = field(default_factory=set)
    _began: datetime = LATEST
    _opened: datetime = LATEST
    _echoed: datetime = LATEST
    _ended: datetime = _EARLIEST

    @property
    def start(self) -> datetime:
        return self._began if self.attempts else self._opened if self.windows else self._echoed

    @property
    def until(self) -> datetime:
        """The last sign of it, or the end of its last window."""
        return max(self.last, self._ended)

    @property
    def failed(self) -> Failed:
        """What is asked whether it is over."""
        return Failed(self.provider, self.family, self.start, self._models, self._agents, self._sessions)

    def add_attempt(self, attempt: AttributedFailure, verdict: Classification) -> None:
        self.attempts.append(attempt)
        self.verdicts.append(verdict)
        self._models.add(attempt.failure.model)
        self._agents.add(attempt.failure.agent)
        self._sessions |= {e.session for e in attempt.failure.events if e.kind.startswith("transcript_")}
        self._began = _first(self._began, attempt.failure.began)
        self.last = max(self.last, attempt.failure.time)

    def add_window(self, window: Window) -> None:
        self.windows.append(window)
        self._opened = _first(self._opened, window.start)
        self._ended = max(self._ended, window.end or window.start)
        self.last = max(self.last, window.start)

    def add_echo(self, echo: Event, time: datetime) -> None:
        self.echoes.append(echo)
        self._echoed = _first(self._echoed, time)
        self.last = max(self.last, time)


def _first(one: datetime, other: datetime) -> datetime:
    """The earlier of two times; one that no record states says nothing beside one that is known."""
    return min(one, other, key=lambda time: (time == LATEST, dated(time) is None, time))


def classify_failure(failure: FailedRequest) -> Classification:
    """What the provider's answer truly is. An abort after a timer fired is a timeout, whoever reports the abort."""
    return reasons.classify(
        "Request timed out." if failure.timed_out else failure.text,
        provider=failure.provider,
        http_status=failure.http_status,
        error_type=failure.error_type,
        now=failure.time,
    )


def is_wordless(failure: FailedRequest) -> bool:
    """True where a status is all that is known of the answer."""
    return failure.http_status is not None and not failure.text and not failure.error_type


def stands_for_any_429(verdict: Classification) -> bool:
    """True of OpenClaw's own sentence about a rate limit: it writes that of every 429, whatever its words."""
    return verdict.reason.id == "openclaw.rate_limit"
