"""Repeats that OpenClaw did not log one by one, keys in another order, and profiles that are only hashes."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from forensics import Case, open_case
from forensics.parsers.logs.envelopes import read_line
from forensics.secrets.fingerprints import identifier_hash

PROFILE = "anthropic:kim@example.invalid"
REFUSED = '{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}'
SAID = "model fallback decision: decision=skip_candidate requested=anthropic/opus candidate=anthropic/opus reason=auth "


def line(second: float, event: dict[str, object], text: str, subsystem: str) -> dict[str, object]:
    binding = json.dumps({"subsystem": subsystem}, separators=(",", ":"))
    time = f"2026-11-20T09:00:{second:06.3f}+00:00"
    meta = {"runtime": "node", "name": binding, "date": time.replace("+00:00", "Z"), "logLevelName": "WARN"}
    return {"0": binding, "1": event, "2": text, "_meta": meta, "time": time, "message": text}


def skipped(second: float, repeats: int = 0) -> dict[str, object]:
    event = {
        "event": "model_fallback_decision", "runId": f"r{second}", "sessionId": "s1", "decision": "skip_candidate",
        "requestedProvider": "anthropic", "requestedModel": "opus", "candidateProvider": "anthropic",
        "candidateModel": "opus", "attempt": 1, "total": 1, "reason": "auth",
        "errorPreview": "Provider anthropic is in cooldown",
        **({"suppressedDuplicateCount": repeats} if repeats else {}),
    }  # fmt: skip
    return line(second, event, "model fallback decision", "model-fallback/decision")


FAILED = line(
    1.0,
    {
        "event": "embedded_run_agent_end", "runId": "r0", "isError": True, "provider": "anthropic", "model": "opus",
        "failoverReason": "auth", "httpCode": "401", "rawErrorPreview": f"401 {REFUSED}", "error": "no",
    },
    "embedded run agent end",
    "agent/embedded",
)  # fmt: skip
WRITTEN = line(
    1.003,
    {
        "event": "auth_profile_failure_state_updated", "runId": "r0", "provider": "anthropic", "reason": "auth",
        "profileId": identifier_hash(PROFILE), "windowType": "cooldown", "windowReused": False, "errorCount": 1,
        "cooldownUntil": 1795165301003,
    },
    "auth profile failure state updated",
    "agent/embedded",
)  # fmt: skip
LINES = [FAILED, WRITTEN, skipped(2.0), skipped(33.0, repeats=4)]


def read(folder: Path, *lines: dict[str, object] | str, **others: str) -> Case:
    folder.mkdir(parents=True, exist_ok=True)
    texts = [one if isinstance(one, str) else json.dumps(one, separators=(",", ":")) for one in lines]
    (folder / "openclaw-2026-11-20.log").write_text("\n".join(texts) + "\n")
    for name, text in others.items():
        (folder / f"{name}.txt").write_text(text)
    return open_case(folder)


def test_suppressed_duplicates_are_counted_back_in(tmp_path: Path) -> None:
    (incident,) = read(tmp_path, *LINES).incidents
    assert (incident.failures, incident.echoes) == (1, 1 + 5)


def test_a_decision_seen_on_the_console_too_is_counted_once(tmp_path: Path) -> None:
    console = (
        f"2026-11-20T09:00:33.002+00:00 [model-fallback/decision] {SAID}next=none detail=Provider anthropic is in "
    )
    (incident,) = read(tmp_path, *LINES, console=f"{console}cooldown (4 duplicates suppressed in last 30s)\n").incidents
    assert incident.echoes == 6


def test_the_console_alone_counts_them_too(tmp_path: Path) -> None:
    log = (
        f"2026-11-20T09:00:33.002+00:00 [model-fallback/decision] {SAID}next=none (4 duplicates suppressed in last 30s)"
    )
    (event,) = read(tmp_path, log).timeline.events
    assert (event.kind, event.count) == ("model_fallback_decision", 5)


def shuffled(logged: dict[str, object], seed: int) -> dict[str, object]:
    """The keys in another order, as other programs may write them."""
    keys = list(logged)
    random.Random(seed).shuffle(keys)
    return {key: logged[key] for key in keys}


@pytest.mark.parametrize("seed", range(8))
def test_the_order_of_a_line_s_keys_says_nothing(tmp_path: Path, seed: int) -> None:
    before, after = (
        read(tmp_path / name, *lines)
        for name, lines in (
            ("as written", LINES),
            ("shuffled", [shuffled(one, seed + n) for n, one in enumerate(LINES)]),
        )
    )
    assert after.timeline.events == before.timeline.events
    assert [i.echoes for i in after.incidents] == [6]


def test_ten_arguments_stand_in_the_order_of_their_numbers() -> None:
    logged = {"10": "ten", "2": "two", "1": "one", "0": '{"subsystem":"gateway"}', "_meta": {"logLevelName": "INFO"}}
    record = read_line(json.dumps(logged))
    assert record
    assert (record.subsystem, record.text) == ("gateway", "one two ten")


def test_a_hashed_profile_is_named_where_the_state_knows_it(tmp_path: Path) -> None:
    store = {"version": 1, "profiles": {PROFILE: {"type": "token", "provider": "anthropic", "token": "x" * 40}}}
    (unnamed,) = read(tmp_path, *LINES).incidents
    (tmp_path / "auth-profiles.json").write_text(json.dumps(store))
    (named,) = open_case(tmp_path).incidents
    assert [w.profile for w in unnamed.windows] == [identifier_hash(PROFILE)]
    assert (named.profiles, [w.profile for w in named.windows]) == ((PROFILE,), [PROFILE])
