"""Write the transcripts of a healthy home: the sessions of the healthy sample, day after day, in many files.

    python tests/benchmarks/make_transcripts.py OUT [--bytes N] [--files N]

The same arguments give the same bytes. A session goes through all sample sessions again and again, 20 s an entry.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path

SESSIONS = Path(__file__).parents[2] / "sample_data/healthy-2026.2.9/evidence/.openclaw/agents/main/sessions"
START = datetime(2026, 11, 1, tzinfo=UTC)
STAMP = re.compile(r'"timestamp":"[^"]+"')
MILLISECONDS = re.compile(r'"timestamp":\d{13}')


def entries() -> list[str]:
    """Every entry of the sample's sessions but their headers."""
    files = sorted(SESSIONS.glob("*.jsonl*"))
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return [line for line in lines if not line.startswith('{"type":"session"')]


def session(number: int, sample: Sequence[str], size: int) -> Iterator[str]:
    time = START + timedelta(minutes=7 * number)
    yield f'{{"type":"session","version":3,"id":"{number:08x}","timestamp":"{stamp(time)}","cwd":"/home/lab"}}\n'
    written = 0
    for line in cycle(sample):
        time += timedelta(seconds=20)
        begun = int(time.timestamp() * 1000) - 5_000
        dated = MILLISECONDS.sub(f'"timestamp":{begun}', STAMP.sub(f'"timestamp":"{stamp(time)}"', line, count=1))
        yield dated + "\n"
        written += len(dated) + 1
        if written >= size:
            return


def stamp(time: datetime) -> str:
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--bytes", type=lambda text: int(float(text)), default=1_000_000_000, metavar="N")
    parser.add_argument("--files", type=int, default=500, metavar="N")
    arguments = parser.parse_args()
    folder, sample = arguments.out / "agents/main/sessions", entries()
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(arguments.files):
        with (folder / f"{number:08x}.jsonl").open("w", encoding="utf-8") as file:
            file.writelines(session(number, sample, arguments.bytes // arguments.files))


if __name__ == "__main__":
    main()
