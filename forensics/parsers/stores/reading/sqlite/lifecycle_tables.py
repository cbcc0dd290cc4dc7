"""The gateway's own life (facts 3.3, 8.3, 8.5): starts and ends, the release that wrote, what it fell with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from forensics.parsers.disclosure import Disclosure
from forensics.parsers.stores.reading.lines import Line
from forensics.parsers.stores.reading.sqlite.row import Found, Row, Table
from forensics.parsers.stores.reading.stability import bundle_events
from forensics.parsers.stores.reading.values import whole

EVENTS: Mapping[str, Disclosure] = {  # what comes of it, and what of that may leave
    "database_quarantined": Disclosure("error", detail="word"),
    "gateway_boot": Disclosure("own words", detail="word"),
    "gateway_boot_end": Disclosure("own words", detail="word"),
}

_BOOT = ("boot_id", "started_at_ms", "completed_at_ms", "outcome", "startup_reason", "reason")
_META = ("meta_key", "role", "schema_version", "app_version", "updated_at")
_QUARANTINED = ("path", "kind", "reason", "quarantined_at", "writer_app_version")


def _boot(row: Row) -> Iterator[Found]:
    """A start, with how it ended; and its end, which a crash leaves out."""
    started, ended = whole(row.values.get("started_at_ms")), whole(row.values.get("completed_at_ms"))
    outcome, run = row.word("outcome"), row.word("boot_id")
    yield row.make("started_at_ms")(
        kind="gateway_boot", role="lifecycle", run=run, text=row.word("startup_reason") or "",
        duration_ms=ended - started if ended is not None and started is not None else None, detail=outcome or "no end",
    )  # fmt: skip
    if ended is not None:
        yield row.make("completed_at_ms")(
            kind="gateway_boot_end", role="lifecycle", run=run, text=row.word("reason") or "", detail=outcome
        )


def _meta(row: Row) -> Iterator[Found]:
    """The release that wrote the database; a few rows have more lines behind it."""
    release = (row.word("app_version") or "").split("\n")[0].strip()
    facts = {"app_version": release, "schema_version": row.values.get("schema_version")}
    kept = {key: value for key, value in facts.items() if value}
    entity = f"{row.word('role') or 'unknown'} {row.word('meta_key') or 'unknown'}"
    yield from row.observe("sqlite_meta", entity, kept, tuple(kept), row.moment("updated_at"))


def _quarantined(row: Row) -> Iterator[Found]:
    """A database OpenClaw itself found damaged and put aside."""
    yield row.make("quarantined_at")(
        kind="database_quarantined", role="lifecycle", text=row.text("reason") or "", detail=row.word("kind"),
        release=row.word("writer_app_version"),
    )  # fmt: skip


def _bundle(row: Row) -> Iterator[Found]:
    line = row.line(None)

    def line_of(seq: int) -> Line:
        return replace(line, source=replace(line.source, path=row.place), number=seq)

    yield from bundle_events(row.record("bundle_json"), line_of)


TABLES = (
    Table("gateway_boot_lifecycle", _BOOT, _boot),
    Table("schema_meta", _META, _meta),
    Table("quarantined_databases", _QUARANTINED, _quarantined),
    Table("diagnostic_stability_bundles", ("bundle_json",), _bundle),
)
