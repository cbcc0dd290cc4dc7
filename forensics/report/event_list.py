"""The events of a case as a list to read or to hand to other programs, the profiles behind hashes named."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import polars as pl
from rich.text import Text

from forensics.errors import ParameterError
from forensics.places.search import compiled
from forensics.secrets.fingerprints import identifier_hash
from forensics.tables import ROLES
from forensics.text import clip, clock

if TYPE_CHECKING:
    from forensics.case import Case

_STYLES = {"failure": "bold red", "echo": "dim", "decision": "yellow", "window": "yellow", "answer": "green"}
_STYLES |= {"lifecycle": "blue", "credential": "magenta", "health": "cyan", "noise": "dim"}
_SAID = 160


def chosen_events(case: Case, kinds: Sequence[str] = (), pattern: str | None = None) -> pl.DataFrame:
    """The events of some kinds or roles whose text (or any name) matches, with a column `place`, and no lists.

    Raises ParameterError for a kind that neither the evidence nor this tool knows, and for a broken pattern.
    """
    events = with_names(case).with_columns(
        pl.format("{}:{}", "source", "line").alias("place"), pl.col("sources").list.join(" ")
    )
    known = {*events["kind"], *ROLES}
    if unknown := sorted(set(kinds) - known):
        raise ParameterError(f"no event here is of the kind {unknown[0]!r}; there are {', '.join(sorted(known))}")
    if kinds:
        events = events.filter(pl.col("kind").is_in(kinds) | pl.col("role").is_in(kinds))
    if pattern:
        asked = compiled(pattern)
        words = events.select(
            pl.concat_str("text", "kind", "profile", "model", "error_type", separator="\n", ignore_nulls=True)
        )
        events = events.filter(pl.Series([bool(asked.search(text)) for text in words.to_series()], dtype=pl.Boolean))
    return events


def with_names(case: Case) -> pl.DataFrame:
    """The events with their profile: as recorded, behind a hash, or as the failed call was attributed to one."""
    known = {profile for ids in case.profiles.by_provider.values() for profile in ids}
    known |= {row.profile for row in case.timeline.credentials}
    names = {identifier_hash(profile): profile for profile in sorted(known)}
    resolved = pl.col("profile_hash").replace_strict(names, default=None, return_dtype=pl.String)
    called = {
        place: attempt.profile for attempt in case.attempts for place in attempt.failure.sources if attempt.profile
    }
    place = pl.format("{}:{}", "source", "line")
    attributed = place.replace_strict(called, default=None, return_dtype=pl.String)
    return case.events.with_columns(pl.coalesce("profile", resolved, attributed).alias("profile"))


def event_lines(events: pl.DataFrame) -> Text:
    """A line an event, coloured by role; the day where it changes."""
    text, last = Text(), None
    for row in events.iter_rows(named=True):
        text.append(_line(row, last))
        last = row["time"] or last
    text.append(f"{events.height:,} events", style="dim")
    return text


def _line(row: dict[str, object], last: datetime | None) -> Text:
    time = row["time"] if isinstance(row["time"], datetime) else None
    who = " ".join(str(row[name]) for name in ("agent", "profile", "model") if row[name])
    status, words = str(row["http_status"] or ""), str(row["text"])
    said = clip(words if status in words else f"{status} {words}", _SAID)
    style = _STYLES.get(str(row["role"]), "")
    return Text.assemble(
        (f"{clock(time, last):>15}  ", "dim"),
        (f"{row['role']:<10}", style),
        f"{row['kind']}  ",
        (f"{who}  " if who else "", "cyan"),
        (f"{said}  " if said else "", style),
        (f"{row['place']}\n", "dim"),
    )
