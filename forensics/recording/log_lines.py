"""The lines of the gateway's logs that matter, before OpenClaw prunes them after a day; tokens become fingerprints."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from forensics.home_layout import STATE_DIR
from forensics.secrets.detect import secrets_in
from forensics.secrets.fingerprints import masked_secret

_LOUD = re.compile(rb'"logLevelName":"(?:WARN|ERROR|FATAL)"')
_QUIET = re.compile(rb'^\{"0":"\{\\"subsystem\\":\\"(?:gateway|cron|agents?|model-fallback|auth|heartbeat|oauth)')
_BODIES = re.compile(rb"raw_params|\\xE2\\x87\\x84 res \\xE2\\x9C\\x93|\xe2\x87\x84 res \xe2\x9c\x93")  # and routine
_LONGEST = 16_000  # bytes; a longer line carries somebody's text
_CHUNK = 1 << 20
_CONFIGURED = re.compile(r'"?file"?\s*:\s*"([^"]+\.(?:log|jsonl))"')


@dataclass(frozen=True, slots=True)
class Tail:
    """What was read of a log: its lines that matter, and how far."""

    lines: tuple[str, ...]
    read_to: int


def logs(home: Path, temporary: Path) -> Iterator[Path]:
    """The logs of a home's gateways: in the state directory, where the configuration says, in the temporary folder."""
    for state in sorted(path for path in home.glob(".*") if STATE_DIR.fullmatch(path.name)):
        yield from sorted((state / "logs").glob("*.log"))
        yield from (path for path in _configured(state / "openclaw.json") if path.is_file())
    for folder in sorted(temporary.glob("openclaw*")):
        yield from sorted(folder.glob("openclaw-*.log"))


def tail(file: Path, start: int) -> Tail:
    """The whole lines behind `start`. Raises OSError."""
    kept, read_to = [], start
    with file.open("rb") as log:
        log.seek(start)
        while block := log.read(_CHUNK):
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


def _configured(config: Path) -> Iterator[Path]:
    try:
        text = config.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return
    yield from (Path(found).expanduser() for found in _CONFIGURED.findall(text))
