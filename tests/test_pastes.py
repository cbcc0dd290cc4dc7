"""Lines as people paste them: decorated, cut, told. The record is the one the log had, or less; never more."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pasting import EACH, LINES, SECRET, SOME, STAMP, is_weaker, lines, read, records

from forensics import open_case
from forensics.parsers.logs import templates
from forensics.parsers.pastes.records import record_of
from forensics.timeless import is_dateless

MARKS = ("> ", ">> ", "- ", "* ", "1. ", "12) ", "    ", "\t", "• ", "❌ ", "> - ", "  > ", "+ ", "→ ")
PAIRS = (
    ("**", "**"),
    ("`", "`"),
    ("__", "__"),
    ("| ", " |"),
    ("> **", "**"),
    ("- `", "`"),
    ("<code>", "</code>"),
    ("~~", "~~"),
)


@EACH
@given(lines, st.sampled_from(MARKS), st.integers(0, 2))
def test_the_marks_of_quotes_and_lists_are_no_part_of_a_line(tmp_path: Path, line: str, mark: str, depth: int) -> None:
    whole = records(tmp_path, STAMP + line)
    assert records(tmp_path, f"what I see:\n\n{'> ' * depth}{mark}{STAMP}{line}\n") == whole


@EACH
@given(lines, st.sampled_from(PAIRS), st.sampled_from(("", "> ", "- ")))
def test_what_opens_and_closes_around_a_line_is_no_part_of_it(
    tmp_path: Path, line: str, pair: tuple[str, str], mark: str
) -> None:
    whole = records(tmp_path, STAMP + line)
    assert records(tmp_path, f"# help\n\n{mark}{pair[0]}{STAMP}{line}{pair[1]}\n") == whole


@EACH
@given(lines, st.sampled_from(("", "> ", "- ", "**", "`", "error ", "    ")))
def test_a_line_without_its_time_is_the_same_record(tmp_path: Path, line: str, mark: str) -> None:
    closing = mark if mark in ("**", "`") else ""
    assert records(tmp_path, f"{mark}{line}{closing}\n") == records(tmp_path, STAMP + line)


@EACH
@given(
    lines,
    st.lists(
        st.sampled_from((SECRET, f"I mean {SECRET}", f"({SECRET})", f"- {SECRET}", "", "```")), min_size=1, max_size=6
    ),
)
def test_what_people_write_below_a_line_is_never_part_of_it(tmp_path: Path, line: str, below: list[str]) -> None:
    assert records(tmp_path, f"{STAMP}{line}\n" + "\n".join(below)) == records(tmp_path, STAMP + line)


@EACH
@given(
    st.sampled_from(LINES[:2]),
    st.sampled_from(("<my run id>", "***", "[REDACTED]", "[my own id]", "<removed by me, sorry>", "xxx")),
)
def test_an_id_replaced_by_words_leaves_the_rest_of_a_line(tmp_path: Path, line: str, put: str) -> None:
    (found,) = records(tmp_path, STAMP + re.sub(r"(runId|profile)=\S+", rf"\1={put}", line))
    (whole,) = records(tmp_path, STAMP + line)
    ids = ("run", "profile", "profile_hash")
    assert {k: v for k, v in found[1].items() if k not in ids} == {k: v for k, v in whole[1].items() if k not in ids}


@EACH
@given(st.sampled_from(LINES[:2]), st.sets(st.sampled_from(("runId", "stage", "profile", "decision", "isError"))))
def test_fields_cut_out_of_a_line_are_missing_and_nothing_else(tmp_path: Path, line: str, cut: set[str]) -> None:
    short = re.sub(rf" (?:{'|'.join(cut)})=\S+", "", line) if cut else line
    assert is_weaker(records(tmp_path, STAMP + short), records(tmp_path, STAMP + line))


EVENT = {
    "event": "embedded_run_failover_decision", "runId": "run-9", "stage": "assistant", "provider": "fireworks",
    "model": "glm-5", "decision": "surface_error", "failoverReason": "rate_limit",
    "rawErrorPreview": "429 Too Many Requests", "fallbackConfigured": False,
}  # fmt: skip


def _yaml(event: Mapping[str, object]) -> str:
    return "\n".join(f"{key}: {json.dumps(value)}" for key, value in event.items())


def _javascript(event: Mapping[str, object]) -> str:
    return "{\n" + "\n".join(f"  {key}: '{value}'," for key, value in event.items() if value is not False) + "\n}"


@EACH
@given(
    st.permutations(list(EVENT)), st.sampled_from(("line", "lines", "yaml", "js")), st.sampled_from(("", "> ", "    "))
)
def test_a_bare_event_is_the_record_it_was(tmp_path: Path, keys: list[str], form: str, mark: str) -> None:
    event = {key: EVENT[key] for key in keys}
    text = {"line": json.dumps, "lines": lambda e: json.dumps(e, indent=2), "yaml": _yaml, "js": _javascript}[form](
        event
    )
    ((kind, fields),) = records(tmp_path, "\n".join(mark + line for line in f"{text}".splitlines()))
    assert kind == "embedded_run_failover_decision"
    assert (fields["provider"], fields["recorded_reason"], fields["http_status"]) == ("fireworks", "rate_limit", 429)


@EACH
@given(st.integers(0, 86_399), st.booleans(), lines)
def test_the_copy_of_the_web_page_has_a_record_on_four_lines(
    tmp_path: Path, second: int, half: bool, line: str
) -> None:
    tag = re.match(r"\[([a-z/-]+)\] (?=[^T])", line)
    if not tag or tag[1] == "openai-codex":
        return
    time = datetime(2026, 1, 1) + timedelta(seconds=second)  # noqa: DTZ001 - a page prints no zone
    shown = f"{time:%I:%M:%S %p}".lstrip("0") if half else f"{time:%H:%M:%S}"
    reading = read(tmp_path, f"{shown}\nwarn\n{tag[1]}\n{line[tag.end() :]}\n" * 2)
    assert {s.stated.time() for s in reading.sightings if s.stated} == {time.time()}
    assert (reading.lines, reading.events, reading.continuations) == (8, 2, 6)


@EACH
@given(lines, st.sampled_from(("utf-16", "utf-16-le", "utf-16-be")), st.sampled_from(("\n", "\r\n")))
def test_the_encoding_of_a_console_changes_nothing(tmp_path: Path, line: str, encoding: str, end: str) -> None:
    whole = records(tmp_path, STAMP + line)
    assert records(tmp_path, f"{STAMP}{line}{end}".encode(encoding)) == whole


@SOME
@given(
    st.dates(date(2026, 1, 2), date(2026, 12, 30)),
    st.sampled_from(("/var/log/openclaw/", "C:\\Temp\\")),
)
def test_the_banner_of_the_command_tells_the_day(tmp_path: Path, day: object, folder: str) -> None:
    paste = tmp_path / "paste.txt"
    paste.write_text(
        f"Log file: {folder}openclaw-{day}.log\n"
        f"23:59:00 error diagnostic {LINES[2][13:]}\n00:01:00 info gateway ready\n"
    )
    first, last = open_case(paste).timeline.files[0].first_time, open_case(paste).timeline.files[0].last_time
    assert first
    assert last
    assert (str(last.date()), last - first) == (str(day), timedelta(minutes=2))


def test_the_day_of_pasting_is_no_day_of_the_paste(tmp_path: Path) -> None:
    paste = tmp_path / "paste.txt"
    paste.write_text(f"14:40:31 {LINES[2]}\n")
    (event,) = open_case(paste).timeline.events
    assert event.time
    assert (is_dateless(event.time), event.time_basis) == (True, "unknown_date")
    document = open_case(paste).triage()
    assert document["incidents"][0]["first_failure"]["time"] is None  # type: ignore[index]


@EACH
@given(st.integers(-48, 56), st.integers(0, 86_399), st.integers(1, 4))
def test_two_clocks_of_one_console_become_one(tmp_path: Path, quarters: int, second: int, rounds: int) -> None:
    start, ahead = datetime(2026, 2, 26, tzinfo=UTC) + timedelta(seconds=second), timedelta(minutes=15 * quarters)
    text = []
    for n in range(rounds):
        at, words = start + timedelta(minutes=7 * n), f"HTTP 402 Insufficient Balance {n}"
        text += [
            f'{at:%H:%M:%S} [diagnostic] lane task error: lane=main durationMs=171 error="FailoverError: {words}"',
            f"{at + ahead:%H:%M:%S} Embedded agent failed before reply: {words}",
        ]
    times = [s.stated for s in read(tmp_path, "\n".join(text)).sightings if s.stated]
    assert [b - a for a, b in zip(times[::2], times[1::2], strict=True)] == [timedelta()] * rounds
    assert times == sorted(times)


def test_standard_input_is_read_where_a_dash_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paste = tmp_path / "paste.txt"
    paste.write_text(STAMP + LINES[2])
    with paste.open() as given:
        monkeypatch.setattr("sys.stdin", given)
        (incident,) = open_case("-").incidents
    assert (incident.first_failure.http_status, incident.first_failure.source) == (401, "pasted.txt:1")


def test_the_span_of_a_text_keeps_its_seconds(tmp_path: Path) -> None:
    reading = read(tmp_path, f"2026-05-09T08:22:05.331Z plain\n{STAMP}{LINES[2]}\n2026-07-14T10:23:17.250Z plain\n")
    assert [f"{end:%H:%M:%S}" for end in reading.ends] == ["08:22:05", "10:23:17"]


def _kind_alone(text: str) -> str | None:
    found = record_of(text)
    matched = templates.match(found[0]) if found else None
    return matched[0].kind if matched else None


def test_every_error_of_the_root_logger_is_known_without_its_time() -> None:
    root = [t for t in templates.TEMPLATES if t.role == "failure" and t.subsystems == ("",)]
    told = [(t.kind, s.line.partition(" ")[2]) for t in root for s in t.samples if s.line[:1].isdigit()]
    assert len(told) > 5
    assert [text for kind, text in told if _kind_alone(text) not in (kind, "embedded_agent_failed")] == []


def test_the_stack_in_a_providers_words_stays_with_its_record(tmp_path: Path) -> None:
    frames = "".join(f"    at step{n} (file:///usr/lib/oauth.mjs:{n}:5)\n" for n in range(4))
    begun = '{"error": "invalid_grant"}; details=Error: HTTP request failed.'
    lane = f'lane task error: lane=main durationMs=3 error="body={begun}'
    text = f'{STAMP}[diagnostic] {lane}\n{frames}    at end. Again."\n'
    reading = read(tmp_path, f"{text}{STAMP}[gateway] ready\n")
    assert (reading.continuations, reading.rejects) == (5, [])


SENTENCE = 'No API key found for provider "acme".'


@EACH
@given(
    st.sampled_from(("Ana: ", "[Tuesday] bot: ", "the bot says ", "")),
    st.sampled_from(("⚠️ Agent failed before reply: ", "⚠ Agent failed before reply: ")),
)
def test_a_reply_in_a_chat_is_known_behind_the_speaker(tmp_path: Path, speaker: str, opening: str) -> None:
    found = records(tmp_path, f"hello\n{speaker}{opening}{SENTENCE}\n{SECRET}\n")
    assert found == records(tmp_path, f"{opening}{SENTENCE}\n")
    assert found


@EACH
@given(
    st.sampled_from(("FailoverError", "FallbackSummaryError")),
    st.sampled_from(("", "GatewayClientRequestError: ", 'Cron job "Weekly notes" failed: ')),
)
def test_the_words_behind_class_names_and_the_name_of_a_job_are_the_error(
    tmp_path: Path, name: str, opening: str
) -> None:
    ((_, fields),) = records(tmp_path, f"$ openclaw agent\n{opening}{name}: HTTP 402 Insufficient Balance\n")
    assert (fields["http_status"], fields["text"]) == (402, "HTTP 402 Insufficient Balance")


def test_a_step_of_a_trajectory_alone_is_the_decision_it_tells_of(tmp_path: Path) -> None:
    step = "fallbackStepFromModel: acme/glm-5\nfallbackStepFromFailureReason: rate_limit\n"
    detail = "fallbackStepFromFailureDetail: 429 too many requests\n"
    ((kind, fields),) = records(tmp_path, f"# event 1\ntype: model.fallback_step\nprovider: acme\n{step}{detail}")
    assert kind == "model_fallback_decision"
    assert (fields["provider"], fields["model"], fields["http_status"]) == ("acme", "glm-5", 429)
