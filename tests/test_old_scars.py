"""A window that ended long ago on a profile nobody uses is no incident; one that just ended, or may go on, is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from forensics import open_case

DAY = 86_400_000
NOW = 1_773_309_000_000


@pytest.mark.parametrize(
    ("ended", "used", "found"),
    [(20 * DAY, 0, 0), (20 * DAY, 30 * DAY, 1), (3_600_000, 0, 1), (-3_600_000, 0, 1)],
    ids=["weeks ago, and used since", "weeks ago, and not used since", "an hour ago", "still open"],
)
def test_only_what_is_over_and_past_is_a_scar(tmp_path: Path, ended: int, used: int, found: int) -> None:
    token = {"type": "token", "provider": "anthropic", "token": "sk-ant-oat01-INVENTED"}
    until = NOW - ended
    old = {"errorCount": 1, "lastFailureAt": until - 300_000, "cooldownUntil": until, "failureCounts": {"auth": 1}}
    stats = {"anthropic:default": {"errorCount": 0, "lastUsed": NOW - used}, "anthropic:old": old}
    profiles = dict.fromkeys(stats, token)
    store = {"version": 1, "profiles": profiles, "usageStats": stats}
    (tmp_path / "auth-profiles.json").write_text(json.dumps(store))
    case = open_case(tmp_path, now="2026-03-12T09:50:00Z")
    assert len(case.incidents) == found
    assert case.verdict.exit_code == found
