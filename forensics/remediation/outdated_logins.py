"""From a desync to what to do: who holds the good pair, in which file, and how the outdated copies are ended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from forensics.detectors.desync import Desync, StoredLogin
from forensics.detectors.questions import CaseFacts
from forensics.incidents.incident import Incident
from forensics.openclaw import releases
from forensics.openclaw.providers import login_server
from forensics.openclaw.releases import Release
from forensics.remediation.gateway_control import control_of
from forensics.remediation.logins import drop_own
from forensics.remediation.step import Step
from forensics.text import clock

_REFUSED = ("auth", "auth_permanent")


def desync_behind(incident: Incident, desyncs: Sequence[Desync]) -> Desync | None:
    """The desync of the same provider and agents that explains the incident; None where none does."""
    if incident.true_reason not in _REFUSED:
        return None
    return next((desync for desync in desyncs if _meets(incident, desync)), None)


def explained(incident: Incident, desyncs: Sequence[Desync]) -> Incident:
    """The incident, with who renewed the login beside it where a desync is behind it."""
    desync = desync_behind(incident, desyncs)
    if desync is None:
        return incident
    why = _in_one_sentence(desync)
    return replace(incident, because=incident.because or why, sentence=f"{incident.sentence} {why}")


def from_the_good_pair(desync: Desync, facts: CaseFacts, release: Release | None) -> Iterator[Step]:
    """The steps where the good pair is known to lie somewhere; none where it is not."""
    if desync.end is not None:
        yield Step(
            f"A newer pair is in place since {clock(desync.end)} UTC: log in again where calls still fail, and let "
            "only one program renew this login from then on."
        )
        return
    if desync.newest is None:
        return
    holder, held_in, control = desync.winner or "the newer copy", desync.newest.file, control_of(facts)
    yield Step(
        f"The good pair is {holder}'s, in {held_in}: nothing has to be done there. "
        f"Out of date: {_listed(desync.outdated) or 'the copy of ' + ' and '.join(desync.agents)}.",
        file=held_in,
        why="a renewal ends every other copy of the same login",
    )
    overwrites = release is not None and releases.frozen_snapshot(release)
    because = ": while it runs, this release writes its old copy over any new one" if overwrites else ""
    yield Step(f"First {control.stop}{because}.")
    inherits = holder == "main"
    for copy in desync.outdated:
        dropped = drop_own(copy) if inherits and copy.agent not in (None, "main") else None
        yield dropped or _copied(copy, held_in)
    yield Step(f"Then {control.start}.")
    if not inherits:
        yield Step(
            "From then on let one program only renew this login: give the others a login or an API key of their own, "
            "else the next renewal ends the copy again."
        )


def _in_one_sentence(desync: Desync) -> str:
    """Who renewed the login, and when: what the refusals came from."""
    who = f"agent {' and '.join(desync.agents)}" if desync.agents else "the gateway"
    held = f", which holds the newer pair ({desync.newest.file})" if desync.newest else ""
    by = desync.winner or "somebody else"
    return f"The login that {who} holds is out of date since {clock(desync.start)} UTC: {by} renewed it{held}."


def _copied(copy: StoredLogin, held_in: str) -> Step:
    owner = f" of agent {copy.agent}" if copy.agent else ""
    return Step(
        f"Keep a copy of {copy.file}, then put the newer access token, refresh token and end of {held_in} in the place "
        f"of those of {copy.profile}{owner} there.",
        file=copy.file,
        agent=copy.agent,
        edits=True,
    )


def _meets(incident: Incident, desync: Desync) -> bool:
    same = login_server(desync.provider) == login_server(incident.provider)
    together = not desync.agents or not incident.agents or bool({*desync.agents} & {*incident.agents})
    after = desync.end is None or incident.start is None or incident.start <= desync.end
    first = desync.first_failure
    return same and together and after and first is not None and (incident.end is None or first <= incident.end)


def _listed(copies: Sequence[StoredLogin]) -> str:
    return ", ".join(f"{copy.profile} of agent {copy.agent} ({copy.file})" for copy in copies)
