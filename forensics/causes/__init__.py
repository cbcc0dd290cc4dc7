"""Causes: which failures, windows and echoes belong together.

Same provider, same kind of reason, no recovery between: one cause. Retries and echoes join the cause that made
them; two providers, or two reasons that have nothing to do with each other, stay apart.
"""

from __future__ import annotations

from collections.abc import Sequence

from forensics.attempts import Attempt
from forensics.causes.attempts import SAID, causes_of
from forensics.causes.cause import Cause, is_wordless, judge
from forensics.causes.makers import give_echoes
from forensics.causes.openers import give_windows
from forensics.recoveries import PASSING, Answers
from forensics.tables import Event, Window

__all__ = ["SAID", "Cause", "find_causes", "is_echo", "is_wordless", "judge"]


def find_causes(attempts: Sequence[Attempt], windows: Sequence[Window], events: Sequence[Event]) -> tuple[Cause, ...]:
    """Everything that went wrong, sorted into causes, in order of time. Absorbed attempts make no cause."""
    answers = Answers(attempts, events)
    causes = causes_of([a for a in attempts if not a.absorbed], answers)
    give_windows(causes, windows)
    give_echoes(causes, [(e.time, e) for e in events if is_echo(e) and e.time])
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
