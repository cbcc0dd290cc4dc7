"""The public tables: every row type and column, once.

A table is a frozen dataclass; its columns, order, types and nullability are the annotations. `frame` turns
rows into a polars DataFrame of exactly that schema, so a wrong type or a missing column fails here and not
three modules later. Times are aware UTC instants with microseconds.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING, Literal, TypeVar, get_args, get_origin

import polars as pl

from forensics.display import Facts, ShowsItself, listed

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

UTC_INSTANT = pl.Datetime("us", "UTC")

Role = Literal[
    "failure",  # somebody really called the provider, or the refresh endpoint, and was refused
    "echo",  # a refusal the gateway made up itself
    "decision",  # rotate, fall back, skip, probe
    "window",  # a cooldown or disabled window was written
    "answer",  # the provider answered
    "credential",  # refresh, sync, inherit
    "delivery",  # announces and their failures
    "schedule",  # cron and heartbeat
    "lifecycle",  # start, stop, reload, config
    "health",  # lanes, stuck work, liveness
    "noise",  # recognised, and known not to be a provider matter
]
WindowKind = Literal["cooldown", "disabled", "blocked"]
Severity = Literal["high", "medium", "low", "info"]
Confidence = Literal["high", "medium", "low"]
CheckStatus = Literal["ran", "no input"]

_DTYPES: dict[object, pl.DataType] = {
    str: pl.String(),
    int: pl.Int64(),
    float: pl.Float64(),
    bool: pl.Boolean(),
    datetime: UTC_INSTANT,
    tuple[str, ...]: pl.List(pl.String()),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One evidence file. `lines = events + continuations + other + rejects`, always."""

    path: str  # relative to the evidence, with `bundle.zip/member` for archives
    kind: str  # log, a store's name, empty, unknown
    shape: str | None = None  # for logs: the envelope most of its records have
    release: str | None = None  # best guess, such as 2026.2.9
    release_from: str | None = None  # what the guess rests on
    sha256: str | None = None
    bytes: int = 0
    lines: int = 0
    events: int = 0
    continuations: int = 0
    other: int = 0
    rejects: int = 0
    first_time: datetime | None = None
    last_time: datetime | None = None
    mtime: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened, read from a log line, a transcript entry or a run record."""

    kind: str  # the template's or store's name for it
    role: Role
    source: str  # path of the best source
    line: int
    time: datetime | None = None
    time_basis: str = "exact"  # see TIME_BASES
    started: datetime | None = None  # when the request behind it was sent, if the source says so
    level: str | None = None
    subsystem: str | None = None
    agent: str | None = None
    session: str | None = None  # session key, or session id where only that is known
    run: str | None = None
    lane: str | None = None
    trigger: str | None = None  # message, heartbeat, cron, subagent
    provider: str | None = None
    profile: str | None = None
    profile_hash: str | None = None  # sha256:<12 hex> of the profile id, as events carry it
    model: str | None = None
    http_status: int | None = None
    error_type: str | None = None
    recorded_reason: str | None = None  # what OpenClaw filed it under
    recorded_status: int | None = None  # a status OpenClaw computed back from its reason proves nothing
    text: str = ""
    text_cut: bool = False  # the source cut the text
    request_id: str | None = None
    raw_hash: str | None = None  # rawErrorHash: sha256:<12 hex> of the raw provider text
    decision: str | None = None  # rotate_profile, fallback_model, surface_error, skip_candidate, …
    stage: str | None = None
    attempt: int | None = None
    total: int | None = None
    count: int = 1  # how many times it happened (coalesced repeats counted back in)
    duration_ms: int | None = None
    window_kind: str | None = None  # cooldown, disabled, blocked
    window_until: datetime | None = None
    window_reused: bool | None = None
    error_count: int | None = None
    failure_counts: str | None = None  # JSON object, as recorded
    child_session: str | None = None
    requester: str | None = None
    detail: str | None = None  # the one further fact of this kind (signal, port, retry number, …)
    release: str | None = None  # where the record itself tells it
    sources: tuple[str, ...] = ()  # every `path:line` where this one thing was seen, best first


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """One line, record or file that could not be read, and why."""

    source: str
    line: int | None = None
    lines: int = 1  # physical lines lost with it
    offset: int | None = None  # byte offset, where known
    why: str
    text: str = ""  # its first 200 characters, control characters made visible


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """How many lines a source wrote in one minute that no template needs: silence and work made visible."""

    source: str
    minute: datetime | None
    level: str | None
    subsystem: str | None
    lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """How many warnings and errors of one kind a source holds that no template knows."""

    source: str
    line: int  # the first of them
    level: str
    subsystem: str  # "" for the root logger
    shape: str  # the words of its sentence, with everything that was filled in left out
    records: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StateValue:
    """One value of one store at one moment."""

    source: str  # path#json.pointer, path:line or path!table/rowid
    store: str
    observed_at: datetime | None  # when the store was written, as far as known
    agent: str | None = None
    entity: str  # profile id, session key, job id, model, …
    key: str
    value: str  # JSON


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """One credential in one store; never its tokens, only their fingerprints."""

    source: str
    store: str
    agent: str | None
    profile: str
    provider: str
    type: str  # api_key, token, oauth, or as stored
    access: str | None = None  # fingerprint
    refresh: str | None = None  # fingerprint
    expires_at: datetime | None = None
    scopes: tuple[str, ...] = ()
    mtime: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """One interval in which OpenClaw would not use a profile (or provider)."""

    kind: WindowKind
    provider: str
    agent: str | None
    profile: str | None
    model: str | None = None
    start: datetime
    end: datetime | None
    reason_recorded: str | None
    opened_by: str  # path:line or path#pointer
    prolonged: int = 0
    closed_by: str | None = None
    start_basis: str  # event, computed, state, reported (the moment a command showed it)
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Finding(ShowsItself):
    """One answer of one detector."""

    detector: str
    severity: Severity
    confidence: Confidence
    verdict: str
    owner: str | None
    summary: str
    first_time: datetime | None = None
    last_time: datetime | None = None
    evidence: tuple[str, ...]
    remedy: str | None = None
    known_issues: tuple[str, ...] = ()

    def _title(self) -> str:
        return f"{self.detector}: {self.verdict} ({self.severity}, confidence {self.confidence})"

    def _facts(self) -> Facts:
        where = listed(self.evidence)
        return (
            ("answer", self.summary),
            ("owner", self.owner or ""),
            ("what to do", self.remedy or ""),
            ("where", where),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One detector's run: "could not look" is not "found nothing"."""

    detector: str
    status: CheckStatus
    looked_at: str
    findings: int


ROLES: tuple[Role, ...] = get_args(Role)
WINDOW_KINDS: tuple[WindowKind, ...] = get_args(WindowKind)

TIME_BASES = (
    "exact",  # the record states date and zone
    "aligned",  # date or zone found by the same records in another source
    "assumed_zone",  # the record states no zone: UTC, or the one given with --timezone
    "assumed_date",  # the record states no date: file name, banner, an instant in it, or other evidence
    "unknown_date",  # the record states no date and nothing tells it: the days stand in for others (`timeless`)
    "neighbours",  # the record states no time: that of the line beside it
    "none",  # no time at all
)

Row = File | Event | Reject | Activity | Drift | StateValue | Credential | Window | Finding | Check
R = TypeVar("R", bound="DataclassInstance")


def _dtype(annotation: object) -> tuple[pl.DataType, bool]:
    if isinstance(annotation, types.UnionType):
        inner = [arm for arm in annotation.__args__ if arm is not types.NoneType]
        return _DTYPES[inner[0]], True
    return _DTYPES[str if get_origin(annotation) is Literal else annotation], False


def schema(table: type[R]) -> dict[str, pl.DataType]:
    """Column name -> polars type of a table, in column order."""
    hints = typing.get_type_hints(table)
    return {field.name: _dtype(hints[field.name])[0] for field in fields(table)}


def _required(table: type[R]) -> frozenset[str]:
    hints = typing.get_type_hints(table)
    return frozenset(f.name for f in fields(table) if not _dtype(hints[f.name])[1])


def frame(table: type[R], rows: Iterable[R]) -> pl.DataFrame:
    """Rows -> DataFrame of exactly the table's schema. Raises ValueError on a null where none may be."""
    rows = list(rows)
    data = pl.DataFrame(
        {
            name: pl.Series(name, [getattr(row, name) for row in rows], dtype=dtype, strict=True)
            for name, dtype in schema(table).items()
        }
    )
    empty = [name for name in _required(table) if data[name].null_count()]
    if empty:
        raise ValueError(f"{table.__name__}: null in {', '.join(sorted(empty))}")
    return data
