"""Invented machines and their state folders: release, provider, names, hour and log change, what is right does not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

RELEASES = ("2026.2.9", "2026.2.23", "2026.3.11", "2026.4.5", "2026.4.15", "2026.5.12", "2026.5.28", "2026.6.1")
SPLIT = RELEASES[4:]  # these keep the state of profiles in a file of its own
UNTAGGED = RELEASES[:4]  # these write no source beside a pinned model
BLOCKS = RELEASES[5:]
MODELS = {"anthropic": "claude-opus-4-6", "openai": "gpt-5.4", "google": "gemini-3-pro", "mistral": "mistral-large"}
KEYS = ("main", "telegram:direct:1000000001", "cron:daily", "slack:channel:c1:thread:9")


def ago(now: datetime, **before: float) -> int:
    """Milliseconds since 1970 of a moment before `now`."""
    return round((now - timedelta(**before)).timestamp() * 1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What changes from one folder to the next without changing what is right."""

    release: str
    provider: str
    other: str
    names: tuple[str, str]
    now: datetime
    sessions: tuple[str, ...]
    with_log: bool

    @property
    def profiles(self) -> tuple[str, str]:
        """The one that sessions should use, and the backup."""
        return f"{self.provider}:{self.names[0]}", f"{self.provider}:{self.names[1]}"

    @property
    def model(self) -> str:
        return f"{self.provider}/{MODELS[self.provider]}"

    @property
    def fallback(self) -> str:
        return f"{self.other}/{MODELS[self.other]}"


@st.composite
def machines(draw: st.DrawFn, releases: tuple[str, ...] = RELEASES) -> Machine:
    provider, other = draw(st.permutations(sorted(MODELS)))[:2]
    names = draw(st.permutations(["default", "work", "backup", "me@example.invalid", "zeta"]))[:2]
    minute = draw(st.integers(0, 200 * 24 * 60))
    return Machine(
        release=draw(st.sampled_from(releases)),
        provider=provider,
        other=other,
        names=(names[0], names[1]),
        now=datetime(2026, 3, 1, tzinfo=UTC) + timedelta(minutes=minute),
        sessions=tuple(f"agent:main:{key}" for key in draw(st.sets(st.sampled_from(KEYS), min_size=1))),
        with_log=draw(st.booleans()),
    )


@dataclass(slots=True, kw_only=True)
class State:
    """The files of one machine, and what is stuck in them: pins by (session, field), blocks by (profile, field)."""

    stats: dict[str, dict[str, Any]] = field(default_factory=dict)
    entries: dict[str, dict[str, Any]] = field(default_factory=dict)
    last_good: str | None = None
    profiles: tuple[str, ...] | None = None
    order: tuple[str, ...] = ()
    transcript: list[dict[str, Any]] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    pins: set[tuple[str, str]] = field(default_factory=set)
    blocks: set[tuple[str, str]] = field(default_factory=set)


def write(folder: Path, machine: Machine, state: State) -> None:
    """The folder as the machine's owner would copy it."""
    agent = folder / ".openclaw" / "agents" / "main"
    (agent / "agent").mkdir(parents=True)
    (agent / "sessions").mkdir()
    ids = state.profiles or machine.profiles
    keys = {p: {"type": "api_key", "provider": machine.provider, "key": f"FAKE-{n}"} for n, p in enumerate(ids)}
    keys[f"{machine.other}:default"] = {"type": "api_key", "provider": machine.other, "key": "FAKE-other"}
    kept: dict[str, Any] = {"usageStats": state.stats}
    kept |= {"lastGood": {machine.provider: state.last_good}} if state.last_good else {}
    kept |= {"order": {machine.provider: list(state.order)}} if state.order else {}
    split = machine.release in SPLIT
    _json(agent / "agent" / "auth-profiles.json", {"version": 1, "profiles": keys, **({} if split else kept)})
    if split:
        _json(agent / "agent" / "auth-state.json", {"version": 1, **kept})
    _json(agent / "sessions" / "sessions.json", state.entries)
    models = {"primary": machine.model, "fallbacks": [machine.fallback]}
    config = {"meta": {"lastTouchedVersion": machine.release}, "agents": {"defaults": {"model": models}}}
    _json(folder / ".openclaw" / "openclaw.json", config)
    if state.transcript:
        lines = "".join(json.dumps(entry) + "\n" for entry in state.transcript)
        (agent / "sessions" / "s0.jsonl").write_text(lines)
    started = f"{machine.now - timedelta(days=1):%Y-%m-%dT%H:%M:%S.000Z} [gateway] agent model: {machine.model}"
    if machine.with_log or state.log:
        (folder / "gateway.log").write_text("\n".join([started, *state.log]) + "\n")


def _json(path: Path, document: Mapping[str, object]) -> None:
    path.write_text(json.dumps(document, indent=1))
