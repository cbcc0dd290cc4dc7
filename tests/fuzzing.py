"""What is fuzzed: each target takes any bytes, and neither raises nor loses a line. The samples there are begin it."""

from __future__ import annotations

import gzip
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from damaging import zipped

from forensics.errors import BundleError, EvidenceError, ParameterError
from forensics.evidence import Item, Limits, open_evidence
from forensics.evidence.item import Plain, read_item
from forensics.instants import FIRST, LAST
from forensics.openclaw import reasons
from forensics.openclaw.error_text import read_error_text
from forensics.openclaw.reasons import classify
from forensics.parsers import stores
from forensics.parsers.log_file import LogFile
from forensics.parsers.log_reader import is_log, is_paste, read_log, settle_routine
from forensics.parsers.logs import envelopes, templates
from forensics.parsers.logs.envelopes.envelope import Record
from forensics.parsers.logs.templates.error_texts import error_fields
from forensics.parsers.routine import needed
from forensics.sharing.bundle import verified
from forensics.sharing.redact import texts
from forensics.sharing.redact.pseudonyms import Pseudonyms
from forensics.when import read_when

DATA = Path(__file__).resolve().parent / "data"
CORPUS = Path(__file__).resolve().parent / "fuzz" / "corpus"
_LIMITS = Limits(files=200, members=200, unpacked=8 << 20, ratio_from=1 << 20)
_NOW = datetime(2026, 11, 20, tzinfo=UTC)


@cache
def _room() -> Path:
    return Path(tempfile.mkdtemp(prefix="fuzzing-"))


def _file(data: bytes, name: str = "input.log") -> Path:
    file = _room() / name
    file.write_bytes(data)
    return file


def _sums(reading: LogFile) -> None:
    counted = reading.events + reading.continuations + reading.other + sum(x.lines for x in reading.rejects)
    assert reading.lines == counted


def line_shapes(data: bytes) -> None:
    """Every envelope, and every wrapper around it."""
    for line in data.decode("utf-8", "replace").split("\n"):
        record = envelopes.read_line(line)
        assert record is None or record.time is None or record.time.replace(tzinfo=UTC) < LAST
        envelopes.unwrap(line, line)


def logs(data: bytes) -> None:
    """Whole files, as logs and as pastes."""
    item = read_item(Plain("input.log", _file(data), None))
    assert isinstance(item, Item)
    is_log(item), is_paste(item)
    for pasted in (False, True):
        reading = read_log(item, pasted=pasted)
        if reading.routine.whole:
            (kept,) = needed([(None, reading.routine.records)], [_NOW])
            settle_routine(reading, kept)
        _sums(reading)


def error_texts(data: bytes) -> None:
    """What a provider said: read, filed under a reason, made fit to leave."""
    text = data.decode("utf-8", "replace")
    read_error_text(text)
    until = classify(text).until
    assert until is None or FIRST <= until < LAST
    error_fields(text)
    texts.scrub(text, Pseudonyms(), texts.Known(), lambda _label, _original: None, rebuilt=True)


def sentences(data: bytes) -> None:
    """Every template, behind the subsystem that the first byte names."""
    names = sorted(templates.SUBSYSTEMS | {""})
    text = data[1:].decode("utf-8", "replace")
    record = Record("file-jsonl", text, time=_NOW, level="warn", subsystem=names[data[0] % len(names)] if data else "")
    templates.match(record)
    with suppress(ValueError):
        meta = json.loads(text)
        templates.match(replace(record, text="", meta=meta if isinstance(meta, dict) else {}))


def state(data: bytes) -> None:
    """Every store, which the first byte names."""
    store = stores.STORES[data[0] % len(stores.STORES)] if data else stores.STORES[0]
    store.claims("input", data[1:])
    source = stores.Source("input", _file(data[1:], "input.json"), _NOW, None)
    for read in filter(None, (store.read, store.skim)):
        contents = read(source)
        if store.line_oriented and not contents.routine:
            assert contents.lines >= sum(reject.lines for reject in contents.rejects)


def archives(data: bytes) -> None:
    """Packed files of every kind."""
    with suppress(EvidenceError), open_evidence([_file(data, "input")], _LIMITS) as evidence:
        assert all(item.real.is_file() for item in evidence.items)


def bundles(data: bytes) -> None:
    """What somebody hands over as a bundle."""
    with suppress(BundleError):
        verified(_file(data, "input.zip"))


def moments(data: bytes) -> None:
    """What somebody types as a time."""
    with suppress(ParameterError):
        read_when("--now", data.decode("utf-8", "replace"))(_NOW)


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    target.__name__: target for target in (line_shapes, logs, error_texts, sentences, state, archives, bundles, moments)
}


def seeds(target: str) -> Iterator[bytes]:
    """The samples of the package and of the tests, and what earlier campaigns found."""
    yield from _SEEDS[target]()
    for file in sorted((CORPUS / target).glob("*")):
        yield file.read_bytes()


def _lines() -> Iterator[bytes]:
    for row in (DATA / "log_templates" / "real_lines.jsonl").read_text(encoding="utf-8").splitlines():
        yield json.loads(row)["line"].encode()
    yield from (DATA / "pastes" / "lines.txt").read_bytes().split(b"\n")


def _files() -> Iterator[bytes]:
    for file in (*sorted((DATA / "log_shapes").iterdir()), *sorted((DATA / "reports").glob("*/*.txt"))):
        yield file.read_bytes()[:6_000]


def _texts() -> Iterator[bytes]:
    return (sample.encode() for row in reasons.rows() for sample in row.samples)


def _states() -> Iterator[bytes]:
    for file in (path for path in sorted((DATA / "stores").rglob("*")) if path.is_file()):
        content = file.read_bytes()[:6_000]
        store = stores.claim(str(file), content)
        if store:
            yield bytes([stores.STORES.index(store)]) + content


def _archives() -> Iterator[bytes]:
    log = next(_files())
    packed = zipped({".openclaw/logs/openclaw.log": log[:900], "a/b.json": b"{}"})
    yield from (packed, gzip.compress(log[:900]), log[:900].decode("utf-8", "replace").encode("utf-16"))
    yield from (packed + b"behind", b"before" + packed, bytes(600) + log[:600])


_SEEDS: Mapping[str, Callable[[], Iterator[bytes]]] = {
    "line_shapes": _lines,
    "logs": _files,
    "error_texts": _texts,
    "sentences": lambda: (b"\0" + line for line in _lines()),
    "state": _states,
    "archives": _archives,
    "bundles": _archives,
    "moments": lambda: iter((b"2026-11-20T09:18Z", b"20 Nov 09:18", b"yesterday", b"2h 3m ago", b"1772445600123")),
}


def forget_files() -> None:
    """Remove what the targets have written."""
    shutil.rmtree(_room(), ignore_errors=True)
    _room.cache_clear()
