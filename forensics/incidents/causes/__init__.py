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
from forensics.incidents.causes.cause import Cause, classify_failure, is_wordless
from forensics.incidents.recoveries import PASSING, Recoveries
from forensics.tables import Event, Window

__all__ = ["SAID", "Cause", "classify_failure", "find_causes", "is_echo", "is_wordless"]


def find_causes(
    attempts: Sequence[AttributedFailure], windows: Sequence[Window], events: Sequence[Event]
) -> tuple[Cause, ...]:
    """Everything that went wrong, sorted into causes, in order of time. Absorbed attempts make no cause."""
    answers = Recoveries(attempts, events)
    causes = causes_of([a for a in attempts if not a.absorbed], answers)
    assign_windows(causes, windows)
    assign_echoes(causes, [(e.time, e) for e in events if is_echo(e) and e.time])
    told = any(e.kind == "agent_run_answered" for e in events)
    counting = (c for c in causes if _counts(c, told=told) and not _passing(c, answers))
    return tuple(sorted(counting, key=lambda c: c.start))


def is_echo(event: Event) -> bool:
    """A refusal the gateway made up by itself, a skipped candidate among them."""
    return event.role == "echo" or event.decision == "skip_candidate"


def _counts(cause: Cause, *, told: bool) -> bool:
    """A cause is an incident where it had a consequence: a window, an echo, or a run that failed with it.

    `told`: the log says of each run when it is answered, so that silence about one is a sign.
    """
    if cause.windows or cause.echoes:
        return True
    return any(_consequence(a, told=told) for a in cause.attempts)


def _passing(cause: Cause, answers: Recoveries) -> bool:
    """One fault on the provider's side that kept no credential from use, and the provider answered again."""
    alone = len(cause.attempts) == 1 and not cause.windows and not cause.echoes
    return alone and cause.family in PASSING and answers.recovery(cause.failed, cause.last) is not None


def _consequence(attempt: AttributedFailure, *, told: bool) -> bool:
    """Reported beyond the attempt, acted upon, or never answered; a probe alone hurts nobody."""
    failure = attempt.failure
    if failure.probed:
        return False
    unanswered = failure.basis == "transcript" or (told and failure.run is not None)
    return failure.reported or failure.noticed or unanswered
