"""Plans: commands that exist, what does not help, patches that apply, and nothing that the release at hand lacks."""

from __future__ import annotations

import json
import re
import shlex
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import pytest
from opening import opened

from forensics import open_case
from forensics.detectors.questions import CaseFacts, examples
from forensics.detectors.run import run_detectors
from forensics.openclaw.releases import Release
from forensics.remediation.commands import RELEASES, effect, exists
from forensics.remediation.plan import KEEP, Plan
from forensics.remediation.plans import make_plans
from forensics.report.text.until_when import until_when

ROOT = Path(__file__).resolve().parents[1]
SCOPE = ROOT / "sample_data/scope403-2026.2.9/evidence"
CAPTURES = sorted(ROOT.parent.glob("shared/captures/*/*/evidence"))
COMMAND = re.compile(r"`((?:[A-Z_]+=\S+ )*openclaw [^`]*)`")
WAIT = re.compile(r"\b[Ww]ait (?:until|for)\b")
CLEAR = re.compile(r"\b[Cc]lear(?:ing)? (?:the|that|its|a) (?:window|block|cooldown)")
REFUSED = (
    '403 {"type":"error","error":{"type":"permission_error","message":"OAuth token does not meet scope requirement"}}'
)
EMPTY = '400 {"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low"}}'


def commands(plan: Plan) -> list[str]:
    return [line for sentence in plan.sentences for line in COMMAND.findall(sentence)]


def made(events, *, state=(), credentials=(), release="2026.9.6", now="12:00") -> CaseFacts:
    told = [examples.turn("08:59"), *events]
    return examples.facts(events=told, state=state, credentials=credentials, release=release, now=now)


def plan_of(facts: CaseFacts) -> Plan:
    return make_plans(facts, run_detectors(facts), facts.running.now)["I1"]


def planned(release: str, *, events=(), state=(), credentials=(), now="12:00", known=True) -> Plan:
    facts = examples.facts(
        events=[examples.turn("08:59"), *events], state=state, credentials=credentials, release=release, now=now
    )
    plans = make_plans(facts, run_detectors(facts), facts.running.now if known else None)
    return plans["I1"]


def refused(release: str, kind: str = "token", **more) -> Plan:
    failed = examples.failure("09:00", http_status=403, error_type="permission_error", text=REFUSED, profile=examples.A)
    credential = examples.credential(examples.A, type=kind)
    return planned(release, events=[failed], credentials=[credential, *more.pop("credentials", ())], **more)


def apply(document: object, patch: tuple[dict[str, object], ...]) -> object:
    """RFC 6902 as far as plans use it: test and remove."""
    result = deepcopy(document)
    for operation in patch:
        *above, last = [s.replace("~1", "/").replace("~0", "~") for s in str(operation["path"]).split("/")[1:]]
        parent = result
        for step in above:
            parent = parent[step]
        if operation["op"] == "test":
            assert parent[last] == operation["value"]
        else:
            del parent[last]
    return result


def test_the_scope_403_case_prints_no_command_that_2026_2_9_lacks_and_says_that_restarting_does_not_help():
    case = opened(SCOPE)
    plan = case.plans["I1"]
    assert [line for line in commands(plan) if not exists(line, Release(2026, 2, 9))] == []
    assert len(commands(plan)) >= 2
    assert any("restarting the gateway" in sentence for sentence in plan.does_not_help)
    assert any("A token of `claude setup-token` carries user:inference only" in sentence for sentence in plan.steps)


@pytest.mark.skipif(not CAPTURES, reason="the captures are not beside the project")
@pytest.mark.parametrize("evidence", CAPTURES, ids=lambda p: "-".join(p.parts[-3:-1]))
def test_every_printed_command_of_a_capture_exists_in_its_release(evidence):
    case = opened(evidence)
    release = case.release.release if case.release.exact else None
    lines = [line for plan in case.plans.values() for line in commands(plan)]
    assert [line for line in lines if not exists(line, release)] == []
    assert {i.id for i in case.incidents} == set(case.plans)


@pytest.mark.parametrize("evidence", sorted(ROOT.glob("sample_data/*/evidence")), ids=lambda p: p.parent.name)
def test_every_command_of_a_sample_exists_with_its_options_and_each_step_says_what_it_changes(evidence):
    case = opened(evidence)
    release = case.release.release if case.release.exact else None
    steps = [step for plan in case.plans.values() for step in plan.actions]
    assert [line for step in steps for line in step.commands if not exists(line, release)] == []
    for plan in case.plans.values():
        changing = [n for n, step in enumerate(plan.actions) if step.changes_evidence]
        assert not changing or plan.actions[0] == KEEP


SMALL = sorted(ROOT.glob("tests/data/reports/*/input"))
CASES = sorted(ROOT.parent.glob("shared/cases/*/evidence"))


@pytest.mark.slow
@pytest.mark.parametrize("evidence", [*SMALL, *CASES], ids=lambda path: path.parent.name + path.stem)
def test_every_plan_of_a_small_case_has_commands_of_its_release_and_does_not_contradict_itself(evidence):
    case = open_case(evidence)
    release = case.release.release if case.release.exact else None
    over = {incident.id for incident in case.incidents if incident.end}
    for name, plan in case.plans.items():
        lines = commands(plan)
        assert [line for line in lines if not exists(line, release) or effect(line) is None] == []
        assert not [line for line in lines if "sha256:" in line or "provider unknown" in line]
        assert name not in over or not [sentence for sentence in plan.sentences if WAIT.search(sentence)]
        if any(CLEAR.search(sentence) for sentence in plan.does_not_help):
            assert not [sentence for sentence in plan.steps if CLEAR.search(sentence)]


def test_no_hash_and_no_unknown_provider_is_put_into_a_command():
    profile = "sha256:3fa0c4d19be2"
    failed = examples.failure("09:00", http_status=401, error_type="authentication_error", text=examples.REFUSED)
    hashed = planned("2026.3.11", events=[replace(failed, profile=profile)])
    nameless = planned("2026.3.11", events=[replace(failed, provider=None)])
    assert not any(
        "sha256:" in line or "provider unknown" in line for plan in (hashed, nameless) for line in commands(plan)
    )


@pytest.mark.parametrize(("release", "proof"), [("2026.3.11", False), ("2026.4.21", False), ("2026.5.28", True)])
def test_a_probe_counts_as_a_proof_only_where_a_refused_one_fails(release, proof):
    plan = refused(release)
    assert any("--probe" in sentence for sentence in plan.check) is proof
    assert any("answered in words" in sentence for sentence in plan.check)
    assert plan.actions[0] == KEEP


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("docker/gateway.log", "docker stop <container>"),
        ("journal-openclaw.txt", "stop the gateway (`openclaw gateway stop`)"),
        ("gateway.log", "a container or a gateway in a terminal is stopped there"),
    ],
)
def test_a_gateway_is_stopped_as_it_was_started(path, words):
    failed = examples.event(
        "09:00", "lane_task_error", "failure", provider="anthropic", agent="main", source=path,
        http_status=401, error_type="authentication_error", text=examples.REFUSED,
    )  # fmt: skip
    plan = planned("2026.3.11", events=[failed], credentials=[examples.credential(examples.A)])
    assert any(words in sentence for sentence in plan.steps)


def test_what_a_stored_profile_was_refused_for_is_no_matter_of_variables():
    failed = examples.failure(
        "09:00", http_status=401, error_type="authentication_error", text=examples.REFUSED, profile=examples.A
    )
    plan = planned("2026.5.28", events=[failed], credentials=[examples.credential(examples.A)])
    assert not any("ANTHROPIC_" in sentence for sentence in plan.sentences)


def test_the_store_whose_counters_moved_is_named():
    failed = examples.failure("09:00", agent="scout", source="agents/scout/sessions/1.jsonl", session="1")
    moved = {"errorCount": 1, "lastFailureAt": examples.at("09:00"), "cooldownUntil": examples.at("09:01")}
    still = {"errorCount": 0, "lastUsed": examples.at("08:00")}
    state = [
        examples.stored("auth_state", examples.A, moved),
        examples.stored("auth_state", examples.A, still, agent="scout"),
    ]
    assert any(
        "The login of agent main was used (agents/main/" in s
        for s in planned("2026.4.15", events=[failed], state=state).steps
    )


@pytest.mark.parametrize("release", [*map(str, RELEASES), None])
@pytest.mark.parametrize("kind", ["token", "api_key", "oauth"])
def test_a_new_credential_goes_in_by_commands_of_the_release(release, kind):
    plan = refused(release or "2026.9.6", kind, known=release is not None)
    assert commands(plan)
    assert [line for line in commands(plan) if not exists(line, Release.parse(release) if release else None)] == []


@pytest.mark.parametrize("release", [*map(str, RELEASES), None])
def test_a_credential_that_was_never_there_is_asked_for(release):
    said = (
        'No API key found for provider "openai". Auth store: /home/kim/.openclaw/agents/main/agent/auth-profiles.json'
    )
    missing = examples.event(
        "09:00", "lane_task_error", "failure", provider="openai", error_type="missing_key", text=said
    )
    plan = planned(release or "2026.9.6", events=[missing], known=release is not None)
    line = "openclaw configure --section model"
    assert line in commands(plan)
    assert exists(line, Release.parse(release) if release else None)


@pytest.mark.parametrize(("release", "moves"), [("2026.6.1", False), ("2026.6.11", True), ("2026.9.6", True)])
def test_a_credential_in_a_file_that_the_release_no_longer_reads_is_moved_over(release, moves):
    missing = examples.event(
        "09:00", "lane_task_error", "failure", provider="anthropic", error_type="missing_key", detail="no call made",
        text='No API key found for provider "anthropic". Auth store: /home/kim/openclaw-agent.sqlite',
    )  # fmt: skip
    plan = planned(release, events=[missing], credentials=[examples.credential(examples.A)])
    assert ("openclaw doctor --fix" in commands(plan)) is moves


DATABASE = {"source": "state/openclaw.sqlite!config_machine_state/1"}


@pytest.mark.parametrize(("source", "moves"), [({}, True), (DATABASE, False)], ids=["a file", "the database"])
def test_where_nobody_was_called_a_store_that_is_not_read_may_be_why(source, moves):
    skipped = examples.echo("09:00", text="Explicit auth order for anthropic has no usable profiles.")
    plan = planned("2026.9.6", events=[skipped], credentials=[examples.credential(examples.A, **source)])
    assert ("openclaw doctor --fix" in commands(plan)) is moves


def test_where_the_gateway_writes_its_frozen_copy_it_is_stopped_first():
    frozen = refused("2026.3.11")
    steps = [n for n, s in enumerate(frozen.steps) if "gateway stop" in s or "paste-token" in s or "gateway start" in s]
    assert "gateway stop" in frozen.steps[steps[0]]
    assert "gateway start" in frozen.steps[steps[-1]]
    assert any("while the gateway runs" in s for s in frozen.do_not_touch)
    assert not any("gateway stop" in s for s in refused("2026.2.9").steps)


def test_an_agent_with_a_copy_of_its_own_is_named_and_gets_a_patch_without_the_secret():
    copy = examples.credential(examples.A, agent="work", access="fp:0011aabbccdd")
    plan = refused("2026.2.9", credentials=[copy])
    (patch,) = plan.patches
    assert (patch.file, patch.operations) == (
        "agents/work/agent/auth-profiles.json",
        ({"op": "remove", "path": "/profiles/anthropic:default"},),
    )
    newer = refused("2026.5.28", credentials=[copy])
    assert newer.patches == ()
    assert any("models auth --agent work paste-token" in line for line in commands(newer))


def test_a_copy_with_tokens_of_its_own_is_left_alone_for_it_may_be_the_one_that_works():
    main = examples.credential(examples.A, agent="main", access="fp:0011aabbccdd")
    other = examples.credential(examples.A, agent="work", access="fp:99887766ffee")
    assert refused("2026.2.9", credentials=[main, other]).patches == ()
    assert len(refused("2026.2.9", credentials=[main, replace(other, access=main.access)]).patches) == 1


@pytest.mark.parametrize("name", ["anthropic:x; rm -rf ~", "anthropic:$(reboot)", "anthropic:a'b"])
def test_what_the_evidence_calls_a_profile_is_no_shell_code(name):
    failed = examples.failure("09:00", http_status=403, error_type="permission_error", text=REFUSED, profile=name)
    plan = planned("2026.2.9", events=[failed], credentials=[examples.credential(name)])
    (line,) = [line for line in commands(plan) if "paste-token" in line]
    assert shlex.split(line)[-1] == name


def disabled(release: str) -> Plan:
    failed = examples.failure("09:00", http_status=400, error_type="invalid_request_error", text=EMPTY)
    stats = {"errorCount": 1, "lastFailureAt": examples.at("09:00"), "disabledUntil": examples.at("14:00")}
    return planned(
        release,
        events=[failed],
        state=[examples.stored("auth_profiles", examples.A, {**stats, "disabledReason": "billing"})],
        credentials=[examples.credential(examples.A)],
    )


def test_a_window_on_disk_gets_a_patch_that_tests_what_it_removes():
    (patch,) = disabled("2026.4.5").patches
    until = round(examples.at("14:00").timestamp() * 1000)
    stats = {"errorCount": 1, "disabledUntil": until, "disabledReason": "billing"}
    before = {"version": 1, "usageStats": {examples.A: stats, examples.B: dict(stats)}}
    after = deepcopy(before)
    del after["usageStats"][examples.A]["disabledUntil"]
    assert apply(before, patch.operations) == after


def test_a_printed_patch_is_json_and_stands_between_stop_copy_and_start():
    plan = disabled("2026.4.5")
    (sentence,) = [s for s in plan.steps if "JSON patch" in s]
    assert json.loads(str(plan.patches[0])) == [dict(o) for o in plan.patches[0].operations]
    copy = "keep a copy of agents/main/agent/auth-profiles.json"
    parts = ["openclaw gateway stop", copy, str(plan.patches[0]), "openclaw gateway start"]
    assert [sentence.index(p) for p in parts] == sorted(sentence.index(p) for p in parts)


def pinned(release: str, **entry) -> Plan:
    """A failover pinned the session; its profile is disabled, the first one is well."""
    values = {"sessionId": "5f0c", "authProfileOverride": examples.B, "authProfileOverrideSource": "auto"}
    until = {"disabledUntil": examples.at("14:00"), "disabledReason": "billing", "lastUsed": examples.at("09:02")}
    failed = examples.failure("09:00", profile=examples.A)
    return planned(
        release,
        events=[failed, examples.turn("09:01"), examples.answer("09:02")],
        state=[
            examples.stored("auth_profiles", "anthropic", {"order": [examples.A, examples.B]}),
            examples.stored("auth_profiles", examples.A, {"errorCount": 0, "lastFailureAt": examples.at("09:00")}),
            examples.stored("auth_profiles", examples.B, until),
            examples.stored("sessions", examples.MAIN, values | entry),
        ],
        credentials=[examples.credential(examples.A), examples.credential(examples.B)],
    )


def test_a_stale_pin_is_dropped_by_the_command_where_the_release_has_one_that_drops_it():
    reset = """openclaw gateway call sessions.patch --params '{"key":"agent:main:main","model":null}'"""
    assert reset in commands(pinned("2026.2.9"))
    assert reset not in commands(pinned("2026.5.28"))


def test_a_stale_pin_that_no_command_drops_gets_a_patch_of_its_keys_only():
    plan = pinned("2026.5.28", authProfileOverrideCompactionCount=0)
    (patch,) = [p for p in plan.patches if p.file.endswith("sessions.json")]
    entry = {"sessionId": "5f0c", "authProfileOverride": examples.B, "authProfileOverrideSource": "auto"}
    before = {examples.MAIN: {**entry, "authProfileOverrideCompactionCount": 0, "updatedAt": 1}}
    assert apply(before, patch.operations) == {examples.MAIN: {"sessionId": "5f0c", "updatedAt": 1}}


def test_a_users_own_model_is_not_thrown_away_with_a_stale_profile():
    plan = pinned("2026.2.9", modelOverride="claude-opus-4-5", providerOverride="anthropic")
    assert not any("sessions.patch" in line for line in commands(plan))
    assert [p.file for p in plan.patches if "sessions" in p.file] == ["agents/main/sessions/sessions.json"]


SESSIONS = tuple(f"agent:main:{name}" for name in ("main", "telegram:direct:1", "cron:daily", "group:7"))


def pinned_without_order(release: str, sessions=SESSIONS) -> Plan:
    """The backup failed last and was never used, so that OpenClaw's own order puts it first."""
    pin = {"authProfileOverride": examples.B, "authProfileOverrideSource": "auto", "updatedAt": examples.at("11:59")}
    return planned(
        release,
        state=[
            examples.stored("auth_profiles", examples.A, {"lastUsed": examples.at("11:59")}),
            examples.stored(
                "auth_profiles",
                examples.B,
                {"lastFailureAt": examples.at("11:50"), "cooldownUntil": examples.at("13:00")},
            ),
            *(examples.stored("sessions", key, pin) for key in sessions),
        ],
        credentials=[examples.credential(examples.A), examples.credential(examples.B)],
    )


@pytest.mark.parametrize("release", ["2026.2.9", "2026.4.5", "2026.5.28"])
def test_many_sessions_of_one_file_take_one_stop_one_patch_and_the_order_without_which_they_come_back(release):
    plan = pinned_without_order(release)
    (step,) = [s for s in plan.steps if "off anthropic:backup" in s]
    assert step.count("openclaw gateway stop") == step.count("openclaw gateway start") == 1
    order = "openclaw models auth order set --provider anthropic --agent main anthropic:default anthropic:backup"
    assert step.index("gateway stop") < step.index(order) < step.index("gateway start")
    (patch,) = [p for p in plan.patches if p.file.endswith("sessions.json")]
    pins = {"authProfileOverride": examples.B, "authProfileOverrideSource": "auto"}
    before = {key: {**pins, "sessionId": "x"} for key in SESSIONS}
    assert apply(before, patch.operations) == {key: {"sessionId": "x"} for key in SESSIONS}


def blocked(release: str, clock: str = "12:00") -> Plan:
    stats = {"lastFailureAt": examples.at("09:00"), "blockedUntil": examples.at("81:00"), "blockedSource": "wham"}
    return planned(
        release,
        state=[
            examples.stored("auth_state", "openai-codex:default", stats),
            examples.stored("config", "config", {"agents.defaults.model.primary": "openai-codex/gpt-5.5"}),
        ],
        now=clock,
    )


def test_a_block_that_nobody_put_to_the_test_is_asked_once_then_cleared_then_watched():
    plan = blocked("2026.5.28")
    ask, clear, watch = [s for s in plan.steps if "openai-codex:default" in s or "unusableProfiles" in s]
    assert "`openclaw infer model run --model openai-codex/gpt-5.5 --prompt ping`" in ask
    assert clear.startswith("If it answers, and not before, end blockedUntil of openai-codex:default")
    assert plan.patches[0].operations[0]["op"] == "test"
    assert watch.startswith("Watch for the next one: `openclaw models status --json`")
    assert not any("Wait until" in s or "clearing" in s for s in plan.sentences)


def test_the_short_form_has_five_sentences_beside_the_first_and_one_says_what_does_not_help():
    for plan in (refused("2026.2.9"), refused("2026.3.11"), disabled("2026.4.5"), open_case(SCOPE).plans["I1"]):
        assert len(plan.brief) <= 5 + (plan.steps[0] == KEEP.sentence)
        assert sum(s.startswith("Does not help: ") for s in plan.brief) == 1
        assert set(plan.brief) <= set(plan.sentences)


def test_the_contract_has_the_plan_in_parts_and_as_sentences():
    case = opened(SCOPE)
    (row,) = case.triage()["incidents"]
    plan = case.plans["I1"]
    assert row["remedy"] == list(plan.sentences)
    assert row["plan"] == {
        "steps": list(plan.steps),
        "does_not_help": list(plan.does_not_help),
        "do_not_touch": list(plan.do_not_touch),
        "check": list(plan.check),
        "actions": row["plan"]["actions"],
        "patches": [],
    }
    assert [action["sentence"] for action in row["plan"]["actions"]] == list(plan.steps)


def test_where_waiting_helps_the_plan_says_until_when_and_does_not_say_that_waiting_does_not_help():
    stats = {"errorCount": 1, "lastFailureAt": examples.at("09:00"), "cooldownUntil": examples.at("09:01")}
    state = [examples.stored("auth_profiles", examples.A, stats)]
    plan = planned("2026.2.9", events=[examples.failure("09:00")], state=state, now="09:00:30")
    assert any(s.startswith("Wait until 09:01:00 UTC") for s in plan.steps)
    assert not any(s.startswith("waiting") for s in plan.does_not_help)


USED_UP = (
    '429 {"type":"error","error":{"type":"rate_limit_error",'
    '"message":"You\'ve reached your usage limit for this period.%s"}}'
)
COOLING = examples.stored(
    "auth_profiles",
    examples.A,
    {"errorCount": 1, "lastFailureAt": examples.at("09:00"), "cooldownUntil": examples.at("09:01")},
)


@pytest.mark.parametrize(
    ("text", "step", "waiting"),
    [
        (
            USED_UP % " Next reset in 6 days.",
            "Wait until 08 Mar 09:00:00 UTC: that is when the provider's own limit ends.",
            "Waiting helps, but not before 08 Mar 09:00:00 UTC, when the provider's own limit ends.",
        ),
        (
            USED_UP % "",
            "The provider does not tell when its limit ends; the windows only say when OpenClaw tries again.",
            "Waiting helps, but the provider does not tell when its limit ends.",
        ),
        (
            "429 slow down. Please try again in 20 seconds.",
            "Wait until 09:01:00 UTC: that is when the last window ends.",
            "Waiting helps: the next call after that can succeed.",
        ),
    ],
)
def test_a_limit_of_the_provider_outlasts_the_window_that_only_says_when_openclaw_tries_again(text, step, waiting):
    failed = examples.failure("09:00", text=text)
    facts = made([failed], state=[COOLING], now="09:00:30")
    assert step in plan_of(facts).steps
    assert until_when(facts.incidents[0], facts.now).endswith(waiting)


def test_clearing_a_window_early_is_said_to_meet_a_limit_only_where_there_is_one():
    busy = examples.failure("09:00", http_status=529, error_type="overloaded_error", text="529 overloaded_error")
    limited, overloaded = (
        plan_of(made([f], state=[COOLING], now="09:00:30")) for f in (examples.failure("09:00"), busy)
    )
    assert any("own limit ends" in sentence for sentence in limited.does_not_help)
    assert any(sentence.startswith("clearing the windows early") for sentence in overloaded.does_not_help)
    assert not any("limit" in sentence for sentence in overloaded.does_not_help)


def from_environment(release: str, effective: str, *stored) -> tuple[str | None, Plan]:
    said = {"provider": "anthropic", "http_status": 401, "error_type": "authentication_error"}
    failed = examples.event("09:00", "lane_task_error", "failure", text=examples.REFUSED, **said)
    told = {"effective.kind": effective, "env.source": "env: ANTHROPIC_API_KEY"}
    facts = made(
        [failed], state=[examples.stored("models_status", "anthropic", told)], credentials=stored, release=release
    )
    return facts.incidents[0].because, plan_of(facts)


@pytest.mark.parametrize(
    ("release", "line"),
    [
        ("2026.4.5", "openclaw configure --section model"),
        ("2026.7.1", "openclaw models auth paste-api-key --provider anthropic --profile-id anthropic:default"),
    ],
)
def test_a_refused_variable_is_corrected_or_a_credential_stored_which_comes_before_it(release, line):
    because, plan = from_environment(release, "env")
    assert because is not None
    assert because.startswith("No profile of anthropic was stored, so the key came from ANTHROPIC_API_KEY")
    assert line in commands(plan)
    assert not any("logging in" in sentence for sentence in plan.does_not_help)


def test_stored_profiles_are_spoken_of_only_where_there_are_some():
    two = [examples.credential(examples.A), examples.credential(examples.B)]
    because, _ = from_environment("2026.7.1", "profiles", *two)
    assert because is not None
    assert because.startswith("No stored profile is known to have been refused, but ANTHROPIC_API_KEY is set")


def custom(release: str, *credentials) -> Plan:
    failed = examples.failure(
        "09:00", provider="acme", http_status=401, error_type="authentication_error", text=examples.REFUSED
    )
    settings = examples.stored("config", "acme", {"models.providers.acme.baseUrl": "http://127.0.0.1:9000/v1"})
    window = {"errorCount": 1, "lastFailureAt": examples.at("09:00"), "cooldownUntil": examples.at("13:00")}
    stats = tuple(
        replace(row, source=f"agents/main/agent/openclaw-agent.sqlite!auth_profile_state/main#/{row.key}")
        for row in examples.stored("auth_state", "acme:default", window)
    )
    return plan_of(made([failed], state=[settings, stats], credentials=credentials, release=release))


@pytest.mark.parametrize(("release", "command"), [("2026.4.5", "paste-token"), ("2026.7.1", "paste-api-key")])
def test_a_provider_of_the_configuration_gets_no_login_that_no_plugin_has(release, command):
    inline = examples.credential(
        "models.providers.acme.apiKey", provider="acme", type="api_key", store="config", agent=None
    )
    plan = custom(release, inline)
    assert f"openclaw models auth {command} --provider acme --profile-id acme:default" in commands(plan)
    assert not any("auth login" in line for line in commands(plan))
    assert any("correct models.providers.acme.apiKey in openclaw.json" in step for step in plan.steps)
    assert [line for line in commands(plan) if not exists(line, Release.parse(release))] == []


def timed_out(began: str, clock: str, **more):
    return examples.failure(
        clock, started=examples.at(began), http_status=None, error_type=None, text="Request timed out.", **more
    )


def gap(clock: str, seconds: int):
    return examples.event(clock, "host_frozen", "health", duration_ms=seconds * 1000)


@pytest.mark.parametrize(
    ("signs", "owner"),
    [
        ([gap("09:00:20", 15), gap("09:02:20", 15)], "gateway"),  # both calls were frozen
        ([gap("09:00:20", 15)], "provider"),  # the second call had no freeze
        ([gap("09:00:20", 600), gap("09:02:20", 600)], "provider"),  # began long before the calls
        ([], "provider"),
    ],
)
def test_only_freezes_inside_every_failed_call_make_it_the_machines_fault(signs, owner):
    calls = [timed_out("09:00:00", "09:00:25"), examples.turn("09:01"), timed_out("09:02:00", "09:02:25")]
    facts = made([*calls, *signs])
    assert facts.incidents[0].owner == owner
