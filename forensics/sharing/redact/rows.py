"""Rows of the timeline, rewritten column by column. First pass: names. Second pass: everything that may quote them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from forensics.case.notes import Note
from forensics.openclaw.releases import releases_of_chunk
from forensics.parsers.disclosure import Text
from forensics.parsers.timeline import Timeline
from forensics.secrets.fingerprints import is_fingerprint
from forensics.sharing.redact import bodies, names, paths, texts, vocabulary
from forensics.sharing.redact.any_of import any_of
from forensics.sharing.redact.columns import COLUMNS, LATER, VALUES, Row
from forensics.sharing.redact.disclosures import CLOSED, ENTITIES, EVENTS
from forensics.sharing.redact.pseudonyms import PSEUDONYM, Pseudonyms
from forensics.sharing.redact.words import common_words, findable, only_own_words
from forensics.tables import Drift, Event, StateValue

R = TypeVar("R", bound=Row)

_WORD = re.compile(r"[\w./:+=,@* ()\[\]-]{1,120}")
_HOME = re.compile(r"(?:home|Users)[/\\]")
_PLAIN_VALUE = re.compile(r"\d{1,6}(?:ms|s|m|h|d|w)?|[\d*/,? LW#-]{5,40}")
_SELF_SHAPED = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|-?\d{9,20}|\S+@\S+\.\S+|(?:req|msg)_\w{9,}|sha256:\S+"
)
_QUANTITY = re.compile(r"(?i)(?:ms|at|until|count|tokens|age|version|bytes|seconds|date|latency)\Z")
_PROFILE_KEY = re.compile(r"(auth\.profiles\.)(.+)(\.[A-Za-z]+)", re.S)
_TIMELINE = ("events", "state", "credentials", "files", "rejects", "activity", "drift")


class Rewriter:
    """One case's pseudonyms, what is looked for in its texts, and what was taken out."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self._files = frozenset(file.path for file in timeline.files)
        self._providers = sorted(
            {e.provider for e in timeline.events if e.provider} | {c.provider for c in timeline.credentials}
        )
        self.names = Pseudonyms()
        self.taken: dict[str, str] = {}  # original -> label, for what has no pseudonym
        self._known = texts.Known()
        self._done: dict[tuple[str, object], object] = {}

    def timeline(self) -> Timeline:
        """The same timeline, clean."""
        for rows in _TIMELINE:
            for row in getattr(self._timeline, rows):
                self._row(row, later=False)
        self._known = self._looked_for()
        clean = {rows: tuple(self._row(row, later=True) for row in getattr(self._timeline, rows)) for rows in _TIMELINE}
        chunks = type(self._timeline.chunks)({n: c for n, c in self._timeline.chunks.items() if _is_chunk(n)})
        return replace(self._timeline, **clean, chunks=chunks, secrets=frozenset())

    def name(self, case: str) -> str:
        """A case's name: the last segments of what was given as evidence."""
        return ", ".join(paths.segment(self.names, part) for part in case.split(", "))

    def agent(self, agent: str | None) -> str | None:
        """The agent a scope asks for."""
        return names.agent(self.names, agent) if agent else agent

    def note(self, note: Note) -> Note:
        """What somebody wrote about the case."""
        about = note.about if note.about.isalnum() else self.place(note.about)
        return msgspec.structs.replace(note, about=about, text=self.scrubbed(note.text), tag=self.word(note.tag))

    def _looked_for(self) -> texts.Known:
        common = common_words(self._timeline.events)
        found = {n for n in self.names.names if findable(n, common) and not PSEUDONYM.fullmatch(n)}
        words = sorted(n for n in found if not _SELF_SHAPED.fullmatch(n))
        for provider in self._providers:
            for usual in vocabulary.PROFILES:
                self.names.note(f"{provider}:{usual}", f"{provider}:{usual}", "")
        return texts.Known(
            secrets=tuple(sorted(self._timeline.secrets, key=lambda s: (-len(s), s))),
            names=any_of(words, bordered=True),
            profiles=_any_profile(self._providers),
            common=frozenset(word for p in self._providers for word in re.split(r"[^a-z0-9]+", p.lower()) if word),
        )

    def _row(self, row: R, *, later: bool) -> R:
        changed: dict[str, Any] = {}
        for column, treatment in _columns(row).items():
            if treatment == "kept" or (treatment in LATER and not later):
                continue
            value = getattr(row, column)
            if value is None or value in ("", ()):
                continue
            treat = self._for(treatment, row)
            new = tuple(map(treat, value)) if isinstance(value, tuple) else treat(value)
            if new != value:
                changed[column] = new
        for field in fields(row):
            if field.name not in _columns(row):
                raise TypeError(f"{type(row).__name__}.{field.name}: nobody decided whether this column may leave")
        return replace(row, **changed) if changed else row

    def _for(self, treatment: str, row: Row) -> Callable[[str], str]:
        if treatment == "text" and isinstance(row, Event):
            return lambda text: self._text(row.kind, text)
        if treatment == "detail" and isinstance(row, Event):
            return self._for(EVENTS.get(row.kind, CLOSED).detail, row)
        if treatment == "entity" and isinstance(row, StateValue):
            return lambda entity: self._entity(row, entity)
        if treatment == "value" and isinstance(row, StateValue):
            return lambda value: self._value(row.key, value)
        if treatment == "shape" and isinstance(row, Drift):
            return lambda shape: self._cached("sentence" if row.subsystem else "own sentence", shape)
        return lambda value: self._cached(treatment, value)

    def _cached(self, treatment: str, value: str) -> str:
        key = (treatment, value)
        if key not in self._done:
            self._done[key] = _TREATMENTS[treatment](self, value)
        return str(self._done[key])

    def _text(self, kind: str, text: str) -> str:
        return self._cached(_TEXTS[EVENTS.get(kind, CLOSED).text], text)

    def _entity(self, row: StateValue, entity: str) -> str:
        if entity in vocabulary.ENTITIES or row.key in ("order", "lastGood"):
            return self._cached("word", entity)
        kind = ENTITIES.get(row.store, "name")
        if row.store.startswith("models_status") and ":" not in entity:  # a provider, or a login that has no profile
            kind = "word"
        return self._cached(kind, entity)

    def _value(self, key: str, value: str) -> str:
        """A JSON value: numbers, truth values and times stay, strings by what the key says they are."""
        try:
            decoded = msgspec.json.decode(value)
        except msgspec.DecodeError:
            return msgspec.json.encode(bodies.length_of(value)).decode()
        treatment = "profile" if key.startswith("auth.order.") else VALUES.get(key.rpartition(".")[2], "length")
        if isinstance(decoded, int) and _is_id(decoded) and not _QUANTITY.search(key):
            decoded = self.names.of("chat", str(decoded))
        return msgspec.json.encode(self._member(treatment, decoded)).decode()

    def _member(self, treatment: str, value: object) -> object:
        if isinstance(value, str):
            return value if _is_plain(value) else self._cached(treatment, value)
        if isinstance(value, Mapping):
            return {self._cached("word", str(k)): self._member(treatment, v) for k, v in value.items()}
        return [self._member(treatment, v) for v in value] if isinstance(value, Sequence) else value

    def take(self, label: str, original: str) -> None:
        """Something that has no pseudonym was taken out."""
        self.taken.setdefault(original, label)

    def scrubbed(self, text: str) -> str:
        return texts.scrub(text, self.names, self._known, self.take)

    def rebuilt(self, text: str) -> str:
        """An error text of which only what is known is left."""
        return texts.scrub(text, self.names, self._known, self.take, rebuilt=True)

    def length(self, text: str) -> str:
        short = bodies.length_of(text)
        if short != text:
            self.take("texts", text)
        return short

    def own_words(self, text: str) -> str:
        return self.scrubbed(text) if only_own_words(text) else self.length(text)

    def own_sentence(self, text: str) -> str:
        """Words of a line that may be anybody's: as they are where all of them are OpenClaw's."""
        return self.scrubbed(text) if only_own_words(text) else self.names.of("sentence", text, "texts")

    def word(self, text: str) -> str:
        """One word, or a few; what holds anything else keeps its difference from others, and no more."""
        parts = re.split(r"(?:(?<!fp):|[/=,\s])+", text)
        plain = _WORD.fullmatch(text) and not _HOME.search(text) and all(self.scrubbed(part) == part for part in parts)
        return self.scrubbed(text) if plain else self.names.of("name", text)

    def model(self, text: str) -> str:
        """A model that everybody can call stays, and so does who offers it."""
        return names.model(self.names, text, self._providers)

    def json(self, text: str) -> str:
        return self._value("status", text)

    def key(self, text: str) -> str:
        """A dotted key: profile ids in it are renamed, the names of settings stay."""
        if found := _PROFILE_KEY.fullmatch(text):
            return found[1] + names.profile(self.names, found[2]) + found[3]
        above = ("", *text.split("."))
        return ".".join(map(self._key_part, text.split("."), above))

    def _key_part(self, part: str, above: str) -> str:
        if above in ("providers", "order"):
            return names.word(self.names, part)
        return part if names.is_field(part) else self.names.of("key", part)

    def place(self, text: str) -> str:
        return paths.place(self.names, text, self._files)


def _columns(row: Row) -> Mapping[str, str]:
    return COLUMNS[type(row)]


def _named(name: Callable[[Pseudonyms, str], str]) -> Callable[[Rewriter, str], str]:
    return lambda rewriter, value: name(rewriter.names, value)


_TEXTS: Mapping[Text, str] = {
    "error": "rebuilt",
    "own sentence": "rebuilt",
    "own words": "own words",
    "closed": "length",
}
_TREATMENTS: Mapping[str, Callable[[Rewriter, str], str]] = {
    "word": Rewriter.word,
    "sentence": Rewriter.rebuilt,
    "rebuilt": Rewriter.rebuilt,
    "scrubbed": Rewriter.scrubbed,
    "length": Rewriter.length,
    "own words": Rewriter.own_words,
    "own sentence": Rewriter.own_sentence,
    "json": Rewriter.json,
    "key": Rewriter.key,
    "model": Rewriter.model,
    "place": Rewriter.place,
    "path": _named(paths.path),
    "agent": _named(names.agent),
    "session": _named(names.session),
    "run": _named(names.run),
    "lane": _named(names.lane),
    "settings": _named(names.settings),
    "profile": _named(names.profile),
    "request": _named(names.request),
    "subsystem": _named(names.subsystem),
    "job": lambda rewriter, value: rewriter.names.of("job", value),
    "name": lambda rewriter, value: rewriter.names.of("name", value),
    "hash": lambda rewriter, value: rewriter.names.hash_of(value, keep=True),
    "blind hash": lambda rewriter, value: rewriter.names.hash_of(value, keep=False),
    "fingerprint": lambda rewriter, value: value if is_fingerprint(value) else rewriter.length(value),
}


def _is_plain(value: str) -> bool:
    """A time, a duration, a schedule: strings that name nobody."""
    if _PLAIN_VALUE.fullmatch(value):
        return len(re.sub(r"\D", "", value)) < 9
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return len(value) >= 10 and "-" in value


def _is_id(number: int) -> bool:
    """Too large for a count, and no moment between 2017 and 2033."""
    return abs(number) >= 10**9 and not any(1.5 * unit <= number < 2.0 * unit for unit in (10**9, 10**12))


def _is_chunk(name: str) -> bool:
    """A file of OpenClaw's own bundle, such as `subsystem-DPnkvS73.js`."""
    return bool(releases_of_chunk(name))


def _any_profile(providers: Sequence[str]) -> re.Pattern[str] | None:
    if not providers:
        return None
    return re.compile(rf"(?<![\w./-])(?:{'|'.join(map(re.escape, providers))}):[^\s\"'`,;|()<>\[\]{{}}\\]+(?<![.:!?])")
