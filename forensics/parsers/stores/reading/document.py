"""Whole-file JSON stores: read the file once, hand the store a `Document`, count every line, seal the rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from forensics.parsers.stores.reading.parse import decode, parse_document
from forensics.parsers.stores.reading.sealing import sealed
from forensics.parsers.stores.reading.unreadable import unexpected, unreadable_file
from forensics.parsers.stores.reading.values import ABSENT, Path, as_json, inside, members, pointer
from forensics.parsers.stores.store import Contents, Source
from forensics.secrets.detect import secrets_in
from forensics.tables import Reject, StateValue

MAX_BYTES = 256 * 1024 * 1024  # a state file of that size would stop the gateway too


@dataclass(frozen=True, slots=True)
class Document:
    """One parsed state file."""

    store: str
    source: Source
    root: object
    text: str

    def place(self, path: Path) -> str:
        """`path#/json/pointer`."""
        return f"{self.source.path}#{pointer(path)}"

    def observe(self, path: Path, entity: str, key: str, at: datetime | None) -> StateValue:
        """The value at `path` as a row; its agent is the file's."""
        value = as_json(inside(self.root, *path))
        place, agent = self.place(path), self.source.agent
        return StateValue(
            source=place, store=self.store, observed_at=at, agent=agent, entity=entity, key=key, value=value
        )

    def observe_fields(
        self, path: Path, entity: str, fields: Sequence[str], at: datetime | None
    ) -> Iterator[StateValue]:
        """One row per field (dotted: nested) that the record at `path` has."""
        for field in fields:
            place = (*path, *field.split("."))
            if inside(self.root, *place) is not ABSENT:
                yield self.observe(place, entity, field, at)


Parts = Callable[[Document], Contents]
"""What a store makes of a document; lines, secrets and unreadable parts are added by `document_reader`."""


def document_reader(store: str, parts: Parts, records: Sequence[Path] = ()) -> Callable[[Source], Contents]:
    """A `Store.read`. `records` are the places whose members must be objects: others become rejects."""

    def read(source: Source) -> Contents:
        text, why = load(source)
        lines = count_lines(text)
        if why:
            return Contents(rejects=(unreadable_file(source, lines, why),), lines=lines)
        secrets = secrets_in(text)
        try:
            contents = _contents(Document(store, source, parse_document(text), text), parts, records)
            contents = replace(contents, lines=lines, other=lines)
        except (ValueError, RecursionError) as error:
            reject = unreadable_file(source, lines, _why(error, text), text)
            contents = Contents(rejects=(reject,), lines=lines)
        return sealed(replace(contents, secrets=secrets | contents.secrets))

    return read


def load(source: Source) -> tuple[str, str | None]:
    """The text of a file, or why there is none."""
    try:
        size = source.real.stat().st_size
        if size > MAX_BYTES:
            return "", f"larger than {MAX_BYTES // 2**20} MiB: not read"
        text = decode(source.real.read_bytes())
    except OSError as error:
        return "", f"cannot be read: {error.strerror}"
    return text, None if text.strip() else "empty"


def count_lines(text: str) -> int:
    """Physical lines; a last one without a line feed counts."""
    return text.count("\n") + bool(text and not text.endswith("\n"))


def _contents(document: Document, parts: Parts, records: Sequence[Path]) -> Contents:
    if not isinstance(document.root, Mapping):
        return Contents(rejects=(unexpected(document.source, (), document.root),))
    rejects = tuple(reject for path in records for reject in _unexpected(document, path))
    contents = parts(document)
    return replace(contents, rejects=(*contents.rejects, *rejects))


def _unexpected(document: Document, path: Path) -> Iterator[Reject]:
    container = inside(document.root, *path)
    if not isinstance(container, Mapping | list) and container is not ABSENT:
        yield unexpected(document.source, path, container)
    for key, member in members(container):
        if not isinstance(member, Mapping):
            yield unexpected(document.source, (*path, key), member)


def _why(error: Exception, text: str) -> str:
    if isinstance(error, RecursionError):
        return "nested too deeply"
    if not text.strip("\0 \r\n"):
        return "only NUL bytes"
    return f"not JSON: {error}"
