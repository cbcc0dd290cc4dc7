"""What every capture cost, counted by hand from what its driver had sent, when the captures are at hand."""

from __future__ import annotations

import json
import re
from datetime import datetime
from functools import cache
from typing import Any

import pytest
from captures import CAPTURES
from opening import opened as opened_evidence

from forensics import Case

MESSAGES = {  # sent by the driver and answered by no model; it numbers its calls, and each refused number is one
    "2026.2.9/A-scope403": 11,
    "2026.2.9/C-stale_override": 2,  # through all three profiles again and again; the errors came as replies
    "2026.2.9/D-subscription_block": 3,  # no line of the log tells of them, the transcript does
    "2026.2.9/E-env_override": 5,  # three with the stale key, two to the agent without any
    "2026.2.9/F-billing": 6,
    "2026.2.9/H-healthy": 0,
    "2026.3.11/A-scope403": 10,
    "2026.3.11/B-oauth_desync": 2,
    "2026.3.11/G-overload_timeout": 2,  # those of the long overload were answered by the fallback
    "2026.3.11/H-healthy": 0,
    "2026.4.5/B-oauth_desync": 2,
    "2026.4.5/C-stale_override": 2,
    "2026.4.5/F-billing": 6,
    "2026.5.28/A-scope403": 10,
    "2026.5.28/G-overload_timeout": 8,  # no fallback: each single fault cost its message
    "2026.5.28/H-healthy": 0,
    "2026.5.28/J-codex_usage_block": 3,
    "2026.7.1/B-oauth_desync": 2,
    "2026.7.1/C-stale_override": 1,
    "2026.7.1/F-billing": 6,
    "2026.9.6/A-scope403": 10,
    "2026.9.6/B-oauth_desync": 2,
    "2026.9.6/G-overload_timeout": 2,
    "2026.9.6/H-healthy": 0,
}
MESSAGES = {name: count for name, count in MESSAGES.items() if (CAPTURES / name).is_dir()}
CRON = {"2026.2.9/D-subscription_block": 13, "2026.5.28/J-codex_usage_block": 29}
CALL = re.compile(r"⇄ res ✗ agent .*?runId=(lab-\d+-\d+)")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CAPTURES.is_dir(), reason="the captures are not at hand: ../shared/captures does not exist"),
]


@cache
def opened(name: str) -> Case:
    return opened_evidence(CAPTURES / name / "evidence")


def impacts(name: str) -> list[dict[str, Any]]:
    return [incident["impact"] for incident in opened(name).triage()["incidents"]]  # type: ignore[attr-defined]


def refusals(name: str) -> dict[str, str]:
    """Call of the driver -> the first line of a log that refuses it."""
    first: dict[str, str] = {}
    for path in sorted((CAPTURES / name / "evidence").rglob("*.log")):
        for line in path.read_text("utf-8", "replace").splitlines():
            if call := CALL.search(line):
                first.setdefault(call[1], line)
    return first


@pytest.mark.parametrize("name", MESSAGES)
def test_every_message_that_nobody_answered_is_counted_once(name: str) -> None:
    assert sum(impact["messages_unanswered"] or 0 for impact in impacts(name)) == MESSAGES[name] >= len(refusals(name))


@pytest.mark.parametrize("name", MESSAGES)
def test_a_share_is_never_more_than_the_whole(name: str) -> None:
    for impact in impacts(name):
        for shares in (impact["agents"], impact["channels"]):
            assert sum(share["runs_failed"] for share in shares) == impact["runs_failed"]
            assert sum(share["messages_unanswered"] or 0 for share in shares) == (impact["messages_unanswered"] or 0)


@pytest.mark.parametrize("name", MESSAGES)
def test_only_runs_of_jobs_are_cron_runs(name: str) -> None:
    assert sum(impact["cron_runs"] for impact in impacts(name)) == CRON.get(name, 0)


@pytest.mark.parametrize("name", [n for n in MESSAGES if n.split("/")[1][0] in "ABFJ"])
def test_the_first_refusal_of_a_call_is_the_first_notice(name: str) -> None:
    notice = next(i["first_notice"] for i in impacts(name) if i["messages_unanswered"])
    path, _, line = notice["source"].rpartition(":")
    text = (CAPTURES / name / "evidence" / path).read_text("utf-8", "replace").splitlines()[int(line) - 1]
    assert CALL.search(text)[1] == next(iter(refusals(name)))  # type: ignore[index]
    start = datetime.fromisoformat(truth(name)["incidents"][0]["first_failure"]["time"])
    assert datetime.fromisoformat(notice["time"]) >= start


def truth(name: str) -> dict[str, Any]:
    return dict(json.loads((CAPTURES / name / "truth.json").read_text()))
