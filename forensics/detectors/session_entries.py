"""Entries of the sessions stores: what each session is pinned to, and whether it began by a reset (facts 6.1-6.3)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from forensics.incidents.auth_profiles import decoded
from forensics.parsers.stores.reading.values import moment_iso
from forensics.tables import File, StateValue

PINS = ("authProfileOverride", "modelOverride")
_ONE_SHOT = re.compile(r":(?:subagent|run):")  # such a session ends with its run, and its pin with it
_RESET = re.compile(
    r"(?:^|[/\\])agents[/\\](?P<agent>[^/\\]+)[/\\]sessions[/\\][^/\\]+\.jsonl\.reset"
    r"\.(?P<day>\d{4}-\d\d-\d\d)T(?P<hour>\d\d)-(?P<minute>\d\d)-(?P<second>\d\d)"
)
_AT_ONCE = timedelta(minutes=2)  # between `/new` and the first turn after it


@dataclass(frozen=True, slots=True)
class SessionEntry:
    """One entry of a sessions store, values as stored, each with its place."""

    key: str
    agent: str | None
    values: Mapping[str, object]
    sources: Mapping[str, str]

    def word(self, name: str) -> str | None:
        """A text that is not empty; None for anything else."""
        value = self.values.get(name)
        return value if isinstance(value, str) and value else None


def session_entries(state: Iterable[StateValue]) -> tuple[SessionEntry, ...]:
    """The newest entry of each lasting session; a backup of the store counts only where the store itself is missing."""
    rows, records = tuple(state), defaultdict[tuple[str, str], list[StateValue]](list)
    stores = {"sessions", *(row.store for row in rows if row.key in PINS)}
    for row in rows:
        if row.store in stores and not _ONE_SHOT.search(row.entity):
            records[row.entity, row.source.partition("#")[0].partition("!")[0]].append(row)
    newest = {key: group for (key, _), group in sorted(records.items(), key=lambda r: _age(*r))}
    return tuple(
        SessionEntry(key, group[0].agent, {o.key: decoded(o.value) for o in group}, {o.key: o.source for o in group})
        for key, group in sorted(newest.items())
    )


def _age(where: tuple[str, str], rows: Sequence[StateValue]) -> tuple[datetime, int, str]:
    return rows[0].observed_at or datetime.min.replace(tzinfo=UTC), -len(where[1]), where[1]


def began_by_reset(entry: SessionEntry, first: datetime, state: Iterable[StateValue], files: Iterable[File]) -> bool:
    """Whether `/new` or `/reset` made this session id: the store says so (8.1+), or a transcript was put aside then."""
    id_ = entry.word("sessionId")
    told = {decoded(o.value) for o in state if o.store == "session_windows" and o.entity == id_ and o.key == "reason"}
    return "reset" in told or any(
        timedelta(0) <= first - put_aside <= _AT_ONCE for put_aside in _put_aside(entry.agent, files)
    )


def _put_aside(agent: str | None, files: Iterable[File]) -> Iterable[datetime]:
    for file in files:
        found = _RESET.search(file.path)
        if found and found["agent"] == agent:
            time = moment_iso(f"{found['day']}T{found['hour']}:{found['minute']}:{found['second']}Z")
            if time:
                yield time
