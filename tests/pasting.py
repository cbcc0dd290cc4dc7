"""Pastes for tests: lines as OpenClaw writes them, and the records that are read out of a text."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from forensics.evidence import open_evidence
from forensics.parsers.log_file import LogFile
from forensics.parsers.log_reader import is_log, is_paste, read_log

EACH = settings(
    max_examples=150, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
MANY = settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
SOME = settings(
    max_examples=60, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
TOLD = ("failure", "echo", "decision", "window")
SECRET = "Ottoline Marchbanks paid with the card of her aunt in Quillfeather Road"
STAMP = "2026-07-14T09:11:00.120Z "
LINES = (Path(__file__).parent / "data" / "pastes" / "lines.txt").read_text().splitlines()
lines = st.sampled_from(LINES)
words = st.from_regex(r"\A[a-z]{2,9}( [a-z]{2,9}){0,4}\Z")


def read(folder: Path, text: str | bytes, name: str = "paste.txt") -> LogFile:
    file = folder / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    with open_evidence([file]) as evidence:
        (item,) = evidence.items
        assert is_log(item) or is_paste(item)
        return read_log(item, pasted=not is_log(item))


def records(folder: Path, text: str | bytes) -> list[tuple[str, Mapping[str, object]]]:
    reading = read(folder, text)
    assert reading.lines == reading.events + reading.continuations + reading.other + sum(
        r.lines for r in reading.rejects
    )
    return [(s.template.kind, s.fields) for s in reading.sightings if s.fields.get("role", s.template.role) in TOLD]


def is_weaker(found: list[tuple[str, Mapping[str, object]]], whole: list[tuple[str, Mapping[str, object]]]) -> bool:
    """The same record; a column of it may be missing, and its words may be cut, but none may be other ones."""
    if [kind for kind, _ in found] != [kind for kind, _ in whole]:
        return False
    pairs = [(f, w, name) for (_, f), (_, w) in zip(found, whole, strict=True) for name in f if name != "text_cut"]
    return all(f[name] == w.get(name) or _words(w.get(name)).startswith(_words(f[name])) for f, w, name in pairs)


def _words(value: object) -> str:
    return "".join(str(value).removeprefix("FailoverError:").split())
