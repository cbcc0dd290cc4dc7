"""When which agent held a login that somebody else had already renewed, and what only looks like it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from forensics.detectors.desync import (
    EXPIRED,
    OVERWRITTEN,
    RACE,
    Alarm,
    Desync,
    DesyncInputs,
    Recovery,
    StoredLogin,
    false_alarms,
    find_desyncs,
    read_copies,
    read_refusals,
    shared_pairs,
)
from forensics.detectors.desync.model import CLOCK, ENDS, FIRST, STARTS
from forensics.detectors.desync.stored_logins import last_moment
from forensics.detectors.questions import examples
from forensics.detectors.questions.detector import CaseFacts, Detector, Found
from forensics.incidents.attempts import AttributedFailure
from forensics.incidents.causes import classify_failure
from forensics.openclaw.providers import login_server, provider_of
from forensics.tables import Credential, Event, Finding, Severity
from forensics.text import between, clock, counted, in_figures

NAME = "credential_desync"
_OF_A_LOGIN = ("auth", "auth_permanent", "local")
_ONE_OWNER = "then let only one program renew it: every other one needs a login of its own"
_REMEDIES = {
    RACE: f"Log in again for one agent and remove the copies of the others; {_ONE_OWNER}.",
    EXPIRED: "Log in again with the tool itself; OpenClaw uses its login and cannot renew it.",
    OVERWRITTEN: "Stop the gateway, log in again, start it: while it runs, it writes its old copy back.",
}
_REMEDY = f"Copy the newer pair into the agent's auth store or log in again, restart the gateway, {_ONE_OWNER}."
_KNOWN = {RACE: ("#26322", "#74055", "#84463"), OVERWRITTEN: ("#34117", "#57107")}


def _sees(facts: CaseFacts) -> bool:
    return bool(facts.credentials) or facts.seen.gateway_log or facts.seen.transcripts


def _detect(facts: CaseFacts) -> tuple[Found, ...]:
    world = _world(facts)
    desyncs = find_desyncs(world)
    alarms = false_alarms(world, facts.credentials, facts.records, desyncs)
    failed = [a for a in facts.attempts if classify_failure(a.failure).reason.true_reason in _OF_A_LOGIN]
    return (
        *(Found(_finding(window), window) for window in desyncs),
        *(Found(finding) for finding in _fenced(world.copies)),
        *(Found(_waiting(holders)) for holders in shared_pairs(world.copies) if not _lost(holders, desyncs)),
        *(Found(_alarm(word, why, a.sources)) for a, word, why in alarms if not _failed_with(a, failed)),
    )


def _failed_with(alarm: Alarm, failed: Sequence[AttributedFailure]) -> bool:
    """Whether calls failed for want of a login after this one looked as if it had ended: then it is no false alarm."""
    service = login_server(provider_of(alarm.profile))
    return any(
        login_server(a.failure.provider) == service
        and a.profile in (None, alarm.profile)
        and (a.failure.agent is None or alarm.agent in (None, a.failure.agent, "main"))
        and (alarm.ends is None or a.failure.time >= alarm.ends - CLOCK)
        for a in failed
    )


def _world(facts: CaseFacts) -> DesyncInputs:
    copies = read_copies(facts.credentials, facts.records, facts.files, facts.now)
    return DesyncInputs(
        copies=copies,
        refusals=read_refusals(facts.attempts),
        recovery=Recovery(facts.events, facts.profiles),
        running=facts.running,
        now=last_moment(facts.records, facts.files, facts.now) or FIRST,
    )


def _finding(window: Desync) -> Finding:
    going_on: Severity = "medium" if window.closed else "high"
    return Finding(
        detector=NAME,
        severity=going_on if window.refusals else "low" if window.confidence == "low" else "medium",
        confidence=window.confidence,
        verdict=window.kind,
        owner="credential",
        summary=_summary(window),
        first_time=window.start,
        last_time=window.end,
        evidence=window.evidence,
        remedy=_REMEDIES.get(window.kind, _REMEDY),
        known_issues=_KNOWN.get(window.kind, ("#2036", "#34117") if window.provider == "anthropic" else ()),
    )


def _summary(window: Desync) -> str:
    if window.bites_at:
        return _armed(window, window.bites_at)
    who = f"agent {' and '.join(window.agents)}" if window.agents else "the gateway"
    since = f"from {in_figures(window.start)} ({STARTS[window.opened.basis]})"
    until = "and still at the end of the evidence"
    if window.closed:
        lasted = between(window.start, window.closed.time)
        until = f"to {clock(window.closed.time, window.start)} ({ENDS[window.closed.basis]}), {lasted}"
    return f"{_what(window)} for {who} {since} {until}. {_felt(window)}"


def _armed(window: Desync, bites: datetime) -> str:
    """What was not refused yet: when it will be comes first, for then it can still be mended in time."""
    who = f"agent {' and '.join(window.agents)}" if window.agents else "the gateway"
    since = f"{window.start:%Y-%m-%d %H:%M} UTC"
    return (
        f"From {clock(bites)} UTC on the next renewal of the {window.provider} login will be refused for {who}: "
        f"{window.winner or 'somebody else'} renewed it ({since}), and the old access token ends then. "
        "Nothing was refused in the evidence."
    )


def _what(window: Desync) -> str:
    by = window.winner or "somebody else"
    if window.kind == OVERWRITTEN:
        return f"The {window.provider} login was overwritten with an older pair"
    if window.kind == EXPIRED:
        return f"The {window.provider} login that the runtime took from its tool had expired"
    if window.kind == RACE:
        return f"A race for the renewal of the {window.provider} login was won by {by} and lost"
    return f"The {window.provider} login had been renewed by {by} and was stale"


def _felt(window: Desync) -> str:
    first = window.first_failure
    if first is None and window.kind == RACE and window.newest and window.newest.agent == "main":
        return "Nothing was refused in the evidence, and an agent takes main's pair once its own is refused."
    if first is None:
        return "Nothing was refused in the evidence: the old access token works until it expires."
    return f"First refused at {clock(first, window.start)}, {counted(len(window.refusals), 'failure')} in all."


def _fenced(copies: Sequence[StoredLogin]) -> Iterator[Finding]:
    for copy in copies:
        if copy.fenced and copy.current:
            yield Finding(
                detector=NAME, severity="medium", confidence="high", verdict="refresh_fenced", owner="credential",
                summary=f"{copy.profile} is fenced: a refresh of it was begun and not finished, or was refused.",
                evidence=(copy.source,), remedy="Restart the gateway; if the fence stays, log in again.",
            )  # fmt: skip


def _lost(holders: Sequence[StoredLogin], desyncs: Sequence[Desync]) -> bool:
    """All of them are behind already: no race is waiting any more."""
    behind = {agent for window in desyncs if window.end is None for agent in window.agents}
    return all(c.tool is None and c.agent in behind for c in holders)


def _waiting(holders: Sequence[StoredLogin]) -> Finding:
    names = list(dict.fromkeys(c.tool or f"agent {c.agent or 'unknown'}" for c in holders))
    return Finding(
        detector=NAME, severity="low", confidence="high", verdict="race_waiting", owner="credential",
        summary=f"{', '.join(names[:-1])} and {names[-1]} hold one refresh token of {holders[-1].provider}: "
        "whoever renews it first locks the others out.",
        evidence=tuple(c.source for c in holders),
        remedy="Give each of them a login of its own, or let one of them own it.",
        known_issues=_KNOWN[RACE] if all(c.tool is None for c in holders) else ("#2036",),
    )  # fmt: skip


def _alarm(word: str, why: str, sources: tuple[str, ...]) -> Finding:
    return Finding(
        detector=NAME, severity="info", confidence="medium", verdict=word, owner=None,
        summary=f"False alarm: {why}", evidence=sources, remedy=None,
        known_issues=("#71026", "#76761") if word == "snapshot_of_a_tool" else (),
    )  # fmt: skip


def _pair(name: str, ends: str, **more: object) -> Credential:
    facts = {"type": "oauth", "refresh": f"fp:{name}", "access": f"fp:{name}-access", "expires_at": examples.at(ends)}
    return examples.credential("anthropic:default", **facts | more)


def _of_claude(name: str, ends: str) -> Credential:
    place = {"source": ".claude/.credentials.json#/claudeAiOauth", "store": "claude_credentials", "agent": None}
    return _pair(name, ends, **place)


_DEAD = "OAuth token refresh failed for anthropic: Failed to refresh OAuth token for anthropic. Please try again."


def _refused(clock: str) -> Event:
    said = {"provider": "anthropic", "agent": "main", "error_type": "oauth_refresh", "text": _DEAD}
    return examples.event(clock, "lane_task_error", "failure", **said)


def _fires() -> CaseFacts:
    """Claude Code renews at 10:00, the agent's own token works until 10:30, then every turn is refused."""
    events = [examples.answer("10:20"), _refused("10:31"), _refused("11:00")]
    return examples.facts(events=events, credentials=[_pair("old", "10:30"), _of_claude("new", "18:00")])


def _silent() -> CaseFacts:
    """Agent and Claude Code have each a login of their own; the agent's is the newer one."""
    events = [examples.answer("10:20"), examples.answer("11:00")]
    return examples.facts(events=events, credentials=[_pair("a", "19:00"), _of_claude("b", "18:00")])


DETECTOR = Detector(
    name=NAME,
    question="When was which agent's login out of sync, and who had renewed it?",
    evidence="every auth store and its archives, the logins of Claude Code, Codex and other tools, refused renewals",
    blind="Renewals by a program whose store is not in the evidence leave only the refusals: the start is then an "
    "interval. Keychains cannot be read.",
    section="desync",
    sees=_sees,
    detect=_detect,
    fires=_fires,
    silent=_silent,
    rank=1,
)
