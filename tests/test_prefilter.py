from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from forensics.parsers.logs import blocks, prefilter
from forensics.parsers.logs.prefilter import ACTIVITY, LOUD, META, PICKED, Scan, looks_like_file_log, scan, scan_parts

MIX = json.loads((Path(__file__).parent / "data" / "line_mix.json").read_text(encoding="utf-8"))
MEASURED = [t["example"].encode() for release in MIX.values() for t in release["healthy"] + release["incident"]]
TIME = "2026-11-20T08:15:27.112Z"
PREFILTER = "lane task error|embedded_run_agent_end|is in cooldown"


def record(
    text: str = "hello", time: str = "2026-11-20T08:15:27.112Z", level: str = "INFO", binding: str = ""
) -> bytes:
    arguments = {"0": binding, "1": text} if binding else {"0": text}
    meta = {"runtime": "node", "date": TIME, "logLevelName": level}
    return json.dumps({**arguments, "_meta": meta, "time": time}, ensure_ascii=False, separators=(",", ":")).encode()


GATEWAY = '{"subsystem":"gateway/ws"}'
CRON = '{"module":"cron","storePath":"/home/lab/.openclaw/cron/jobs.json"}'
NASTY = [
    b"",
    b"\r",
    b" ",
    record() + b"\r",
    b"lone \r carriage return",
    record("lone \r in a record".replace("\r", "\\r")).replace(b"\\\\r", b"\r"),
    b"\xef\xbb\xbf" + record("byte order mark"),
    b"\xef\xbb\xbf",
    record("bad utf-8 here").replace(b"here", b"\xff\xfe\xc3"),
    b"\xe2\x82 cut character \xf0\x9f\x98",
    record("nul here").replace(b"here", b"\0"),
    bytes(range(32)).replace(b"\n", b"") + b"every control character",
    record('a "quoted, text" with , separators \t and ; tabs'),
    record("⇄ res ✓ 🦞 \u2028 \u202e", binding=GATEWAY),
    record("lane task error: lane=main", level="ERROR", binding='{"subsystem":"diagnostic"}'),
    record("cron: started", binding=CRON, level="DEBUG"),
    record("plugin", binding='{"plugin":"canvas"}', level="WARN"),
    record("Kathmandu", time="2026-11-20T14:00:27.112+05:45"),
    record("before the day", time="2026-11-20T00:10:00.000+05:45"),
    record("west", time="2026-11-20T22:15:27.112-03:30"),
    record("old ICU", time="2026-11-20T24:07:27.112+00:00"),
    record("no such month", time="2026-13-20T08:15:27.112Z"),
    record("no zone", time="2026-11-20T08:15:27.112"),
    record("no time", time="").replace(b',"time":""', b""),
    record("strange level", level="éé"),
    record("no level").replace(b'"logLevelName":"INFO"', b'"x":1'),
    record("cut")[:-20],
    record("its begin is missing")[5:],
    b'{"time":"2026-11-20T08:15:27.112Z","level":"warn","subsystem":"logging","message":"log file size cap reached"}',
    b'{"0":"mcp","1":{"_meta":{"x":1}},"time":"2026-11-20T08:15:27.112Z"}',
    record("only behind the arguments").replace(b'"time"', b'"message":"lane task error","time"'),
]


def reference(data: bytes) -> Scan:
    """The same by hand: one line at a time, no polars until the end."""
    data = data.replace(b"\0", b"")  # holes
    lines = data.removeprefix(b"\xef\xbb\xbf").split(b"\n") if data else []
    if data.endswith(b"\n"):
        lines.pop()
    texts = [line.removesuffix(b"\r").decode("utf-8", "replace") for line in lines]
    picked = [(number, text) for number, text in enumerate(texts, 1) if is_picked(text)]
    counts = Counter(facts(text) for text in texts if not is_picked(text))
    rest = [(number, text) for number, text in enumerate(texts, 1) if not is_picked(text)]
    loud = [(*line, 1) for line in rest if facts(line[1])[1] in ("warn", "error", "fatal")]
    activity = pl.DataFrame([(*key, n) for key, n in counts.items()], schema=ACTIVITY, orient="row")
    return Scan(
        len(lines),
        pl.DataFrame(picked, schema=PICKED, orient="row"),
        activity.sort("minute", "level", "subsystem"),
        pl.DataFrame(loud, schema=LOUD, orient="row"),
    )


def is_picked(text: str) -> bool:
    """`\ufffd` stands for bad bytes: none of these lines says it itself."""
    arguments, meta, _ = text.partition(META)
    whole = text.startswith('{"') and text.endswith("}") and bool(meta)
    return not whole or "\ufffd" in text or bool(re.search(PREFILTER, arguments))


def facts(text: str) -> tuple[datetime | None, str | None, str]:
    level = re.search('"logLevelName":"([A-Z]*)', text)
    binding = re.match(r'\{"0":"\{\\"(?:subsystem|module|plugin)\\":\\"([^"\\]*)', text)
    return minute(text), level[1].lower() or None if level else None, binding[1] if binding else ""


def minute(text: str) -> datetime | None:
    """Seconds are not looked at; everything stands at a fixed place behind the mark."""
    stamp = re.search(rb'\},"time":"(.{16}).{7}(Z|.{6})', text.encode(), re.S)
    try:
        time = datetime.fromisoformat((stamp[1].replace(b"T24", b"T00") + stamp[2]).decode()) if stamp else None
    except ValueError:
        return None
    return time.astimezone(UTC) if time and time.tzinfo else None


def assert_same(actual: Scan, expected: Scan) -> None:
    assert actual.lines == expected.lines
    assert_frame_equal(actual.picked, expected.picked)
    assert_frame_equal(actual.activity, expected.activity)
    assert set(actual.loud.select("line", "text").iter_rows()) <= set(expected.loud.select("line", "text").iter_rows())
    assert actual.loud["records"].sum() == expected.loud.height


def scanned(folder: Path, data: bytes, block_bytes: int = prefilter.BLOCK) -> Scan:
    log = folder / "openclaw-2026-11-20.log"
    log.write_bytes(data)
    return scan(log, PREFILTER, block_bytes)


@pytest.mark.parametrize("block_bytes", [1, 700, prefilter.BLOCK])
@pytest.mark.parametrize("end", [b"", b"\n", b"\n\n", b"\r\n"])
def test_scan_equals_reading_line_by_line(tmp_path: Path, end: bytes, block_bytes: int) -> None:
    data = b"\n".join(NASTY + MEASURED) + end
    assert_same(scanned(tmp_path, data, block_bytes), reference(data))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(st.sampled_from(NASTY + MEASURED[::7]) | st.binary(max_size=40), max_size=12),
    first=st.integers(0, 300),
    last=st.integers(0, 1500),
    block_bytes=st.sampled_from([1, 40, 900, prefilter.BLOCK]),
)
def test_scan_equals_reading_line_by_line_wherever_the_file_is_cut(
    tmp_path: Path, lines: list[bytes], first: int, last: int, block_bytes: int
) -> None:
    data = b"\n".join(lines)[first:]
    data = data[: max(0, len(data) - last)]
    assert_same(scanned(tmp_path, data, block_bytes), reference(data))


def test_the_parts_of_a_scan_are_numbered_through_and_sum_up_to_it(tmp_path: Path) -> None:
    data = b"\n".join(NASTY + MEASURED)
    whole = scanned(tmp_path, data)
    parts = list(scan_parts(tmp_path / "openclaw-2026-11-20.log", PREFILTER, 900))
    assert len(parts) > 20
    assert sum(part.lines for part in parts) == whole.lines
    assert_frame_equal(pl.concat(part.picked for part in parts), whole.picked)
    assert sum(part.activity["lines"].sum() for part in parts) == whole.activity["lines"].sum()


def test_every_line_is_either_picked_or_counted(tmp_path: Path) -> None:
    result = scanned(tmp_path, b"\n".join(NASTY * 3 + MEASURED * 50))
    assert result.picked.height + result.activity["lines"].sum() == result.lines


def test_line_numbers_are_physical_across_blocks(tmp_path: Path) -> None:
    lines = [record(f"turn {n}") for n in range(1, 2000)]
    lines[1499] = record("Provider anthropic is in cooldown")
    assert scanned(tmp_path, b"\n".join(lines), 5_000).picked["line"].to_list() == [1500]


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        ("2026-11-20T08:15:27.112Z", datetime(2026, 11, 20, 8, 15, tzinfo=UTC)),
        ("2026-11-20T00:10:00.000+05:45", datetime(2026, 11, 19, 18, 25, tzinfo=UTC)),
        ("2026-11-01T01:30:00.000-04:00", datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),
        ("2026-11-01T01:30:00.000-05:00", datetime(2026, 11, 1, 6, 30, tzinfo=UTC)),
        ("2026-11-20T24:07:00.000+00:00", datetime(2026, 11, 20, 0, 7, tzinfo=UTC)),
        ("2026-11-20 08:15", None),
    ],
)
def test_a_minute_is_utc_and_the_offset_is_honoured(tmp_path: Path, time: str, expected: datetime | None) -> None:
    activity = scanned(tmp_path, record("hello", time, "WARN", GATEWAY)).activity
    assert activity.rows() == [(expected, "warn", "gateway/ws", 1)]


@pytest.mark.parametrize("data", [b"", b"\n", b"\n\n\n", b"\0" * 5000, b"\0\n\0", b"\r", b"\xef\xbb\xbf"])
def test_a_file_without_any_record_has_only_picked_lines(tmp_path: Path, data: bytes) -> None:
    assert_same(scanned(tmp_path, data), reference(data))


def test_a_line_of_many_megabytes_is_kept_whole(tmp_path: Path) -> None:
    long = record("x" * 15_000_000 + " lane task error")
    result = scanned(tmp_path, b"\n".join([record(), long, record("lane task error")]))
    assert result.picked["line"].to_list() == [2, 3]
    assert result.picked["text"][0] == long.decode()


def test_an_absurd_line_is_cut_and_the_next_one_keeps_its_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "LONGEST_LINE", 1_000)
    result = scanned(tmp_path, record() + b"\n" + record("x" * 50_000) + b"\nlast", block_bytes=500)
    assert (result.lines, result.picked["line"].to_list()) == (3, [2, 3])
    assert result.picked["text"].str.len_bytes().to_list() == [1500 - len(record()) - 1, 4]


def test_the_benchmarks_log_is_whole_records_in_order_of_time_and_the_same_each_time(tmp_path: Path) -> None:
    maker = Path(__file__).parent / "benchmarks" / "make_log.py"
    for name in ("one.log", "two.log"):
        subprocess.run([sys.executable, maker, tmp_path / name, "--bytes", "6e6"], check=True)
    data = (tmp_path / "one.log").read_bytes()
    times = [json.loads(line)["time"] for line in data.splitlines()]
    assert times == sorted(set(times))
    assert 5_990_000 < len(data) <= 6_000_000
    assert data == (tmp_path / "two.log").read_bytes()
    assert scan(tmp_path / "one.log", PREFILTER).picked["line"].to_list() == [4001, 4003, 4004]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"\n".join(MEASURED[:40])[:65536], True),
        (record() + b"\nsome torn text\n" + record(), True),
        (b"", False),
        (b'{"type":"log","raw":"{\\"0\\":\\"x\\",\\"_meta\\":{\\"logLevelName\\":\\"INFO\\"}}"}', False),
        (b"08:15:27 [gateway] ready\n08:15:28 [ws] connected\n" + record(), False),
        (b'{"type":"message","message":{"_meta":{"progressToken":1}}}', False),
        (b"12:" + record(), False),
        (b"\0\xff" * 30_000, False),
    ],
)
def test_a_file_log_is_known_by_its_records(head: bytes, expected: bool) -> None:
    assert looks_like_file_log(head) is expected


def test_loud_lines_that_differ_in_numbers_only_are_given_once_with_their_count(tmp_path: Path) -> None:
    numbered = [record(f"disk {n} slow after {n * 7} ms", level="WARN", binding=GATEWAY) for n in range(50)]
    others = [
        record("disk lost", level="ERROR", binding=GATEWAY),
        record("disk 9 slow after 3 ms"),
        record(level="WARN"),
    ]
    loud = scanned(tmp_path, b"\n".join([*others[:1], *numbered, *others[1:]])).loud
    assert loud.select("line", "records").rows() == [(1, 1), (2, 50), (53, 1)]
    assert loud["text"].to_list()[1] == numbered[0].decode()


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(st.sampled_from(NASTY) | st.binary(max_size=40), max_size=8), end=st.sampled_from([b"", b"\n"]))
def test_a_line_begins_where_it_stands_in_the_block(texts: list[bytes], end: bytes) -> None:
    block = b"\n".join(texts) + end
    found = blocks.lines(block)
    ends = [at for at, byte in enumerate(block) if byte == ord("\n")]
    assert blocks.line_starts(found, block).to_list() == [0, *(at + 1 for at in ends)][: found.height]
