"""A session that is pinned to a profile which cannot be used now."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.text import moment
from forensics.watch.condition import Condition, Inquiry, Trouble


def _find(inquiry: Inquiry) -> Iterator[Trouble]:
    case, now = inquiry.case, inquiry.now
    stale = {(pin.agent, pin.session_key): pin for pin in case.stale_overrides}
    for pin in stale.values():
        yield _trouble(pin.agent, pin.session_key, f"{pin.override}, which is no longer the best choice", pin.remedy)
    in_force = {w.profile: w.end for w in case.window_rows if w.profile and w.end and w.start <= now < w.end}
    for session in case.timeline.records.sessions:
        until = in_force.get(session.profile_override or "")
        if until and (session.agent, session.key) not in stale:
            wrong = f"{session.profile_override}, which is out of use until {moment(until)}"
            yield _trouble(session.agent, session.key, wrong, None)


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
    speaks="A session's override names a profile in a window, or one that failed last while another is well.",
    silent="Ordinary pins of rotation to profiles that work.",
    find=_find,
)
