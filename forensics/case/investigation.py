"""What one does with an opened case by hand: from a row to the evidence, a search, everything one run left, SQL."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

import msgspec
import polars as pl

from forensics.case.notes import Note, add_note, notes_file, read_notes
from forensics.case.tables import TABLES, CaseTables
from forensics.errors import EvidenceError, ParameterError
from forensics.evidence import reopened
from forensics.parsers.clocks import is_dateless
from forensics.parsers.known_secrets import known_secrets
from forensics.places import Excerpt, Hit, excerpt_at, read_place, search
from forensics.places.masking import masked_lines
from forensics.places.search import compiled
from forensics.secrets.fingerprints import identifier_hash
from forensics.tables import UTC_INSTANT, Event
from forensics.text import clip
from forensics.when import read_when

_HITS = {"time": UTC_INSTANT, "place": pl.String(), "kind": pl.String(), "role": pl.String(), "text": pl.String()}
_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?\d*(?:Z|[+-]\d\d:?\d\d)")
_SAID = 400  # characters of a line in a table
_BEFORE = 120  # characters before what was looked for
_SIGNS = re.compile(r"[:!#]")


class Investigation(CaseTables):
    """The part of a `Case` that goes back to its evidence. Nothing is kept open between two questions."""

    evidence: tuple[Path, ...]  # none where the case was made of rows alone, as a redacted one is
    notes_kept: tuple[Note, ...]

    def lines(self, place: str, around: int = 20, *, width: int = 2_000) -> Excerpt:
        """The raw lines (or rows) around a place, the place itself marked, tokens masked.

        >>> case.lines("gateway.log:12", around=5)  # doctest: +SKIP
        >>> case.lines("state.sqlite!cron_jobs/3")  # doctest: +SKIP
        >>> case.lines(case.windows["opened_by"][0])  # doctest: +SKIP

        Each line is cut at `width` characters. Raises ParameterError for what is no place in the evidence.
        """
        with reopened(self._paths) as files:
            there = read_place(place, files)
            return excerpt_at(there, files[there.path], self._secrets, around=max(0, around), width=width)

    def find(self, pattern: str, *, path: str = "", ignore_case: bool = True) -> pl.DataFrame:
        """Every line and row that a regular expression matches, routine lines and rejects included.

        >>> case.find("429|insufficient", path="sessions/")  # doctest: +SKIP

        `path`: only files whose path holds this. Columns: time (where it is known), place, kind ("line" where no event
        was made of it, "reject" where it could not be read), role, text (masked).
        """
        return self._table(self._hits(pattern, path, ignore_case=ignore_case))

    def follow(
        self,
        *,
        run: str | None = None,
        session: str | None = None,
        profile: str | None = None,
        request: str | None = None,
    ) -> pl.DataFrame:
        """Everything that one thing left in all files, in order of time; columns as `find` gives.

        >>> case.follow(profile="anthropic:default")  # doctest: +SKIP

        A session is followed under its key and its id, a profile also under the hash that logs carry.
        """
        given = {name: value for name, value in locals().items() if name != "self" and value}
        if len(given) != 1:
            raise ParameterError("follow one of run, session, profile or request")
        ((name, value),) = given.items()
        names = self._names(name, value)
        hits = self._hits("|".join(map(re.escape, sorted(names))), "", ignore_case=False)
        lines = self._table(hits)
        events = self._event_table(event for event in self.timeline.events if _concerns(event, name, names))
        both = pl.concat([events, lines]).unique("place", keep="first", maintain_order=True)
        return both.sort("time", nulls_last=True, maintain_order=True)

    def around(self, event: object, minutes: float = 5) -> pl.DataFrame:
        """The events around a moment: of a row of `events`, an incident or its id, a place, or a time.

        >>> case.around("I1", minutes=2)  # doctest: +SKIP
        """
        middle = self.moment_of(event)
        if middle is None:
            raise ParameterError(f"{clip(str(event), 60)!r} has no time in this evidence")
        span = timedelta(minutes=minutes)
        return self._frame("events").filter(pl.col("time").is_between(middle - span, middle + span))

    def sql(self, query: str) -> pl.DataFrame:
        """A query over the tables that `forensics.case.tables.TABLES` names.

        >>> case.sql("select kind, count(*) as n from events group by kind order by n desc")  # doctest: +SKIP
        """
        named = {table: self._frame(table) for table in TABLES if re.search(rf"\b{table}\b", query)}
        try:
            return pl.SQLContext(named).execute(query, eager=True)
        except pl.exceptions.PolarsError as error:
            raise ParameterError(f"{clip(str(error), 300)}; there are the tables {', '.join(TABLES)}") from None

    def moment_of(self, subject: object) -> datetime | None:
        """When that was: a row, an incident or its id, a place, or a time as `forensics.when` reads it."""
        if isinstance(subject, Mapping):
            return self.moment_of(subject.get("time"))
        if isinstance(subject, datetime):
            return subject if subject.tzinfo else subject.replace(tzinfo=UTC)
        if not isinstance(subject, str):
            return getattr(subject, "time", None) or getattr(subject, "start", None)
        if known := [i.start for i in getattr(self, "incidents", ()) if i.id == subject]:
            return known[0]  # type: ignore[no-any-return] # the case's own incidents
        if event := self._event_at.get(subject):
            return event.time
        if _SIGNS.search(subject) and any(subject.startswith(file.path) for file in self.timeline.files):
            return None
        return read_when("the moment", subject)(getattr(self, "now", None) or datetime.max.replace(tzinfo=UTC))

    def note(self, about: object, text: str, tag: str = "note", *, at: datetime | str | None = None) -> Note:
        """Write down something about an incident or a place; it is there in every later run over the same files.

        >>> case.note("I1", "rotated the key", tag="action", at="10:40")  # doctest: +SKIP

        `at`: the moment it is about, on the day of the case's "now"; else that of the incident or event. Tokens in the
        text are masked. Raises ParameterError for what the case does not have.
        """
        subject = self._subject(about)
        moment = self.moment_of(at if at is not None else subject)
        clean = "\n".join(masked_lines(text.split("\n"), self._secrets))
        written = datetime.now(UTC).replace(microsecond=0)
        note = Note(about=subject, text=clean, tag=tag, written=written, time=moment)
        add_note(self._notes_file, note)
        return note

    @property
    def notes(self) -> tuple[Note, ...]:
        """All notes on this case, the oldest first; of a redacted case only those that were to leave with it."""
        return read_notes(self._notes_file) if self.evidence else self.notes_kept

    @property
    def _notes_file(self) -> Path:
        hashes = (file.sha256 for file in self.timeline.files if file.sha256) if self._paths else ()
        return notes_file(hashes)

    def _subject(self, about: object) -> str:
        subject = str(about if isinstance(about, str) else getattr(about, "id", about))
        if any(incident.id == subject for incident in getattr(self, "incidents", ())) or subject in self._event_at:
            return subject
        read_place(subject, [file.path for file in self.timeline.files])
        return subject

    @property
    def _paths(self) -> tuple[Path, ...]:
        if not self.evidence:
            raise EvidenceError("this case was made of rows alone: there is no evidence to look at again")
        return self.evidence

    @cached_property
    def _secrets(self) -> tuple[str, ...]:
        return known_secrets(self.timeline.secrets)

    @cached_property
    def _event_at(self) -> Mapping[str, Event]:
        """Each place where an event was seen, the best source's first."""
        found: dict[str, Event] = {}
        for event in self.timeline.events:
            for place in (*event.sources, f"{event.source}:{event.line}"):
                found.setdefault(_plain(place), event)
        return found

    @cached_property
    def _rejected(self) -> frozenset[str]:
        return frozenset(f"{row.source}:{row.line}" for row in self.timeline.rejects if row.line)

    def _frame(self, table: str) -> pl.DataFrame:
        frame = getattr(self, table)
        assert isinstance(frame, pl.DataFrame)  # noqa: S101 - the case's own tables; tells mypy
        return frame

    def _hits(self, pattern: str, path: str, *, ignore_case: bool) -> list[Hit]:
        asked = compiled(pattern, ignore_case=ignore_case)
        with reopened(self._paths) as files:
            chosen = [files[name] for name in sorted(files) if path in name]
            return [_near(hit, asked) for plain in chosen for hit in search(plain, asked, self._secrets)]

    def _table(self, hits: Iterable[Hit]) -> pl.DataFrame:
        return pl.DataFrame([self._row(hit) for hit in hits], _HITS, orient="row")

    def _row(self, hit: Hit) -> tuple[object, ...]:
        event = self._event_at.get(hit.place)
        text = clip(hit.text, _SAID)
        if event:
            return event.time, hit.place, event.kind, event.role, text
        kind = "reject" if hit.place in self._rejected else "line"
        return hit.time or _stated(hit.text), hit.place, kind, None, text

    def _event_table(self, events: Iterable[Event]) -> pl.DataFrame:
        rows = [
            (event.time, _plain(place), event.kind, event.role, clip(event.text, _SAID))
            for event in events
            for place in event.sources or (f"{event.source}:{event.line}",)
        ]
        return pl.DataFrame(rows, _HITS, orient="row")

    def _names(self, name: str, value: str) -> frozenset[str]:
        """All that a thing is called in the evidence."""
        if name == "profile":
            return frozenset({value, identifier_hash(value)})
        if name == "session":
            pairs = list(self._sessions())
            return frozenset({value, *(b for a, b in pairs if a == value), *(a for a, b in pairs if b == value)})
        return frozenset({value})

    def _sessions(self) -> Iterator[tuple[str, str]]:
        """Session key and session id, as the stores of sessions pair them."""
        for row in self.timeline.state:
            if row.key == "sessionId":
                yield row.entity, str(msgspec.json.decode(row.value))


def _near(hit: Hit, pattern: re.Pattern[str]) -> Hit:
    """The same with its text from shortly before the first match on; the time that it states is kept."""
    match = pattern.search(hit.text)
    start = max(0, match.start() - _BEFORE) if match else 0
    return replace(hit, text=f"…{hit.text[start:]}", time=_stated(hit.text)) if start else hit


def _concerns(event: Event, name: str, names: Sequence[str] | frozenset[str]) -> bool:
    columns = {
        "run": (event.run,),
        "session": (event.session, event.child_session, event.requester),
        "profile": (event.profile, event.profile_hash),
        "request": (event.request_id,),
    }[name]
    return any(value in names for value in columns if value) or (
        name == "session" and any(one in event.source for one in names)
    )


def _plain(place: str) -> str:
    """`path!table/row`, however an event has it."""
    path, sign, row = place.rpartition(":")
    return f"{path}/{row}" if sign and "!" in path and row.lstrip("-").isdigit() else place


def _stated(text: str) -> datetime | None:
    """The first time that a line states in full."""
    found = _STAMP.search(text)
    try:
        time = datetime.fromisoformat(found[0]) if found else None
    except ValueError:
        return None
    return time.astimezone(UTC) if time and not is_dateless(time) else None
