"""Every store on its own samples, on trimmed files of real releases, and on everything that can go wrong."""

from __future__ import annotations

import base64
import json
import re
import tempfile
from dataclasses import MISSING, fields
from datetime import UTC, datetime
from pathlib import Path

import pytest
from captures import CAPTURES
from hypothesis import HealthCheck, settings
from hypothesis import given as given_hypothesis
from hypothesis import strategies as st

from forensics.parsers import stores
from forensics.parsers.stores import STORES, Contents, Sample, Source, Store, claim
from forensics.parsers.stores.codex_auth import expiry
from forensics.parsers.stores.reading import lines
from forensics.parsers.stores.reading.parse import parse_document
from forensics.parsers.stores.reading.turns import trigger_of
from forensics.tables import Credential, Event, Reject, StateValue, frame

DATA = Path(__file__).parent / "data" / "stores"
EXPECTED = json.loads((DATA / "expected.json").read_text(encoding="utf-8"))
BY_NAME = {store.name: store for store in STORES}
TOKEN = re.compile(r"sk-ant-[a-z]+\d\d-\w|lab-gateway-token")
MTIME = datetime(2026, 2, 11, 9, 0, tzinfo=UTC)
SAMPLES = [
    pytest.param(store, sample, id=f"{store.name}-{n}") for store in STORES for n, sample in enumerate(store.samples, 1)
]
CANARY = re.compile(r"CANARY[\w-]*")
UNTOLD = {"source", "sources", "line", "raw_hash"}


def read_bytes(store: Store, path: str, content: bytes) -> Contents:
    with tempfile.TemporaryDirectory() as folder:
        real = Path(folder, "file")
        real.write_bytes(content)
        return store.read(Source(path, real, MTIME, "main"))


def read_sample(store: Store, sample: Sample) -> Contents:
    return read_bytes(store, sample.path, sample.content.encode())


def told(event: Event) -> dict[str, object]:
    """The columns an event sets, times as text."""
    columns = {f.name: (getattr(event, f.name), f.default) for f in fields(event) if f.name not in UNTOLD}
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, (value, default) in columns.items()
        if default is MISSING or value != default
    }


def given(contents: Contents) -> dict[str, object]:
    """All a file gave, in the words of `Sample.gives`; what it did not give is left out."""
    moments = {row.observed_at.isoformat() for row in contents.state if row.observed_at} - {MTIME.isoformat()}
    everything = {
        "observed_at": " ".join(sorted(moments)),
        "state": {f"{row.entity} {row.key}": row.value for row in contents.state},
        "credentials": {
            row.profile: (
                row.provider, row.type, row.access, row.refresh, row.expires_at and row.expires_at.isoformat()
            )
            for row in contents.credentials
        },
        "events": [told(event) for event in contents.events],
        "rejects": [f"{row.line}: {row.why}" for row in contents.rejects],
        "lines": contents.lines,
        "other": contents.other,
    }  # fmt: skip
    return {name: value for name, value in everything.items() if value}


def jwt(payload: object) -> str:
    return "x." + base64.urlsafe_b64encode(json.dumps(payload).encode()).decode().rstrip("=") + ".y"


def rows(contents: Contents) -> str:
    return repr((contents.state, contents.credentials, contents.events, contents.rejects))


def assert_counts(contents: Contents) -> None:
    assert contents.lines == contents.event_lines + contents.other + sum(r.lines for r in contents.rejects)


def test_stores_are_sorted_and_named_after_their_module() -> None:
    names = [store.name for store in STORES]
    modules = Path(stores.__file__).parent.glob("*.py")
    assert names == sorted({path.stem for path in modules} - {"__init__", "store"})


@pytest.mark.parametrize(("store", "sample"), SAMPLES)
def test_a_sample_gives_exactly_what_it_says(store: Store, sample: Sample) -> None:
    contents = read_sample(store, sample)
    assert given(contents) == sample.gives
    assert_counts(contents)


@pytest.mark.parametrize(("store", "sample"), SAMPLES)
def test_no_other_store_claims_a_sample(store: Store, sample: Sample) -> None:
    head = sample.content.encode()
    assert [other.name for other in STORES if other.claims(sample.path, head)] == [store.name]
    assert claim(sample.path, head) is store


@pytest.mark.parametrize(("store", "sample"), SAMPLES)
def test_secrets_of_a_sample_reach_the_redactor_and_no_row(store: Store, sample: Sample) -> None:
    contents = read_sample(store, sample)
    canaries = set(CANARY.findall(sample.content))
    assert all(any(canary in secret for secret in contents.secrets) for canary in canaries)
    assert "CANARY" not in rows(contents)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize(("store", "sample"), SAMPLES)
def test_the_encoding_of_a_windows_shell_changes_nothing(store: Store, sample: Sample, encoding: str) -> None:
    raw = sample.content.encode(encoding)
    if not store.line_oriented or encoding != "utf-16-le":
        assert given(read_bytes(store, sample.path, raw)) == sample.gives
    assert claim(sample.path, raw) is store


@pytest.mark.parametrize(
    ("path", "content", "store"),
    [
        ("auth.txt", '{"profiles": {"anthropic:a": {"type": "token", "token": "x"}}}', "auth_profiles"),
        ("notes.md", '```json\n{"version": 1, "profiles": {"a:b": {"key": "x"}}}\n```', "auth_profiles"),
        ("x/credentials/oauth.json", '{"anthropic": {"access": "a", "refresh": "b"}}', "auth_profiles"),
        ("auth-profiles.json.sqlite-import.1795167147730.bak", "{", "auth_profiles"),
        ("auth-state.json", "", "auth_state"),
        ("anything", '{"lastGood": {}, "version": 1}', "auth_state"),
        ("s.txt", '{"agent:main:main": {"sessionId": "1", "updatedAt": 2}}', "sessions"),
        ("agents/main/sessions/sessions.json", "{}", "sessions"),
        ("clawdbot.json", "{}", "config"),
        ("config.txt", "{ agents: { defaults: {} } }", "config"),
        ("x", '{"type":"message","message":{"role":"user","content":"hi"}}', "transcripts"),
        ("agents/a/sessions/1-topic-2.jsonl.deleted.2026-02-11T08-00-00.000Z", "\0\0\0", "transcripts"),
        ("agents/a/sessions/1.trajectory.jsonl", '{"traceSchema":"openclaw-trajectory","runId":"1"}', "trajectories"),
        ("agents/a/sessions/1.trajectory-path.json", '{"traceSchema":"x","runtimeFile":"1"}', "known_state"),
        ("cron/runs/1.jsonl", "", "cron_runs"),
        ("subagents/runs.json", '{"version": 2, "runs": {}}', "subagent_runs"),
        ("agents/a/agent/auth-profiles.json.lock", "", "known_state"),
        ("agents/a/sessions/1.jsonl.lock", '{"pid": 1, "createdAt": "2026-02-11T08:00:00.000Z"}', "known_state"),
        ("health", '{"ok": true, "heartbeatSeconds": 1800, "channels": {}}', "status_output"),
        ("paste", "anthropic:default=token:sk-ant-o...xxxx [cooldown 5m]", "models_status_text"),
        ("paste", "- anthropic:default … [disabled:billing 4h]", "models_status_text"),
        ("paste", "Usage: Claude: HTTP 403: scope", "models_status_text"),
    ],
)
def test_files_are_claimed_by_content_and_else_by_name(path: str, content: str, store: str) -> None:
    claimed = claim(path, content.encode())
    assert claimed is not None
    assert claimed.name == store


@pytest.mark.parametrize(
    "content",
    [
        '{"0":"{\\"subsystem\\":\\"agent/embedded\\"}","1":{"errorCount":1,"sessionId":"1","updatedAt":2},"_meta":{}}',
        '{"type":"log","time":"2026-02-11T08:00:00.000Z","message":"embedded run start","raw":"{}"}',
        '{"type":"user","uuid":"1","sessionId":"2","message":{"role":"user","content":"a transcript of Claude Code"}}',
        '{"editor.font": {"type": "string", "key": "a"}, "tabs": {"type": "number", "key": "b"}}',
        '{"name": "left-pad", "version": "1.0.0", "dependencies": {}}',
        "2026-02-11T08:00:00.000Z [gateway] listening\nUsage: Claude: HTTP 403: scope\n[ws] x\n[ws] y\n[ws] z",
        "{}",
        "",
        "\x7fELF\x02\x01",
    ],
)
def test_logs_and_strange_files_are_claimed_by_nobody(content: str) -> None:
    assert claim("some/file.txt", content.encode()) is None


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"\0" * 4096, "only NUL bytes"),
        (b'{"version": 1, "profiles": {"anthropic:default": {"token": "sk-ant-oat01-CANARY-9999-AA', "not JSON: "),
        (b'{"profiles": ' * 5000, "nested too deeply"),
        (b"[" * 100_000, "nested too deeply"),
        (b"[1, 2]", "expected an object, found an array"),
        (b'{"profiles": {"a:b": 7}}', "expected an object, found a number"),
        (b'{"profiles": "none"}', "expected an object, found a string"),
    ],
)
def test_what_cannot_be_read_is_a_reject_that_shows_no_secret(content: bytes, why: str) -> None:
    contents = read_bytes(BY_NAME["auth_profiles"], "auth-profiles.json", content)
    assert [reject.why.startswith(why) for reject in contents.rejects] == [True]
    assert "CANARY" not in rows(contents)
    assert_counts(contents)


def test_a_missing_file_is_a_reject() -> None:
    for store in STORES:
        contents = store.read(Source("gone", Path("/nonexistent/file"), None, None))
        assert [r.why for r in contents.rejects] == ["cannot be read: No such file or directory"]


def test_a_reject_of_a_document_keeps_its_outline_only() -> None:
    contents = read_bytes(BY_NAME["auth_profiles"], "a.json", b'{"version": 1, "profiles": {"x": {"token": "secret')
    assert [r.text for r in contents.rejects] == ['{"version": 1, "profiles": {"x": {"token": "…"']
    assert [(r.line, r.lines) for r in contents.rejects] == [(1, 1)]


def test_a_reject_of_a_transcript_shows_no_message() -> None:
    lines = b'{"type":"session","version":3,"id":"s1","cwd":"/"}\nprivate words"}],"timestamp":1}\n'
    contents = read_bytes(BY_NAME["transcripts"], "s1.jsonl", lines)
    (reject,) = contents.rejects
    assert (reject.line, reject.lines, reject.offset) == (2, 1, 51)
    assert "private" not in reject.text
    assert "words" not in reject.text
    assert len(reject.text) <= 40


def test_a_repeated_prompt_is_recognised_without_its_text() -> None:
    asked = '{"type":"message","message":{"role":"user","content":"private words"}}\n'
    contents = read_bytes(BY_NAME["transcripts"], "s1.jsonl", (asked * 2).encode())
    assert len({event.detail for event in contents.events}) == 1
    assert "private" not in rows(contents)


@pytest.mark.parametrize(
    ("prompt", "trigger"),
    [
        ("What is on?", "message"),
        ("[Wed 2026-02-11 08:00 UTC] Why read HEARTBEAT.md?", "message"),
        ("Read HEARTBEAT.md if it exists (workspace context).", "heartbeat"),
        ("System: [2026-02-11 08:00:00 UTC] x\n\n[Wed 2026-02-11 08:00 UTC] Read HEARTBEAT.md now", "heartbeat"),
        ("[OpenClaw heartbeat poll]", "heartbeat"),
        ("Look at the mail. If nothing needs attention, reply HEARTBEAT_OK.", "heartbeat"),
        ("[cron:1cb1 queue-check] Check", "cron"),
        ("A scheduled reminder has been triggered. The reminder content is:", "cron"),
        ('[Wed 2026-02-11 08:00 UTC] A subagent task "notes" just completed successfully.', "subagent"),
        ("[Wed 2026-02-11 08:00 UTC] [Subagent Context] You are running as a subagent", "subagent"),
        ("OpenClaw runtime context (internal):\n\n[Internal task completion event]\nsource: subagent\n", "subagent"),
        ("Continue where you left off. The previous model attempt failed or timed out.", None),
    ],
)
def test_the_trigger_of_a_prompt(prompt: str, trigger: str | None) -> None:
    assert trigger_of(prompt) == trigger


@pytest.mark.parametrize(
    ("message", "told"),
    [
        (
            {"errorMessage": "429 Limit", "errorType": "usage_limit_reached", "errorBody": '{"type":"other"}'},
            (429, "usage_limit_reached", None),
        ),
        ({"errorMessage": "boom", "errorCode": "503"}, (503, None, None)),
        ({"errorMessage": "boom", "errorCode": "insufficient_quota"}, (None, "insufficient_quota", None)),
        ({"errorMessage": "This operation was aborted", "errorCode": "20"}, (None, None, None)),
        (
            {"errorMessage": "x", "errorBody": '{"error":{"type":"overloaded_error"},"request_id":"req_9"}'},
            (None, "overloaded_error", "req_9"),
        ),
        ({"errorMessage": 5, "errorType": [], "errorCode": {}, "errorBody": 1.5}, (None, None, None)),
    ],
)
def test_structured_error_fields_complete_the_error_text(
    message: dict[str, object], told: tuple[int | None, str | None, str | None]
) -> None:
    entry = {"type": "message", "message": {"role": "assistant", "stopReason": "error", **message}}
    contents = read_bytes(BY_NAME["transcripts"], "s1.jsonl", json.dumps(entry).encode())
    (event,) = contents.events
    assert (event.http_status, event.error_type, event.request_id) == told


def test_what_the_gateway_wrote_into_a_transcript_is_no_answer() -> None:
    message = {"role": "assistant", "provider": "openclaw", "model": "gateway-injected", "stopReason": "stop"}
    entry = json.dumps({"type": "message", "message": message}).encode()
    contents = read_bytes(BY_NAME["transcripts"], "s1.jsonl", entry)
    assert (contents.events, contents.other) == ((), 1)


@pytest.mark.parametrize(
    ("token", "expires"),
    [
        (jwt({"exp": 1770825600}), datetime(2026, 2, 11, 16, 0, tzinfo=UTC)),
        (jwt({"exp": "soon"}), None),
        (jwt({"exp": 10**40}), None),
        (jwt([]), None),
        ("a.b.c", None),
        ("eyJ.é.x", None),
        ("", None),
        (None, None),
    ],
)
def test_the_expiry_of_a_token_is_read_and_never_raises(token: object, expires: datetime | None) -> None:
    assert expiry(token) == expires


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("sk-ant-...AAAA", "api_key:masked"),
        ("***", "api_key:masked"),
        ("[REDACTED]", "api_key:masked"),
        ("${OPENAI_API_KEY}", "api_key:ref"),
        ("OPENAI_API_KEY", "api_key:ref"),
        ({"source": "env", "provider": "default", "id": "X"}, "api_key:ref"),
        ("openclaw-oauth-refresh-fence:v1:00:failed:access", "api_key:fenced"),
        ("sk-proj-0123456789abcdef", "api_key"),
    ],
)
def test_the_type_of_a_credential_says_what_stands_in_the_place_of_its_token(key: object, kind: str) -> None:
    profiles = {"openai:x": {"type": "api_key", "provider": "openai", "key": key}}
    contents = read_bytes(BY_NAME["auth_profiles"], "a.json", json.dumps({"profiles": profiles}).encode())
    (credential,) = contents.credentials
    assert credential.type == kind
    assert (credential.access is None) == (kind != "api_key")


def test_pointers_escape_what_rfc_6901_escapes() -> None:
    state = b'{"usageStats": {"openrouter:a/b~c": {"errorCount": 1}}}'
    contents = read_bytes(BY_NAME["auth_state"], "x/auth-state.json", state)
    assert [row.source for row in contents.state] == ["x/auth-state.json#/usageStats/openrouter:a~1b~0c/errorCount"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r"""{a: 'it\'s "so"', b: [1, 2,],}""", {"a": 'it\'s "so"', "b": [1, 2]}),
        ('{"url": "https://x//y", /* c */ "n": 0x10, // d\n "m": .5, "p": +1, "q": -Infinity}',
         {"url": "https://x//y", "n": 16, "m": 0.5, "p": 1, "q": None}),
        ('$ cat x\n{"a": 1}\n$ ', {"a": 1}),
        ('{"level":"info"}\n{"level":"warn"}\n{\n "the": "longest one"\n}\ndone', {"the": "longest one"}),
        ('{"a": "line\nbreak", "a": 2}', {"a": 2}),
    ],
)  # fmt: skip
def test_json_is_read_as_tolerantly_as_openclaw_and_a_paste_need(text: str, value: object) -> None:
    assert parse_document(text) == value


def test_a_surrogate_half_and_numbers_beyond_json_do_not_lose_the_file() -> None:
    state = b'{"usageStats": {"a:\\ud83d": {"errorCount": 1e999, "lastUsed": NaN, "cooldownUntil": 1}}}'
    contents = read_bytes(BY_NAME["auth_state"], "auth-state.json", state)
    assert {row.entity: row.value for row in contents.state} == {"a:?": "1"}
    assert [(row.key, row.value) for row in contents.state][:2] == [("lastUsed", "null"), ("errorCount", "null")]


def test_the_line_of_a_subagent_run_is_its_own() -> None:
    store = BY_NAME["subagent_runs"]
    contents = read_sample(store, store.samples[0])
    assert [(e.line, e.sources) for e in contents.events] == [
        (2, ("subagents/runs.json#/runs/b4ce65f7",)),
        (7, ("subagents/runs.json#/runs/c5df76a8",)),
    ]


def test_a_line_of_any_length_costs_bounded_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MAX_LINE", 64)
    content = b'{"jobId":"1","action":"finished"}\n' + b"x" * 1000 + b"\n" + b'{"jobId":"2","action":"finished"}'
    contents = read_bytes(BY_NAME["cron_runs"], "r.jsonl", content)
    assert [event.detail for event in contents.events] == ["1", "2"]
    assert [(r.line, r.offset) for r in contents.rejects] == [(2, 34)]
    assert contents.rejects[0].why.startswith("longer than")
    assert_counts(contents)


@pytest.mark.parametrize("shown", sorted(EXPECTED))
def test_trimmed_files_of_real_releases_give_what_they_gave(shown: str) -> None:
    path = DATA / shown
    store = claim(shown, path.read_bytes())
    assert store is not None
    contents = store.read(Source(shown, path, MTIME, "main"))
    assert json.loads(json.dumps({"store": store.name, **given(contents)})) == EXPECTED[shown]


def test_every_trimmed_file_is_expected_to_give_something() -> None:
    files = {path.relative_to(DATA).as_posix() for path in DATA.glob("*/**/*") if path.is_file()}
    assert files == set(EXPECTED)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def places(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, member in members for place in places(member, (*path, key)))]


def replaced(value: object, path: tuple[str | int, ...], new: object) -> object:
    if not path:
        return new
    if isinstance(value, dict):
        return {key: replaced(v, path[1:], new) if key == path[0] else v for key, v in value.items()}
    assert isinstance(value, list)
    return [replaced(v, path[1:], new) if n == path[0] else v for n, v in enumerate(value)]


def documents(sample: Sample) -> list[object]:
    try:
        return [parse_document(sample.content)]
    except ValueError:
        return [json.loads(line) for line in sample.content.splitlines() if is_json(line)]


def is_json(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


@pytest.mark.slow
@pytest.mark.parametrize(("store", "sample"), SAMPLES)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given_hypothesis(data=st.data())
def test_any_value_at_any_place_never_raises(store: Store, sample: Sample, data: st.DataObject) -> None:
    records = documents(sample)
    index = data.draw(st.integers(0, max(len(records) - 1, 0)))
    for record in records[index : index + 1]:
        place = data.draw(st.sampled_from(places(record)))
        records[index] = replaced(record, place, data.draw(JSON))
    contents = read_bytes(store, sample.path, "\n".join(map(json.dumps, records)).encode())
    assert_counts(contents)
    frame(Event, contents.events)
    frame(StateValue, contents.state)
    frame(Credential, contents.credentials)
    frame(Reject, contents.rejects)


@pytest.mark.slow
@pytest.mark.parametrize(("store", "sample"), SAMPLES)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given_hypothesis(data=st.data())
def test_a_file_cut_at_any_byte_never_raises_and_shows_no_secret(
    store: Store, sample: Sample, data: st.DataObject
) -> None:
    content = sample.content.encode()
    start, end = sorted((data.draw(st.integers(0, len(content))), data.draw(st.integers(0, len(content)))))
    contents = read_bytes(store, sample.path, data.draw(st.sampled_from([content[:end], content[start:]])))
    assert_counts(contents)
    assert "CANARY" not in rows(contents)


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given_hypothesis(st.binary(max_size=200))
def test_any_bytes_at_all_are_claimed_and_read_without_an_exception(content: bytes) -> None:
    claim("a/b.json", content)
    for store in STORES:
        assert_counts(read_bytes(store, "a/b.json", content))


@pytest.mark.skipif(not CAPTURES.is_dir(), reason="the captures are not there")
def test_captures_are_read_without_a_reject_or_a_token() -> None:
    for path in sorted(CAPTURES.glob("*/*/evidence/**/*")):
        if not path.is_file() or path.suffix == ".log":
            continue
        shown = str(path.relative_to(CAPTURES))
        store = claim(shown, path.read_bytes()[:65536])
        if store is None:
            continue
        contents = store.read(Source(shown, path, None, None))
        assert (shown, contents.rejects) == (shown, ())
        assert_counts(contents)
        assert not TOKEN.search(rows(contents)), shown
