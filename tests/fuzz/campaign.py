"""A fuzzing campaign with a budget: `python tests/fuzz/campaign.py SECONDS [TARGET…]`, each target in its own process.

What is found is written to `build/fuzz/` as libFuzzer names it; copied into `tests/fuzz/corpus/TARGET/` it is a test.
Exit code 0: nothing was found; 1: something was; 2: the fuzzer is not there.
"""

from __future__ import annotations

import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

try:
    import atheris
except ImportError:
    sys.stderr.write(
        "The fuzzer (atheris) is not installed: pip install -c constraints.txt -e '.[fuzz]'. "
        "It is there for CPython on Linux and macOS; nothing was fuzzed.\n"
    )
    raise SystemExit(2) from None

ROOT = Path(__file__).resolve().parents[2]
FOUND = ROOT / "build" / "fuzz"
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
ONE = sys.argv[1:2] == ["--target"]  # what reads the coverage is the process of one target
with atheris.instrument_imports(include=["forensics"]) if ONE else nullcontext():
    import fuzzing

_LENGTHS = {"line_shapes": 2_000, "error_texts": 2_000, "sentences": 2_000, "moments": 60}
_LONGEST = 8_000


def _fuzz(target: str, arguments: list[str]) -> None:
    atheris.Setup([target, *arguments], fuzzing.TARGETS[target])
    atheris.Fuzz()


def _campaign(target: str, seconds: int) -> bool:
    """One target for so long. True where nothing was found."""
    corpus = FOUND / target
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(fuzzing.seeds(target)):
        (corpus / f"seed-{number}").write_bytes(seed)
    arguments = [
        *(str(corpus), f"-max_total_time={seconds}", f"-max_len={_LENGTHS.get(target, _LONGEST)}", "-timeout=20"),
        *("-rss_limit_mb=2048", f"-artifact_prefix={FOUND}/{target}-", "-print_final_stats=1", "-verbosity=0"),
    ]
    done = subprocess.run([sys.executable, __file__, "--target", target, *arguments], check=False, capture_output=True)
    lines = done.stderr.decode("utf-8", "replace").splitlines()
    executed = next((line.split()[-1] for line in lines if "number_of_executed_units" in line), "?")
    sys.stdout.write(f"{target:12} {executed:>9} inputs: {'nothing found' if done.returncode == 0 else 'FOUND'}\n")
    if done.returncode:
        sys.stdout.write("\n".join(lines[-40:]) + "\n")
    sys.stdout.flush()
    return done.returncode == 0


def main(seconds: int, targets: list[str]) -> int:
    """All targets, the time shared alike."""
    chosen = targets or [*fuzzing.TARGETS]
    fine = [_campaign(target, max(1, seconds // len(chosen))) for target in chosen]
    return 0 if all(fine) else 1


if __name__ == "__main__":
    if ONE:
        _fuzz(sys.argv[2], sys.argv[3:])
    raise SystemExit(main(int(sys.argv[1]), sys.argv[2:]))
