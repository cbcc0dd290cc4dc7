"""Windows still in force although what opened them is over, or nobody has looked whether it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from forensics.detectors.blocks import Block, Why, at, blocks_in_force, why_stale
from forensics.detectors.credential_availability import latest_stats
from forensics.detectors.questions import examples
from forensics.detectors.questions.detector import CaseFacts, Detector, Found
from forensics.tables import Confidence, Event, Finding
from forensics.text import between


@dataclass(frozen=True, slots=True, kw_only=True)
class StaleBlock:
    """One window still in force although its cause is over, or nobody has looked whether it is."""

    profile: str
    field: str  # cooldownUntil, disabledUntil, blockedUntil
    until: datetime
    why: str  # a sentence
    evidence: tuple[str, ...]
    agent: str | None
    reason: str | None  # as it is recorded
    set_by: str | None  # blockedSource
    confidence: Confidence
    remedy: str | None


def _sees(facts: CaseFacts) -> bool:
    return bool(latest_stats(facts.profiles))


def _detect(facts: CaseFacts) -> tuple[Found, ...]:
    judged = ((block, why_stale(block, facts)) for block in blocks_in_force(facts))
    return tuple(_found(block, why, facts) for block, why in judged if why)


def _found(block: Block, why: Why, facts: CaseFacts) -> Found:
    profile, agent = block.stats.profile, block.stats.agent
    evidence = (block.place, *why.evidence)
    finding = Finding(
        detector="stale_blocks",
        severity=why.severity,
        confidence=why.confidence,
        verdict="stale_block",
        owner="gateway",
        summary=f"{profile} is kept out of use until {at(block.until)}, another {between(facts.now, block.until)}: "
        f"{why.sentence}.",
        first_time=block.since,
        last_time=block.until,
        evidence=evidence,
        remedy=_remedy(block),
        known_issues=why.known_issues,
    )
    answer = StaleBlock(
        profile=profile,
        field=block.field,
        until=block.until,
        why=f"{why.sentence[0].upper()}{why.sentence[1:]}.",
        evidence=evidence,
        agent=agent,
        reason=block.reason or None,
        set_by=block.stats.blocked_source if block.field == "blockedUntil" else None,
        confidence=why.confidence,
        remedy=finding.remedy,
    )
    return Found(finding, answer)


def _remedy(block: Block) -> str:
    known = "Ask the provider once; where it answers:" if block.field == "blockedUntil" else "Where the cause is gone:"
    return (
        f"{known} stop the gateway, keep a copy, remove {block.field} of {block.stats.profile} from the auth state of "
        f"agent {block.stats.agent or 'main'}, start it again; else it ends by itself at {at(block.until)}."
    )


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
    rank=3,
)
