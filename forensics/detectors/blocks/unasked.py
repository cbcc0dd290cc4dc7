"""Blocks that nobody puts to the test: guesses of OpenClaw, and ends that it takes at their word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from forensics.detectors.blocks.block import LONG, WORTH, Block, Why, at
from forensics.incidents.failures import place
from forensics.incidents.run_builder import FailedRun
from forensics.openclaw import releases
from forensics.openclaw.releases import Release
from forensics.parsers.stores.reading.config_record import AgentSettings, Config
from forensics.tables import Severity
from forensics.text import counted

if TYPE_CHECKING:
    from forensics.detectors.questions.detector import CaseFacts

_EXACT = timedelta(milliseconds=5)
_UNASKED = timedelta(minutes=30)
_PROBE_FIXED = (timedelta(hours=12), timedelta(hours=24))  # WHAM answered 401, 403 (facts 5.2)
_STARTS = ("gateway_listening", "gateway_ready", "gateway_starting")
_MANY = 3  # runs turned away
_BOTH = 2  # ends of a list


def probe_constant(block: Block, facts: CaseFacts) -> Why | None:
    """12 h and 24 h are what the usage probe of ChatGPT writes for its own 401 and 403, whatever the reason."""
    provider = block.provider
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
            return Why(sentence, (), "high", "medium", ("#102479",) if hours == 12 else ())
    return None


def restarted(block: Block, facts: CaseFacts) -> Why | None:
    """A restart clears no window: it is on disk. Only after one does that surprise anybody."""
    if block.field == "blockedUntil" or block.until - facts.now < WORTH:
        return None
    starts = [e for e in facts.events if e.kind in _STARTS and e.time and block.since < e.time <= facts.now]
    if not starts:
        return None
    last = starts[-1]
    sentence = f"the restart at {at(last.time)} did not clear it, and nobody has asked the provider with it since"
    return Why(sentence, (place(last),), "medium", "medium")


def never_asked(block: Block, facts: CaseFacts) -> Why | None:
    """A long guess of OpenClaw that nothing in this configuration puts to the test before it ends."""
    probed = releases.in_span(facts.running.now, "2.17+")
    blind = block.reason == "billing" and releases.in_span(facts.running.now, "3.8+")
    spent, left = facts.now - block.since, block.until - facts.now
    if block.field == "blockedUntil" or block.reason.startswith("auth") or blind:
        return None
    where = _no_fallbacks(block.stats.agent, facts)
    if (probed and where is None) or spent < _UNASKED or left < WORTH or spent + left < LONG:
        return None
    because = "there are no fallbacks in this configuration" if probed else f"{facts.running.now} knows no probe"
    sentence = f"nobody asks the provider before it ends: {because}"
    return Why(sentence, (where,) if probed and where else (), "low", "low")


def taken_at_its_word(block: Block, facts: CaseFacts) -> Why | None:
    """The reset that a usage endpoint named: such a limit rolls, and nobody asked since whether it still holds."""
    release, asked = facts.running.now, max(block.since, block.stats.last_probe or block.since)
    patience = max(_UNASKED, 2 * (releases.reprobes_blocks_every(release) or _UNASKED))
    if block.field != "blockedUntil" or facts.now - asked < patience or block.until - facts.now < WORTH:
        return None
    where = _no_fallbacks(block.stats.agent, facts)
    turned_away = _turned_away(block, asked, facts)
    sentence = (
        "it is the reset that the usage endpoint named, taken at its word, and such a limit may be over long before; "
        f"the provider was asked last at {at(asked)}, and {_why_unasked(release, alone=where is not None)}"
        f"{_in_words(turned_away)}"
    )
    places = (block.stats.source("lastProbeAt", "lastFailureAt"), where, *(run.place for run in _ends(turned_away)))
    severity: Severity = "high" if len(turned_away) >= _MANY else "medium"
    return Why(sentence, tuple(p for p in places if p), severity, "medium", ("#54278",))


def _why_unasked(release: Release, *, alone: bool) -> str:
    if releases.reprobes_blocks_every(release):
        return f"nothing shows that {release} tried again"
    return "without fallbacks nobody asks before its end" if alone else "nobody asks until minutes before its end"


def _turned_away(block: Block, asked: datetime, facts: CaseFacts) -> Sequence[FailedRun]:
    """The runs since then that the gateway refused by itself, in order of time."""
    mine = (runs for cause, runs in facts.failed if cause.provider == block.provider)
    return sorted((r for runs in mine for r in runs if not r.calls and r.start > asked), key=lambda r: r.start)


def _ends(runs: Sequence[FailedRun]) -> Sequence[FailedRun]:
    return runs if len(runs) < _BOTH else (runs[0], runs[-1])


def _in_words(runs: Sequence[FailedRun]) -> str:
    if not runs:
        return ""
    kinds = Counter(run.trigger for run in runs)
    listed = " and ".join(counted(n, f"{trigger} run") for trigger, n in kinds.most_common())
    return f"; {listed} turned away meanwhile, the first at {at(runs[0].start)}"


def _no_fallbacks(agent: str | None, facts: CaseFacts) -> str | None:
    """Where the configuration says that an agent has one model only; None where it has more, or nobody knows."""
    config, agents = facts.records.config, facts.records.agents
    own = next((a for a in agents if a.agent == agent and a.fallbacks is not None), None)
    if own:
        return None if own.fallbacks else own.source(*AgentSettings.fallbacks.keys)
    if config.fallbacks is not None:
        return None if config.fallbacks else config.source(*Config.fallbacks.keys)
    return config.source(*Config.primary.keys)
