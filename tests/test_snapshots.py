"""Several snapshots of one state directory are one history: edges that one snapshot can only compute become known."""

from __future__ import annotations

import base64
import json
import os
import shutil
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from forensics import open_case

DAY = datetime(2026, 3, 2, tzinfo=UTC)
ACCOUNT = "acct-0001"
# taken at, what the agent holds, since when, what Codex holds, since when
HISTORY = (
    ("08:00", "old", "07:10", "old", "06:00"),
    ("09:30", "old", "07:10", "old", "06:00"),
    ("11:00", "old", "07:10", "new", "10:30"),
    ("13:00", "old", "07:10", "new", "10:30"),
    ("15:30", "new", "15:20", "new", "10:30"),
)
ENDS = {"old": DAY + timedelta(days=6), "new": DAY + timedelta(days=10)}


def at(clock: str) -> datetime:
    hours, minutes = clock.split(":")
    return DAY + timedelta(hours=int(hours), minutes=int(minutes))


def stamp(clock: str) -> str:
    return f"2026-03-02T{clock}:00.000Z"


def named(number: int, taken: str) -> str:
    return f"snapshot-{number}"


def timed(number: int, taken: str) -> str:
    return f"openclaw-2026-03-02T{taken.replace(':', '-')}-00Z"


def access(name: str) -> str:
    claims = json.dumps({"exp": int(ENDS[name].timestamp())}).encode()
    return f"eyJhbGciOiJub25lIn0.{base64.urlsafe_b64encode(claims).decode().rstrip('=')}.INVENTED{name}"


def write(path: Path, content: object, written: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content))
    os.utime(path, (at(written).timestamp(),) * 2)


def take(folder: Path, agent: str, agent_since: str, codex: str, codex_since: str) -> Path:
    """One snapshot: a state directory and what Codex keeps beside it. Nothing in the files tells when a pair began."""
    login = {"type": "oauth", "provider": "openai-codex", "access": access(agent), "refresh": f"rt_INVENTED-{agent}-1"}
    profile = {**login, "expires": int(ENDS[agent].timestamp() * 1000), "accountId": ACCOUNT}
    store = {"version": 1, "profiles": {"openai-codex:default": profile}}
    write(folder / ".openclaw/agents/main/agent/auth-profiles.json", store, agent_since)
    tokens = {"access_token": access(codex), "refresh_token": f"rt_INVENTED-{codex}-1", "account_id": ACCOUNT}
    write(folder / ".codex/auth.json", {"auth_mode": "chatgpt", "tokens": tokens}, codex_since)
    return folder


def snapshots(parent: Path, name: Callable[[int, str], str] = named) -> list[Path]:
    return [take(parent / name(n, taken), *held) for n, (taken, *held) in enumerate(HISTORY, 1)]


def window(evidence: Path | Sequence[Path]) -> dict[str, Any]:
    (row,) = open_case(evidence).triage()["desync"]  # type: ignore[misc] # a list of objects, as the contract says
    return row


def edges(row: dict[str, Any]) -> tuple[tuple[object, ...], ...]:
    parts = ("", "_basis", "_not_before", "_not_after")
    return tuple(tuple(row[f"{edge}{part}"] for part in parts) for edge in ("start", "end"))


EXACT = (
    (stamp("10:30"), "mtime", None, None),
    (stamp("15:20"), "mtime", stamp("13:00"), stamp("15:20")),
)
BETWEEN = (
    (stamp("11:00"), "snapshot", stamp("09:30"), stamp("11:00")),
    (stamp("15:30"), "snapshot", stamp("13:00"), stamp("15:30")),
)


def test_the_last_snapshot_alone_shows_nothing(tmp_path: Path) -> None:
    last = snapshots(tmp_path, timed)[-1]
    assert open_case(last).triage()["desync"] == []


def test_five_folders_with_their_capture_times_give_exact_edges(tmp_path: Path) -> None:
    snapshots(tmp_path, timed)
    assert edges(window(tmp_path)) == EXACT


def test_folders_whose_names_tell_nothing_are_as_old_as_their_newest_file(tmp_path: Path) -> None:
    snapshots(tmp_path)
    assert edges(window(tmp_path)) == (EXACT[0], (stamp("15:20"), "mtime", stamp("10:30"), stamp("15:20")))


def test_state_directories_of_one_name_are_told_apart(tmp_path: Path) -> None:
    homes = snapshots(tmp_path)
    given = [home / part for home in homes for part in (".openclaw", ".codex")]
    assert edges(window(given)) == (EXACT[0], (stamp("15:20"), "mtime", stamp("10:30"), stamp("15:20")))


def test_copies_without_times_of_their_own_give_the_interval_between_two_captures(tmp_path: Path) -> None:
    for folder in snapshots(tmp_path, timed):
        for file in folder.rglob("*.json"):
            os.utime(file, (at("20:00").timestamp(),) * 2)
    assert edges(window(tmp_path)) == BETWEEN


@pytest.mark.parametrize("given", ["one folder", "one by one"])
def test_bundles_are_read_like_folders(tmp_path: Path, given: str) -> None:
    bundles = tmp_path / "bundles"
    bundles.mkdir()
    for folder in snapshots(tmp_path, timed):
        shutil.make_archive(str(bundles / folder.name), "gztar", folder)
    evidence = bundles if given == "one folder" else sorted(bundles.iterdir())
    assert edges(window(evidence)) == EXACT


@pytest.mark.parametrize("names", ["ab", "ba"])
def test_snapshots_without_any_time_are_put_in_no_order(tmp_path: Path, names: str) -> None:
    for name, (_, agent, _, codex, _) in zip(names, (HISTORY[0], HISTORY[-1]), strict=True):
        take(tmp_path / name, agent, "20:00", codex, "20:00")
    assert [row["kind"] for row in open_case(tmp_path).triage()["desync"]] == []  # type: ignore[index,attr-defined] # rows
