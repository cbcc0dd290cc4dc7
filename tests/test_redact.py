"""Redaction: nothing secret or personal leaves, and the answer stays the same."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import get_type_hints

import captures
import pytest
from opening import opened, redacted

import forensics
from forensics import tables
from forensics.case import reason
from forensics.parsers.logs.templates import TEMPLATES
from forensics.parsers.stores import STORES
from forensics.parsers.timeline import Timeline
from forensics.secrets.fingerprints import fingerprint, identifier_hash
from forensics.sharing.redact import names, paths, redact, shapes
from forensics.sharing.redact.columns import COLUMNS
from forensics.sharing.redact.disclosures import EVENTS
from forensics.sharing.redact.pseudonyms import PSEUDONYM, Pseudonyms
from forensics.sharing.redact.rows import Rewriter
from forensics.tables import Credential, Event, StateValue

ROOT = Path(__file__).parents[1]
SAMPLES = sorted(ROOT.glob("sample_data/*/evidence"))
CAPTURES = sorted(captures.CAPTURES.glob("*/*/evidence"))
CASES = [*SAMPLES, *CAPTURES]
NAMES = [f"{path.parent.parent.name}/{path.parent.name}" for path in CASES]
TIMELINE = ("files", "events", "rejects", "activity", "drift", "state", "credentials")
HASH = re.compile(r"sha256:[0-9a-f]{12}|fp:[0-9a-f]{12}")

MAIL, USER, CHAT = "kim.quill@example.org", "marlene", "7483920156"
TOKEN = "sk-ant-api03-" + "Ab3dEf9hIjKl" * 6
REQUEST = "req_011CTHo7a9XkYZ3mNqRsTuVw"


def leaves(value: object, path: tuple[object, ...] = ()) -> Iterator[tuple[tuple[object, ...], object]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            yield from leaves(inner, (*path, n))
    else:
        yield path, value


def told(texts: Iterator[tuple[tuple[object, ...], object]]) -> dict[tuple[object, ...], object]:
    """Leaf -> value; where it may name somebody only that there is a text."""
    return {path: "text" if isinstance(value, str) and path[-1] not in FIXED else value for path, value in texts}


FIXED = frozenset(  # members of the answer that are compared letter by letter
    {
        "schema",
        "time",
        "first_time",
        "last_time",
        "start",
        "end",
        "start_not_before",
        "start_not_after",
        "until",
        "since",
    }
    | {"end_not_before", "end_not_after", "true_reason", "reason", "verdict", "owner", "provider", "kind", "status"}
    | {"confidence", "time_basis", "start_basis", "end_basis", "basis", "field", "trigger", "rule", "detector", "role"}
)


@pytest.mark.parametrize("path", CASES, ids=NAMES)
def test_a_redacted_case_gives_the_same_answer(path: Path) -> None:
    before, after = opened(path).triage(), redacted(path).case.triage()
    assert told(leaves(after)) == told(leaves(before))


@pytest.mark.parametrize("path", CASES, ids=NAMES)
def test_redacting_twice_changes_nothing(path: Path) -> None:
    once, twice = redacted(path), redact(redacted(path).case)
    assert (twice.case.timeline, twice.case.name) == (once.case.timeline, once.case.name)
    assert twice.case.triage() == once.case.triage()


def test_redacting_is_deterministic() -> None:
    first, second = redact(forensics.open_case(SAMPLES[0])), redact(forensics.open_case(SAMPLES[0]))
    assert (first.case.timeline, first.removed) == (second.case.timeline, second.removed)


@pytest.mark.parametrize("path", CASES, ids=NAMES)
def test_no_original_is_left_in_any_row(path: Path) -> None:
    clean = redacted(path)
    rows = "\n".join(str(row) for table in TIMELINE for row in getattr(clean.case.timeline, table))
    telling = [name for name in clean.known.values if len(name) > 12 and re.search(r"\d", name)]
    assert [name for name in telling if name in rows] == []


def test_every_column_of_every_table_is_decided() -> None:
    assert {table: set(columns) for table, columns in COLUMNS.items()} == {
        table: {field.name for field in fields(table)} for table in COLUMNS
    }
    timeline = {t for hint in get_type_hints(Timeline).values() for t in getattr(hint, "__args__", ()) if t is not ...}
    assert set(COLUMNS) == {t for t in timeline if t in vars(tables).values() and hasattr(t, "__dataclass_fields__")}


def test_a_new_kind_is_closed() -> None:
    assert text_of("a kind of the next release", "Dear Kim, your results are in.") == "<30 characters>"


def test_a_kind_is_decided_once_and_in_one_way() -> None:
    of_stores = [(kind, disclosure) for store in STORES for kind, disclosure in store.events.items()]
    assert {kind for kind, _ in of_stores} & {template.kind for template in TEMPLATES} == set()
    assert dict(of_stores).items() == set(of_stores)


def test_every_kind_with_a_text_or_a_detail_in_its_samples_is_decided() -> None:
    shown = [(t, column) for t in TEMPLATES for s in t.samples for column in ("text", "detail") if s.fields.get(column)]
    assert [t.kind for t, _ in shown if t.disclosure is None] == []
    assert {
        t.kind for t, column in shown if column == "detail" and t.disclosure and t.disclosure.detail == "length"
    } == set()


def test_every_event_of_a_store_is_decided() -> None:
    given = {event["kind"] for store in STORES for sample in store.samples for event in sample.gives.get("events", ())}
    assert given - set(EVENTS) == set()


def row(**more: object) -> Event:
    facts: dict[str, object] = {"kind": "lane_task_error", "role": "noise", "source": "logs/openclaw.log", "line": 1}
    return Event(**facts | more)  # type: ignore[arg-type]


def clean_rows(*events: Event, **more: object) -> Timeline:
    empty = Timeline((), (), (), (), (), (), chunks=type(opened(SAMPLES[0]).timeline.chunks)(), secrets=frozenset())
    return Rewriter(replace(empty, events=events, **more)).timeline()  # type: ignore[arg-type]


def text_of(kind: str, text: str, *, secrets: tuple[str, ...] = (), **more: object) -> str:
    return clean_rows(row(kind=kind, text=text, **more), secrets=frozenset(secrets)).events[0].text


def scrubbed(text: str, **more: object) -> str:
    return text_of("lane_task_error", text, **more)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (f"403 {{\"request_id\":\"{REQUEST}\"}}", '403 {"request_id":"request-1"}'),
        (f"mail {MAIL} bounced", "mail user-1 bounced"),
        ("mail kim%40example.org bounced", "mail user-1 bounced"),
        ("@kim:matrix.example.org left", "user-1 left"),
        ("ask @kim_quill about it", "ask user-1 about it"),
        ("call +49 151 23456789 now", "call phone-1 now"),
        ("call (555) 867-5309 now", "call phone-1 now"),
        ("to 491512345678@s.whatsapp.net", "to chat-1"),
        ("chat -1001234567890 not found", "chat chat-1 not found"),
        ("Bad Request: chat_id=74839 not found", "Bad Request: chat_id=chat-1 not found"),
        ("guild 812345678901234567", "guild chat-1"),
        ("channel C04ABCD1EF9 archived", "channel chat-1 archived"),
        ("open /home/kim/.openclaw/logs/openclaw.log", "open /home/user-1/.openclaw/logs/openclaw.log"),
        ("open C:\\Users\\Kim Q\\x.log", "open C:\\Users\\user-1\\file-1.log"),
        ("ENOTFOUND nas.quill.lan", "ENOTFOUND host-1"),
        ("POST https://api.anthropic.com/v1/messages failed", "POST https://api.anthropic.com/v1/messages failed"),
        ("GET https://kim:pw@nas.example.org/a?key=b", "GET https://host-1/folder-1?…"),
        ("connect 203.0.113.7:443", "connect address-1:443"),
        ("connect ECONNREFUSED 127.0.0.1:18789", "connect ECONNREFUSED 127.0.0.1:18789"),
        ("listening on ws://[::1]:18789", "listening on ws://[::1]:18789"),
        ("limit of org-Ab3dEf9hIj reached", "limit of org-1 reached"),
        ("resets at 1795163225, quota 2026-11-20T09:18:00Z", "resets at 1795163225, quota 2026-11-20T09:18:00Z"),
        ("lane session:agent:ops:telegram:direct:4711", "lane session:agent:agent-1:telegram:direct:chat-1"),
        ('input {"type":"text","text":"Dear Kim, hello"}', 'input {"type":"text","text":"<15 characters>"}'),
        ("Could not parse message into JSON: {\"a\":\"b", "Could not parse message into JSON: <7 characters>"),
        ("reload (channels.telegram.groups.-1002835364195.requireMention, agents.list.0.model)",
         "reload (channels.telegram.groups.key-1.requireMention, agents.list.0.model)"),
        ("reload (channels.signal.groups.+49 30 23125 103)", "reload (channels.signal.groups.key-1)"),
        ("reload (agents.defaults.compaction, gateway.remote.token)",
         "reload (agents.defaults.compaction, gateway.remote.token)"),
        ("set models.providers.acme.apiKey", "set models.providers.key-1.apiKey"),
        ("message: 1784558349925411497 resetsAt=1784558349925411497", "message: chat-1 resetsAt=1784558349925411497"),
        ("Kims-MacBook-Pro and DESKTOP-4F2K9QX are gone", "host-1 and host-2 are gone"),
        ("cwd /home/kim is gone", "cwd /home/user-1 is gone"),
        ("cwd /home/kim\nberly/x is gone", "cwd /home/user-1/x is gone"),
        ("mail kim@exa\n  mple.org bounced", "mail user-1 bounced"),
        ("dial +49 151 234\n56789 now", "dial phone-1 now"),
        ("connect 203.0.1\n13.7:443", "connect address-1:443"),
        ("it failed.\n    at async run", "it failed.\n    at async run"),
        (f"header {base64.b64encode(b'kim at 203.0.113.7').decode()} sent", "header <24 characters> sent"),
        (f"to {base64.b64encode(b'+4915123456').decode()}", "to <16 characters>"),
    ],
)  # fmt: skip
def test_a_text_keeps_its_story(text: str, clean: str) -> None:
    assert scrubbed(text) == clean


HIDDEN = {
    "plain": TOKEN,
    "in base64": base64.b64encode(f'{{"apiKey":"{TOKEN}"}}'.encode()).decode(),
    "split by a line break": TOKEN[:40] + "\n" + TOKEN[40:],
    "split by an escaped line break": TOKEN[:40] + "\\n   " + TOKEN[40:],
    "split by colours": TOKEN[:40] + "\x1b[0m" + TOKEN[40:],
    "percent-encoded": "".join(f"%{ord(letter):02X}" for letter in TOKEN),
    "of no known family": "Zx9" * 12,
    "in a header": "Authorization: Bearer abc123def456ghi789",
    "in a cookie": "Cookie: sid=ab12cd34ef56; theme=dark",
    "in an assignment": "OPENAI_API_KEY=abc123def456",
    "a private key": "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIDhZ\n-----END PRIVATE KEY-----",
}


@pytest.mark.parametrize("hidden", HIDDEN.values(), ids=HIDDEN)
def test_no_token_leaves_in_a_text(hidden: str) -> None:
    clean = scrubbed(f"401 invalid key: {hidden} was refused")
    assert clean.startswith("401 invalid key: ")
    assert clean.endswith(" was refused")
    assert "fp:" in clean or "***" in clean
    assert all(half not in clean for half in (TOKEN[:20], TOKEN[-20:], "Zx9Zx9", "c123def456", "ab12cd34", "MC4C"))


def test_a_token_of_the_stores_is_found_however_it_is_broken() -> None:
    assert scrubbed("bad key hunter two-hunter", secrets=("huntertwo-hunter",)) == (
        f"bad key {fingerprint('hunter two-hunter')}"
    )


@pytest.mark.parametrize("name", ["rate_limit", "model", "a", "request", "cooldown", "main"])
def test_a_name_that_is_a_common_word_changes_no_text(name: str) -> None:
    text = "Provider anthropic is in cooldown: a model request hit rate_limit in main"
    assert scrubbed(text, agent=name, profile=f"anthropic:{name}") == text


@pytest.mark.parametrize("name", ["(?P<x>a+)+$", "[", "kim|ops", "\\", "x" * 5000, "ünïcode ☃", "user-1", "</script>"])
def test_a_hostile_name_is_a_name_like_any_other(name: str) -> None:
    clean = clean_rows(row(agent=name, session=f"agent:{name}:main", text=f"agent {name} failed")).events[0]
    assert clean.agent == "agent-1" or name == "user-1"
    assert PSEUDONYM.fullmatch(str(clean.agent))
    assert clean.session == f"agent:{clean.agent}:main"


def test_names_that_begin_each_other_make_no_pattern_too_deep() -> None:
    events = tuple(row(line=n, agent="ab" * n) for n in range(2, 400))
    assert clean_rows(*events).events[-1].agent == "agent-398"


def test_the_same_name_is_called_the_same_everywhere() -> None:
    source = f"agents/{USER}/agent/auth-profiles.json"
    event = row(agent=USER, profile=f"anthropic:{MAIL}", profile_hash=identifier_hash(f"anthropic:{MAIL}"),
                source=f"agents/{USER}/sessions/5f0c.jsonl", session=f"agent:{USER}:telegram:direct:{CHAT}",
                text=f"Profile anthropic:{MAIL} timed out for {USER}, chat {CHAT}")  # fmt: skip
    state = StateValue(
        source=f"{source}#/usageStats/anthropic:{MAIL}/lastUsed", store="auth_profiles", observed_at=None, agent=USER,
        entity=f"anthropic:{MAIL}", key="lastUsed", value="1",
    )  # fmt: skip
    clean = clean_rows(event, state=(state,))
    assert clean.events[0] == replace(
        event, agent="agent-1", profile="anthropic:user-1", profile_hash=identifier_hash("anthropic:user-1"),
        source="agents/agent-1/sessions/session-1.jsonl", session="agent:agent-1:telegram:direct:chat-1",
        text="Profile anthropic:user-1 timed out for agent-1, chat chat-1",
    )  # fmt: skip
    assert clean.state[0].source == "agents/agent-1/agent/auth-profiles.json#/usageStats/anthropic:user-1/lastUsed"
    assert (clean.state[0].agent, clean.state[0].entity) == ("agent-1", "anthropic:user-1")


def test_the_hash_of_a_prompt_cannot_be_guessed_and_still_tells_a_repeat() -> None:
    prompt = identifier_hash("yes")
    first, again, other = clean_rows(*(
        row(kind="transcript_turn", line=n, detail=d) for n, d in enumerate([prompt, prompt, identifier_hash("no")])
    )).events  # fmt: skip
    assert first.detail == again.detail != other.detail
    assert prompt not in (first.detail, other.detail)


@pytest.mark.parametrize(
    ("path", "clean"),
    [
        (".openclaw/agents/main/sessions/5f0c8a52.jsonl.reset.2026-11-20T10-16-19.688Z",
         ".openclaw/agents/main/sessions/session-1.jsonl.reset.2026-11-20T10-16-19.688Z"),
        ("openclaw-2026-03-02T11-00Z/.openclaw/openclaw.json", "openclaw-2026-03-02T11-00Z/.openclaw/openclaw.json"),
        ("kim-2026-03-02T11-00Z.zip", "file-1-2026-03-02T11-00Z.zip"),
        ("2026-03-02T11-00Z-kim/agents/ops/agent/auth-profiles.json",
         "folder-1-2026-03-02T11-00Z/agents/agent-1/agent/auth-profiles.json"),
        ("tmp/openclaw/openclaw-2026-11-20.1.log", "tmp/openclaw/openclaw-2026-11-20.1.log"),
        (".openclaw-kim/state/openclaw.sqlite-wal", ".openclaw-folder-1/state/openclaw.sqlite-wal"),
        ("cron/runs/3a52.jsonl", "cron/runs/job-1.jsonl"),
        ("home/kim/notes.txt", "home/user-1/file-1.txt"),
        ("+49 151 23456789/203.0.113.7", "folder-1/folder-2"),
        ("auth-profiles.json.sqlite-import.1795167147730.bak", "auth-profiles.json.sqlite-import.1795167147730.bak"),
    ],
)  # fmt: skip
def test_a_path_keeps_what_is_openclaws_and_its_times(path: str, clean: str) -> None:
    assert paths.path(Pseudonyms(), path) == clean
    assert paths.path(Pseudonyms(), clean) == clean


@pytest.mark.parametrize(
    ("place", "clean"),
    [
        ("logs/openclaw.log:12", "logs/openclaw.log:12"),
        ("openclaw.sqlite!transcript_events/5f0c:3", "openclaw.sqlite!transcript_events/session-1:3"),
        ("a#b!c.log:7", "file-1.log:7"),
        ("sessions.json#/agent:ops:main/sessionId", "sessions.json#/agent:agent-1:main/sessionId"),
        ("auth-profiles.json#/profiles/x~1y@z.org/key", "auth-profiles.json#/profiles/user-1/key"),
    ],
)
def test_a_place_is_a_path_and_what_is_inside(place: str, clean: str) -> None:
    assert paths.place(Pseudonyms(), place, {"a#b!c.log"}) == clean


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("agent:main:main", "agent:main:main"),
        ("agent:main:whatsapp:direct:+4915123456789", "agent:main:whatsapp:direct:phone-1"),
        ("agent:ops:cron:3a52:run:9c1e", "agent:agent-1:cron:job-1:run:session-1"),
        ("global", "global"),
        ("5f0c8a52", "session-1"),
        ("sha256:0123456789ab", "sha256:0123456789ab"),
    ],
)
def test_a_session_key_keeps_its_structure(name: str, clean: str) -> None:
    assert names.session(Pseudonyms(), name) == clean


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("announce:v1:agent:main:subagent:8c1:19f", "announce:v1:agent:main:subagent:session-1:run-1"),
        ("cron:3a52:1795167108756", "cron:job-1:1795167108756"),
        ("probe-anthropic-77", "probe-run-1"),
    ],
)
def test_a_run_keeps_what_reasoning_reads_of_it(name: str, clean: str) -> None:
    assert names.run(Pseudonyms(), name) == clean


PLANTED = (MAIL, TOKEN, "+49 151 23456789", "203.0.113.77", "kims-macbook.local", REQUEST, "/home/marlene/x", CHAT)
FORMS = ("{}", "anthropic:{}", "agent:main:telegram:direct:{}", "x/{}/y.jsonl:3", "y.json#/profiles/{}/z")


@pytest.mark.parametrize("planted", PLANTED)
def test_nothing_planted_in_any_column_leaves(planted: str) -> None:
    base = opened(SAMPLES[0]).timeline
    for table in TIMELINE:
        for original in getattr(base, table)[:1]:
            for field in fields(original):
                if field.name == "sha256" or not str(field.type).startswith(("str", "tuple")):
                    continue
                forms = [form.format(planted) for form in FORMS]
                values = [json.dumps(form) if field.name == "value" else form for form in forms]
                rows = [replace(original, **{field.name: (v,) if "tuple" in str(field.type) else v}) for v in values]
                clean = Rewriter(replace(base, **{table: tuple(rows)})).timeline()
                assert planted not in str(getattr(clean, table)), (table, field.name)


def test_a_scope_asks_for_the_renamed_agent() -> None:
    base = opened(SAMPLES[0])
    event = row(agent="ops", session="agent:ops:main")
    timeline = replace(base.timeline, events=(*base.timeline.events, event))
    case = reason("x", timeline, replace(base.scope, agent="ops"), base.asked)
    clean = redact(case).case
    assert clean.scope.agent == clean.timeline.events[-1].agent == "agent-1"


def test_what_was_removed_is_counted_by_kind() -> None:
    event = row(agent=USER, profile=f"anthropic:{MAIL}", text=f"mail {MAIL}, {TOKEN} and {TOKEN}")
    base = opened(SAMPLES[0])
    before = redact(base).removed
    after = redact(
        reason(base.name, replace(base.timeline, events=(*base.timeline.events, event)), base.scope, base.asked)
    ).removed
    grown = {label: n - before.get(label, 0) for label, n in after.items() if n != before.get(label, 0)}
    assert grown == {"agent names": 1, "mail addresses": 1, "profile ids": 1, "tokens": 1}


@pytest.mark.parametrize("host", ["api.anthropic.com", "platform.claude.com", "localhost", "127.0.0.1", "[::1]"])
def test_a_host_everybody_calls_stays(host: str) -> None:
    assert shapes.known_host(host)


@pytest.mark.parametrize("host", ["kim.openai.azure.com", "anthropic.com.example.org", "kimapi.anthropic.com", "nas"])
def test_a_host_of_somebody_does_not(host: str) -> None:
    assert not shapes.known_host(host)


def test_a_credential_keeps_only_its_fingerprints() -> None:
    login = Credential(source="x.json#/profiles/a", store="auth_profiles", agent="main", profile="anthropic:default",
                       provider="anthropic", type="oauth", access=TOKEN, refresh="fp:0123456789ab")  # fmt: skip
    clean = clean_rows(credentials=(login,)).credentials[0]
    assert (clean.access, clean.refresh) == (f"<{len(TOKEN)} characters>", "fp:0123456789ab")
