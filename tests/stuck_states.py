"""State folders of invented machines: what a failover or a limit left behind, and the healthy ones that look like it.

Each kind is a function of a machine (release, provider, names, hour, with or without a log) that writes its files and
says what has to be found in them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
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


Story = Callable[[Machine], State]


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


def _entries(machine: Machine, **values: object) -> dict[str, dict[str, Any]]:
    return {key: {"sessionId": f"s{n}", **values} for n, key in enumerate(machine.sessions)}


def _pinned(machine: Machine, profile: str, source: str = "auto", *, minutes: float = 1) -> dict[str, dict[str, Any]]:
    pin = {"authProfileOverride": profile, "authProfileOverrideSource": source}
    return _entries(machine, updatedAt=ago(machine.now, minutes=minutes), **pin)


def _all(machine: Machine, name: str) -> set[tuple[str, str]]:
    return {(key, name) for key in machine.sessions}


# what has to be found


def failed_last_and_blocked(m: Machine) -> State:
    """The backup ran into a limit minutes ago, the first answered since, and the sessions were used after that."""
    good, pinned = m.profiles
    failed = {"errorCount": 1, "lastFailureAt": ago(m.now, minutes=4), "cooldownUntil": ago(m.now, minutes=-12)}
    return State(
        stats={good: {"errorCount": 0, "lastUsed": ago(m.now, minutes=1)}, pinned: failed},
        entries=_pinned(m, pinned),
        last_good=good,
        pins=_all(m, "authProfileOverride"),
    )


def failed_last_long_ago(m: Machine) -> State:
    """As before, but its window is over."""
    good, pinned = m.profiles
    stats = {"errorCount": 0, "lastUsed": ago(m.now, hours=9), "lastFailureAt": ago(m.now, hours=5)}
    return State(
        stats={good: {"errorCount": 0, "lastUsed": ago(m.now, minutes=1)}, pinned: stats},
        entries=_pinned(m, pinned),
        last_good=good,
        pins=_all(m, "authProfileOverride"),
    )


def second_of_the_order(m: Machine) -> State:
    """The first of an explicit order failed once, is well for hours, and the sessions are still on the second."""
    good, pinned = m.profiles
    first = {"errorCount": 0, "lastFailureAt": ago(m.now, hours=4), "lastUsed": ago(m.now, minutes=2)}
    return State(
        stats={good: first, pinned: {"errorCount": 0, "lastUsed": ago(m.now, minutes=3)}},
        entries=_pinned(m, pinned),
        last_good=good,
        order=m.profiles,
        pins=_all(m, "authProfileOverride"),
    )


def own_choice_of_nothing(m: Machine) -> State:
    """Its user pinned a profile that is no longer in the store."""
    good, _ = m.profiles
    return State(
        stats={good: {"errorCount": 0, "lastUsed": ago(m.now, minutes=1)}},
        entries=_pinned(m, f"{m.provider}:gone", "user"),
        pins=_all(m, "authProfileOverride"),
    )


def own_choice_of_a_dead_one(m: Machine) -> State:
    """Its user pinned a profile whose credential was refused for good since."""
    good, dead = m.profiles
    refused = {"lastFailureAt": ago(m.now, hours=2), "failureCounts": {"auth_permanent": 3}, "errorCount": 3}
    return State(
        stats={good: {"errorCount": 0, "lastUsed": ago(m.now, minutes=1)}, dead: refused},
        entries=_pinned(m, dead, "user"),
        pins=_all(m, "authProfileOverride"),
    )


def _on_fallback(m: Machine, **more: object) -> dict[str, dict[str, Any]]:
    provider, _, model = m.fallback.partition("/")
    pin = {"providerOverride": provider, "modelOverride": model, "modelProvider": provider, "model": model}
    return _entries(m, updatedAt=ago(m.now, minutes=5), **(pin | more))


def _recovered(m: Machine) -> dict[str, dict[str, Any]]:
    """The wanted provider failed hours ago and answers again; the fallback serves all the time."""
    stats = {"errorCount": 0, "lastFailureAt": ago(m.now, hours=5), "lastUsed": ago(m.now, minutes=2)}
    return {m.profiles[0]: stats, f"{m.other}:default": {"errorCount": 0, "lastUsed": ago(m.now, minutes=5)}}


def fallback_after_recovery(m: Machine) -> State:
    entries = _on_fallback(m, modelOverrideSource="auto")
    return State(stats=_recovered(m), entries=entries, pins=_all(m, "modelOverride"))


def untagged_fallback_after_recovery(m: Machine) -> State:
    """No source; the failing turn of the first session's transcript shows the failover, the others match a fallback."""
    state = State(stats=_recovered(m), entries=_on_fallback(m), pins=_all(m, "modelOverride"))
    state.transcript = _failing_turn(m, m.now - timedelta(hours=5))
    return state


def _failing_turn(m: Machine, time: datetime) -> list[dict[str, Any]]:
    def entry(n: int, role: str, model: str = "", **more: object) -> dict[str, Any]:
        moment = time + timedelta(seconds=n)
        provider, _, name = model.partition("/")
        named = {"provider": provider, "model": name, "api": "x", "usage": {}} if model else {}
        stamp = {"timestamp": f"{moment:%Y-%m-%dT%H:%M:%S.000Z}"}
        message = {"role": role, "content": [], "timestamp": round(moment.timestamp() * 1000), **named, **more}
        return {"type": "message", "id": f"m{n}", "parentId": f"m{n - 1}", **stamp, "message": message}

    text = [{"type": "text", "text": "good morning"}]
    limit = '429 {"type":"error","error":{"type":"rate_limit_error","message":"Too many requests"}}'
    return [
        {"type": "session", "version": 3, "id": "s0", "timestamp": f"{time:%Y-%m-%dT%H:%M:%S.000Z}", "cwd": "/w"},
        entry(1, "user", content=text),
        entry(2, "assistant", m.model, stopReason="error", errorMessage=limit),
        entry(3, "assistant", m.fallback, stopReason="stop", content=text),
    ]


def router_of_the_same_model(m: Machine) -> State:
    """The fallback is the same model through a router, whose own names hold a slash."""
    pin = {"providerOverride": m.other, "modelOverride": m.model, "modelOverrideSource": "auto"}
    return State(stats=_recovered(m), entries=_on_fallback(m, **pin), pins=_all(m, "modelOverride"))


def fallback_while_a_local_fault_is_open(m: Machine) -> State:
    """The failover was for a locked file; the provider is well."""
    lock = "session file locked (timeout 10000ms): pid=4187 /home/u/.openclaw/agents/main/sessions/x.jsonl.lock"
    time = m.now - timedelta(hours=3)
    decision = (
        f"{time:%Y-%m-%dT%H:%M:%S.000Z} [model-fallback] model fallback decision: decision=candidate_failed "
        f"requested={m.model} candidate={m.model} reason=timeout next={m.fallback} detail={lock}"
    )
    state = fallback_after_recovery(m)
    del state.stats[m.profiles[0]]["lastFailureAt"]
    state.log = [decision]
    return state


def blocked_and_never_asked(m: Machine) -> State:
    """A usage endpoint named an end days away, hours ago, and nobody asked since."""
    stats = {
        "blockedUntil": ago(m.now, days=-4), "blockedReason": "subscription_limit", "blockedSource": "wham",
        "errorCount": 1, "failureCounts": {"rate_limit": 1}, "lastFailureAt": ago(m.now, hours=9),
    }  # fmt: skip
    profile = m.profiles[0]
    entries = _entries(m, updatedAt=ago(m.now))
    return State(stats={profile: stats}, entries=entries, blocks={(profile, "blockedUntil")})


def disabled_and_used_since(m: Machine) -> State:
    """Disabled for billing for hours, and used again since."""
    profile = m.profiles[0]
    stats = {
        "disabledUntil": ago(m.now, hours=-3), "disabledReason": "billing", "errorCount": 1,
        "lastFailureAt": ago(m.now, hours=2), "lastUsed": ago(m.now, minutes=1),
    }  # fmt: skip
    return State(stats={profile: stats}, blocks={(profile, "disabledUntil")})


# what looks like it and is healthy


def ordinary_rotation(m: Machine) -> State:
    """Every session has an auto pin, the profiles take turns, and all of them answer."""
    used = {p: {"errorCount": 0, "lastUsed": ago(m.now, minutes=n + 1)} for n, p in enumerate(m.profiles)}
    entries = {
        key: {"sessionId": f"s{n}", "authProfileOverride": m.profiles[n % 2], "authProfileOverrideSource": "auto"}
        for n, key in enumerate(m.sessions)
    }
    return State(stats=used, entries=entries, last_good=m.profiles[0])


def rotation_with_old_scars(m: Machine) -> State:
    """As before; both failed once, weeks ago."""
    state = ordinary_rotation(m)
    for n, stats in enumerate(state.stats.values()):
        stats["lastFailureAt"] = ago(m.now, days=20 + n)
    return state


def fresh_cooldown(m: Machine) -> State:
    """The pinned profile ran into a limit seconds ago, the other one took over in the same turn."""
    other, pinned = m.profiles
    failed = {"errorCount": 1, "lastFailureAt": ago(m.now, seconds=20), "cooldownUntil": ago(m.now, seconds=-40)}
    return State(
        stats={other: {"errorCount": 0, "lastUsed": ago(m.now, seconds=15)}, pinned: failed},
        entries=_pinned(m, pinned, minutes=0.25),
        last_good=other,
    )


def fresh_failover(m: Machine) -> State:
    """The wanted provider is in its cooldown; the fallback is right where it is."""
    failed = {"errorCount": 2, "lastFailureAt": ago(m.now, minutes=2), "cooldownUntil": ago(m.now, minutes=-3)}
    stats = {m.profiles[0]: failed | {"lastUsed": ago(m.now, minutes=3)}}
    return State(stats=stats, entries=_on_fallback(m, modelOverrideSource="auto"))


def still_failing(m: Machine) -> State:
    """Both profiles failed last: no pin is better than another."""
    failed = {"errorCount": 1, "lastUsed": ago(m.now, hours=8), "lastFailureAt": ago(m.now, minutes=10)}
    stats = {p: failed | {"cooldownUntil": ago(m.now, minutes=-15)} for p in m.profiles}
    return State(stats=stats, entries=_pinned(m, m.profiles[1]))


def own_choice_that_works(m: Machine) -> State:
    used = {p: {"errorCount": 0, "lastUsed": ago(m.now, minutes=n + 1)} for n, p in enumerate(m.profiles)}
    return State(stats=used, entries=_pinned(m, m.profiles[1], "user"), order=m.profiles)


def own_model_on_an_old_release(m: Machine) -> State:
    """No source beside the model, but nothing ever failed: its user chose the fallback."""
    stats = _recovered(m)
    del stats[m.profiles[0]]["lastFailureAt"]
    return State(stats=stats, entries=_on_fallback(m))


def pins_of_finished_runs(m: Machine) -> State:
    """Sessions that end with their run."""
    state = failed_last_long_ago(m)
    entry = next(iter(state.entries.values()))
    state.entries = {"agent:main:subagent:77": entry, "agent:main:cron:daily:run:77": dict(entry)}
    state.pins = set()
    return state


def fresh_block(m: Machine) -> State:
    """The usage endpoint named an end minutes ago."""
    state = blocked_and_never_asked(m)
    state.stats[m.profiles[0]]["lastFailureAt"] = ago(m.now, minutes=5)
    state.entries = _entries(m, updatedAt=ago(m.now, minutes=4))
    state.blocks = set()
    return state


def block_that_is_over(m: Machine) -> State:
    state = blocked_and_never_asked(m)
    state.stats[m.profiles[0]]["blockedUntil"] = ago(m.now, minutes=1)
    state.blocks = set()
    return state


STUCK: tuple[tuple[Story, tuple[str, ...]], ...] = (
    (failed_last_and_blocked, RELEASES), (failed_last_long_ago, RELEASES), (second_of_the_order, RELEASES),
    (own_choice_of_nothing, RELEASES), (own_choice_of_a_dead_one, RELEASES), (fallback_after_recovery, SPLIT),
    (untagged_fallback_after_recovery, UNTAGGED), (router_of_the_same_model, SPLIT),
    (fallback_while_a_local_fault_is_open, SPLIT), (blocked_and_never_asked, BLOCKS),
    (disabled_and_used_since, RELEASES),
)  # fmt: skip
HEALTHY: tuple[tuple[Story, tuple[str, ...]], ...] = (
    (ordinary_rotation, RELEASES), (rotation_with_old_scars, RELEASES), (fresh_cooldown, RELEASES),
    (fresh_failover, SPLIT), (still_failing, RELEASES), (own_choice_that_works, RELEASES),
    (own_model_on_an_old_release, UNTAGGED), (pins_of_finished_runs, RELEASES), (fresh_block, BLOCKS),
    (block_that_is_over, BLOCKS),
)  # fmt: skip
