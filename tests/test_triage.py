"""The JSON contract: every key of schema 1 is there with its type, times end in Z, and nothing else is promised."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from forensics import open_case

SAMPLES = Path(__file__).resolve().parents[1] / "sample_data"
TEXT, WHOLE, OPTIONAL_TEXT, TEXTS = str, int, (str, type(None)), [str]
FAILURE: dict[str, Any] = {
    "time": TEXT, "time_basis": TEXT, "profile": OPTIONAL_TEXT, "model": OPTIONAL_TEXT,
    "http_status": (int, type(None)), "error_type": OPTIONAL_TEXT, "text": TEXT, "source": TEXT, "confidence": TEXT,
    "alternatives": list,
}  # fmt: skip
CONTRACT: dict[str, Any] = {
    "schema": TEXT,
    "evidence": {
        "files": WHOLE, "lines": WHOLE, "events": WHOLE, "continuations": WHOLE, "other": WHOLE, "rejects": WHOLE,
        "releases": TEXTS, "first_time": OPTIONAL_TEXT, "last_time": OPTIONAL_TEXT,
    },
    "incidents": [
        {
            "id": TEXT, "provider": TEXT, "agents": TEXTS, "profiles": TEXTS, "models": TEXTS,
            "first_failure": FAILURE, "true_reason": TEXT, "recorded_reasons": TEXTS, "verdict": TEXT, "owner": TEXT,
            "waiting_helps": (bool, type(None)),
            "windows": [
                {
                    "profile": TEXT, "kind": TEXT, "start": TEXT, "end": OPTIONAL_TEXT, "reason": OPTIONAL_TEXT,
                    "opened_by": TEXT, "prolonged": WHOLE,
                }
            ],
            "echoes": WHOLE, "start": TEXT, "end": OPTIONAL_TEXT,
            "impact": {
                "sessions": WHOLE, "runs_failed": WHOLE, "cron_runs": WHOLE, "subagents": WHOLE,
                "longest_silence_s": WHOLE, "messages_unanswered": (int, type(None)),
                "time_to_first_notice_s": (int, type(None)),
                "agents": [{"agent": OPTIONAL_TEXT, "sessions": WHOLE, "runs_failed": WHOLE}],
                "channels": [{"channel": TEXT, "sessions": WHOLE, "runs_failed": WHOLE}],
            },
        }
    ],
    "desync": list, "stale_overrides": list, "stale_blocks": list, "retry_loops": list, "lost_results": list,
    "silence": list,
    "gateway": [{"start": TEXT, "end": OPTIONAL_TEXT, "why": OPTIONAL_TEXT, "evidence": TEXTS}],
    "checks": [{"detector": TEXT, "status": TEXT, "findings": WHOLE}],
}  # fmt: skip
WORDS = {
    "time_basis": {"log", "transcript", "event", "state", "computed"},
    "confidence": {"high", "medium", "low"},
    "verdict": {"agrees", "misclassified", "weak", "undecidable"},
    "owner": {"credential", "account", "provider", "network", "config", "gateway", "session"},
    "kind": {"cooldown", "disabled", "blocked", "stale_copy", "refresh_race", "expired_external", "overwritten"},
    "status": {"ran", "no input"},
}


def answer(case: str) -> dict[str, Any]:
    """As another program gets it: through JSON."""
    return dict(json.loads(json.dumps(open_case(SAMPLES / case / "evidence").triage())))


def holds(value: object, wanted: Any, where: str = "$") -> None:
    if isinstance(wanted, dict):
        assert isinstance(value, dict), where
        for key, inner in wanted.items():
            assert key in value, f"{where}.{key}"
            holds(value[key], inner, f"{where}.{key}")
    elif isinstance(wanted, list):
        assert isinstance(value, list), where
        for n, item in enumerate(value):
            holds(item, wanted[0], f"{where}[{n}]")
    else:
        assert isinstance(value, wanted), where


def leaves(value: object, key: str = "") -> list[tuple[str, object]]:
    if isinstance(value, dict):
        return [leaf for k, v in value.items() for leaf in leaves(v, k)]
    if isinstance(value, list):
        return [leaf for v in value for leaf in leaves(v, key)]
    return [(key, value)]


@pytest.mark.parametrize("case", ["scope403-2026.2.9", "override-2026.2.9", "healthy-2026.2.9"])
def test_every_promised_key_is_there_with_its_type(case: str) -> None:
    holds(answer(case), CONTRACT)


@pytest.mark.parametrize("case", ["scope403-2026.2.9", "override-2026.2.9"])
def test_words_come_from_their_vocabularies(case: str) -> None:
    for key, value in leaves(answer(case)):
        if key in WORDS:
            assert value in WORDS[key], key


def test_times_are_utc_with_z() -> None:
    stamps = [
        v for k, v in leaves(answer("scope403-2026.2.9")) if k in ("time", "start", "end", "first_time", "last_time")
    ]
    assert len(stamps) > 10
    for stamp in stamps:
        assert stamp is None or re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", str(stamp))


def test_every_source_of_a_first_failure_is_a_line_of_the_evidence_that_holds_its_words() -> None:
    first = answer("scope403-2026.2.9")["incidents"][0]["first_failure"]
    for source in first["sources"]:
        path, _, line = source.rpartition(":")
        lines = (SAMPLES / "scope403-2026.2.9" / "evidence" / path).read_text().splitlines()
        assert "403" in lines[int(line) - 1]


def test_the_sums_of_the_evidence_hold() -> None:
    told = answer("scope403-2026.2.9")["evidence"]
    assert told["lines"] == told["events"] + told["continuations"] + told["other"] + told["rejects"]
