"""When a login was out of sync: from stores, from snapshots of them, and from refused renewals."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from captures import CAPTURES
from hypothesis import given
from hypothesis import strategies as st

from forensics import open_case
from forensics.case import Case
from forensics.detectors.questions import examples
from forensics.detectors.questions.credential_desync import DETECTOR
from forensics.detectors.questions.examples import answer, at, event
from forensics.tables import Credential, Event
from forensics.triage import row_of

CASES = sorted(path.parent for path in CAPTURES.glob("*/*/truth.json"))
DEAD = "OAuth token refresh failed for {}: Failed to refresh OAuth token for {}. Please try again."
REUSED = '[openai-codex] Token refresh failed: 401 {"error":{"code":"refresh_token_reused"}}'
LIFE = timedelta(hours=8)
DAY = datetime(2026, 3, 2, tzinfo=UTC)


def pair(name: str, ends: str, **more: Any) -> Credential:
    """The main agent's copy of a login that Claude Code's provider issued eight hours before it ends."""
    tokens = {"type": "oauth", "access": f"fp:{name}-access", "refresh": f"fp:{name}", "expires_at": at(ends)}
    return examples.credential(**{"profile": "anthropic:default"} | tokens | more)


def claude(name: str, ends: str) -> Credential:
    place = ".claude/.credentials.json#/claudeAiOauth"
    return pair(name, ends, source=place, store="claude_credentials", agent=None)


def codex(name: str, ends: str, **more: Any) -> Credential:
    return pair(name, ends, profile="openai-codex:default", **more)


def refused(clock: str, provider: str = "anthropic", agent: str | None = "main", **more: Any) -> Event:
    text = DEAD.format(provider, provider)
    said = {"provider": provider, "agent": agent, "error_type": "oauth_refresh", "text": text, "run": f"run-{clock}"}
    return event(clock, "lane_task_error", "failure", **said | more)


def reused(clock: str, agent: str) -> Event:
    return refused(clock, "openai-codex", agent, error_type="refresh_token_reused", text=REUSED, http_status=401)


def found(**facts: Any) -> tuple[list[Mapping[str, Any]], list[tuple[str, str]]]:
    """The rows of the contract, and severity and verdict of the findings without one."""
    answers = DETECTOR.detect(examples.facts(**facts))
    rest = [(f.finding.severity, f.finding.verdict) for f in answers if not f.answer]
    return [row_of(f.answer) for f in answers if f.answer], rest


def edges(row: Mapping[str, Any]) -> tuple[object, ...]:
    return row["kind"], row["agents"], row["start"], row["start_basis"], row["end"], row["end_basis"]


def test_the_window_begins_with_the_renewal_and_not_with_the_first_failure() -> None:
    events = [answer("10:20"), refused("10:31"), refused("11:00"), answer("12:05")]
    (row,), _ = found(events=events, credentials=[pair("new", "18:00"), claude("new", "18:00")], now="13:00")
    assert row == {
        "provider": "anthropic",
        "kind": "stale_copy",
        "agents": ["main"],
        "profiles": ["anthropic:default"],
        "start": at("10:00"),
        "start_basis": "expiry",
        "start_not_before": None,
        "start_not_after": None,
        "start_source": ".claude/.credentials.json#/claudeAiOauth",
        "first_failure": at("10:31"),
        "refusals": 2,
        "end": at("12:05"),
        "end_basis": "answer",
        "end_not_before": at("11:00"),
        "end_not_after": at("12:05"),
        "end_source": f"{examples.TRANSCRIPT}:43501",
        "renewed_by": "Claude Code",
        "held_in": ".claude/.credentials.json#/claudeAiOauth",
        "outdated_in": [],
        "bites_at": None,
        "confidence": "high",
        "evidence": [
            ".claude/.credentials.json#/claudeAiOauth",
            *(f"{examples.LOG}:{line}" for line in (37861, 39601)),
            f"{examples.TRANSCRIPT}:43501",
        ],
    }


RESTART = [event("11:50", "gateway_signal", "lifecycle"), event("11:51", "gateway_ready", "lifecycle")]
TAKEN = [event("11:40", "credentials_synced", "credential", text="synced anthropic credentials from external cli")]


@pytest.mark.parametrize(
    ("release", "between", "end"),
    [
        ("2026.5.28", [], ("12:05", "answer")),
        ("2026.5.28", RESTART, ("11:50", "restart")),
        ("2026.5.28", [*RESTART, *TAKEN], ("11:40", "sync")),
    ],
)
def test_it_ends_at_the_best_known_moment(release: str, between: list[Event], end: tuple[str, str]) -> None:
    events = [refused("10:31"), *between, answer("12:05")]
    both = [pair("new", "18:00"), claude("new", "18:00")]
    (row,), _ = found(events=events, credentials=both, release=release, now="13:00")
    assert (row["start"], row["end"], row["end_basis"]) == (at("10:00"), at(end[0]), end[1])


@pytest.mark.parametrize(("release", "end"), [("2026.3.11", ("11:50", "restart")), ("2026.5.28", ("11:30", "login"))])
def test_a_frozen_gateway_sees_the_new_login_only_after_a_restart(release: str, end: tuple[str, str]) -> None:
    both = [pair("new", "19:30"), claude("new", "19:30")]
    used = refused("10:31", error_type="refresh_token_reused")
    (row,), _ = found(events=[used, *RESTART, answer("12:05")], credentials=both, release=release)
    assert (row["start_basis"], row["end"], row["end_basis"]) == ("refusal", at(end[0]), end[1])


def test_without_the_other_store_the_start_is_an_honest_interval() -> None:
    (row,), _ = found(events=[answer("09:00"), refused("10:31", error_type="refresh_token_reused")])
    interval = row["start_not_before"], row["start"], row["start_not_after"]
    assert interval == (at("09:00") - LIFE, at("10:31"), at("10:31"))
    assert (row["confidence"], row["end"]) == ("medium", None)


@pytest.mark.parametrize("copies", [[], [pair("old", "10:30")], [pair("fresh", "18:25")]], ids=["none", "old", "fresh"])
def test_a_refused_renewal_alone_does_not_say_that_somebody_renewed(copies: list[Credential]) -> None:
    assert found(events=[answer("09:00"), refused("10:31"), refused("10:50")], credentials=copies)[0] == []


def test_a_pair_given_to_the_agent_later_tells_when_it_was_issued() -> None:
    events = [answer("10:20"), refused("10:31"), answer("12:05")]
    (row,), _ = found(events=events, credentials=[pair("new", "18:00")])
    assert (row["start"], row["renewed_by"], row["confidence"]) == (at("10:05"), None, "medium")


@pytest.mark.parametrize(
    "said",
    [
        {"text": DEAD.format("anthropic", "anthropic") + " fetch failed", "error_type": None},
        {"text": "OAuth token refresh failed for anthropic: Failed to persist refreshed OAuth credential."},
        {"text": "OAuth refresh failed (refresh_contention): another process is already refreshing anthropic"},
    ],
)
def test_a_renewal_that_failed_on_the_way_is_no_desync(said: dict[str, Any]) -> None:
    assert found(events=[refused("10:31", **said)], credentials=[pair("a", "10:30")])[0] == []


def test_an_access_token_refused_because_it_expired_counts_where_a_newer_pair_existed() -> None:
    body = '401 {"type":"error","error":{"type":"authentication_error","message":"OAuth token has expired."}}'
    told = {"http_status": 401, "error_type": "authentication_error", "text": body}
    events = [refused("10:31", **told), answer("12:05")]
    (row,), _ = found(events=events, credentials=[pair("new", "18:00"), claude("new", "18:00")])
    assert (row["start"], row["first_failure"]) == (at("10:00"), at("10:31"))


def test_two_logins_of_one_provider_are_no_desync() -> None:
    external = codex("b", "33:00", source=".codex/auth.json#/tokens", store="codex_auth", agent=None)
    assert found(credentials=[codex("a", "20:00"), external]) == ([], [])


def test_agents_refused_within_a_second_raced_and_the_one_answered_next_won() -> None:
    events = [reused("10:00", "ops"), reused("10:00:01", "dev")]
    won = answer("10:00:05", agent="qa", provider="openai-codex", source="agents/qa/sessions/1.jsonl", session="1")
    (row,), _ = found(events=[*events, won])
    assert edges(row) == ("refresh_race", ["ops", "dev"], at("10:00"), "refusal", None, None)
    assert row["renewed_by"] == "qa (agents/qa/sessions/1.jsonl:36006)"


def test_agents_that_one_tool_left_behind_are_one_row() -> None:
    events = [refused("10:31", agent="main"), refused("10:31:01", agent="ops")]
    copies = [pair("old", "10:30"), pair("old", "10:30", agent="ops"), claude("new", "18:00")]
    (row,), _ = found(events=events, credentials=copies)
    assert edges(row) == ("stale_copy", ["main", "ops"], at("10:00"), "expiry", None, None)


def test_a_login_that_ran_out_in_the_tool_too_is_expired_external() -> None:
    both = [pair("a", "10:30"), claude("a", "10:30")]
    (row,), _ = found(events=[answer("10:20"), refused("10:45")], credentials=both)
    assert edges(row) == ("expired_external", ["main"], at("10:30"), "token_end", None, None)


def test_a_backend_that_runs_the_tool_is_out_while_the_tools_login_is() -> None:
    told = {"http_status": 401, "text": "401 OAuth token has expired", "error_type": "authentication_error"}
    failed = refused("10:45", "claude-cli", **told)
    (row,), _ = found(events=[failed], credentials=[claude("a", "10:30")], release="2026.9.6")
    assert edges(row) == ("expired_external", ["main"], at("10:30"), "token_end", None, None)


def test_an_older_pair_after_a_newer_one_was_overwritten_with_the_next_use() -> None:
    backup = "agents/main/agent/auth-profiles.json.legacy-flat.{}.bak#/profiles/anthropic:default"
    login = pair("new", "18:00", source=backup.format(round(at("10:10").timestamp() * 1000)))
    events = [answer("09:50"), answer("10:12"), refused("10:31")]
    (row,), _ = found(events=events, credentials=[pair("old", "10:30"), login], release="2026.3.11")
    assert edges(row) == ("overwritten", ["main"], at("10:12"), "use", None, None)
    assert (row["start_not_before"], row["confidence"]) == (at("10:10"), "high")


@pytest.mark.parametrize(
    ("credentials", "expected"),
    [
        ([pair("a", "18:00"), pair("a", "18:00", agent="ops")], [("low", "race_waiting")]),
        ([pair("a", "18:00"), claude("a", "18:00")], [("low", "race_waiting")]),
        ([pair("a", "18:00", type="oauth:fenced", refresh=None)], [("medium", "refresh_fenced")]),
        ([pair("a", "18:00")], []),
        ([examples.credential("anthropic:default")], []),
    ],
    ids=["two agents", "agent and tool", "fenced", "alone", "token"],
)
def test_what_may_go_wrong_is_a_finding_and_no_row(
    credentials: list[Credential], expected: list[tuple[str, str]]
) -> None:
    assert found(credentials=credentials) == ([], expected)


ORDER = examples.stored("auth_profiles", "anthropic", {"order": ["anthropic:other"]})
SHOWN = examples.stored("models_status", "anthropic:default", {"oauth.status": "expiring"})


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        ({"credentials": [pair("a", "10:30")], "state": [ORDER]}, "not_in_use"),
        ({"credentials": [pair("a", "10:30", profile="anthropic:claude-cli")]}, "snapshot_of_a_tool"),
        ({"credentials": [pair("a", "10:30")], "events": [answer("11:00")]}, "still_answers"),
        (
            {"credentials": [pair("a", "10:30", type="token", refresh=None)], "events": [answer("11:00")]},
            "still_answers",
        ),
        ({"credentials": [pair("a", "12:03")]}, "renews_itself"),
        ({"credentials": [pair("a", "10:30")]}, "renews_itself"),
        ({"credentials": [pair("a", "18:00")], "state": [SHOWN]}, "renews_itself"),
        ({"credentials": [claude("a", "10:30")]}, "only_the_tool"),
    ],
)
def test_a_login_that_only_looks_expired_is_named_a_false_alarm(facts: dict[str, Any], verdict: str) -> None:
    assert found(release="2026.5.28", **facts) == ([], [("info", verdict)])


def test_an_expired_static_token_is_no_false_alarm() -> None:
    assert found(credentials=[pair("a", "10:30", type="token", refresh=None)]) == ([], [])


def test_what_will_be_refused_is_told_with_the_hour() -> None:
    copies = [pair("old", "16:00"), pair("old", "16:00", agent="ops"), claude("new", "18:30")]
    (armed,) = (f for f in DETECTOR.detect(examples.facts(credentials=copies)) if f.answer)
    assert (armed.answer.bites_at, len(armed.answer.outdated)) == (at("16:00"), 2)
    assert armed.finding.summary.startswith("From 02 Mar 16:00:00 UTC on the next renewal of the anthropic login will")


def test_what_the_main_agent_renewed_is_taken_over_by_the_others() -> None:
    assert (
        found(credentials=[pair("old", "11:00", agent="ops"), pair("new", "18:00")], events=[answer("11:30")])[0] == []
    )


def test_two_logins_under_one_name_are_no_race() -> None:
    logins = [
        pair("a", "11:00", agent="ops", profile="qwen-portal:default"),
        pair("b", "12:00", profile="qwen-portal:default"),
    ]
    assert found(credentials=logins)[0] == []


def test_the_renewing_sibling_that_was_answered_meanwhile_holds_the_newer_pair() -> None:
    both = [pair("new", "19:25"), pair("new", "19:25", agent="ops")]
    other = answer("10:40", agent="ops", source="agents/ops/sessions/1.jsonl", session="1")
    (row,), _ = found(events=[refused("10:31"), other, refused("10:50"), answer("12:00")], credentials=both)
    assert (row["agents"], row["renewed_by"]) == (["main"], "ops (agents/ops/sessions/1.jsonl:38401)")


def test_a_copy_is_out_of_date_at_the_latest_when_it_ends() -> None:
    (row,), _ = found(credentials=[pair("old", "05:00"), claude("new", "19:00")])
    assert (row["start"], row["start_basis"]) == (at("05:00"), "token_end")


def test_no_alarm_is_called_false_where_calls_failed_for_want_of_the_login() -> None:
    text = 'No credentials found for profile "anthropic:default".'
    failed = event("10:33", "lane_task_error", "failure", agent="main", provider="anthropic", text=text)
    assert found(credentials=[pair("a", "10:30")], release="2026.5.28", events=[failed])[1] == []


CLOCKS = st.builds("{:02}:{:02}".format, st.integers(0, 30), st.integers(0, 59))
AGENTS = st.sampled_from(["main", "ops"])
PAIRS = st.sampled_from("abc")
EVENTS = st.one_of(
    st.builds(refused, CLOCKS, st.sampled_from(["anthropic", "openai-codex", "claude-cli"]), AGENTS),
    st.builds(reused, CLOCKS, AGENTS),
    st.builds(answer, CLOCKS, agent=AGENTS, provider=st.sampled_from(["anthropic", "openai-codex"])),
    st.builds(event, CLOCKS, st.just("gateway_ready"), st.just("lifecycle")),
)
STORES = st.one_of(
    st.builds(pair, PAIRS, CLOCKS, agent=AGENTS), st.builds(codex, PAIRS, CLOCKS), st.builds(claude, PAIRS, CLOCKS)
)


@given(
    st.lists(EVENTS, max_size=6), st.lists(STORES, max_size=5), st.sampled_from(["2026.2.9", "2026.3.11", "2026.9.6"])
)
def test_a_window_holds_its_first_failure_and_ends_after_it_began(
    events: list[Event], credentials: list[Credential], release: str
) -> None:
    for row in found(events=events, credentials=credentials, release=release)[0]:
        start, end, first = row["start"], row["end"], row["first_failure"]
        assert end is None or start <= end
        assert first is None or start <= first <= (end or first)
        assert (row["start_not_before"] or start) <= start <= (row["start_not_after"] or start)
        assert row["evidence"]


# Whole folders: what is on disk, and nothing but fingerprints in what comes out.


def ms(clock: str) -> int:
    return round(at(clock).timestamp() * 1000)


def oauth(name: str, ends: str, account: str = "kim@example.invalid") -> dict[str, object]:
    tokens = {"access": f"sk-ant-oat01-{name}-INVENTED-0001", "refresh": f"sk-ant-ort01-{name}-INVENTED-0001"}
    return {"type": "oauth", "provider": "anthropic", **tokens, "expires": ms(ends), "email": account}


def write(folder: Path, path: str, content: object, written: str) -> None:
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content))
    os.utime(file, (at(written).timestamp(),) * 2)


def agent_store(folder: Path, agent: str, login: dict[str, object], written: str) -> None:
    path = f".openclaw/agents/{agent}/agent/auth-profiles.json"
    write(folder, path, {"version": 1, "profiles": {"anthropic:default": login}}, written)


def tool_store(folder: Path, name: str, ends: str, written: str) -> None:
    tokens = oauth(name, ends)
    login = {"accessToken": tokens["access"], "refreshToken": tokens["refresh"], "expiresAt": tokens["expires"]}
    write(folder, ".claude/.credentials.json", {"claudeAiOauth": login}, written)


def rows(case: Case) -> list[dict[str, Any]]:
    return case.triage()["desync"]  # type: ignore[return-value] # a list of objects, as the contract says


def all_that_is_kept(case: Case) -> str:
    names = ("files", "events", "rejects", "activity", "state", "credentials", "windows", "findings", "checks")
    return json.dumps(case.triage()) + "".join(getattr(case, name).write_json() for name in names)


def test_four_agents_with_mixed_copies(tmp_path: Path) -> None:
    agent_store(tmp_path, "main", oauth("first", "14:00"), "06:10")
    agent_store(tmp_path, "dev", oauth("first", "14:00"), "07:20")
    agent_store(tmp_path, "ops", oauth("second", "18:30"), "10:30")
    agent_store(tmp_path, "qa", oauth("third", "19:00", "lee@example.invalid"), "11:00")
    case = open_case(tmp_path)
    (row,) = rows(case)
    assert row["start"] == "2026-03-02T10:35:00.000Z"  # OpenClaw stores an end five minutes early
    assert (row["kind"], row["agents"], row["renewed_by"]) == ("refresh_race", ["dev", "main"], "ops")
    assert "-INVENTED-" not in all_that_is_kept(case)


def snapshot(folder: Path, agent: tuple[str, str, str], tool: tuple[str, str, str]) -> Path:
    agent_store(folder, "main", oauth(*agent[:2]), agent[2])
    tool_store(folder, *tool)
    return folder


@pytest.mark.parametrize("together", [True, False], ids=["one folder", "five folders"])
def test_five_snapshots_give_exact_edges(tmp_path: Path, *, together: bool) -> None:
    old, new = ("old", "14:00"), ("new", "18:30")
    held: Sequence[tuple[tuple[str, str, str], tuple[str, str, str]]] = [
        ((*old, "08:00"), (*old, "06:00")),
        ((*old, "09:40"), (*old, "06:00")),
        ((*old, "11:00"), (*new, "10:30")),
        ((*old, "13:00"), (*new, "10:30")),
        ((*new, "15:20"), (*new, "10:30")),
    ]
    folders = [snapshot(tmp_path / f"day-{n}", *stores) for n, stores in enumerate(held)]
    (row,) = rows(open_case(tmp_path if together else folders))
    assert edges(row) == (
        "stale_copy", ["main"], "2026-03-02T10:30:00.000Z", "expiry", "2026-03-02T15:20:00.000Z", "mtime",
    )  # fmt: skip
    assert row["end_not_before"] == "2026-03-02T13:00:00.000Z"


def test_an_old_pair_that_comes_back_between_snapshots_was_overwritten(tmp_path: Path) -> None:
    for n, (name, ends, written) in enumerate(
        [("old", "14:00", "08:00"), ("new", "18:30", "11:00"), ("old", "14:00", "12:00")]
    ):
        agent_store(tmp_path / f"day-{n}", "main", oauth(name, ends), written)
    (row,) = rows(open_case(tmp_path))
    assert (row["kind"], row["start_not_before"], row["start_not_after"]) == (
        "overwritten", "2026-03-02T11:00:00.000Z", "2026-03-02T12:00:00.000Z",
    )  # fmt: skip


def test_files_copied_at_one_moment_lend_their_mtimes_to_nothing(tmp_path: Path) -> None:
    agent_store(tmp_path, "main", oauth("old", "14:00"), "20:00")
    tool_store(tmp_path, "new", "18:30", "20:00:01")
    (row,) = rows(open_case(tmp_path))
    assert (row["start"], row["start_basis"], row["end"]) == ("2026-03-02T10:30:00.000Z", "expiry", None)


@pytest.mark.skipif(not CASES, reason="the captures are not at hand: ../shared/captures does not exist")
@pytest.mark.parametrize("case", CASES, ids=lambda case: "-".join(case.parts[-2:]))
def test_captures_agree_with_their_truth(case: Path) -> None:
    expected = json.loads((case / "truth.json").read_text())["desync"]
    opened = open_case(case / "evidence")
    told = rows(opened)
    assert [(r["provider"], r["kind"], r["agents"]) for r in told] == [
        (e["provider"], e["kind"], e["agents"]) for e in expected
    ]
    for row, true in zip(told, expected, strict=True):
        for edge in ("start", "end"):
            off = datetime.fromisoformat(row[edge]) - datetime.fromisoformat(true[edge])
            assert abs(off.total_seconds()) <= true["tolerance_s"]
    assert not any(token in all_that_is_kept(opened) for token in opened.timeline.secrets)
