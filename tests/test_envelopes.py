"""Every envelope reads its own samples and nobody else's; no line, however broken, raises."""

from __future__ import annotations

from datetime import UTC, datetime, time
from pathlib import Path

import pytest
from captures import CAPTURES
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.parsers.logs.envelopes import RANKS, SHAPES, WRAPPERS, read_line, unwrap
from forensics.parsers.logs.envelopes.envelope import Envelope, Record, Sample, Wrapper
from forensics.parsers.logs.envelopes.times import clock, instant

DATA = Path(__file__).parent / "data" / "log_shapes"
BESIDE = {"session_id", "traceId", "spanId", "parentSpanId", "traceFlags"}  # stand in the file line only

SAMPLES = [
    pytest.param(shape, sample, id=f"{shape.name}-{number}")
    for shape in SHAPES
    for number, sample in enumerate(shape.samples)
]
WRAPPED = [
    pytest.param(wrapper, line, rest, id=f"{wrapper.name}-{number}")
    for wrapper in WRAPPERS
    for number, (line, rest) in enumerate(wrapper.samples)
]
LINES = [s.line for shape in SHAPES for s in shape.samples] + [line for w in WRAPPERS for line, _ in w.samples]
INNER = "2026-02-11T09:18:58.941Z [gateway] ready"


def stated(record: Record | None, sample: Sample) -> dict[str, object]:
    return {name: getattr(record, name) for name in sample.fields}


def test_the_folder_holds_every_envelope_best_source_first() -> None:
    assert tuple(RANKS) == (
        "file-jsonl",
        "logs-json",
        "logs-plain",
        "console-json",
        "console-compact",
        "console-pretty",
        "service-manager",
        "support-log",
    )
    assert sorted(RANKS.values()) == list(RANKS.values()) == list(range(1, len(SHAPES) + 1))
    assert [w.name for w in WRAPPERS] == [
        "compose",
        "docker-time",
        "grep",
        "journald",
        "kubectl",
        "logs-json-raw",
        "numbered",
    ]


@pytest.mark.parametrize(("shape", "sample"), SAMPLES)
def test_a_sample_gives_exactly_its_fields(shape: Envelope, sample: Sample) -> None:
    assert stated(shape.read(sample.line), sample) == sample.fields


@pytest.mark.parametrize(("shape", "sample"), SAMPLES)
def test_read_line_finds_the_shape_of_a_sample(shape: Envelope, sample: Sample) -> None:
    assert read_line(sample.line) == shape.read(sample.line)


@pytest.mark.parametrize(("shape", "sample"), SAMPLES)
def test_no_other_shape_reads_a_sample(shape: Envelope, sample: Sample) -> None:
    assert [s.name for s in SHAPES if s.read(sample.line)] == [shape.name]


@pytest.mark.parametrize(("wrapper", "line", "rest"), WRAPPED)
def test_a_wrapper_peels_its_samples_and_no_other_makes_them_readable(wrapper: Wrapper, line: str, rest: str) -> None:
    peeled = wrapper.peel(line)
    assert peeled is not None
    assert peeled[0] == rest
    others = [w.name for w in WRAPPERS if w is not wrapper and (p := w.peel(line)) and read_line(p[0])]
    assert others == []
    assert read_line(line) == read_line(rest)


@pytest.mark.parametrize("line", LINES)
def test_a_line_cut_at_any_character_never_raises(line: str) -> None:
    for cut in range(len(line)):
        read_line(line[:cut])
        read_line(line[cut:])


@given(st.binary(max_size=200))
def test_random_bytes_never_raise(data: bytes) -> None:
    read_line(data.decode("utf-8", "replace"))


@settings(max_examples=300)
@given(st.sampled_from(LINES), st.integers(0, 400), st.integers(0, 8), st.text(max_size=8))
def test_a_line_damaged_anywhere_never_raises(line: str, at: int, lost: int, put: str) -> None:
    read_line(line[:at] + put + line[at + lost :])


@pytest.mark.parametrize(
    "line",
    [
        '{"0":' + "[" * 100_000 + ',"_meta":{}}',
        '2026-02-11T09:18:58.941Z info gateway {"subsystem":"gateway"} ' + '{"a":' * 100_000,
        '2026-02-11T09:18:58.941Z info gateway {"subsystem":"gateway"} ' + "{}" * 500_000,
        "a" * 1_000_000,
        "a.log" * 200_000,
        "1:" * 500_000,
        " " * 1_000_000,
    ],
    ids=["nested", "nested in plain", "many objects", "no space", "paths", "numbers", "blanks"],
)
def test_a_hostile_line_neither_hangs_nor_raises(line: str) -> None:
    read_line(line)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "    at postJson (file:///usr/lib/node_modules/openclaw/dist/oauth-8dRXrjGl.js:155:26)",
        "- anthropic/claude-sonnet-4-6 model configured, enabled automatically.",
        "Command exited with code 2",
        "{",
        '  "configPath": "/home/u/.openclaw/openclaw.json",',
        '{"timestamp":"2026-02-11T10:16:19.715Z","action":"new","sessionKey":"agent:main:main"}',
        '{"type":"message","id":"m1","message":{"role":"user"}}',
        '{"type":"error","error":{"type":"rate_limit_error","message":"slow down"},"request_id":"req_1"}',
        '{"level":30,"time":1770000000000,"msg":"another program\'s log"}',
        "[note] a model may begin a line like this",
        "[1] and like this",
        "99:99:99 no time of day",
        "127.0.0.1 - - [11/Feb/2026:09:18:58 +0000] GET /",
        "12: a numbered remark | with a bar",
        "1.5 | 2.5",
        "Log file: ",
    ],
)
def test_what_no_shape_knows_is_none(line: str) -> None:
    assert read_line(line) is None


@pytest.mark.parametrize(
    ("line", "subsystem", "text"),
    [
        ("2026-02-11T09:18:58.941Z information follows", "", "information follows"),
        ("2026-02-11T09:18:58.941Z error: something", "", "error: something"),
        ("2026-02-11T09:18:58.941Z info [ws] is not a subsystem here", "", "[ws] is not a subsystem here"),
        ("2026-02-11T09:18:58.941Z [Important] read this", "", "[Important] read this"),
        ("2026-02-11T09:18:58.941Z [two words] read this", "", "[two words] read this"),
        ("2026-02-11T09:18:58.941Z [ws]no blank", "", "[ws]no blank"),
        ("2026-02-11T09:18:58.941Z [ws]", "ws", ""),
        ("2026-02-11T09:18:58.941Z [agents/agent-command] [agent] run r1", "agents/agent-command", "[agent] run r1"),
        ("2026-02-11T09:18:58.941Z [tools] read failed", "", "[tools] read failed"),
        (
            "2026-02-11T09:18:58.941Z [anthropic] Token refresh failed: 401 {",
            "",
            "[anthropic] Token refresh failed: 401 {",
        ),
        ("2026-02-11T09:18:58.941Z 10:00:00 [ws] said somebody", "", "10:00:00 [ws] said somebody"),
        ("2026-02-11T09:18:58.941Z info gateway closed (1006)", "", "gateway closed (1006)"),
        ("2026-02-11T09:18:58.941Z info gateway/reload applied", "gateway/reload", "applied"),
        ("2026-02-11T09:18:58.941Z info and/or something else", "", "and/or something else"),
        ('2026-02-11T09:18:58.941Z info {"status":"ok"}', "", '{"status":"ok"}'),
        ('2026-02-11T09:18:58.941Z info gateway {"subsystem":"gateway"} {"cut":', "gateway", '{"cut":'),
    ],
)
def test_text_that_looks_like_a_prefix_stays_text(line: str, subsystem: str, text: str) -> None:
    record = read_line(line)
    assert record is not None
    assert (record.subsystem, record.text) == (subsystem, text)


def test_wrappers_are_peeled_three_deep_and_no_deeper() -> None:
    three = f"    12\t7:gateway-1  | {INNER}"
    assert read_line(three) == read_line(INNER)
    assert read_line(f"app.log:{three}") is None


@pytest.mark.parametrize(
    ("line", "moment", "time_of_day"),
    [
        (f"Feb 11 10:00:00 host openclaw[1]: {INNER}", datetime(2026, 2, 11, 9, 18, 58, 941000, UTC), None),
        (
            "gateway-1  | 2026-02-11T09:18:58.123456789Z [openclaw] tightened",
            datetime(2026, 2, 11, 9, 18, 58, 123456, UTC),
            None,
        ),
        ("2026-02-11T09:18:58.123456789Z 10:18:58 [ws] x", datetime(2026, 2, 11, 9, 18, 58, 123456, UTC), None),
        ("Wed 2026-02-11 09:18:58 CET host node[1]: [openclaw] x", datetime(2026, 2, 11, 9, 18, 58), None),  # noqa: DTZ001 - no zone stated
        ("Feb 11 10:00:00 host openclaw[1]: [openclaw] tightened", None, time(10)),
        ("Feb 11 10:00:00 host openclaw[1]: 09:18:58 [ws] x", None, time(9, 18, 58)),
    ],
)
def test_the_time_of_a_prefix_counts_where_the_record_has_none_as_good(
    line: str, moment: datetime | None, time_of_day: time | None
) -> None:
    record = read_line(line)
    assert record is not None
    assert (record.time, record.clock) == (moment, time_of_day)


def test_a_continuation_loses_the_prefix_its_record_wears() -> None:
    first = f"Feb 11 10:00:00 host openclaw[1]: gateway | {INNER}"
    assert unwrap("Feb 11 10:00:00 host openclaw[1]: gateway |     at x (y:1:2)\n", first) == "    at x (y:1:2)"
    assert unwrap("12: stays | as it is", INNER) == "12: stays | as it is"


@pytest.mark.parametrize(
    "line",
    [
        "\x1b[90m2026-02-11T09:18:58.941Z\x1b[39m \x1b[36m[gateway]\x1b[39m ready\r\n",
        "\x1b]0;title\x07" + INNER,
        "\ufeff" + INNER,
        "\0\0\0" + INNER + "\n",
    ],
    ids=["colours and CR LF", "terminal title", "byte order mark", "NULs of a torn file"],
)
def test_what_terminals_and_torn_files_add_is_stripped(line: str) -> None:
    assert read_line(line) == read_line(INNER)


def test_colours_and_halves_of_an_emoji_inside_json_do_not_lose_the_line() -> None:
    record = read_line(r'{"0":"\u001b[31mred\u001b[0m \ud83d\ude00 cut \ud83d","_meta":{"logLevelName":"INFO"}}')
    assert record is not None
    assert record.text == "red 😀 cut �"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-20T09:18:58.941Z", datetime(2026, 11, 20, 9, 18, 58, 941000, UTC)),
        ("2026-11-20T09:18:58.123456789+00:00", datetime(2026, 11, 20, 9, 18, 58, 123456, UTC)),
        ("2026-11-20T15:03:58.000+05:45", datetime(2026, 11, 20, 9, 18, 58, 0, UTC)),
        ("2026-11-20T24:05:00.000Z", datetime(2026, 11, 20, 0, 5, 0, 0, UTC)),
        ("2026-02-30T09:18:58.941Z", None),
        ("2026-11-20T25:00:00.000Z", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("9999-12-31T23:59:59-12:00", None),
        ("2026-11-20", None),
        (1_795_166_338_941, None),
        (None, None),
    ],
)
def test_a_stated_time_is_an_instant_or_none(text: object, moment: datetime | None) -> None:
    assert instant(text) == moment


def test_a_time_of_day_may_be_written_with_hour_24() -> None:
    assert (clock("24:05:00"), clock("24:61:00"), clock("09:18:58")) == (time(0, 5), None, time(9, 18, 58))


def test_a_record_whose_time_is_a_lie_is_still_a_record() -> None:
    record = read_line("2026-02-30T09:18:58.941Z [gateway] ready")
    assert record == Record("console-compact", "ready", subsystem="gateway")


def said(record: Record) -> tuple[object, ...]:
    return record.time, record.level, record.subsystem, record.text.splitlines()[0].strip()


@pytest.mark.parametrize("release", ["2026.2.9", "2026.3.11", "2026.4.5", "2026.5.28", "2026.7.1", "2026.9.6"])
def test_file_logs_json_and_logs_plain_of_one_release_say_the_same(release: str) -> None:
    framed = [r for line in _lines(release, "json") if (r := read_line(line)) and r.raw]
    written = [r for f in framed if f.raw and (r := read_line(f.raw))]
    plain = [r for line in _lines(release, "plain") if (r := read_line(line)) and r.time]
    assert {r.shape for r in (*framed, *written, *plain)} == {"logs-json", "file-jsonl", "logs-plain"}
    assert [said(r) for r in framed] == [said(r) for r in written] == [said(r) for r in plain]
    assert [r.meta for r in framed] == [r.meta for r in written]
    if release != "2026.9.6":  # there `--plain` leaves the metadata out
        assert [r.meta for r in plain] == [{k: v for k, v in r.meta.items() if k not in BESIDE} for r in written]


def _lines(release: str, form: str) -> list[str]:
    return (DATA / f"{release}.{form}").read_text(encoding="utf-8").splitlines()


@pytest.mark.slow
@pytest.mark.skipif(not CAPTURES.is_dir(), reason="the captures are not beside this checkout")
def test_every_line_of_every_captured_log_is_a_record_or_continues_one() -> None:
    logs = [*CAPTURES.glob("*/*/evidence/console/*"), *CAPTURES.glob("*/*/evidence/cli/logs-*.out")]
    logs += [path for path in CAPTURES.glob("*/*/evidence/**/*.log") if path.name.startswith("openclaw")]
    assert logs
    strange = [
        (path.name, line)
        for path in logs
        for line in path.read_text(encoding="utf-8").splitlines()
        if read_line(line) is None and not _continues(line)
    ]
    assert strange == []


def _continues(line: str) -> bool:
    """What the captures hold between records: pretty-printed JSON, stack frames, lists, a banner, tool output."""
    starts = ("{", "}", "]", " ", "- ", "█", "▀", "▄", "Command exited", "(Use `node", '"', "Require stack:")
    return not line or line.startswith(starts)
