"""Time triage on generated evidence beside other tools on the same bytes, each as a whole process.

python tests/benchmarks/bench.py [--bytes N] [--runs N] [--failures N] [--small]

CPU seconds (all threads), seconds on the clock, peak of memory, and how many times jq's CPU; medians.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
RSS_UNIT = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss, in bytes
DUCKDB = "import duckdb, sys; print(duckdb.sql(sys.argv[1]).fetchall())"


@dataclass(frozen=True)
class Candidate:
    """A command, the exit codes with which it did its work, and the Python module it needs, if any.

    `is_second`: it is run once before it is measured.
    """

    name: str
    command: tuple[str, ...]
    done: tuple[int, ...] = (0,)
    module: str | None = None
    is_second: bool = False


@dataclass(frozen=True)
class Measured:
    """Medians of seconds, greatest peak of memory in bytes; `trouble` where it did not run."""

    name: str
    cpu: float = 0.0
    wall: float = 0.0
    peak: int = 0
    trouble: str | None = None


@dataclass(frozen=True)
class Evidence:
    """What is measured: how it is made, what the others look for in it (a word, a jq filter)."""

    title: str
    maker: str
    options: tuple[str, ...]
    word: str
    filter: str


LOG_FILTER = 'select(._meta.logLevelName == "ERROR")'


def evidence(size: str, failures: int) -> list[Evidence]:
    of = ("--bytes", size)
    day = ("--release", "2026.9.6", "--every-line")
    calls = ("--failures", str(failures), "--every", "4")
    return [
        Evidence("log, every line of a real day", "make_log.py", (*of, *day), "ERROR", LOG_FILTER),
        Evidence("log, few events", "make_log.py", (*of, "--release", "2026.5.28"), "ERROR", LOG_FILTER),
        Evidence("transcripts", "make_transcripts.py", of, "stopReason", 'select(.message.stopReason == "error")'),
        Evidence(f"{failures:,} failures", "make_failures.py", calls, "429", "select(.isError)"),
    ]


def candidates(made: Path, files: Sequence[str], about: Evidence) -> list[Candidate]:
    python = sys.executable
    like = f"from read_csv({list(files)!r}, delim=chr(1), quote='', header=false, columns={{'l': 'varchar'}})"
    lines = f"select count(*) {like} where l like '%{about.word}%'"
    triage = (python, "-m", "forensics", "triage", str(made), "--json")
    return [
        Candidate("jq -c", ("jq", "-c", about.filter, *files)),
        Candidate("ripgrep -c", ("rg", "-c", about.word, *files), done=(0, 1)),
        Candidate("DuckDB like", (python, "-c", DUCKDB, lines), module="duckdb"),
        Candidate("forensics triage", (*triage, "--no-cache"), done=(0, 1)),
        Candidate("the same again", triage, done=(0, 1), is_second=True),
    ]


def measure(candidate: Candidate, runs: int) -> Measured:
    if not shutil.which(candidate.command[0]) or (candidate.module and not has_module(candidate.module)):
        return Measured(candidate.name, trouble="not installed: left out")
    cpus, walls, peaks = [], [], []
    if candidate.is_second:
        run(candidate.command)
    for _ in range(runs):
        code, cpu, wall, peak, complaint = run(candidate.command)
        if code not in candidate.done:
            return Measured(candidate.name, trouble=f"exit code {code}: {complaint}")
        cpus.append(cpu)
        walls.append(wall)
        peaks.append(peak)
    return Measured(candidate.name, statistics.median(cpus), statistics.median(walls), max(peaks))


def has_module(name: str) -> bool:
    return subprocess.run([sys.executable, "-c", f"import {name}"], capture_output=True, check=False).returncode == 0


def run(command: Sequence[str]) -> tuple[int, float, float, int, str]:
    """(exit code, CPU seconds, seconds, peak bytes, last line of stderr) of one process."""
    # not /dev/null: grep stops at the first match where nobody reads
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        child = subprocess.Popen(command, stdout=out, stderr=errors)
        _, status, usage = os.wait4(child.pid, 0)
        took = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        last = (errors.read().decode(errors="replace").strip().splitlines() or ["no message"])[-1]
    return child.returncode, usage.ru_utime + usage.ru_stime, took, usage.ru_maxrss * RSS_UNIT, last


def table(results: Sequence[Measured]) -> str:
    reference = results[0].cpu
    rows = [f"  {'':24}{'CPU s':>8}{'seconds':>9}{'peak MB':>9}{'x jq':>8}"]
    for r in results:
        if r.trouble:
            rows.append(f"  {r.name:24}  {r.trouble}")
        else:
            ratio = f"{r.cpu / reference:8.2f}" if reference else ""
            rows.append(f"  {r.name:24}{r.cpu:8.2f}{r.wall:9.2f}{r.peak / 1e6:9.0f}{ratio}")
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bytes", default="1e9", metavar="N", help="size of each evidence (default: 1e9)")
    parser.add_argument("--runs", type=int, default=3, help="times each is run; the median is shown (default: 3)")
    parser.add_argument("--failures", type=int, default=20_000, metavar="N", help="how many (default: 20000)")
    parser.add_argument("--small", action="store_true", help="5e7 bytes, 2000 failures, once: minutes less")
    arguments = parser.parse_args()
    small = arguments.small
    size, runs = ("5e7", 1) if small else (arguments.bytes, arguments.runs)
    for about in evidence(size, 2_000 if small else arguments.failures):
        with tempfile.TemporaryDirectory(prefix="forensics-bench-") as folder:
            name = "openclaw-2026-11-20.log" if about.maker == "make_log.py" else "state"
            made = Path(folder) / name
            os.environ["XDG_CACHE_HOME"] = str(Path(folder) / "cache")  # nothing of it is left behind
            # a process of its own: a child's peak of memory is never below its parent's
            subprocess.run([sys.executable, str(HERE / about.maker), str(made), *about.options], check=True)
            files = [str(p) for p in (sorted(made.rglob("*")) if made.is_dir() else [made]) if p.is_file()]
            total = sum(Path(file).stat().st_size for file in files)
            sys.stdout.write(f"{about.title}: {total / 1e9:.2f} GB in {len(files)} file(s), median of {runs}\n")
            sys.stdout.write(table([measure(c, runs) for c in candidates(made, files, about)]) + "\n\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
