"""Pastes rebuilt after public reports, each with the answer it must get. People, keys and ids are invented."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from forensics import open_case

REPORTS = sorted((Path(__file__).parent / "data" / "reports").iterdir())


def one_of(incident: dict[str, Any], name: str) -> object:
    return incident.get(name, incident["first_failure"].get(name))


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.name)
def test_a_report_as_somebody_pasted_it_gets_its_answer(report: Path) -> None:
    expected = tomllib.loads((report / "expected.toml").read_text())
    document = open_case(report / "input").triage()
    incidents: list[dict[str, Any]] = json.loads(json.dumps(document["incidents"], default=str))
    providers = expected.get("provider")
    (incident,) = [i for i in incidents if not providers or i["provider"] in providers][:1]
    stated = {name: one_of(incident, name) for name in ("true_reason", "http_status", "time") if name in expected}
    assert [name for name, value in stated.items() if value not in _values(expected[name])] == []
    assert set(_values(expected.get("recorded", []))) <= set(incident["recorded_reasons"])
    assert [word for word in expected.get("says_not", ()) if word in json.dumps(incidents)] == []


def _values(wanted: object) -> list[object]:
    return wanted if isinstance(wanted, list) else [wanted]


@pytest.mark.parametrize(("lines", "fits"), [(1, False), (2, False), (3, True)])
def test_a_line_or_two_do_not_tell_a_release_by_what_is_missing(tmp_path: Path, lines: int, fits: bool) -> None:
    line = 'T10:00:00.000Z [diagnostic] lane task error: lane=main durationMs=9 error="FailoverError: HTTP 401: no {}"'
    (tmp_path / "gateway.log").write_text("".join(f"2026-02-0{n + 1}{line.format(n)}\n" for n in range(lines)))
    document = json.loads(json.dumps(open_case(tmp_path).triage(), default=str))
    assert document["evidence"]["release_basis"].startswith("fits ") is fits
