"""A session that is pinned to a profile which cannot be used now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from forensics.parsers.stores.reading.session_entry import SessionEntry
from forensics.text import moment
from forensics.watch.condition import Condition, Inquiry, Trouble


def _find(inquiry: Inquiry) -> Iterator[Trouble]:
    case, now = inquiry.case, inquiry.now
    stale = {(pin.agent, pin.session_key): pin for pin in case.stale_overrides}
    for pin in stale.values():
        yield _trouble(pin.agent, pin.session_key, f"{pin.override}, which is no longer the best choice", pin.remedy)
    shortest = timedelta(minutes=inquiry.settings["minutes"])
    in_force = {
        (w.agent, w.profile): w.end
        for w in case.window_rows
        if w.profile and w.end and w.start <= now < w.end and w.end - w.start >= shortest
    }
    for session in case.timeline.records.sessions:
        until = next((in_force[k] for k in _holders(session) if k in in_force), None)
        if until and (session.agent, session.key) not in stale:
            wrong = f"{session.profile_override}, which is out of use until {moment(until)}"
            yield _trouble(session.agent, session.key, wrong, None)


def _holders(session: SessionEntry) -> tuple[tuple[str | None, str | None], ...]:
    """Whose window of the pinned profile counts: the agent's, or one of which nobody says whose it is."""
    return (session.agent, session.profile_override), (None, session.profile_override)


def _trouble(agent: str | None, session: str, wrong: str, remedy: str | None) -> Trouble:
    return Trouble(
        condition="pinned_to_dead",
        urgency="now",
        subject=f"{agent or '-'}/{session}",
        sentence=f"The session {session} is pinned to {wrong}.",
        advice=remedy or "Choose another profile in that session (/model), or wait for the end of the window.",
    )


CONDITION = Condition(
    name="pinned_to_dead",
    question="Which session is pinned to a profile that cannot be used?",
    speaks="A session's override names a profile in a window of `minutes` or longer, or one that failed last while "
    "another is well.",
    silent="Ordinary pins of rotation to profiles that work.",
    settings={"minutes": 10},
    find=_find,
)
