"""Write a synthetic OpenClaw file log of any size, in the line mix measured on real releases.

    python tests/benchmarks/make_log.py OUT [--bytes N] [--release R] [--seed N] [--every-line]

With --every-line its healthy lines are those of one whole real day (tests/data/healthy_days.json: each kind of line of
the day with its share, starts and answers among them); without, the few commonest kinds, nearly all only counted.

The same arguments give the same bytes. Every line has its own time, increasing; the file spans about a day.
One incident (real failures and their echoes) stands in every 50 MB.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

LINE_MIX = Path(__file__).parents[1] / "data" / "line_mix.json"
HEALTHY_DAYS = LINE_MIX.with_name("healthy_days.json")
INCIDENT_EVERY = 50_000_000
LINES_PER_BLOCK = 4_000
BLOCKS = 8
DAY_MS = 86_400_000
START = np.datetime64("2026-11-20T00:00:00.000", "ms")
TIME = re.compile(rb'"(?:date|time)":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3})')
TIME_WIDTH = len("2026-11-20T00:00:00.000")


@dataclass(frozen=True)
class Block:
    """Rendered lines whose times are still to be filled in: `slots` are byte offsets, `owners` their lines."""

    text: np.ndarray
    slots: np.ndarray
    owners: np.ndarray
    lines: int


def render(lines: Sequence[bytes]) -> Block:
    starts = np.cumsum([0, *map(len, lines)])
    found = [(starts[i] + m.start(1), i) for i, line in enumerate(lines) for m in TIME.finditer(line)]
    slots, owners = zip(*found, strict=True)
    text = np.frombuffer(b"".join(lines), dtype=np.uint8).copy()
    return Block(text, np.array(slots), np.array(owners), len(lines))


def fill(block: Block, times: np.ndarray) -> bytes:
    """The block's bytes, line i carrying times[i]."""
    digits = np.datetime_as_string(times).astype(f"S{TIME_WIDTH}").view(np.uint8).reshape(-1, TIME_WIDTH)
    block.text[block.slots[:, None] + np.arange(TIME_WIDTH)] = digits[block.owners]
    return block.text.tobytes()


def blocks(release: str, seed: int, *, every_line: bool) -> tuple[list[Block], Block]:
    """(blocks of a healthy day, the incident block) of one release."""
    mix = json.loads(LINE_MIX.read_text(encoding="utf-8"))[release]
    pick = random.Random(seed)
    kinds = json.loads(HEALTHY_DAYS.read_text(encoding="utf-8"))[release] if every_line else mix["healthy"]
    healthy, shares = [line(t) for t in kinds], [t["share"] for t in kinds]
    days = [render(pick.choices(healthy, shares, k=LINES_PER_BLOCK)) for _ in range(BLOCKS)]
    return days, render([line(t) for t in mix["incident"]])


def line(template: dict[str, str]) -> bytes:
    return template["example"].encode() + b"\n"


def sequence(healthy: Sequence[Block], incident: Block, size: int) -> Iterator[Block]:
    """Blocks in file order until `size` bytes are reached; the first incident comes after one block."""
    written, incidents = 0, 0
    while written < size:
        for block in healthy:
            yield block
            written += block.text.size
            if written >= incidents * INCIDENT_EVERY:
                yield incident
                incidents += 1


def write(out: BinaryIO, size: int, release: str, seed: int, *, every_line: bool = False) -> None:
    healthy, incident = blocks(release, seed, every_line=every_line)
    mean_line = sum(b.text.size for b in healthy) / (BLOCKS * LINES_PER_BLOCK)
    gap = max(1, int(DAY_MS / (size / mean_line)))
    rng, now, written = np.random.default_rng(seed), START, 0
    for block in sequence(healthy, incident, size):
        times = now + np.cumsum(rng.integers(1, 2 * gap, block.lines, endpoint=True)).astype("timedelta64[ms]")
        written += out.write(fill(block, times)[: whole_lines(block, size - written)])
        now = times[-1]
        if written >= size - mean_line:
            return


def whole_lines(block: Block, room: int) -> int:
    """How many bytes of the block fit into `room` without cutting a line."""
    if block.text.size <= room:
        return int(block.text.size)
    ends = np.flatnonzero(block.text[: max(room, 0)] == ord("\n"))
    return int(ends[-1]) + 1 if ends.size else 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--bytes", type=lambda text: int(float(text)), default=1_000_000_000, metavar="N")
    parser.add_argument("--release", default="2026.5.28", choices=json.loads(LINE_MIX.read_text(encoding="utf-8")))
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--every-line", action="store_true", help="every kind of line of a day")
    arguments = parser.parse_args()
    with arguments.out.open("wb") as out:
        write(out, arguments.bytes, arguments.release, arguments.seed, every_line=arguments.every_line)


if __name__ == "__main__":
    main()
