"""The typed records of the state files: every field is one its store keeps, and no value is too odd for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.detectors.questions.examples import stored
from forensics.parsers.state_records import StateRecords
from forensics.parsers.stores import models_status, models_status_text, status_output
from forensics.parsers.stores.reading import auth, cron_job, session_entry, subagent_run
from forensics.parsers.stores.reading.auth_record import LoginFacts, ProfileStats, ProviderPreference
from forensics.parsers.stores.reading.cron_job import CronJob
from forensics.parsers.stores.reading.record import Record, fields_of
from forensics.parsers.stores.reading.session_entry import SessionEntry, SessionWindow
from forensics.parsers.stores.reading.status_record import ModelsStatus, SessionStatus
from forensics.parsers.stores.reading.subagent_run import SubagentRecord
from forensics.parsers.stores.reading.values import as_json
from forensics.tables import StateValue

_OF_PROFILES = [f"{path[1]}.{field}" for path, fields in models_status._PROFILE for field in fields]
KEPT: dict[type[Record], tuple[str, ...]] = {
    SessionEntry: session_entry.FIELDS,
    SessionWindow: session_entry.WINDOW_FIELDS,
    SessionStatus: status_output._SESSION,
    ProfileStats: auth.STATS,
    ProviderPreference: ("order", "lastGood"),
    LoginFacts: (*auth._FACTS, *auth._HASHED_FACTS, "last_refresh", "issuedAt"),
    CronJob: cron_job.FIELDS,
    SubagentRecord: (*subagent_run.FIELDS, *subagent_run.RESULTS),
    ModelsStatus: (*models_status._CONFIG, *models_status._PROVIDER, *_OF_PROFILES, *models_status_text.USAGE),
}
TYPED = [pytest.param(kind, name, id=f"{kind.__name__}.{name}") for kind in KEPT for name in fields_of(kind)]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8"), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


def setting(key: str, value: object, *, file: str = "openclaw.json", pointer: str = "", agent: str | None = None,
            written: int = 1) -> StateValue:  # fmt: skip
    return StateValue(
        source=f"{file}#{pointer or '/' + key.replace('.', '/')}", store="config", agent=agent, entity="config",
        observed_at=datetime(2026, 3, written, tzinfo=UTC), key=key, value=as_json(value),
    )  # fmt: skip


@pytest.mark.parametrize(("kind", "name"), TYPED)
def test_a_field_reads_keys_that_its_store_keeps(kind: type[Record], name: str) -> None:
    assert set(fields_of(kind)[name].keys) <= set(KEPT[kind])


@given(st.data())
def test_no_value_is_too_odd_for_a_record(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(list(KEPT)))
    values = data.draw(st.dictionaries(st.sampled_from(KEPT[kind]), JSON))
    rows = [r for s in kind.stores for r in stored(s, "it", dict.fromkeys(values))]
    records = StateRecords(replace(row, value=as_json(values[row.key])) for row in rows)
    for record in records.of(kind):
        for name in fields_of(kind):
            getattr(record, name)
        if isinstance(record, ModelsStatus):
            assert record.rounded_by >= timedelta()
            assert record.unusable_end is None or record.unusable_end.tzinfo


def test_a_value_of_another_type_is_none_and_keeps_its_place() -> None:
    rows = stored("sessions", "agent:main:main", {"modelOverride": 7, "authProfileOverride": "anthropic:backup"})
    (entry,) = StateRecords(rows).sessions
    assert (entry.model_override, entry.profile_override) == (None, "anthropic:backup")
    assert entry.values["modelOverride"] == 7
    assert entry.source("modelOverride") == "agents/main/sessions/sessions.json#/agent:main:main/modelOverride"


def test_the_newest_configuration_counts_and_backups_do_not() -> None:
    rows = [
        setting("agents.defaults.model.primary", "anthropic/new", file="later/openclaw.json", written=2),
        setting("agents.defaults.model.primary", "anthropic/old"),
        setting("agents.defaults.model.fallbacks", ["openai/gpt"]),
        setting("agents.defaults.model.primary", "anthropic/backup", file="openclaw.json.bak", written=3),
    ]
    config = StateRecords(rows).config
    assert (config.primary, config.fallbacks) == ("anthropic/new", ("openai/gpt",))
    assert len(StateRecords(rows).configs) == 3


def test_named_agents_are_told_from_the_defaults() -> None:
    rows = [
        setting("agents.defaults.model.primary", "anthropic/main"),
        setting("agents.list.model", "openai/ops", pointer="/agents/list/0/model", agent="ops"),
        setting("agents.list.model.primary", "xai/lab", pointer="/agents/list/1/model/primary", agent="lab"),
    ]
    records = StateRecords(rows)
    assert records.config.primary == "anthropic/main"
    assert {agent.agent: agent.primary for agent in records.agents} == {"ops": "openai/ops", "lab": "xai/lab"}


def test_a_cooldown_of_a_provider_with_a_dot_in_its_name_is_one_setting() -> None:
    rows = [
        setting("auth.cooldowns.billingBackoffHoursByProvider.z.ai", 2),
        setting("auth.cooldowns.failureWindowHours", 6),
    ]
    settings = {"billingBackoffHoursByProvider": {"z.ai": 2}, "failureWindowHours": 6}
    assert StateRecords(rows).config.cooldowns == settings


def test_without_a_configuration_nothing_is_set() -> None:
    config = StateRecords().config
    assert (config.primary, config.fallbacks, config.orders, config.cooldowns) == (None, None, {}, {})


def test_a_job_has_its_state_where_that_stands_in_a_file_of_its_own() -> None:
    rows = [
        *stored("cron_jobs", "3a52", {"name": "digest", "delivery.mode": "announce"}),
        *(replace(row, source=row.source.replace("jobs.json", "jobs-state.json"))
          for row in stored("cron_jobs", "3a52", {"state.lastStatus": "error", "state.consecutiveErrors": 3})),
    ]  # fmt: skip
    (job,) = StateRecords(rows).cron_jobs
    assert (job.name, job.delivery_mode, job.last_status, job.consecutive_errors) == ("digest", "announce", "error", 3)
    assert job.source("state.lastStatus") == "cron/jobs-state.json#/jobs/3a52/state/lastStatus"


def test_an_order_of_the_auth_store_comes_before_the_configured_one() -> None:
    configured = [setting("auth.order.anthropic", ["a:one", "a:two"]), setting("auth.order.openai", ["o:one"])]
    rows = [*stored("auth_profiles", "anthropic", {"order": ["a:two"]}), *configured]
    assert StateRecords(rows).orders == {"anthropic": ("a:two",), "openai": ("o:one",)}


def test_a_session_id_is_taken_from_the_store_before_an_output() -> None:
    rows = [
        *stored("sessions", "agent:main:main", {"sessionId": "5f0c"}),
        *stored("status_output", "agent:main:main", {"sessionId": "old"}),
        *stored("status_output", "agent:ops:main", {"sessionId": "77aa"}),
    ]
    assert StateRecords(rows).session_ids == {"agent:main:main": "5f0c", "agent:ops:main": "77aa"}
