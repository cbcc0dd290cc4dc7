"""Every record of the state files of a case, typed: what stores know, for all who reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from functools import cached_property
from typing import TypeVar

from forensics.parsers.stores.reading.auth_record import ProviderPreference
from forensics.parsers.stores.reading.config_record import AgentSettings, Config, config_in_force
from forensics.parsers.stores.reading.cron_job import CronJob
from forensics.parsers.stores.reading.record import Record, merged, read_records
from forensics.parsers.stores.reading.session_entry import SessionEntry
from forensics.parsers.stores.reading.status_record import SessionStatus
from forensics.tables import StateValue

R = TypeVar("R", bound=Record)


class StateRecords:
    """The records behind the `state` rows, by kind: `records.of(SessionEntry)`."""

    def __init__(self, rows: Iterable[StateValue] = ()) -> None:
        self._records = read_records(rows)
        self._of: dict[type[Record], tuple[Record, ...]] = {}

    def of(self, kind: type[R]) -> tuple[R, ...]:
        """All records of a kind, those of backups and archives too, in the order of the evidence."""
        if kind not in self._of:
            self._of[kind] = tuple(_typed(kind, record) for record in self._records if record.store in kind.stores)
        return self._of[kind]  # type: ignore[return-value] # kept under its own kind

    @cached_property
    def configs(self) -> tuple[Config, ...]:
        """Every openclaw.json of the evidence, backups too."""
        return tuple(config for config in self.of(Config) if not _is_agent(config))

    @cached_property
    def config(self) -> Config:
        """The configuration in force; an empty one where the evidence holds none."""
        return config_in_force(self.configs)

    @cached_property
    def agents(self) -> tuple[AgentSettings, ...]:
        """The named agents of the configurations in force."""
        live = {config.file for config in self.configs if config.live}
        return tuple(agent for agent in self.of(AgentSettings) if _is_agent(agent) and agent.file in live)

    @cached_property
    def orders(self) -> Mapping[str, tuple[str, ...]]:
        """Provider -> its profiles in the explicit order; an auth store's own comes before the configuration's."""
        configured = [order for config in reversed((self.config, *self.configs)) for order in config.orders.items()]
        stored = ((p.entity, p.order) for p in self.of(ProviderPreference) if p.order is not None)
        return dict([*configured, *stored])

    @cached_property
    def session_ids(self) -> Mapping[str, str]:
        """Session key -> session id, by the sessions stores, else by an output of `openclaw status`."""
        shown = {status.entity: status.session_id for status in self.of(SessionStatus)}
        stored = {entry.key: entry.session_id for entry in self.sessions}
        return {key: id_ for key, id_ in {**shown, **stored}.items() if id_}

    @cached_property
    def cron_jobs(self) -> tuple[CronJob, ...]:
        """Each job once, with its state where that stands in a file of its own."""
        return merged(self.of(CronJob))

    @property
    def sessions(self) -> tuple[SessionEntry, ...]:
        return self.of(SessionEntry)


def _is_agent(config: Record) -> bool:
    return all(key.startswith("agents.list.") for key in config.values)


def _typed(kind: type[R], record: Record) -> R:
    return kind(**{field.name: getattr(record, field.name) for field in fields(Record)})
