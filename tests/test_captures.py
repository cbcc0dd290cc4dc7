"""Every capture against its truth, when the captures are at hand."""

from __future__ import annotations

import json
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from captures import CAPTURES
from opening import opened

from forensics import open_case

RELEASES = ("2026.2.9", "2026.3.11", "2026.4.5", "2026.5.28", "2026.7.1", "2026.9.6")
CASES = [path.parent for release in RELEASES for path in sorted(CAPTURES.glob(f"{release}/*/truth.json"))]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CASES, reason="the captures are not at hand: ../shared/captures does not exist"),
]


def ids(case: Path) -> str:
    return "-".join(case.parts[-2:])


def without(case: Path, tmp_path: Path, *kinds: str) -> Path:
    """The evidence of a case without some kinds of files."""
    evidence = tmp_path / "evidence"
    shutil.copytree(case / "evidence", evidence)
    for path in [p for p in evidence.rglob("*") if p.is_file()]:
        if kind(path.relative_to(evidence)) in kinds:
            path.unlink()
    return evidence


def kind(path: Path) -> str:
    if path.parts[0] in ("console", "cli"):
        return "logs output" if path.name.startswith("logs-") else path.parts[0]
    return "file log" if path.suffix == ".log" else "state"


def matching(expected: dict[str, Any], incidents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    first = expected["first_failure"]
    return [
        i
        for i in incidents
        if i["provider"] == expected["provider"]
        and abs((moment(i["first_failure"]["time"]) - moment(first["time"])).total_seconds()) <= first["tolerance_s"]
    ]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def truth(case: Path) -> dict[str, Any]:
    return dict(json.loads((case / "truth.json").read_text()))


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_the_first_failure_is_the_true_one(case: Path) -> None:
    answer = opened(case / "evidence").triage()
    for expected in truth(case)["incidents"]:
        first = expected["first_failure"]
        found = matching(expected, answer["incidents"])  # type: ignore[arg-type]
        if first["optional"] and not found:
            continue
        assert found, f"no incident at {first['time']}"
        told = found[0]["first_failure"]
        assert (told["http_status"], found[0]["true_reason"]) == (first["http_status"], first["true_reason"])
        assert first["model"] in (None, told["model"])
        if first["optional"]:  # it may as well be part of the one before, so its profiles are no question
            continue
        assert set(expected["profiles"]) <= set(found[0]["profiles"])
        assert told["profile"] in (expected["profiles"] or [None])
        if expected["misclassified"]:
            assert found[0]["verdict"] == "misclassified"


@pytest.mark.parametrize("case", [c for c in CASES if truth(c)["negative"]], ids=ids)
def test_a_healthy_day_has_no_incident(case: Path) -> None:
    assert opened(case / "evidence").triage()["incidents"] == []


@pytest.mark.parametrize(
    "gone",
    [("file log", "logs output"), ("console",), ("file log", "logs output", "console", "cli")],
    ids=["console only", "no console", "state only"],
)
@pytest.mark.parametrize("case", CASES, ids=ids)
def test_with_less_evidence_the_answer_is_the_same_or_honestly_weaker(
    case: Path, gone: tuple[str, ...], tmp_path: Path
) -> None:
    answer = open_case(without(case, tmp_path, *gone)).triage()
    expected = truth(case)["incidents"]
    if not expected:
        assert answer["incidents"] == []
    for wanted in (e for e in expected if not e["first_failure"]["optional"]):
        for found in matching(wanted, answer["incidents"]):  # type: ignore[arg-type]
            true, told = wanted["first_failure"]["true_reason"], found["true_reason"]
            refreshable = (true, told) == ("auth_permanent", "auth")  # that the refresh was refused stands in the log
            assert true == told or refreshable or found["first_failure"]["confidence"] == "low"
    failures = [moment(f["time"]) for f in truth(case)["all_provider_failures"]]
    for incident in answer["incidents"]:  # type: ignore[union-attr]
        first = incident["first_failure"]  # type: ignore[index]
        near = any(abs((moment(first["time"]) - f).total_seconds()) < 180 for f in failures)
        assert near or first["confidence"] != "high"


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_every_line_of_every_file_is_counted_once(case: Path) -> None:
    files = opened(case / "evidence").timeline.files
    lost = {f.path: f.lines - f.events - f.continuations - f.other - f.rejects for f in files}
    assert {path: n for path, n in lost.items() if n} == {}


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_the_same_evidence_gives_the_same_bytes(case: Path) -> None:
    once, again = (json.dumps(look(case / "evidence").triage()) for look in (opened, open_case))
    assert once == again
