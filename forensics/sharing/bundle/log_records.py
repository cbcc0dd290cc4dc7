"""A log record -> the line it would be with another text and other metadata: the envelope stays what it was.

Nothing of the original line is copied but what its shape reads from it, and the prefix of the program that wrapped it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

import msgspec

from forensics.parsers.logs.envelopes import read_line, strip, unwrap
from forensics.parsers.logs.envelopes.envelope import Record

_CHUNK = re.compile(r"[\w.+-]{1,120}")
_PLAIN = re.compile(r"\S{8,40} (?:silly|trace|debug|info|warn|error|fatal) ")


def rewritten(
    line: str, record: Record, text: str, meta: Mapping[str, object], clean: Callable[[str], str]
) -> str | None:
    """The line of a record with this text and metadata; None where its envelope would be read as another.

    `clean` is asked of what stands before the envelope: another program wrote it.
    """
    whole, inner = strip(line), unwrap(line, line)
    found = _RENDERED.get(record.shape, _shown)(inner, replace(record, text=text, meta=meta))
    wrapped = whole[: len(whole) - len(inner)] if whole.endswith(inner) else None
    found = _json({"type": "raw", "raw": found}) if wrapped is None else clean(wrapped) + found
    read = None if "\n" in found else read_line(found)
    return found if read and _envelope(read) == _envelope(record) else None


def _envelope(record: Record) -> Record:
    return replace(record, text="", meta={}, raw=None)


def _file_line(_: str, record: Record) -> str:
    """As the file log has it; without `runtime` in front of `_meta`, the first pass over a log looks at the line."""
    name = _json({"subsystem": record.subsystem}) if record.subsystem else "openclaw"
    arguments = [*([name] if record.subsystem else []), *([record.meta] if record.meta else []), record.text]
    time = _time(record)
    about: dict[str, object] = {"date": time} if time and record.level is None else {}
    about |= {"logLevelName": record.level.upper()} if record.level is not None else {}
    about |= {"name": name}
    about |= {"path": {"fileName": record.chunk}} if record.chunk and _CHUNK.fullmatch(record.chunk) else {}
    numbered = {str(n): argument for n, argument in enumerate(arguments)}
    return _json({**numbered, "_meta": about, **({"time": time} if time else {})})


def _frame(line: str, record: Record) -> str:
    """As `openclaw logs --json` prints it."""
    if "type" in record.meta:  # meta, notice, error: the command's own
        return _json({**record.meta, "message": record.text})
    return _json({"type": "log", "time": _time(record), "level": record.level, "raw": _file_line(line, record)})


def _console_object(_: str, record: Record) -> str:
    own = {"time": _time(record), "level": record.level, "subsystem": record.subsystem, "message": record.text}
    return _json({**own, **record.meta})


def _support(_: str, record: Record) -> str:
    """As the export of diagnostics writes it; of a record that it omitted there is only that."""
    if record.level is None:
        return _json(record.meta)
    name = {"subsystem": record.subsystem} if record.subsystem else {"logger": "openclaw"}
    return _json({"time": _time(record), "level": record.level.upper(), **name, **record.meta, "msg": record.text})


def _plain(line: str, record: Record) -> str:
    """As `openclaw logs --plain` prints it."""
    head = _PLAIN.match(line)
    if not head:
        return _shown(line, record)
    name = f"{_json({'subsystem': record.subsystem})} " if record.subsystem else ""
    return f"{head[0]}{name}{f'{_json(record.meta)} ' if record.meta else ''}{record.text}"


def _shown(line: str, record: Record) -> str:
    """As a console shows it: what stands before the text, and the text."""
    before = read_line(line)
    told = before.text if before else ""
    return (line[: len(line) - len(told)] if line.endswith(told) else "") + record.text


_RENDERED: Mapping[str, Callable[[str, Record], str]] = {
    "file-jsonl": _file_line,
    "logs-json": _frame,
    "console-json": _console_object,
    "logs-plain": _plain,
    "support-log": _support,
}


def _time(record: Record) -> str | None:
    if record.time is None:
        return None
    return record.time.isoformat(timespec="microseconds" if record.time.microsecond % 1000 else "milliseconds")


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
