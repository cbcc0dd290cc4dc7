"""Shared by the tests of collected bundles: make one, look into it, compare what it answers."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import captures

from forensics import open_case
from forensics.sharing.bundle import About, Bundle, Place, collect

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = sorted(path.parent for path in (ROOT / "sample_data").glob("*/expected.toml"))
CAPTURES = sorted(path.parent for path in captures.CAPTURES.glob("*/*/truth.json"))
ABOUT = About(datetime(2026, 11, 20, 15, 0, tzinfo=UTC), "Linux", "0.1.0", Path("/home/kim"))


def bundle_of(evidence: Path | Sequence[Place], out: Path, **options: bool) -> Bundle:
    places = [Place((evidence,))] if isinstance(evidence, Path) else evidence
    return collect(places, out, ABOUT, **options)


def members(bundle: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(bundle) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def answer(evidence: Path) -> dict[str, Any]:
    """The triage as JSON, without the totals of the evidence: unread files are not in a bundle, its manifest is."""
    told = json.loads(json.dumps(open_case(evidence).triage()))
    told["evidence"] = {k: told["evidence"][k] for k in ("releases", "first_time", "last_time")}
    return dict(told)


def written(folder: Path, files: dict[str, str]) -> Path:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


def log_line(time: str, text: str, subsystem: str = "gateway", level: str = "INFO", **meta: object) -> str:
    name = json.dumps({"subsystem": subsystem}, separators=(",", ":"))
    about = {"runtime": "node", "name": name, "date": time, "logLevelId": 3, "logLevelName": level}
    arguments = {"0": name, **({"1": meta, "2": text} if meta else {"1": text})}
    return json.dumps({**arguments, "_meta": about, "time": time}, separators=(",", ":"))
