"""An invented week of one gateway, recorded: how sample_data/history/record.sqlite was made.

Again: python tests/recorded_week.py sample_data/history/record.sqlite
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from watching import log_line

from forensics.recording.record_file import RecordFile
from forensics.recording.recorder import Recorder

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
LIFETIME = timedelta(hours=8)
AGENT = ".openclaw/agents/main"
SESSION = "agent:main:main"


class Week:
    """The home as it is at one moment, and its recorder."""

    def __init__(self, home: Path, record: RecordFile) -> None:
        self.home, self.recorder = home, Recorder(home, home / "tmp", record, 9_999, lambda _: None)
        self.now, self.held, self.tool = MONDAY, 0, 0
        self.ends = {0: MONDAY + LIFETIME}
        self.stats: dict[str, object] = {}
        self.pin = "anthropic:claude-cli"
        for folder in (f"{AGENT}/agent", f"{AGENT}/sessions", ".openclaw/logs", ".claude"):
            (home / folder).mkdir(parents=True)

    def look(self) -> None:
        """Write every file as it is now, and let the recorder look."""
        login = {"type": "oauth", "provider": "anthropic", **self._pair(self.held)}
        login["expires"] = self._ms(self.ends[self.held] - timedelta(minutes=5))
        key = {"type": "api_key", "provider": "openai", "key": "sk-INVENTED-WEEK-KEY-0001"}
        used = {"lastUsed": self._ms(self.now), "errorCount": 0, **self.stats}
        profiles = {"anthropic:claude-cli": login, "openai:default": key}
        store = {"profiles": profiles, "usageStats": {"anthropic:claude-cli": used}}
        self._write(f"{AGENT}/agent/auth-profiles.json", store)
        entry = {"sessionId": "5f0c", "authProfileOverride": self.pin, "authProfileOverrideSource": "auto"}
        self._write(f"{AGENT}/sessions/sessions.json", {SESSION: {**entry, "updatedAt": self._ms(self.now)}})
        pair = self._pair(self.tool)
        ends = self._ms(self.ends[self.tool])
        tool = {"accessToken": pair["access"], "refreshToken": pair["refresh"], "expiresAt": ends}
        self._write(".claude/.credentials.json", {"claudeAiOauth": {**tool, "scopes": ["user:inference"]}})
        self.recorder.look(self.now.timestamp())

    def log(self, subsystem: str, *parts: object, level: str = "INFO") -> None:
        with (self.home / ".openclaw/logs/openclaw.log").open("a") as out:
            out.write(log_line(self.now, subsystem, *parts, level=level))

    def renew(self, *, gateway: bool = True) -> None:
        """Claude Code renews the pair; the gateway takes it over, or does not."""
        self.tool = max(self.ends) + 1
        self.ends[self.tool] = self.now + LIFETIME
        self.held = self.tool if gateway else self.held

    def _pair(self, number: int) -> dict[str, object]:
        names = {"access": "oat01", "refresh": "ort01"}
        return {name: f"sk-ant-{kind}-INVENTED-WEEK-{number:04}" for name, kind in names.items()}

    def _ms(self, time: datetime) -> int:
        return round(time.timestamp() * 1000)

    def _write(self, path: str, document: object) -> None:
        file = self.home / path
        file.write_text(json.dumps(document))
        os.utime(file, (self.now.timestamp(), self.now.timestamp()))


def record_week(out: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        record = RecordFile(out)
        week = Week(Path(folder), record)
        (week.home / ".openclaw/openclaw.json").write_text('{"meta": {"lastTouchedVersion": "2026.3.11"}}')
        week.log("gateway", "agent model: anthropic/claude-opus-4-5")
        week.log("gateway", "listening on ws://127.0.0.1:18789 (PID 23)")
        for hour in range(7 * 24):
            week.now = MONDAY + timedelta(hours=hour)
            _happen(week, hour)
            week.look()
        record.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        record.connection.execute("PRAGMA journal_mode = DELETE")
        record.close()


def _happen(week: Week, hour: int) -> None:
    """Monday is quiet; on Tuesday the credit is used up; on Thursday the copies run apart; the weekend is quiet."""
    if hour and hour % 7 == 0 and hour not in (77, 84):
        week.renew()
    if hour == 34:
        failed = week._ms(week.now)
        week.stats = {"errorCount": 1, "failureCounts": {"billing": 1}, "lastFailureAt": failed,
                      "disabledUntil": failed + 5 * 3_600_000, "disabledReason": "billing"}  # fmt: skip
        week.pin = "openai:default"
    if hour == 39:
        week.stats = {}
    if hour == 52:
        week.pin = "anthropic:claude-cli"
    if hour == 77:
        week.renew(gateway=False)
    if hour in (80, 81, 82):
        error = "OAuth token refresh failed for anthropic: Failed to refresh OAuth token for anthropic (invalid_grant)"
        week.log("diagnostic", f"lane task error: lane=main durationMs=120 error={json.dumps(error)}", level="ERROR")
    if hour == 83:
        week.held = week.tool


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    record_week(target)
