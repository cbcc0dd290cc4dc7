"""Causes: which failures, windows and echoes belong together.

Same provider, same kind of reason, no recovery between: one cause. Retries and echoes join the cause that made
them; two providers, or two reasons that have nothing to do with each other, stay apart.
"""

from __future__ import annotations

from collections.abc import Sequence

from forensics.incidents.attempts import AttributedFailure
from forensics.incidents.causes.assign_echoes import assign_echoes
from forensics.incidents.causes.assign_windows import assign_windows
from forensics.incidents.causes.attempts import SAID, causes_of
from forensics.incidents.causes.cause import Cause, classify_failure, is_wordless, stands_for_any_429
from forensics.incidents.recoveries import PASSING, Recoveries
from forensics.tables import Event, Window

_PASSING = PASSING | {"rate_limit"}

__all__ = ["SAID", "Cause", "classify_failure", "find_causes", "is_echo", "is_wordless", "stands_for_any_429"]


def find_causes(
    attempts: Sequence[AttributedFailure], windows: Sequence[Window], events: Sequence[Event]
) -> tuple[Cause, ...]:
    """Everything that went wrong, sorted into causes, in order of time. Absorbed attempts make no cause."""
    answers = Recoveries(attempts, events)
    causes = causes_of([a for a in attempts if not a.absorbed], answers)
    assign_windows(causes, windows)
    assign_echoes(causes, [(e.time, e) for e in events if is_echo(e) and e.time])
    counting = (c for c in causes if _counts(c) and not _passed(c, answers))
    return tuple(sorted(counting, key=lambda c: c.start))


def is_echo(event: Event) -> bool:
    """A refusal the gateway made up by itself, a skipped candidate among them."""
    return event.role == "echo" or event.decision == "skip_candidate"


def _counts(cause: Cause) -> bool:
    """A window, an echo, or a call that was never answered; a probe alone hurts nobody."""
    return bool(cause.windows or cause.echoes) or any(not a.failure.probed for a in cause.attempts)


def _passed(cause: Cause, answers: Recoveries) -> bool:
    """One fault of a kind that ends by itself and of which only the attempt tells, and the provider answered again."""
    if len(cause.attempts) != 1 or cause.windows or cause.echoes or cause.family not in _PASSING:
        return False
    failure = cause.attempts[0].failure
    known_to_have_failed = failure.basis == "transcript" or failure.reported or failure.noticed
    return not known_to_have_failed and answers.recovery(cause.failed, cause.last) is not None
