"""What one template reads from one record: Event columns, each in its column's type."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache

import polars as pl

from forensics.instants import from_ms, lasting
from forensics.parsers.logs.envelopes.envelope import Record
from forensics.parsers.logs.templates.template import Fields, Template, Wording
from forensics.tables import UTC_INSTANT, Event, schema

_WHOLE = re.compile(r"-?\d{1,18}")
_NOTHING = frozenset({"", "-", "none", "null", "undefined", "n/a"})
_HIDDEN_SEGMENTS = frozenset({"gateway", "channels", "providers"})  # a console leaves them out in front

_TAIL = re.compile(
    r"""
    [ ](?P<key>[A-Za-z_][\w.-]*)=
    (?: "(?P<quoted>(?:[^"\\]|\\.)*)(?:"|\Z)
      | (?P<json>[\[{].*)
      | (?P<bare>(?!["\[{])\S+)
    )
    """,
    re.X | re.S,
)
_IDS = frozenset({"session", "run", "lane", "profile", "child_session", "requester", "request_id"})
_MASKED = "<redacted"  # in a support bundle: all that are masked look alike, and are nobody's any more
_AGENT = re.compile(r"agent:(?P<agent>[^:\s]+):")
_ANNOUNCE = re.compile(r"announce:v\d+:(?P<child_session>agent:(?P<agent>[^:]+):subagent:[^:]+)(?::.*)?")


def read(template: Template, record: Record) -> Fields | None:
    """The columns `template` reads from `record`, or None where it is not a record of that kind."""
    return read_here(template, record) if speaks(template.subsystems, record.subsystem) else None


def read_here(template: Template, record: Record) -> Fields | None:
    """`read` for a record whose subsystem is known to be one of the template's."""
    if not _loud_enough(template, record):
        return None
    for wording in template.wordings:
        values = _values(wording, record)
        if values is not None:
            return _settled(template, record, values)
    return None


def speaks(subsystems: tuple[str, ...], subsystem: str) -> bool:
    """True where a record of `subsystem` (full name or a console's display form) may be of this template."""
    return subsystem in display_forms(subsystems) if subsystems else subsystem != ""


@cache
def display_forms(subsystems: tuple[str, ...]) -> frozenset[str]:
    """The names under which these subsystems appear: in full, as on a console, and as on a console of 4.x."""
    return frozenset(form for name in subsystems for form in _forms(name))


def _forms(name: str) -> tuple[str, ...]:
    segments = name.split("/")
    while len(segments) > 1 and segments[0] in _HIDDEN_SEGMENTS:
        segments = segments[1:]
    return name, "/".join(segments[-2:]), segments[0]


def _loud_enough(template: Template, record: Record) -> bool:
    return not template.levels or record.level is None or record.level in template.levels


def _values(wording: Wording, record: Record) -> Mapping[str, object] | None:
    if wording.event is not None and record.meta.get("event") == wording.event:
        return {column: record.meta.get(key) for column, key in wording.keys.items()}
    said = wording.text.match(record.text) if wording.text else None
    if not said:
        return None
    behind = _tail(record.text[said.end() :])
    if behind is None:
        return None
    beside = record.meta or behind
    told = {column: value for column, value in said.groupdict().items() if value is not None}
    return {column: beside.get(key) for column, key in wording.keys.items()} | told


def _tail(rest: str) -> Mapping[str, object] | None:
    """The ` key=value` metadata behind a console sentence, up to a line that only follows it; None for other words."""
    found: dict[str, object] = {}
    end = 0
    while pair := _TAIL.match(rest, end):
        found[pair["key"]] = next(v for v in (pair["quoted"], pair["json"], pair["bare"]) if v is not None)
        end = pair.end()
    return found if not rest[end:].strip() or rest[end] == "\n" else None


def _settled(template: Template, record: Record, values: Mapping[str, object]) -> Fields | None:
    fields: Fields | None = _placed(typed(values))
    if template.refine and fields is not None:
        fields = template.refine(record, fields)
    if fields is None:
        return None
    fields = {column: value for column, value in fields.items() if value is not None}
    if fields.get("role") == template.role:
        del fields["role"]
    return fields


def typed(values: Mapping[str, object]) -> Fields:
    """Raw values -> values of the columns' types; what does not fit, or says nothing, is left out."""
    fields = {column: _READERS[column](value) for column, value in values.items()}
    return {column: value for column, value in fields.items() if value is not None}


def _truth(value: object) -> bool | None:
    return value if isinstance(value, bool) else {"true": True, "false": False}.get(_text(value) or "")


def _whole(value: object) -> int | None:
    text = str(value) if isinstance(value, (int, str)) and not isinstance(value, bool) else ""
    return int(text) if _WHOLE.fullmatch(text) else None


def _instant(value: object) -> datetime | None:
    """Milliseconds since 1970 -> aware UTC."""
    milliseconds = _whole(value)
    return None if milliseconds is None else from_ms(milliseconds)


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return None if value is None or value in _NOTHING else value
    try:
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    except (RecursionError, ValueError):  # nested beyond reading, as only hostile evidence is
        return None


_BY_TYPE: Mapping[pl.DataType, Callable[[object], object | None]] = {
    pl.String(): _text,
    pl.Int64(): _whole,
    pl.Boolean(): _truth,
    UTC_INSTANT: _instant,
}
_READERS = {column: _BY_TYPE.get(dtype, _text) for column, dtype in schema(Event).items()}


def _placed(fields: Fields) -> Fields:
    """Fields plus what ids and lanes tell: agent, session, trigger, and whether a profile is clear or hashed."""
    lane, run = str(fields.get("lane", "")), str(fields.get("run", ""))
    if lane.startswith("session:"):
        fields.setdefault("session", lane.removeprefix("session:"))
    if announce := _ANNOUNCE.fullmatch(run):
        fields = announce.groupdict() | {"trigger": "subagent"} | fields
    session = str(fields.get("session", ""))
    if session == "unknown":
        del fields["session"]
    if agent := _AGENT.match(session):
        fields.setdefault("agent", agent["agent"])
    if trigger := _trigger(lane, session):
        fields.setdefault("trigger", trigger)
    if str(fields.get("profile", "")).startswith("sha256:"):
        fields["profile_hash"] = fields.pop("profile")
    return {column: value for column, value in fields.items() if not (column in _IDS and _MASKED in str(value))}


def _trigger(lane: str, session: str) -> str | None:
    if lane.startswith("cron") or ":cron:" in session:
        return "cron"
    if lane == "subagent" or ":subagent:" in session:
        return "subagent"
    return "heartbeat" if session.endswith(":heartbeat") else None


def adding(**columns: object) -> Callable[[Record, Fields], Fields]:
    """A template's `refine` that adds what its sentence says without naming it."""
    return lambda _record, fields: columns | fields


def with_start(record: Record, fields: Fields) -> Fields:
    """Fields plus when the call began, where the record's instant and the call's duration are known."""
    spent = fields.get("duration_ms")
    if record.time is None or record.time.tzinfo is None or not isinstance(spent, int):
        return fields
    return fields | {"started": (record.time - lasting(spent)).astimezone(UTC)}
