"""Time triage on a big generated log beside wc, grep and jq on the same file, each as a whole process.

python tests/benchmarks/bench.py [--bytes N] [--release R] [--runs N] [--failures N]

Then time it on thousands of failures within seconds: there the reasoning is what takes time.
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

MAKE_LOG = Path(__file__).with_name("make_log.py")
MAKE_FAILURES = Path(__file__).with_name("make_failures.py")
FIRST_PASS = """
import sys, pathlib
from forensics.parsers.logs import prefilter, templates
for part in prefilter.scan_parts(pathlib.Path(sys.argv[1]), templates.PREFILTER):
    sys.stdout.write(f"{part.lines} {part.picked.height}\\n")
"""
RSS_UNIT = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss, in bytes


@dataclass(frozen=True)
class Candidate:
    """A command, and the exit codes with which it did its work."""

    name: str
    command: tuple[str, ...]
    done: tuple[int, ...] = (0,)


@dataclass(frozen=True)
class Measured:
    """Median seconds and greatest peak of memory in bytes; `trouble` where it did not run."""

    name: str
    seconds: float = 0.0
    peak: int = 0
    trouble: str | None = None


def candidates(log: Path) -> list[Candidate]:
    python, file = sys.executable, str(log)
    return [
        Candidate("wc -l", ("wc", "-l", file)),
        Candidate("grep -c ERROR", ("grep", "-c", "ERROR", file)),
        Candidate("jq -c 'select(ERROR)'", ("jq", "-c", 'select(._meta.logLevelName == "ERROR")', file)),
        Candidate("forensics.parsers.logs.prefilter, first pass", (python, "-c", FIRST_PASS, file)),
        Candidate("forensics triage --json", (python, "-m", "forensics", "triage", file, "--json"), done=(0, 1)),
    ]


def measure(candidate: Candidate, runs: int) -> Measured:
    if not shutil.which(candidate.command[0]):
        return Measured(candidate.name, trouble="not installed")
    seconds, peaks = [], []
    for _ in range(runs):
        code, took, peak, complaint = run(candidate.command)
        if code not in candidate.done:
            return Measured(candidate.name, trouble=f"exit code {code}: {complaint}")
        seconds.append(took)
        peaks.append(peak)
    return Measured(candidate.name, statistics.median(seconds), max(peaks))


def run(command: Sequence[str]) -> tuple[int, float, int, str]:
    """(exit code, seconds, peak bytes, last line of stderr) of one process."""
    # not /dev/null: grep stops at the first match where nobody reads
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        child = subprocess.Popen(command, stdout=out, stderr=errors)
        _, status, usage = os.wait4(child.pid, 0)
        took = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        last = (errors.read().decode(errors="replace").strip().splitlines() or ["no message"])[-1]
    return child.returncode, took, usage.ru_maxrss * RSS_UNIT, last


def table(results: Sequence[Measured], size: int) -> str:
    reference = results[0].seconds
    rows = [f"{'':30}{'seconds':>9}{'GB/s':>8}{'peak MB':>9}{'x wc -l':>9}"]
    for r in results:
        if r.trouble:
            rows.append(f"{r.name:30}  missing: {r.trouble}")
        else:
            speed, ratio = size / r.seconds / 1e9, r.seconds / reference
            rows.append(f"{r.name:30}{r.seconds:9.2f}{speed:8.2f}{r.peak / 1e6:9.0f}{ratio:9.1f}")
    return "\n".join(rows)


def many_failures(state: Path, failures: int, runs: int) -> str:
    making = [sys.executable, str(MAKE_FAILURES), str(state), "--failures", str(failures)]
    subprocess.run(making, check=True)
    command = (sys.executable, "-m", "forensics", "triage", str(state), "--json")
    took = measure(Candidate("many failures", command, done=(0, 1)), runs)
    return f"{failures:,} failures: {took.trouble or f'{took.seconds:.2f} s, peak {took.peak / 1e6:.0f} MB'}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bytes", default="1e9", metavar="N", help="size of the log (default: 1e9)")
    parser.add_argument("--release", default="2026.5.28", help="whose line mix (default: 2026.5.28)")
    parser.add_argument("--runs", type=int, default=3, help="times each is run; the median is shown (default: 3)")
    parser.add_argument("--failures", type=int, default=20_000, metavar="N", help="how many (default: 20000)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="forensics-bench-") as folder:
        log = Path(folder) / "openclaw-2026-11-20.log"
        start = time.perf_counter()
        # a process of its own: a child's peak of memory is never below its parent's
        making = [sys.executable, str(MAKE_LOG), str(log), "--bytes", arguments.bytes, "--release", arguments.release]
        subprocess.run(making, check=True)
        size = log.stat().st_size
        sys.stdout.write(
            f"{size / 1e9:.2f} GB in the line mix of {arguments.release}, made in {time.perf_counter() - start:.1f} s; "
            f"{os.cpu_count()} cores, median of {arguments.runs} whole processes\n\n"
        )
        sys.stdout.write(table([measure(c, arguments.runs) for c in candidates(log)], size) + "\n")
        log.unlink()
        sys.stdout.write(many_failures(Path(folder) / "state", arguments.failures, arguments.runs) + "\n")


if __name__ == "__main__":
    main()
