"""Every template by its own samples and by lines of real gateways, and the traps a log lays for templates.

data/log_templates/real_lines.jsonl: lines of the captured gateways, home and `_meta.path` shortened, with what must
be read from each (`kind` null: not an event). A (kind, release) seen in file and console is one and the same record.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from captures import CAPTURES
from hypothesis import given
from hypothesis import strategies as st

from forensics.parsers.logs.envelopes import read_line
from forensics.parsers.logs.envelopes.envelope import Record
from forensics.parsers.logs.templates import PREFILTER, SUBSYSTEMS, TEMPLATES, match
from forensics.parsers.logs.templates.error_texts import error_fields
from forensics.parsers.logs.templates.fields import read
from forensics.parsers.logs.templates.template import LOUD, Sample, Template
from forensics.tables import ROLES, UTC_INSTANT, Event, schema

REAL_LINES = Path(__file__).parent / "data" / "log_templates" / "real_lines.jsonl"
COLUMNS = schema(Event)
PYTHON_TYPE = {pl.String(): str, pl.Int64(): int, pl.Boolean(): bool, UTC_INSTANT: datetime}
KINDS = {template.kind: template for template in TEMPLATES}
SAMPLES = [
    pytest.param(template, sample, id=f"{template.kind}-{number}-{sample.release}")
    for template in TEMPLATES
    for number, sample in enumerate(template.samples)
]


@dataclass(frozen=True)
class RealLine:
    release: str
    source: str
    kind: str | None
    fields: dict[str, object]
    line: str


LINES = [RealLine(**json.loads(row)) for row in REAL_LINES.read_text(encoding="utf-8").splitlines()]


def record_of(line: str) -> Record:
    record = read_line(line)
    assert record is not None
    return record


def stored(fields: dict[str, object]) -> dict[str, object]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in fields.items()}


def test_every_kind_is_unique_and_the_list_is_sorted() -> None:
    assert [template.kind for template in TEMPLATES] == sorted(KINDS)


@pytest.mark.parametrize(("template", "sample"), SAMPLES)
def test_a_sample_gives_exactly_its_fields(template: Template, sample: Sample) -> None:
    assert match(record_of(sample.line)) == (template, sample.fields)


@pytest.mark.parametrize(("template", "sample"), SAMPLES)
def test_a_sample_is_matched_by_no_other_template(template: Template, sample: Sample) -> None:
    record = record_of(sample.line)
    assert [t.kind for t in TEMPLATES if read(t, record) is not None] == [template.kind]


@pytest.mark.parametrize(("template", "sample"), SAMPLES)
def test_a_sample_line_holds_a_literal_and_passes_the_prefilter(template: Template, sample: Sample) -> None:
    line = pl.Series([sample.line])
    own = line.str.contains(template.prefilter)[0] if template.prefilter else False
    assert own or any(literal in sample.line for literal in template.literals)
    assert line.str.contains(PREFILTER)[0] or not template.is_event


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.kind)
def test_every_wording_is_proved_by_a_sample(template: Template) -> None:
    records = [record_of(sample.line) for sample in template.samples]
    alone = [replace(template, wordings=(wording,)) for wording in template.wordings]
    assert [any(read(one, record) is not None for record in records) for one in alone] == [True] * len(alone)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.kind)
def test_a_template_names_only_columns_and_roles_that_exist(template: Template) -> None:
    named = {*template.identity}.union(*(s.fields for s in template.samples), *(w.keys for w in template.wordings))
    named.update(*(w.text.groupindex for w in template.wordings if w.text))
    assert named - set(COLUMNS) == set()
    assert {template.role, *(s.fields.get("role", template.role) for s in template.samples)} <= set(ROLES)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.kind)
def test_the_fields_of_a_sample_have_the_types_of_their_columns(template: Template) -> None:
    wrong = [
        (name, value)
        for sample in template.samples
        for name, value in sample.fields.items()
        if type(value) is not PYTHON_TYPE[COLUMNS[name]]
    ]
    assert wrong == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.kind)
def test_a_template_can_be_told_apart_by_its_identity(template: Template) -> None:
    filled = {name for sample in template.samples for name in sample.fields}
    assert set(template.identity) <= filled


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.kind)
def test_literals_stand_in_a_line_as_json_escapes_it(template: Template) -> None:
    assert template.literals or template.prefilter
    assert [lit for lit in template.literals if json.dumps(lit) != f'"{lit}"' or not lit.isascii()] == []


@pytest.mark.parametrize("real", LINES, ids=lambda real: f"{real.release}-{real.source}-{real.kind}")
def test_a_real_line_is_read_as_what_it_is(real: RealLine) -> None:
    matched = match(record_of(real.line))
    kind, fields = (matched[0].kind, stored(matched[1])) if matched else (None, {})
    assert (kind, fields) == (real.kind, real.fields)


def test_real_events_pass_the_prefilter_and_real_answers_do_not() -> None:
    passed = pl.Series([real.line for real in LINES]).str.contains(PREFILTER)
    assert passed.to_list() == [real.kind is not None for real in LINES]


def test_a_record_has_the_same_identity_in_the_file_and_on_the_console() -> None:
    seen: defaultdict[tuple[str, str, str], dict[str, list[object]]] = defaultdict(dict)
    for real in (real for real in LINES if real.kind):
        template = KINDS[real.kind or ""]
        role = str(real.fields.get("role", template.role))
        identity = [real.fields.get(name) for name in template.identity]
        seen[template.kind, role, real.release].setdefault(real.source, identity)
    both = {key: sources for key, sources in seen.items() if len(sources) == 2}
    assert len(both) > 40
    assert {key for key, sources in both.items() if sources["file"] != sources["console"]} == set()


LOUD_ROOT_SAMPLES = [
    pytest.param(sample, id=f"{template.kind}-{number}")
    for template in TEMPLATES
    if template.subsystems == ("",) and (template.levels == LOUD or template.kind.startswith("subagent"))
    for number, sample in enumerate(template.samples)
]


@pytest.mark.parametrize("sample", LOUD_ROOT_SAMPLES)
def test_a_reply_that_quotes_an_error_line_is_no_event(sample: Sample) -> None:
    text = record_of(sample.line).text.removeprefix("[warn] ")
    assert match(Record("file-jsonl", text, level="info")) is None


@pytest.mark.parametrize(
    "text",
    [
        "You asked what `HTTP 429 rate_limit_error: slow down (request_id: req_1)` means.",
        "HTTP 429 rate_limit_error: slow down (request_id: req_1)\nThat line means you are too fast.",
        "HTTP 200 rate_limit_error: slow down (request_id: req_1)",
        "⚠️ API rate limit reached. Please try again later. So says the page.",
        "The log says: LLM request timed out.",
        'lane task error: lane=main durationMs=1 error="FailoverError: HTTP 403"',
        "[model-fetch] error provider=a api=b model=c elapsedMs=1 name=E code=x causeName=x causeCode=x message=m",
    ],
)
def test_a_reply_that_speaks_of_errors_is_no_event(text: str) -> None:
    assert match(Record("file-jsonl", text, level="info")) is None


def test_a_provider_error_that_was_delivered_as_a_reply_is_a_failure() -> None:
    text = "HTTP 429 rate_limit_error: You've reached your usage limit. (request_id: req_011ab)"
    matched = match(Record("file-jsonl", text, level="info"))
    assert matched is not None
    assert matched[0].kind == "surfaced_provider_error"
    assert matched[1] == {
        "text": text,
        "http_status": 429,
        "error_type": "rate_limit_error",
        "request_id": "req_011ab",
    }


@pytest.mark.parametrize(("status", "role"), [(200, "noise"), (204, "noise"), (301, None), (429, "failure")])
def test_a_model_fetch_tells_who_takes_a_request_and_who_refuses_it(status: int, role: str | None) -> None:
    text = f"[model-fetch] response provider=openai api=responses model=gpt-5.4 status={status} elapsedMs=45"
    matched = match(Record("file-jsonl", text, level="info", subsystem="provider-transport-fetch"))
    assert (matched and matched[1].get("role", matched[0].role)) == role
    assert pl.Series([text]).str.contains(PREFILTER)[0] == (role is not None)


@pytest.mark.parametrize("subsystem", ["gateway/ws", "ws"])
def test_a_good_answer_of_the_gateway_is_no_event(subsystem: str) -> None:
    assert match(Record("console", "⇄ res ✓ agent 4059ms runId=r1 conn=1 id=2", subsystem=subsystem)) is None


@pytest.mark.parametrize("subsystem", ["agent/embedded", "agent", "embedded", "telegram", "msteams"])
def test_the_end_of_a_run_is_known_under_any_name(subsystem: str) -> None:
    text = "embedded run agent end: runId=r1 isError=true model=m provider=p error=LLM request timed out."
    matched = match(Record("console", text, subsystem=subsystem))
    assert matched is not None
    assert matched[0].kind == "embedded_run_agent_end"


@pytest.mark.parametrize(
    ("subsystem", "text"),
    [("gateway/health-monitor", "started"), ("skills", "disabled"), ("plugins", "ready"), ("telegram", "started")],
)
def test_a_short_sentence_counts_only_where_it_is_at_home(subsystem: str, text: str) -> None:
    assert match(Record("console", text, subsystem=subsystem)) is None


def test_a_line_that_only_follows_a_record_does_not_hide_it() -> None:
    record = Record(
        "console", "listening on ws://127.0.0.1:18789 (PID 7)\n(Use `node --trace-warnings`)", subsystem="gateway"
    )
    matched = match(record)
    assert matched is not None
    assert matched[1]["detail"] == "ws://127.0.0.1:18789 (PID 7)"


def test_other_words_behind_a_sentence_make_it_another_sentence() -> None:
    assert match(Record("console", "ready to help you", subsystem="gateway")) is None


def test_a_call_that_openclaw_aborted_itself_is_noise() -> None:
    text = (
        "[model-fetch] error provider=p api=a model=m elapsedMs=9 name=AbortError code=number causeName=undefined "
        "causeCode=undefined message=This operation was aborted"
    )
    matched = match(Record("file-jsonl", text, level="warn", subsystem="provider-transport-fetch"))
    assert matched is not None
    assert (matched[1]["role"], matched[1]["detail"]) == ("noise", "aborted by OpenClaw")


def test_a_fetch_tells_when_its_call_began() -> None:
    over = datetime(2026, 7, 1, 12, 0, 5, tzinfo=UTC)
    text = "[model-fetch] response provider=p api=a model=m status=429 elapsedMs=5000 contentType=text/plain"
    matched = match(Record("file-jsonl", text, time=over, subsystem="provider-transport-fetch"))
    assert matched is not None
    assert matched[1]["started"] == over - timedelta(seconds=5)


def test_a_synthetic_status_never_becomes_the_provider_s() -> None:
    meta = {"event": "model_fallback_decision", "decision": "candidate_failed", "status": 401, "reason": "auth"}
    meta |= {"candidateProvider": "p", "candidateModel": "m", "errorPreview": '{"error":{"type":"permission_error"}}'}
    matched = match(Record("file-jsonl", "model fallback decision", meta=meta, subsystem="model-fallback/decision"))
    assert matched is not None
    assert (matched[1].get("http_status"), matched[1]["recorded_status"]) == (None, 401)


MISSING = 'No API key found for provider "openai". Auth store: /home/kim/a.sqlite (agentDir: /home/kim). Configure it.'


@pytest.mark.parametrize(
    ("text", "otherwise", "told"),
    [
        (
            "All models failed (2): a/x: Provider a is in cooldown (suspending lanes) (rate_limit) | b/y: Prov...",
            "failure",
            {"role": "echo", "provider": "a", "model": "x", "recorded_reason": "rate_limit", "text_cut": True},
        ),
        (
            "Error: All models failed (2): a/x: Provider a is in cooldown (auth) | b/y: 503 busy (timeout)",
            "failure",
            {
                "role": "failure",
                "provider": "b",
                "model": "y",
                "recorded_reason": "timeout",
                "http_status": 503,
                "text": "503 busy",
            },
        ),
        (
            'No API key found for provider "openai". Auth store: /home/kim/a.json (agentDir: /home/kim).',
            "failure",
            {"role": "failure", "provider": "openai", "error_type": "missing_key", "detail": "no call made"},
        ),
        (
            'No credentials found for profile "openai:kim".',
            "failure",
            {"role": "failure", "profile": "openai:kim", "error_type": "missing_key", "detail": "no call made"},
        ),
        (
            "Error: Unknown model: openai/gpt-99",
            "failure",
            {
                "role": "failure",
                "provider": "openai",
                "model": "gpt-99",
                "error_type": "unknown_model",
                "detail": "no call made",
                "text": "Unknown model: openai/gpt-99",
            },
        ),
        (
            "Live session model switch requested: openai/gpt-5.4",
            "failure",
            {"role": "failure", "detail": "local"},
        ),
        (
            "OAuth token refresh failed for openai-codex: 401 refresh_token_reused. Please try again.",
            "failure",
            {"role": "failure", "provider": "openai-codex", "error_type": "refresh_token_reused"},
        ),
        (
            "OAuth refresh failed (refresh_contention): another process is already refreshing anthropic for x",
            "failure",
            {"role": "failure", "provider": "anthropic", "error_type": "oauth_refresh", "detail": "local"},
        ),
        (
            "openai is asking us to slow down. Please wait a moment before trying again.",
            "failure",
            {"role": "echo", "provider": "openai"},
        ),
        (
            f"FailoverError: Couldn't sign in to openai. Your saved login looks expired. Run `x`. ({MISSING})",
            "failure",
            {
                "role": "failure",
                "text": MISSING,
                "provider": "openai",
                "error_type": "missing_key",
                "detail": "no call made",
            },
        ),
        (
            "openai isn't accepting your saved login. Run `x`. (OAuth token refresh failed for openai: 401 revoked.)",
            "failure",
            {
                "role": "failure",
                "text": "OAuth token refresh failed for openai: 401 revoked.",
                "provider": "openai",
                "error_type": "oauth_refresh",
            },
        ),
        (
            f"All models failed (2): a/x: Provider a is in cooldown | b/y: {MISSING} (auth). Re-authenticate with: z",
            "failure",
            {
                "role": "failure",
                "text": MISSING,
                "provider": "b",
                "model": "y",
                "recorded_reason": "auth",
                "error_type": "missing_key",
                "detail": "no call made",
            },
        ),
        (
            "Skipping openai/gpt-5.4: recent auth failure in this session (run `x` to re-authenticate)",
            "failure",
            {"role": "echo", "provider": "openai", "model": "gpt-5.4", "recorded_reason": "auth"},
        ),
        ("Telegram bot was blocked by the user", "schedule", {"role": "schedule"}),
        ("FailoverError: LLM request timed out.", "schedule", {"role": "failure", "text": "LLM request timed out."}),
        ("pairing required", "failure", {"role": "noise"}),
        ("Connection error.", "noise", {"role": "failure"}),
    ],
)
def test_an_error_text_tells_whose_answer_it_is(text: str, otherwise: str, told: dict[str, object]) -> None:
    assert error_fields(text, otherwise) == {"text": text} | told


@given(
    st.sampled_from(sorted({"", *SUBSYSTEMS, "telegram"})),
    st.sampled_from([record_of(sample.line) for template in TEMPLATES for sample in template.samples]),
    st.text(max_size=40),
    st.integers(0, 400),
)
def test_no_record_makes_a_template_stumble(subsystem: str, like: Record, noise: str, cut: int) -> None:
    hostile: dict[str, object] = {key: {"deep": [noise, 1e309, None]} for key in like.meta} | {"event": noise}
    for record in (
        replace(like, subsystem=subsystem, text=like.text[:cut] + noise + like.text[cut:]),
        replace(like, meta=hostile),
        replace(like, meta={**hostile, "event": like.meta.get("event")}),
    ):
        matched = match(record)
        assert matched is None or set(matched[1]) <= set(COLUMNS)


IRRELEVANT = (  # loud lines of real gateways that are no matter of ours
    ("", "[tools] "),
    ("cron-delivery", "cron: failed to resolve failure destination target"),
    ("", "From chunk: ["),
    ("", "(node:"),
    ("", "Config write anomaly: "),
    ("", "[openclaw] tightened permissions on temp dir: "),
    ("agent/embedded", "Preserved orphaned user message "),
    ("auto-reply/agent-turn-timing", "agent turn milestone "),
    ("gateway", "Gateway owner lease heartbeat stopped; "),
    ("gateway/model-pricing", ""),
    ("security", "blocked URL fetch "),
    ("session-sqlite", ""),
    ("sqlite/transaction", ""),
    ("state/db", "Shared-state WAL maintenance failed"),
)


def captured_lines() -> Iterator[str]:
    for path in sorted(CAPTURES.rglob("openclaw*.log")):
        yield from path.read_text(encoding="utf-8", errors="replace").splitlines()


@pytest.mark.slow
@pytest.mark.skipif(not CAPTURES.is_dir(), reason="../shared/captures is not there")
def test_every_loud_line_of_the_captures_is_an_event_or_known_to_be_irrelevant() -> None:
    records = [record for line in captured_lines() if (record := read_line(line))]
    loud = [record for record in records if record.level in LOUD and match(record) is None]
    unknown = [r for r in loud if not any(r.subsystem == s and r.text.startswith(t) for s, t in IRRELEVANT)]
    assert [(r.subsystem, r.text[:80]) for r in unknown] == []


@pytest.mark.skipif(not CAPTURES.is_dir(), reason="../shared/captures is not there")
def test_no_event_of_the_captures_is_missed_by_the_prefilter() -> None:
    lines = list(captured_lines())
    passed = pl.Series(lines).str.contains(PREFILTER)
    events = [bool((record := read_line(line)) and (found := match(record)) and found[0].is_event) for line in lines]
    assert passed.to_list() == events
