"""Where captures of real gateways lie: all of them where they are at hand, else the two of this repository."""

from __future__ import annotations

from pathlib import Path

_OWN = Path(__file__).parent / "data" / "captures"
_ALL = Path(__file__).resolve().parents[2] / "shared" / "captures"

CAPTURES = _ALL if _ALL.is_dir() else _OWN
"""`<release>/<scenario>/` with `evidence/` and `truth.json`."""

ALL_AT_HAND = CAPTURES == _ALL
