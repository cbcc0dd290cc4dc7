"""What openclaw.json sets, as far as it is kept (facts 3.1): models, orders, cooldowns, heartbeats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from forensics.parsers.stores.reading.record import Record, iso_instant, text, texts, truth

_LIVE = (".json", ".json5")  # anything behind it makes the file a backup
_ORDER = "auth.order."
_COOLDOWNS = "auth.cooldowns."
_MODELS = ("agents.defaults.model", "agents.list.model")
_PROVIDERS = "models.providers."
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config(Record):
    """One openclaw.json, without `agents.list` (see `AgentSettings`)."""

    stores = ("config",)

    primary = text("agents.defaults.model.primary", "agents.defaults.model")
    fallbacks = texts("agents.defaults.model.fallbacks")
    heartbeat_every = text("agents.defaults.heartbeat.every")
    heartbeat_hours = text("agents.defaults.heartbeat.activeHours.start", "agents.defaults.heartbeat.activeHours.end")
    cron_enabled = truth("cron.enabled")
    log_file = text("logging.file")
    channels = texts("channels")
    environment = texts("env")  # names only
    written_by = text("meta.lastTouchedVersion")
    written_at = iso_instant("meta.lastTouchedAt")

    @property
    def live(self) -> bool:
        """False for a backup."""
        return self.file.endswith(_LIVE)

    @property
    def orders(self) -> Mapping[str, tuple[str, ...]]:
        """Provider -> its profiles as explicitly ordered."""
        return {
            key.removeprefix(_ORDER): tuple(profile for profile in value if isinstance(profile, str))
            for key, value in self.values.items()
            if key.startswith(_ORDER) and isinstance(value, list)
        }

    @property
    def cooldowns(self) -> Mapping[str, object]:
        """`auth.cooldowns` as an object; a setting per provider is an object in it."""
        settings: dict[str, object] = {}
        for key, value in self.values.items():
            name, _, provider = key.removeprefix(_COOLDOWNS).partition(".")
            if key.startswith(_COOLDOWNS):
                inner = settings.get(name)
                settings[name] = {**(inner if isinstance(inner, dict) else {}), provider: value} if provider else value
        return settings

    @property
    def models(self) -> tuple[str, ...]:
        """Every model it names, of named agents too: primary, fallbacks, allowed."""
        values = [value for key, value in self.values.items() if key.startswith(_MODELS)]
        listed = [model for value in values for model in (value if isinstance(value, list) else [value])]
        return tuple(model for model in listed if isinstance(model, str))

    def defines(self, provider: str) -> bool:
        """Whether `models.providers` has an entry for it."""
        return any(key.startswith(f"{_PROVIDERS}{provider}.") for key in self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentSettings(Record):
    """One named agent of `agents.list`; `agent` is its id."""

    stores = ("config",)

    default = truth("agents.list.default")
    primary = text("agents.list.model.primary", "agents.list.model")
    fallbacks = texts("agents.list.model.fallbacks")
    heartbeat_every = text("agents.list.heartbeat.every")


_NO_CONFIG = Config(store="config", file="", entity="config", agent=None, observed_at=None, values={}, sources={})


def config_in_force(configs: Sequence[Config]) -> Config:
    """The configuration as the gateway reads it: of several files the newest counts, key by key; backups do not.

    Without any an empty one.
    """
    live = sorted((c for c in configs if c.live), key=lambda c: c.observed_at or _NEVER)
    if not live:
        return _NO_CONFIG
    values = {key: value for config in live for key, value in config.values.items()}
    return replace(live[-1], values=values, sources={k: s for config in live for k, s in config.sources.items()})
