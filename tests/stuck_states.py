"""What a failover or a limit left behind on a machine, and the healthy ones that look like it.

Each kind is a function of a machine that gives its state and says what has to be found in it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from stuck_machines import BLOCKS, RELEASES, SPLIT, UNTAGGED, Machine, State, ago

Story = Callable[[Machine], State]


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
