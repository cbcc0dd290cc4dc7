"""A tslog record, wherever its line is found: in the log file, or as `raw` inside `openclaw logs --json`."""

from __future__ import annotations

from forensics.parsers.logs.envelopes.arguments import Json, bound_name, decode, fold
from forensics.parsers.logs.envelopes.envelope import Record
from forensics.parsers.logs.envelopes.times import instant

_ROOT = "openclaw"
_SIZE_CAP = "log file size cap reached"
_NOT_META = frozenset({"_meta", "time", "hostname", "message"})


def read_tslog(line: str, shape: str) -> Record | None:
    """One file line of any release -> Record, or None. The size-cap line is the only one without `_meta`."""
    if '"_meta"' not in line and _SIZE_CAP not in line:
        return None
    logged = decode(line)
    if logged is None:
        return None
    about = logged.get("_meta")
    if not isinstance(about, dict):
        return _size_cap(logged, shape)
    return _record(logged, about, shape) if "logLevelName" in about or "date" in about else None


def is_size_cap(message: object) -> bool:
    """True for the message of the last line a file gets before it falls silent (2.23-4.24)."""
    return isinstance(message, str) and message.startswith(_SIZE_CAP)


def _record(logged: Json, about: Json, shape: str) -> Record:
    numbered = sorted((key for key in logged if key.isdecimal()), key=lambda key: (len(key), key))
    name, arguments = _binding([logged[key] for key in numbered], about.get("name"))
    text, meta = fold(arguments)
    for key, value in logged.items():
        if key not in _NOT_META and not key.isdecimal():
            meta.setdefault(key, value)
    return Record(
        shape=shape,
        text=text if numbered else _spread_text(logged),
        time=instant(logged.get("time")) or instant(about.get("date")),
        level=_lower(about.get("logLevelName")),
        subsystem=name,
        meta=meta,
        chunk=_chunk(about.get("path")),
    )


def _binding(arguments: list[object], logger: object) -> tuple[str, list[object]]:
    """Splits off the binding. A root line is one text, even where that text is a JSON dump with a `plugin` in it."""
    first = arguments[0] if arguments else None
    is_root_text = logger == _ROOT and len(arguments) == 1
    name = bound_name(first) if isinstance(first, str) and not is_root_text else None
    if name is not None:
        return name, arguments[1:]
    return (bound_name(logger) if isinstance(logger, str) else None) or "", arguments


def _spread_text(logged: Json) -> str:
    """A lone object on an unprefixed logger is spread to the top level (baileys); its sentence is `msg`."""
    texts = (logged.get("message"), logged.get("msg"))
    return next((text for text in texts if isinstance(text, str)), "")


def _size_cap(logged: Json, shape: str) -> Record | None:
    message, name = logged.get("message"), logged.get("subsystem")
    if not isinstance(message, str) or not is_size_cap(message):
        return None
    return Record(
        shape=shape,
        text=message,
        time=instant(logged.get("time")),
        level=_lower(logged.get("level")),
        subsystem=name if isinstance(name, str) else "",
    )


def _lower(level: object) -> str | None:
    return level.lower() if isinstance(level, str) else None


def _chunk(path: object) -> str | None:
    name = path.get("fileName") if isinstance(path, dict) else None
    return name if isinstance(name, str) else None
