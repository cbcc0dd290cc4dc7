"""Blocks whose cause is over: the provider answered since, or the end that it named itself has passed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from forensics.detectors.blocks.block import WORTH, Block, Why, at, is_of
from forensics.detectors.credential_availability import latest_stats
from forensics.incidents.failures import place
from forensics.openclaw import reasons
from forensics.parsers.stores.reading.auth_record import LoginFacts, ProfileStats
from forensics.parsers.stores.reading.status_record import ModelsStatus

if TYPE_CHECKING:
    from forensics.detectors.questions.detector import CaseFacts

_AFTER = timedelta(seconds=5)  # a success written with the failure itself is none (facts 3.8)


def answered(block: Block, facts: CaseFacts) -> Why | None:
    """The provider answered this very profile since, or the only credential there is for the provider."""
    stats, provider = block.stats, block.provider
    alone = _only_credential(stats, provider, facts)
    answers = [
        (e.time, place(e))
        for e in facts.events
        if e.role == "answer" and e.time and e.time > block.since + _AFTER and is_of(e.agent, stats)
        if e.profile == stats.profile or (alone and e.profile is None and e.provider == provider)
    ]
    if not answers:
        return None
    time, where = min(answers)
    return Why(f"it was answered again by {provider} at {at(time)}", (where,), block.severity(facts.now), "high")


def _only_credential(stats: ProfileStats, provider: str, facts: CaseFacts) -> bool:
    """No other profile, inline key or environment variable could have given the answer."""
    other = any(c.provider == provider and c.profile != stats.profile for c in facts.credentials)
    variable = f"{provider.upper().replace('-', '_')}_API_KEY"
    named = any(variable in (config.environment or ()) for config in facts.records.configs)
    from_outside = named or any(s.variable and s.entity == provider for s in facts.records.of(ModelsStatus))
    return len(facts.profiles.by_provider.get(provider, ())) == 1 and not other and not from_outside


def used(block: Block, facts: CaseFacts) -> Why | None:
    """A store says that it was used with success since: its own, or one with the same key or account."""
    for stats in latest_stats(facts.profiles):
        used = stats.last_used
        if used and block.since + _AFTER < used <= facts.now and _same_account(block, stats, facts):
            other = f"the same credential or account, {stats.profile} of agent {stats.agent},"
            sentence = f"{'it' if stats is block.stats else other} was used with success at {at(used)}"
            return Why(sentence, (stats.sources["lastUsed"],), block.severity(facts.now), "high")
    return None


def _same_account(block: Block, other: ProfileStats, facts: CaseFacts) -> bool:
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


def renewed(block: Block, facts: CaseFacts) -> Why | None:
    """The provider itself said when it would be better, and that moment has passed."""
    told = [
        (reset, a.failure.source)
        for a in facts.attempts
        if a.profile == block.stats.profile and a.failure.time >= block.since - _AFTER
        if (reset := reasons.reset_instant(a.failure.text, a.failure.time))
    ]
    reset, where = max(told, default=(facts.now, ""))
    if reset >= facts.now or block.until - facts.now < WORTH:
        return None
    return Why(
        f"the provider's own answer ends the limit at {at(reset)}", (where,), block.severity(facts.now), "medium"
    )
