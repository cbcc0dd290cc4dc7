"""The lines of the gateway's logs that matter, before OpenClaw prunes them after a day; tokens become fingerprints."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from forensics.openclaw.home_layout import STATE_DIR
from forensics.secrets.detect import secrets_in
from forensics.secrets.fingerprints import masked_secret

_LOUD = re.compile(rb'"logLevelName":"(?:WARN|ERROR|FATAL)"')
_QUIET = re.compile(rb'^\{"0":"\{\\"subsystem\\":\\"(?:gateway|cron|agents?|model-fallback|auth|heartbeat|oauth)')
_BODIES = re.compile(rb"raw_params|\\xE2\\x87\\x84 res \\xE2\\x9C\\x93|\xe2\x87\x84 res \xe2\x9c\x93")  # and routine
_LONGEST = 16_000  # bytes; a longer line carries somebody's text
_CHUNK = 1 << 20
_MOST = 8 << 20  # bytes read before they are kept: a log of gigabytes needs no more memory than a small one
_PACKED = (".gz", ".xz", ".bz2", ".zst", ".zip")
_CONFIGURED = re.compile(r"""["']?file["']?\s*:\s*["']([^"'\n]+\.(?:log|jsonl))["']""")


@dataclass(frozen=True, slots=True)
class Tail:
    """What was read of a log: its lines that matter, and how far."""

    lines: tuple[str, ...]
    read_to: int


def logs(home: Path, temporary: Path) -> Iterator[Path]:
    """The logs of a home's gateways and what rotation left of them: in the state directory, where the configuration
    says, and those of the home's owner in the temporary folder, which all users share."""
    for state in sorted(path for path in home.glob(".*") if STATE_DIR.fullmatch(path.name)):
        yield from _rotated(state / "logs", "*.log")
        for path in _configured(state / "openclaw.json", home):
            yield from _rotated(path.parent, path.name)
    for folder in sorted(temporary.glob("openclaw*")):
        yield from (path for path in _rotated(folder, "openclaw-*.log") if _is_of_one_owner(path, home))


def tail(file: Path, start: int) -> Tail:
    """The whole lines behind `start`, of so many bytes as are kept at once. Raises OSError."""
    kept, read_to = [], start
    with file.open("rb") as log:
        log.seek(start)
        while read_to - start < _MOST and (block := log.read(_CHUNK)):
            end = block.rfind(b"\n") + 1
            if not end and len(block) < _CHUNK:
                break  # a line that is being written
            end = end or len(block)
            kept += [_masked(line) for line in block[:end].splitlines() if _matters(line)]
            read_to += end
            log.seek(read_to)
    return Tail(tuple(kept), read_to)


def _matters(line: bytes) -> bool:
    if len(line) > _LONGEST or not line.startswith(b'{"') or _BODIES.search(line):
        return False
    return bool(_LOUD.search(line) or _QUIET.match(line))


def _masked(line: bytes) -> str:
    text = line.decode("utf-8", "replace")
    for secret in sorted(secrets_in(text), key=len, reverse=True):
        text = text.replace(secret, masked_secret(secret))
    return text


def _rotated(folder: Path, name: str) -> Iterator[Path]:
    yield from sorted(folder.glob(name))
    yield from sorted(path for path in folder.glob(f"{name}.*") if path.suffix not in _PACKED)


def _is_of_one_owner(file: Path, home: Path) -> bool:
    try:
        return file.stat().st_uid == home.stat().st_uid
    except OSError:  # gone meanwhile
        return False


def _configured(config: Path, home: Path) -> Iterator[Path]:
    try:
        text = config.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return
    yield from (home / re.sub(r"\A~/", "", path) for path in _CONFIGURED.findall(text))
