"""Windows still in force although what opened them is over, or nobody has looked whether it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from forensics.detectors.credential_availability import WINDOWS, latest_stats
from forensics.detectors.questions import examples
from forensics.detectors.questions.detector import CaseFacts, Detector, Found
from forensics.incidents.failures import place
from forensics.openclaw import reasons, releases
from forensics.parsers.stores.reading.auth_record import LoginFacts, ProfileStats
from forensics.parsers.stores.reading.config_record import AgentSettings, Config
from forensics.parsers.stores.reading.status_record import ModelsStatus
from forensics.tables import Event, Finding
from forensics.text import between

_EXACT = timedelta(milliseconds=5)
_AFTER = timedelta(seconds=5)  # a success written with the failure itself is none (facts 3.8)
_WORTH = timedelta(minutes=10)  # less than this is not worth an intervention
_LONG = timedelta(hours=1)
_UNASKED = timedelta(minutes=30)
_PROBE_FIXED = (timedelta(hours=12), timedelta(hours=24))  # WHAM answered 401, 403 (facts 5.2)
_STARTS = ("gateway_listening", "gateway_ready", "gateway_starting")


@dataclass(frozen=True, slots=True)
class _Block:
    """One window in force now. `since` is the profile's last failing call, as far as known."""

    stats: ProfileStats
    field: str
    reason: str
    until: datetime
    since: datetime

    @property
    def place(self) -> str:
        return self.stats.sources[self.field]


class _Why(NamedTuple):
    sentence: str
    evidence: tuple[str, ...]
    severity: str
    confidence: str
    known_issues: tuple[str, ...] = ()


def _sees(facts: CaseFacts) -> bool:
    return bool(latest_stats(facts.profiles))


def _detect(facts: CaseFacts) -> tuple[Found, ...]:
    blocks = [b for stats in latest_stats(facts.profiles) for b in _blocks(stats, facts)]
    told = ((block, next((w for rule in _RULES if (w := rule(block, facts))), None)) for block in blocks)
    return tuple(_found(block, why, facts) for block, why in told if why)


def _blocks(stats: ProfileStats, facts: CaseFacts) -> Iterable[_Block]:
    for field, filed, _ in WINDOWS:
        until = stats.instant(field)
        since = _last_failure(stats, facts) or _opened(stats, until, facts)
        if until and until > facts.now and since:
            counts = stats.values.get("failureCounts")
            reason = stats.values.get(filed) or (next(iter(counts), "") if isinstance(counts, dict) else "")
            yield _Block(stats, field, str(reason), until, since)


def _last_failure(stats: ProfileStats, facts: CaseFacts) -> datetime | None:
    """The last call with this profile that failed: from the store, or from a transcript or event."""
    named = [a.failure.time for a in facts.attempts if a.profile == stats.profile and _mine(a.failure.agent, stats)]
    return max([t for t in (stats.instant("lastFailureAt"), *named) if t], default=None)


def _opened(stats: ProfileStats, until: datetime | None, facts: CaseFacts) -> datetime | None:
    same = [w.start for w in facts.windows if w.profile == stats.profile and w.end == until and w.start != until]
    return max(same, default=None)


def _mine(agent: str | None, stats: ProfileStats) -> bool:
    return agent is None or stats.agent is None or agent == stats.agent


def _answered(block: _Block, facts: CaseFacts) -> _Why | None:
    """The provider answered this very profile since, or the only credential there is for the provider."""
    stats, provider = block.stats, facts.profiles.provider_of(block.stats.profile)
    alone = _only_credential(stats, provider, facts)
    answers = [
        (e.time, place(e))
        for e in facts.events
        if e.role == "answer" and e.time and e.time > block.since + _AFTER and _mine(e.agent, stats)
        if e.profile == stats.profile or (alone and e.profile is None and e.provider == provider)
    ]
    if not answers:
        return None
    time, where = min(answers)
    return _Why(f"it was answered again by {provider} at {_at(time)}", (where,), _by_rest(block, facts), "high")


def _only_credential(stats: ProfileStats, provider: str, facts: CaseFacts) -> bool:
    """No other profile, inline key or environment variable could have given the answer."""
    other = any(c.provider == provider and c.profile != stats.profile for c in facts.credentials)
    variable = f"{provider.upper().replace('-', '_')}_API_KEY"
    named = any(variable in (config.environment or ()) for config in facts.records.configs)
    from_outside = named or any(s.variable and s.entity == provider for s in facts.records.of(ModelsStatus))
    return len(facts.profiles.by_provider.get(provider, ())) == 1 and not other and not from_outside


def _used(block: _Block, facts: CaseFacts) -> _Why | None:
    """A store says that it was used with success since: its own, or one with the same key or account."""
    for stats in latest_stats(facts.profiles):
        used = stats.instant("lastUsed")
        if used and block.since + _AFTER < used <= facts.now and _same_account(block, stats, facts):
            other = f"the same credential or account, {stats.profile} of agent {stats.agent},"
            sentence = f"{'it' if stats is block.stats else other} was used with success at {_at(used)}"
            return _Why(sentence, (stats.sources["lastUsed"],), _by_rest(block, facts), "high")
    return None


def _same_account(block: _Block, other: ProfileStats, facts: CaseFacts) -> bool:
    mine, theirs = _keys(block.stats, facts), _keys(other, facts)
    if other is block.stats or mine & theirs:
        return True
    about_account = not block.reason.startswith("auth")  # a refused key is not healed by another one
    return about_account and bool(_account(block.stats, facts) & _account(other, facts))


def _keys(stats: ProfileStats, facts: CaseFacts) -> set[str]:
    mine = (c for c in facts.credentials if c.profile == stats.profile and c.agent == stats.agent)
    return {c.access for c in mine if c.access}


def _account(stats: ProfileStats, facts: CaseFacts) -> set[str]:
    own = (login for login in facts.records.of(LoginFacts) if login.entity == stats.profile)
    return {login.account for login in own if login.account and login.agent == stats.agent}


def _renewed(block: _Block, facts: CaseFacts) -> _Why | None:
    """The provider itself said when it would be better, and that moment has passed."""
    told = [
        (reset, a.failure.source)
        for a in facts.attempts
        if a.profile == block.stats.profile and a.failure.time >= block.since - _AFTER
        if (reset := reasons.reset_instant(a.failure.text, a.failure.time))
    ]
    reset, where = max(told, default=(facts.now, ""))
    if reset >= facts.now or block.until - facts.now < _WORTH:
        return None
    return _Why(f"the provider's own answer ends the limit at {_at(reset)}", (where,), _by_rest(block, facts), "medium")


def _probe_constant(block: _Block, facts: CaseFacts) -> _Why | None:
    """12 h and 24 h are what the usage probe of ChatGPT writes for its own 401 and 403, whatever the reason."""
    provider = facts.profiles.provider_of(block.stats.profile)
    kinds = {c.type for c in facts.credentials if c.profile == block.stats.profile}
    fixed = {p.length for p in releases.possible_lengths(facts.running.at(block.since), {}, provider) if p.n == 0}
    if block.field != "cooldownUntil" or (kinds and not any(k.startswith("oauth") for k in kinds)):
        return None
    starts = [block.since, *(w.start for w in facts.windows if w.profile == block.stats.profile)]
    for length in (span for span in _PROBE_FIXED if span in fixed):
        if any(abs(block.until - start - length) <= _EXACT for start in starts):
            hours = length // timedelta(hours=1)
            sentence = (
                f"its length is exactly {hours} h, the constant for a refused usage probe, not a limit of the account"
            )
            return _Why(sentence, (), "high", "medium", ("#102479",) if hours == 12 else ())
    return None


def _restarted(block: _Block, facts: CaseFacts) -> _Why | None:
    """A restart clears no window: it is on disk. Only after one does that surprise anybody."""
    if block.field == "blockedUntil" or block.until - facts.now < _WORTH:
        return None
    starts = [e for e in facts.events if e.kind in _STARTS and e.time and block.since < e.time <= facts.now]
    if not starts:
        return None
    last = starts[-1]
    sentence = f"the restart at {_at(last.time)} did not clear it, and nobody has asked the provider with it since"
    return _Why(sentence, (place(last),), "medium", "medium")


def _never_asked(block: _Block, facts: CaseFacts) -> _Why | None:
    """A long guess of OpenClaw that nothing in this configuration puts to the test before it ends."""
    probed = releases.in_span(facts.running.now, "2.17+")
    blind = block.reason == "billing" and releases.in_span(facts.running.now, "3.8+")
    spent, left = facts.now - block.since, block.until - facts.now
    if block.field == "blockedUntil" or block.reason.startswith("auth") or blind:
        return None
    where = _no_fallbacks(block.stats.agent, facts)
    if (probed and where is None) or spent < _UNASKED or left < _WORTH or spent + left < _LONG:
        return None
    because = "there are no fallbacks in this configuration" if probed else f"{facts.running.now} knows no probe"
    sentence = f"nobody asks the provider before it ends: {because}"
    return _Why(sentence, (where,) if probed and where else (), "low", "low")


def _no_fallbacks(agent: str | None, facts: CaseFacts) -> str | None:
    """Where the configuration says that an agent has one model only; None where it has more, or nobody knows."""
    config, agents = facts.records.config, facts.records.agents
    own = next((a for a in agents if a.agent == agent and a.fallbacks is not None), None)
    if own:
        return None if own.fallbacks else own.source(*AgentSettings.fallbacks.keys)
    if config.fallbacks is not None:
        return None if config.fallbacks else config.source(*Config.fallbacks.keys)
    return config.source(*Config.primary.keys)


_Rule = Callable[[_Block, CaseFacts], _Why | None]
_RULES: tuple[_Rule, ...] = (_answered, _used, _renewed, _probe_constant, _restarted, _never_asked)


def _by_rest(block: _Block, facts: CaseFacts) -> str:
    return "high" if block.until - facts.now >= _LONG else "medium"


def _at(time: datetime | None) -> str:
    return f"{time:%Y-%m-%d %H:%M:%S} UTC"


def _found(block: _Block, why: _Why, facts: CaseFacts) -> Found:
    profile, agent = block.stats.profile, block.stats.agent
    evidence = (block.place, *why.evidence)
    finding = Finding(
        detector="stale_blocks",
        severity=why.severity,
        confidence=why.confidence,
        verdict="stale_block",
        owner="gateway",
        summary=f"{profile} is kept out of use until {_at(block.until)}, another {between(facts.now, block.until)}: "
        f"{why.sentence}.",
        first_time=block.since,
        last_time=block.until,
        evidence=evidence,
        remedy=f"Where the cause is gone: stop the gateway, remove {block.field} of {profile} from the auth state of "
        f"agent {agent or 'main'}, start it again; else it ends by itself at {_at(block.until)}.",
        known_issues=why.known_issues,
    )
    row = {
        "profile": profile,
        "field": block.field,
        "until": block.until,
        "why": f"{why.sentence[0].upper()}{why.sentence[1:]}.",
        "evidence": list(evidence),
        "agent": agent,
        "reason": block.reason or None,
    }
    return Found(finding, row)


def _fires() -> CaseFacts:
    """Disabled for billing at nine, a restart at ten, and nobody has asked since."""
    return _disabled("14:00", [examples.event("10:00", "gateway_listening", "lifecycle", text="listening on ws://")])


def _silent() -> CaseFacts:
    """A cooldown that a call opened a minute ago."""
    return _disabled("09:05", [])


def _disabled(until: str, later: list[Event]) -> CaseFacts:
    stats = {
        "errorCount": 1,
        "lastFailureAt": examples.at("09:00"),
        "disabledUntil": examples.at(until),
        "disabledReason": "billing",
    }
    return examples.facts(
        events=[examples.turn("08:59:59"), examples.failure("09:00"), *later],
        state=[examples.stored("auth_profiles", examples.A, stats)],
        credentials=[examples.credential(examples.A)],
        now="10:30" if later else "09:01",
    )


DETECTOR = Detector(
    name="stale_blocks",
    question="Which profiles are still kept out of use although the provider may have recovered?",
    evidence="windows in the auth stores, later answers, restarts, openclaw.json",
    blind="A window whose cause still stands is no stale block, and a top-up or a new plan leaves no trace here. To "
    "2026.3.13 the file holds the state of its last writer; to 2026.3.28 the running gateway ignores its own windows.",
    section="stale_blocks",
    sees=_sees,
    detect=_detect,
    fires=_fires,
    silent=_silent,
)
