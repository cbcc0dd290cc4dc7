"""Many cases out of the samples: other days, other ids, other sizes; one in twenty is broken."""

from __future__ import annotations

import random
import re
import shutil
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

SAMPLES = Path(__file__).resolve().parents[2] / "sample_data"
_DAY = re.compile(rb"20\d\d-[01]\d-[0-3]\d")
_MILLISECONDS = re.compile(rb"(?<!\d)17\d{11}(?!\d)")
_UUID = re.compile(rb"[0-9a-f]{8}(?=-[0-9a-f]{4}-[0-9a-f]{4}-)")
_BROKEN = 20  # one of so many


def make(out: Path, count: int, seed: int = 1) -> None:
    """Write `count` case folders into `out`."""
    chance = random.Random(seed)
    samples = sorted(path for path in SAMPLES.glob("*/evidence"))
    for number in range(count):
        case = out / f"case-{number:05}"
        shutil.copytree(chance.choice(samples), case)
        shift, salt = timedelta(days=chance.randrange(-200, 200)), chance.getrandbits(32)
        for file in sorted(path for path in case.rglob("*") if path.is_file()):
            data = _changed(file.read_bytes(), shift, salt)
            if number % _BROKEN == _BROKEN - 1:
                data = bytes(chance.getrandbits(8) for _ in range(200))
            file.write_bytes(data)


def _changed(data: bytes, shift: timedelta, salt: int) -> bytes:
    def day(match: re.Match[bytes]) -> bytes:
        try:
            return f"{datetime.strptime(match[0].decode(), '%Y-%m-%d').replace(tzinfo=UTC) + shift:%Y-%m-%d}".encode()
        except ValueError:
            return match[0]

    data = _DAY.sub(day, data)
    data = _MILLISECONDS.sub(lambda m: b"%d" % (int(m[0]) + int(shift.total_seconds() * 1000)), data)
    return _UUID.sub(lambda m: b"%08x" % (int(m[0], 16) ^ salt), data)


if __name__ == "__main__":
    make(Path(sys.argv[1]), int(sys.argv[2]))
