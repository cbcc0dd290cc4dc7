"""How much more memory some work needs at its peak than there was before, whatever this process needed earlier."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

_RESET = Path("/proc/self/clear_refs")
_STATUS = Path("/proc/self/status")


def grown_mb(work: Callable[[], object]) -> int:
    """MB at the peak of `work` beyond what was in use when it began; skips where the system does not tell."""
    try:
        _RESET.write_text("5", encoding="ascii")  # forgets the highest mark so far
    except OSError:
        pytest.skip("only Linux tells the memory of a stretch of work")
    before = _kilobytes("VmRSS")
    work()
    return (_kilobytes("VmHWM") - before) >> 10


def _kilobytes(name: str) -> int:
    (value,) = re.findall(rf"{name}:\s*(\d+) kB", _STATUS.read_text(encoding="ascii"))
    return int(value)
