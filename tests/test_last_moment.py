"""What "now" is, where nobody says: the last moment that the evidence tells of, never the end of time."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from forensics import open_case

USED = datetime(2026, 4, 3, 12, 7, 28, tzinfo=UTC)
LINE = "{:%Y-%m-%dT%H:%M:%S.000Z} [gateway] agent model: anthropic/claude-opus-4-6\n"


def milliseconds(time: datetime) -> int:
    return round(time.timestamp() * 1000)


def auth_store(folder: Path, stats: dict[str, int]) -> Path:
    file = folder / "auth-profiles.json"
    file.write_text(json.dumps({"version": 1, "profiles": {}, "usageStats": {"openai:home": stats}}))
    return file


@pytest.mark.parametrize("copied", [timedelta(days=-30), timedelta(minutes=2), timedelta(days=400)])
def test_without_a_log_it_is_the_newest_stamp_inside_the_state_files(tmp_path: Path, copied: timedelta) -> None:
    stats = {"lastUsed": milliseconds(USED), "cooldownUntil": milliseconds(USED + timedelta(minutes=16))}
    file = auth_store(tmp_path, stats)
    os.utime(file, ((USED + copied).timestamp(),) * 2)
    assert open_case(tmp_path).now == USED


def test_where_no_file_stamps_anything_it_is_when_the_newest_of_them_was_written(tmp_path: Path) -> None:
    file = auth_store(tmp_path, {"errorCount": 1, "cooldownUntil": milliseconds(USED + timedelta(minutes=16))})
    os.utime(file, (USED.timestamp(),) * 2)
    assert open_case(tmp_path).now == USED


@pytest.mark.parametrize("logged", [timedelta(hours=-3), timedelta(hours=3)])
def test_beside_a_log_the_later_of_both_counts(tmp_path: Path, logged: timedelta) -> None:
    auth_store(tmp_path, {"lastUsed": milliseconds(USED)})
    (tmp_path / "gateway.log").write_text(LINE.format(USED + logged))
    assert open_case(tmp_path).now == max(USED, USED + logged)
