"""Which entries of the sessions stores count, and whether a session began by a reset (facts 6.1-6.3)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from forensics.parsers.stores.reading.session_entry import SessionEntry, SessionWindow
from forensics.parsers.stores.reading.values import moment_iso
from forensics.tables import File

_ONE_SHOT = re.compile(r":(?:subagent|run):")  # such a session ends with its run, and its pin with it
_RESET = re.compile(
    r"(?:^|[/\\])agents[/\\](?P<agent>[^/\\]+)[/\\]sessions[/\\][^/\\]+\.jsonl\.reset"
    r"\.(?P<day>\d{4}-\d\d-\d\d)T(?P<hour>\d\d)-(?P<minute>\d\d)-(?P<second>\d\d)"
)
_AT_ONCE = timedelta(minutes=2)  # between `/new` and the first turn after it


def lasting_sessions(entries: Iterable[SessionEntry]) -> tuple[SessionEntry, ...]:
    """The newest entry of each lasting session; a backup of the store counts only where the store itself is missing."""
    lasting = sorted((e for e in entries if not _ONE_SHOT.search(e.key)), key=_age)
    newest = {entry.key: entry for entry in lasting}
    return tuple(newest[key] for key in sorted(newest))


def _age(entry: SessionEntry) -> tuple[datetime, int, str]:
    file = entry.file.partition("!")[0]
    return entry.observed_at or datetime.min.replace(tzinfo=UTC), -len(file), file


def began_by_reset(
    entry: SessionEntry, first: datetime, windows: Iterable[SessionWindow], files: Iterable[File]
) -> bool:
    """Whether `/new` or `/reset` made this session id: the store says so (8.1+), or a transcript was put aside then."""
    reasons = {window.reason for window in windows if window.entity == entry.session_id}
    return "reset" in reasons or any(
        timedelta(0) <= first - put_aside <= _AT_ONCE for put_aside in _put_aside(entry.agent, files)
    )


def _put_aside(agent: str | None, files: Iterable[File]) -> Iterable[datetime]:
    for file in files:
        found = _RESET.search(file.path)
        if found and found["agent"] == agent:
            time = moment_iso(f"{found['day']}T{found['hour']}:{found['minute']}:{found['second']}Z")
            if time:
                yield time
