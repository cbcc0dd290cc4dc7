"""Many cases out of few: other days, other ids, other sizes and shapes; one in twenty is broken.

`make_fleet.py DIR COUNT [FOLDER…]`: every `evidence` folder below the FOLDERs (default: the samples) is one to copy.
"""

from __future__ import annotations

import random
import re
import shutil
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

SAMPLES = Path(__file__).resolve().parents[2] / "sample_data"
_DAY = re.compile(rb"20\d\d-[01]\d-[0-3]\d")
_MILLISECONDS = re.compile(rb"(?<!\d)17\d{11}(?!\d)")
_UUID = re.compile(rb"[0-9a-f]{8}(?=-[0-9a-f]{4}-[0-9a-f]{4}-)")
_BROKEN = 20  # one of so many
_ARCHIVED = 10  # one of so many is handed in as an archive
_BINARY = (".sqlite", ".sqlite-wal", ".sqlite-shm", ".db", ".gz", ".zip", ".zst")

Change = Callable[[Path, random.Random], None]


def make(out: Path, count: int, seed: int = 1, models: Sequence[Path] = (SAMPLES,)) -> None:
    """Write `count` cases into `out`."""
    chance = random.Random(seed)
    evidence = sorted(path for folder in models for path in folder.rglob("evidence") if path.is_dir())
    for number in range(count):
        case = out / f"case-{number:05}"
        shutil.copytree(chance.choice(evidence), case)
        shift, salt = timedelta(days=chance.randrange(-200, 200)), chance.getrandbits(32)
        for file in _texts(case):
            file.write_bytes(_changed(file.read_bytes(), shift, salt))
        chance.choice(_SIZES)(case, chance)
        if number % _BROKEN == _BROKEN - 1:
            chance.choice(_BREAKS)(case, chance)
        elif number % _ARCHIVED == _ARCHIVED - 1:
            shutil.make_archive(str(case), "gztar", case)
            shutil.rmtree(case)


def _texts(case: Path) -> list[Path]:
    return sorted(path for path in case.rglob("*") if path.is_file() and not path.name.endswith(_BINARY))


def _changed(data: bytes, shift: timedelta, salt: int) -> bytes:
    def day(match: re.Match[bytes]) -> bytes:
        try:
            return f"{datetime.strptime(match[0].decode(), '%Y-%m-%d').replace(tzinfo=UTC) + shift:%Y-%m-%d}".encode()
        except ValueError:
            return match[0]

    data = _DAY.sub(day, data)
    data = _MILLISECONDS.sub(lambda m: b"%d" % (int(m[0]) + int(shift.total_seconds() * 1000)), data)
    return _UUID.sub(lambda m: b"%08x" % (int(m[0], 16) ^ salt), data)


def _as_it_is(_case: Path, _chance: random.Random) -> None:
    """The size it has."""


def _cut(case: Path, chance: random.Random) -> None:
    """Only the last part of each log was kept."""
    for log in _logs(case):
        lines = log.read_bytes().splitlines(keepends=True)
        log.write_bytes(b"".join(lines[int(len(lines) * chance.random()) :]))


def _weeks(case: Path, chance: random.Random) -> None:
    """The same days again and again: a log of weeks."""
    for log in _logs(case):
        data = log.read_bytes()
        earlier = (_changed(data, timedelta(days=-3 * n), n) for n in range(chance.randrange(5, 25), 0, -1))
        log.write_bytes(b"".join([*earlier, data]))


def _logs(case: Path) -> list[Path]:
    return [path for path in _texts(case) if path.suffix == ".log"]


def _noise(case: Path, chance: random.Random) -> None:
    """Nothing in it can be read."""
    for file in sorted(path for path in case.rglob("*") if path.is_file()):
        file.write_bytes(bytes(chance.getrandbits(8) for _ in range(200)))


def _emptied(case: Path, _chance: random.Random) -> None:
    """The upload stopped before its first byte."""
    for file in sorted(path for path in case.rglob("*") if path.is_file()):
        file.write_bytes(b"")


def _half_archive(case: Path, _chance: random.Random) -> None:
    """The archive was cut off."""
    archive = Path(shutil.make_archive(str(case), "gztar", case))
    data = archive.read_bytes()
    archive.write_bytes(data[: len(data) // 2])
    shutil.rmtree(case)


_SIZES: tuple[Change, ...] = (_as_it_is, _as_it_is, _cut, _weeks)
_BREAKS: tuple[Change, ...] = (_noise, _emptied, _half_archive)


if __name__ == "__main__":
    make(Path(sys.argv[1]), int(sys.argv[2]), models=[*map(Path, sys.argv[3:])] or [SAMPLES])
