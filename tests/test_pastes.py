"""Lines as people paste them: decorated, folded, cut, told. The record is the one the log had, or less; never more."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forensics import open_case
from forensics.evidence import open_evidence
from forensics.parsers.log_file import LogFile
from forensics.parsers.log_reader import is_log, is_paste, read_log
from forensics.parsers.logs import templates
from forensics.parsers.pastes.records import record_of
from forensics.timeless import is_dateless

EACH = settings(
    max_examples=150, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
MANY = settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
SOME = settings(
    max_examples=60, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
TOLD = ("failure", "echo", "decision", "window")
SECRET = "Ottoline Marchbanks paid with the card of her aunt in Quillfeather Road"
STAMP = "2026-07-14T09:11:00.120Z "
LINES = (Path(__file__).parent / "data" / "pastes" / "lines.txt").read_text().splitlines()
lines = st.sampled_from(LINES)
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
words = st.from_regex(r"\A[a-z]{2,9}( [a-z]{2,9}){0,4}\Z")


def read(folder: Path, text: str | bytes, name: str = "paste.txt") -> LogFile:
    file = folder / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    with open_evidence([file]) as evidence:
        (item,) = evidence.items
        assert is_log(item) or is_paste(item)
        return read_log(item, pasted=not is_log(item))


def records(folder: Path, text: str | bytes) -> list[tuple[str, Mapping[str, object]]]:
    reading = read(folder, text)
    assert reading.lines == reading.events + reading.continuations + reading.other + sum(
        r.lines for r in reading.rejects
    )
    return [(s.template.kind, s.fields) for s in reading.sightings if s.fields.get("role", s.template.role) in TOLD]


def is_weaker(found: list[tuple[str, Mapping[str, object]]], whole: list[tuple[str, Mapping[str, object]]]) -> bool:
    """The same record; a column of it may be missing, and its words may be cut, but none may be other ones."""
    if [kind for kind, _ in found] != [kind for kind, _ in whole]:
        return False
    pairs = [(f, w, name) for (_, f), (_, w) in zip(found, whole, strict=True) for name in f if name != "text_cut"]
    return all(f[name] == w.get(name) or _words(w.get(name)).startswith(_words(f[name])) for f, w, name in pairs)


def _words(value: object) -> str:
    return "".join(str(value).removeprefix("FailoverError:").split())


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


GLUE = (": ", ":", " ", " → ", "🙂 ", "=> ", "", " - ", " | ", ", ", "(", "→", "…", ". ")
GLUED = (lines, words, st.sampled_from(GLUE), st.sampled_from((STAMP, "21:40:07 ", "[2026-07-14 09:11:00] ")))


def assert_glued(folder: Path, line: str, said: str, glue: str, time: str) -> None:
    assert is_weaker(records(folder, f"{said}{glue}{time}{line}\n"), records(folder, STAMP + line))


@EACH
@given(*GLUED)
def test_words_glued_before_the_time_are_no_part_of_a_line(
    tmp_path: Path, line: str, said: str, glue: str, time: str
) -> None:
    assert_glued(tmp_path, line, said, glue, time)


@pytest.mark.slow
@MANY
@given(*GLUED)
def test_words_glued_before_the_time_are_no_part_of_any_line(
    tmp_path: Path, line: str, said: str, glue: str, time: str
) -> None:
    assert_glued(tmp_path, line, said, glue, time)


@EACH
@given(lines, st.sampled_from(("", "> ", "- ", "**", "`", "error ", "    ")))
def test_a_line_without_its_time_is_the_same_record(tmp_path: Path, line: str, mark: str) -> None:
    closing = mark if mark in ("**", "`") else ""
    assert records(tmp_path, f"{mark}{line}{closing}\n") == records(tmp_path, STAMP + line)


AROUND = (st.sampled_from((STAMP, "")), st.sampled_from(("", "> ", "    ", "- ")), st.sampled_from(("\n", "")))
BROKEN = (lines, st.integers(20, 260), *AROUND)
FOLDED = (lines, st.integers(30, 200), *AROUND)


def assert_broken(folder: Path, parts: list[str], line: str, mark: str, gap: str) -> None:
    """With a blank line between the record and the prose, or without one."""
    found = records(folder, "".join(f"{mark}{part}\n" for part in parts) + f"{gap}{SECRET}\n")
    assert is_weaker(found, records(folder, STAMP + line))


def at_width(text: str, width: int) -> list[str]:
    return [text[n : n + width] for n in range(0, len(text), width)]


def at_blanks(text: str, width: int) -> list[str]:
    return re.sub(rf"(.{{1,{width}}})(?: |\Z)", r"\1\n", text).splitlines()


@EACH
@given(*BROKEN)
def test_a_line_broken_at_any_width_is_the_same_record_or_less_of_it(
    tmp_path: Path, line: str, width: int, time: str, mark: str, gap: str
) -> None:
    assert_broken(tmp_path, at_width(time + line, width), line, mark, gap)


@pytest.mark.slow
@MANY
@given(*BROKEN)
def test_no_width_of_many_makes_another_record_of_a_line(
    tmp_path: Path, line: str, width: int, time: str, mark: str, gap: str
) -> None:
    assert_broken(tmp_path, at_width(time + line, width), line, mark, gap)


@EACH
@given(*FOLDED)
def test_a_line_folded_at_its_blanks_is_the_same_record_or_less_of_it(
    tmp_path: Path, line: str, width: int, time: str, mark: str, gap: str
) -> None:
    assert_broken(tmp_path, at_blanks(time + line, width), line, mark, gap)


@pytest.mark.slow
@MANY
@given(*FOLDED)
def test_no_fold_of_many_makes_another_record_of_a_line(
    tmp_path: Path, line: str, width: int, time: str, mark: str, gap: str
) -> None:
    assert_broken(tmp_path, at_blanks(time + line, width), line, mark, gap)


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
