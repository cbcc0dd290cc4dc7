"""Pieces of an auth store, of `models status` and of a chat, in pages of prose that hold no log."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics import open_case
from forensics.parsers.quoted_stores import quoted_stores
from forensics.parsers.stores import Source

STATS = {"errorCount": 3, "failureCounts": {"billing": 3}, "lastFailureAt": 1779979198004, "disabledReason": "billing"}
FIGURES = json.dumps(STATS, indent=2)
AROUND = (
    "Local state:\n\n~~~json\n{page}\n~~~\n\nPlease help, says Ana.\n",
    "$ sqlite3 agent.sqlite 'select *'\nprimary|{page}|1779979198004\n",
    "> {quoted}\n\nthat is all\n",
)


def rows(page: str) -> dict[str, str | None]:
    quoted = quoted_stores(Source("issue.md", Path("issue.md"), None, None), page)
    return {f"{row.entity} {row.key}": row.value for row in quoted.state} if quoted else {}


def triage(tmp_path: Path, page: str, name: str = "issue.md") -> list[dict[str, object]]:
    (tmp_path / name).write_text(page)
    return open_case(tmp_path / name).triage()["incidents"]  # type: ignore[no-any-return]


@settings(max_examples=60, deadline=None)
@given(
    around=st.sampled_from(AROUND),
    profile=st.from_regex(r"[a-z][a-z-]{1,12}:[a-z]{1,12}", fullmatch=True),
    whole=st.booleans(),
    comment=st.sampled_from(["", "  // ~21 min into the future", '  // "so" it says']),
)
def test_an_entry_of_an_auth_store_is_read_whatever_stands_around_it(
    around: str, profile: str, whole: bool, comment: str
) -> None:
    figures = FIGURES.replace("1779979198004,", f"1779979198004,{comment}")
    entry = f'"{profile}": {figures}'
    page = f'{{"version": 1, "usageStats": {{{entry}}}}}' if whole else entry
    values = rows(around.format(page=page, quoted=page.replace("\n", "\n> ")))
    assert values[f"{profile} failureCounts"] == '{"billing":3}'
    assert values[f"{profile} lastFailureAt"] == "1779979198004"


@pytest.mark.parametrize(
    "page",
    [
        '"anthropic:default": {"type": "api_key"} is what I wrote',
        '"anthropic:default": {"errorCount": 1, is what I wrote',
        "anthropic:default has errorCount 3 and a cooldown of 5m",
    ],
)
def test_prose_about_a_store_is_none(page: str) -> None:
    assert rows(page) == {}


def test_a_page_names_the_profile_and_the_reason_that_its_piece_of_a_store_holds(tmp_path: Path) -> None:
    stats = STATS | {"disabledUntil": 1779994041521}
    page = AROUND[0].format(page=json.dumps({"usageStats": {"anthropic:default": stats}}))
    (incident,) = triage(tmp_path, page)
    assert incident["provider"] == "anthropic"
    assert "billing" in incident["recorded_reasons"]  # type: ignore[operator]


def test_a_window_of_models_status_is_read_in_an_issue() -> None:
    page = "## What happens\n\nIt prints\n\n- `anthropic:default=token:sk-ant-o...AAAA [cooldown 5m]`\n\nand no more.\n"
    assert rows(page)["anthropic:default unusableProfiles.kind"] == '"cooldown"'


def test_what_a_command_printed_into_a_log_is_no_state_of_its_own(tmp_path: Path) -> None:
    log = (
        "Log file: /tmp/openclaw/openclaw-2026-02-11.log\n2026-02-11T08:00:00.000Z info gateway/ws webchat connected\n"
    )
    (tmp_path / "logs.out").write_text(log + '  "anthropic:default=token:sk-ant-o...LABxxxAA [cooldown 59m]",\n')
    case = open_case(tmp_path / "logs.out")
    assert not case.state.height
    assert not case.triage()["incidents"]


def test_notes_beside_a_log_are_no_witness(tmp_path: Path) -> None:
    (tmp_path / "gateway.log").write_text("2026-02-11T08:00:00.000Z [gateway/ws] webchat connected conn=c1\n")
    (tmp_path / "MEMORY.md").write_text(f'Ana says LLM request timed out. And "anthropic:default": {FIGURES}\n')
    case = open_case(tmp_path)
    assert not case.state.height
    assert not case.triage()["incidents"]


SPOKEN = [
    ("⚠️ All models are temporarily rate-limited. Please try again in a few minutes.", ("rate_limit", "unknown")),
    ("LLM request failed: provider rejected the request schema or tool payload.", ("format",)),
    ('Protocol error: No API key found for provider "openai". Auth store: /srv/a', ("auth", "local")),
]


@pytest.mark.parametrize(("sentence", "reasons"), SPOKEN)
@pytest.mark.parametrize("before", ["[08.05.2026 21:14] Бот: ", "bot> ", ""])
def test_what_openclaw_says_in_a_chat_is_an_incident_with_an_unknown_time(
    tmp_path: Path, before: str, sentence: str, reasons: tuple[str, ...]
) -> None:
    (incident,) = triage(tmp_path, f"Ana: hello\n{before}{sentence}\nAna: my cat is ill\n", "chat.txt")
    assert incident["true_reason"] in reasons
    assert "cat" not in json.dumps(incident, default=str)


def test_a_page_of_a_job_tells_its_last_error_only_where_it_failed(tmp_path: Path) -> None:
    page = "name: digest\nstatus: {}\nlast error: 402 Insufficient Balance\n"
    (incident,) = triage(tmp_path, page.format("error (12x)"), "cron.txt")
    first = incident["first_failure"]
    assert (incident["true_reason"], first["http_status"]) == ("billing", 402)  # type: ignore[index]


def test_a_piece_of_a_transcript_is_a_refused_call(tmp_path: Path) -> None:
    piece = (
        '"stopReason":"error","timestamp":1774976587000,"errorMessage":"429 You have exceeded the 5-hour usage quota."'
    )
    (incident,) = triage(tmp_path, f'日志：\n\n{piece},"provider":"volcengine-plan","model":"ark"\n')
    first = incident["first_failure"]
    assert (incident["provider"], first["http_status"]) == ("volcengine-plan", 429)  # type: ignore[index]
