"""Sessions that an automatic failover pinned to a profile or model and that stay there although it is no longer best.

OpenClaw logs none of this: what counts is the sessions store as it is, held against the auth stores (facts 6.1).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from forensics.detectors.pins import MODEL, PROFILE, PinInputs, StalePin, stale_model_pin, stale_profile_pin
from forensics.detectors.questions import examples
from forensics.detectors.questions.detector import CaseFacts, Detector, Found
from forensics.detectors.session_entries import began_by_reset, lasting_sessions
from forensics.incidents.failures import place
from forensics.openclaw import releases
from forensics.openclaw.releases import Release
from forensics.parsers.stores.reading.session_entry import SessionWindow
from forensics.tables import Confidence, Finding, Severity
from forensics.text import in_figures

_ISSUES = {
    PROFILE: ("#62412", "#109256", "#117006"),
    MODEL: ("#64083", "#67858", "#72697", "#82544", "#140308"),
}
_OWN = "Choose another one in that session (`/model`): OpenClaw does not reset a user's choice by itself."
_KEYS = {
    PROFILE: "the three authProfileOverride keys",
    MODEL: "modelOverride, providerOverride and modelOverrideSource",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StaleOverride:
    """One session pinned to a profile or model that is no longer best."""

    session_key: str
    override: str
    source: str  # auto, user, legacy
    since: datetime | None
    healthy_alternative: str | None
    evidence: tuple[str, ...]
    agent: str | None
    field: str  # authProfileOverride, modelOverride
    inherited: bool | None  # the session began with it; None: not known since when
    inherited_at: str | None  # reset, new session
    own_choice: bool
    since_at_latest: datetime | None
    confidence: Confidence
    set_order: str | None  # the command without which the release pins it again
    remedy: str | None


def _sees(facts: CaseFacts) -> bool:
    return bool(lasting_sessions(facts.records.sessions))


def _detect(facts: CaseFacts) -> tuple[Found, ...]:
    inputs = PinInputs(facts)
    pins = (
        pin
        for session in lasting_sessions(facts.records.sessions)
        for pin in (stale_profile_pin(session, inputs), stale_model_pin(session, inputs))
    )
    return tuple(_found(pin, facts) for pin in pins if pin)


def _found(pin: StalePin, facts: CaseFacts) -> Found:
    entry = pin.start.entry
    since = entry.time if entry else None
    taken_over = _taken_over(pin, since, facts) if pin.start.inherited and since else None
    evidence = (pin.session.sources[pin.field], *((place(entry),) if entry else ()), *pin.places)
    finding = Finding(
        detector="stale_overrides",
        severity=_severity(pin),
        confidence=pin.confidence,
        verdict="own_choice" if pin.own_choice else "stale_override",
        owner="session",
        summary=_sentence(pin, since, taken_over),
        first_time=since,
        last_time=facts.now,
        evidence=evidence,
        remedy=_remedy(pin, facts.running.now),
        known_issues=() if pin.own_choice else _ISSUES[pin.field],
    )
    answer = StaleOverride(
        session_key=pin.session.key,
        override=pin.override,
        source=pin.source,
        since=since,
        healthy_alternative=pin.alternative,
        evidence=evidence,
        agent=pin.session.agent,
        field=pin.field,
        inherited=pin.start.inherited if since else None,
        inherited_at=taken_over,
        own_choice=pin.own_choice,
        since_at_latest=pin.session.updated_at,
        confidence=pin.confidence,
        set_order=pin.order,
        remedy=finding.remedy,
    )
    return Found(finding, answer if pin.lasting or not pin.own_choice else None)


def _severity(pin: StalePin) -> Severity:
    """A user's choice of what is only in a window is nobody's fault."""
    if pin.own_choice:
        return "medium" if pin.lasting else "info"
    return "medium" if pin.clause else "low"


def _taken_over(pin: StalePin, since: datetime, facts: CaseFacts) -> str:
    """How a session came to begin with its pin: it was reset (`/new`), or it is a new one."""
    windows = facts.records.of(SessionWindow)
    return "reset" if began_by_reset(pin.session, since, windows, facts.files) else "new session"


def _sentence(pin: StalePin, since: datetime | None, taken_over: str | None) -> str:
    by = {"auto": "automatically", "legacy": "by an older release", "user": "by its user"}[pin.source]
    which = f", {pin.clause}" if pin.clause else ""
    pinned = f"Session {pin.session.key} is pinned {by} to {pin.override}{_when(pin, since, taken_over)}{which}"
    if pin.alternative is None:
        return f"{pinned}."
    if pin.field == MODEL:
        return f"{pinned} while {pin.alternative}, the model it was moved from, is well: {pin.better}."
    second = "" if pin.clause else ", which the order names first,"
    return f"{pinned}{',' if pin.clause else ''} while {pin.alternative}{second} {pin.better}."


def _when(pin: StalePin, since: datetime | None, taken_over: str | None) -> str:
    if since:
        how = {"reset": " (it was reset then)", "new session": " (it began then)"}.get(taken_over or "", "")
        return f" since {in_figures(since)}{how}"
    latest = pin.session.updated_at
    return f" since {in_figures(latest)} at the latest" if latest else ""


def _remedy(pin: StalePin, release: Release) -> str:
    """A cure that sticks, and what the release does by itself."""
    if pin.own_choice:
        return _OWN
    order = f", set the order (`{pin.order}`), since this release else pins it again" if pin.order else ""
    take_out = f"Stop the gateway, take {_KEYS[pin.field]} out of this session's entry{order}, start it again."
    return f"{take_out} {_by_itself(pin, release)}".rstrip()


def _by_itself(pin: StalePin, release: Release) -> str:
    if pin.field == MODEL and releases.returns_to_primary(release):
        return f"{release} tries the wanted model again in the session's own turns and drops the pin when it answers."
    if releases.reset_drops_auto_pins(release):
        return "A reset in that session (`/new`) drops it, too; an upgrade does not." if pin.field == MODEL else ""
    newer = "from 2026.5.18 on OpenClaw returns to the wanted model by itself" if pin.field == MODEL else ""
    return newer and f"A reset may take it over; {newer}."


def _pinned_to_backup(source: str, disabled: bool) -> CaseFacts:
    stats = {"errorCount": 0, "lastFailureAt": examples.at("09:00")}
    until = {"disabledUntil": examples.at("14:00"), "disabledReason": "billing"} if disabled else {}
    pin = {"sessionId": "5f0c", "authProfileOverride": examples.B, "authProfileOverrideSource": source}
    return examples.facts(
        events=[examples.turn("08:59"), examples.failure("09:00"), examples.turn("09:01"), examples.answer("09:02")],
        state=[
            examples.stored("auth_profiles", "anthropic", {"order": [examples.A, examples.B]}),
            examples.stored("auth_profiles", examples.A, stats),
            examples.stored("auth_profiles", examples.B, {"lastUsed": examples.at("09:02"), **until}),
            examples.stored("sessions", examples.MAIN, pin),
        ],
        credentials=[examples.credential(examples.A), examples.credential(examples.B)],
    )


def _fires() -> CaseFacts:
    """A limit moved the session to the backup; the backup is disabled since, the first profile long well again."""
    return _pinned_to_backup("auto", disabled=True)


def _silent() -> CaseFacts:
    """Its user put the session on the backup, and the backup works."""
    return _pinned_to_backup("user", disabled=False)


DETECTOR = Detector(
    name="stale_overrides",
    question="Which sessions are still pinned to a profile or model that a failover chose?",
    evidence="the sessions stores, the auth stores, openclaw.json, transcripts for the time",
    blind="No log line tells of a pin, and no transcript names a profile: `since` is the best that turns and answers "
    "show. A pinned model without a stored source counts as its user's choice.",
    section="stale_overrides",
    sees=_sees,
    detect=_detect,
    fires=_fires,
    silent=_silent,
    rank=2,
)
