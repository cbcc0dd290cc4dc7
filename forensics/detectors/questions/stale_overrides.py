"""Sessions that an automatic failover pinned to a profile or model and that stay there although it is no longer best.

OpenClaw logs none of this: what counts is the sessions store as it is, held against the auth stores (facts 6.1).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from forensics.detectors.credential_availability import Availability, latest_stats
from forensics.detectors.questions import examples
from forensics.detectors.questions.detector import CaseFacts, Detector, Found
from forensics.detectors.session_entries import began_by_reset, lasting_sessions
from forensics.incidents.attempts import AttributedFailure
from forensics.incidents.failures import place
from forensics.parsers.state_records import StateRecords
from forensics.parsers.stores.reading.auth_record import ProviderPreference
from forensics.parsers.stores.reading.session_entry import SessionEntry, SessionWindow
from forensics.tables import Event, Finding

_ISSUES = {
    "authProfileOverride": ("#62412", "#109256", "#117006"),
    "modelOverride": ("#64083", "#67858", "#72697", "#82544", "#140308"),
}
_OWN = "Whoever chose it can choose another one: a user's choice is not reset by itself."
_REMEDY = {
    "authProfileOverride": "Stop the gateway, remove the three authProfileOverride keys from this session's entry, "
    "start it again; a new session only moves on to the next profile.",
    "modelOverride": "Stop the gateway, remove modelOverride, providerOverride and modelOverrideSource from this "
    "session's entry, start it again.",
}


@dataclass(frozen=True, slots=True)
class _Stale:
    """A pin that should not be there: `trouble` keeps its target from being used, or it is only second best."""

    session: SessionEntry
    field: str
    override: str
    source: str  # auto, user, legacy
    alternative: str
    trouble: str | None = None


def _sees(facts: CaseFacts) -> bool:
    return bool(lasting_sessions(facts.records.sessions))


@dataclass(frozen=True, slots=True)
class _World:
    """What sessions are held against."""

    facts: CaseFacts
    stores: Availability
    models: Mapping[str | None, str]  # agent -> configured `provider/model`; None: every other agent
    wanted: frozenset[tuple[str, str]]  # (provider, profile) that sessions should use, "" for the first of the order
    failing: frozenset[str]  # providers and profiles of incidents that are not over
    entries: Mapping[str, Sequence[Event]]  # session id -> what its transcripts hold
    failed: Mapping[str, AttributedFailure]  # session -> its first failing call of a known profile

    def model_of(self, agent: str | None) -> str | None:
        return self.models.get(agent) or self.models.get(None)

    def usable(self, provider: str, agent: str | None, model: str | None) -> list[str]:
        order = self.facts.profiles.by_provider.get(provider, ())
        return [p for p in order if p not in self.failing and not self.stores.trouble(p, agent, provider, model)]

    def was_left(self, profile: str, provider: str) -> bool:
        """A failure drove sessions away from it, and it is what they would use."""
        failed = any(s.instant("lastFailureAt") for s in self.facts.profiles.stats_of(profile))
        failed = failed or any(a.profile == profile for a in self.facts.attempts)
        return failed and bool({(provider, profile), (provider, "")} & self.wanted)


def _world(facts: CaseFacts) -> _World:
    named = [(None, facts.records.config.primary), *((a.agent, a.primary) for a in facts.records.agents)]
    going_on = [i for i in facts.incidents if i.end is None]
    entries: dict[str, list[Event]] = defaultdict(list)
    for event in facts.events:
        if event.session and event.time and event.kind.startswith("transcript_"):
            entries[event.session].append(event)
    return _World(
        facts,
        Availability(facts.now, facts.credentials, latest_stats(facts.profiles)),
        {agent: model for agent, model in named if model and "/" in model},
        _wanted(facts.records),
        frozenset(n for i in going_on for n in (i.provider, *(p for p in i.profiles if not _served_since(p, facts)))),
        entries,
        {a.failure.session: a for a in reversed(facts.attempts) if a.profile and a.failure.session},
    )


def _served_since(profile: str, facts: CaseFacts) -> bool:
    """It was used with success after its last failure, whatever became of the others."""
    used = [(s.instant("lastUsed"), s.instant("lastFailureAt")) for s in facts.profiles.stats_of(profile)]
    return any(good and bad and good > bad for good, bad in used)


def _wanted(records: StateRecords) -> frozenset[tuple[str, str]]:
    """The explicit orders, and the last profile that served."""
    preferences = records.of(ProviderPreference)
    good = ((p.entity, p.last_good) for p in preferences if p.last_good)
    return frozenset([*((provider, "") for provider in records.orders), *good])


def _detect(facts: CaseFacts) -> tuple[Found, ...]:
    world = _world(facts)
    stale = [
        s
        for session in lasting_sessions(facts.records.sessions)
        for s in (_profile(session, world), _model(session, world))
        if s
    ]
    return tuple(_found(s, world) for s in stale)


def _profile(session: SessionEntry, world: _World) -> _Stale | None:
    """A pinned auth profile that cannot be used, or that a failover chose while the first of the order is well."""
    pinned, source = session.profile_override, _source(session)
    if pinned is None:
        return None
    wanted = world.model_of(session.agent) or pinned
    provider = session.provider_override or wanted.split("/")[0].split(":")[0]
    model = session.model_override or session.model
    order = world.facts.profiles.by_provider.get(provider, ())
    well = [p for p in world.usable(provider, session.agent, model) if p != pinned]
    if not well:
        return None
    if trouble := world.stores.trouble(pinned, session.agent, provider, model):
        return _Stale(session, "authProfileOverride", pinned, source, well[0], trouble)
    second = pinned in order and order.index(well[0]) < order.index(pinned)
    if source == "user" or not second or not world.was_left(well[0], provider):
        return None
    return _Stale(session, "authProfileOverride", pinned, source, well[0])


def _source(session: SessionEntry) -> str:
    """Who pinned the profile. Without a source OpenClaw takes a stored compaction count for its own doing."""
    stored = session.profile_override_source
    if stored is None:
        return "legacy" if "authProfileOverrideCompactionCount" in session.values else "user"
    return "auto" if stored == "auto" else "user"


def _model(session: SessionEntry, world: _World) -> _Stale | None:
    """A model that a fallback pinned while the provider of the wanted model is well again."""
    model, origin = session.model_override, _origin(session) or world.model_of(session.agent)
    if model is None or session.model_override_source != "auto" or origin is None:
        return None
    wanted, _, wanted_model = origin.partition("/")
    pinned = model if "/" in model else f"{session.provider_override or wanted}/{model}"
    if pinned == origin or wanted in world.failing or not world.usable(wanted, session.agent, wanted_model):
        return None
    return _Stale(session, "modelOverride", pinned, "auto", origin)


def _origin(session: SessionEntry) -> str | None:
    provider = session.model_override_origin_provider
    model = session.model_override_origin_model
    return f"{provider}/{model}" if provider and model else None


def _since(stale: _Stale, world: _World) -> tuple[Event | None, bool]:
    """The first entry of the transcript that shows the pin, and whether the session began with it."""
    id_ = stale.session.session_id or ""
    entries = world.entries.get(id_, ())
    if stale.field == "modelOverride":
        return _moved(stale.override, entries), False
    failed = world.failed.get(id_) or world.failed.get(stale.session.key)
    if failed and failed.profile != stale.override:  # pinned afterwards: answers name no profile, failures do
        end = failed.failure.time
        return next((e for e in entries if e.role == "answer" and e.time and e.time > end), None), False
    return next((e for e in entries if e.kind == "transcript_turn"), None), True


def _moved(model: str, entries: Iterable[Event]) -> Event | None:
    """The first of the last unbroken answers of this model."""
    since = None
    for entry in entries:
        if entry.role == "answer":
            since = (since or entry) if f"{entry.provider}/{entry.model}" == model else None
    return since


def _taken_over(session: SessionEntry, since: datetime, facts: CaseFacts) -> str:
    """How a session came to begin with its pin: it was reset (`/new`), or it is a new one."""
    return "reset" if began_by_reset(session, since, facts.records.of(SessionWindow), facts.files) else "new session"


def _found(stale: _Stale, world: _World) -> Found:
    session, own_choice = stale.session, stale.source == "user"
    shown, inherited = _since(stale, world)
    since = shown.time if shown else None
    taken_over = _taken_over(session, since, world.facts) if inherited and since else None
    evidence = (session.sources[stale.field], *((place(shown),) if shown else ()))
    finding = Finding(
        detector="stale_overrides",
        severity="info" if own_choice else "medium" if stale.trouble else "low",
        confidence=_confidence(stale, world),
        verdict="own_choice" if own_choice else "stale_override",
        owner="session",
        summary=_sentence(stale, since, taken_over),
        first_time=since,
        last_time=world.facts.now,
        evidence=evidence,
        remedy=_OWN if own_choice else _REMEDY[stale.field],
        known_issues=() if own_choice else _ISSUES[stale.field],
    )
    row = {
        "session_key": session.key, "override": stale.override, "source": stale.source, "since": since,
        "healthy_alternative": stale.alternative, "evidence": list(evidence),
        "agent": session.agent, "field": stale.field, "inherited": inherited if since else None,
        "inherited_at": taken_over,
    }  # fmt: skip
    return Found(finding, {} if own_choice else row)


def _confidence(stale: _Stale, world: _World) -> str:
    """Without an auth store nobody can say that the alternative is well; without trouble, that the pin is unwanted."""
    if not world.stores.credentials and not world.stores.stats:
        return "low"
    return "high" if stale.trouble else "medium"


def _sentence(stale: _Stale, since: datetime | None, taken_over: str | None) -> str:
    by = {"auto": "automatically", "legacy": "by an older release", "user": "by its user"}[stale.source]
    at = f" since {since:%Y-%m-%d %H:%M:%S} UTC" if since else ""
    told = at + {"reset": " (it was reset then)", "new session": " (it began then)"}.get(taken_over or "", "")
    which = f", which {stale.trouble}," if stale.trouble else ""
    first = "the model it was moved from," if stale.field == "modelOverride" else "which comes first,"
    alternative = stale.alternative if stale.trouble else f"{stale.alternative}, {first}"
    return f"Session {stale.session.key} is pinned {by} to {stale.override}{told}{which} while {alternative} is well."


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
)
