"""What no template knows is counted by the shape of its words, and nothing private gets into a shape."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from captures import CAPTURES
from opening import opened

from forensics import Case, open_case
from forensics.parsers.logs.envelopes.envelope import Record
from forensics.parsers.unknown_records import MOST_SHAPES, UnknownRecordShape, Unmatched, shape, shapes
from forensics.report.terminal import page
from forensics.tables import Drift

TOKEN = "sk-ant-oat01-CANARY-0091-AAAA"


def line(text: object, level: str = "WARN", subsystem: str = "channels/relay", second: int = 0, **more: object) -> str:
    binding = [json.dumps({"subsystem": subsystem})] if subsystem else []
    arguments = [*binding, *([more] if more else []), text]
    meta = {"runtime": "node", "name": binding[0] if binding else "openclaw", "logLevelName": level}
    logged = {str(n): argument for n, argument in enumerate(arguments)}
    return json.dumps({**logged, "_meta": meta, "time": f"2026-11-20T09:00:{second:02}.000Z"}, separators=(",", ":"))


KNOWN = line("lane wait exceeded: lane=main waitedMs=120000 queueAhead=1", subsystem="diagnostic")
CALM = line("listening on ws://127.0.0.1:18789 (PID 42)", "INFO", "gateway")


def read(tmp_path: Path, *lines: str, name: str = "openclaw-2026-11-20.log", state: str = "") -> Case:
    (tmp_path / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    if state:
        (tmp_path / "openclaw.json").write_text(json.dumps({"meta": {"lastTouchedVersion": state}}))
    return open_case(tmp_path)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("relay socket stalled", "relay socket stalled"),
        ("retry 3/10 in 250ms for peer 4179555001", "retry <path> in <n> for peer <n>"),
        (f"refused token {TOKEN}", "refused token <id>"),
        ("cannot open /home/kim/notes.md now", "cannot open <path> now"),
        ("no route to kim@example.invalid via https://x.invalid/a?b=c", "no route to <name> via <url>"),
        ('said "my secret plan" to `ls -l`', "said <text> to <text>"),
        ("it said \"never closed and on", "it said <text>"),
        ("failed to send: Kim, are you there?", "failed to send: …"),
        ("relay: send refused: Kim is away", "relay: send refused: …"),
        ("Error: Kim is away", "Error: …"),
        ("send refused peer=kim reason=not a friend", "send refused peer=… reason=…"),
        ('gave up {"to":"kim"} today', "gave up <data>"),
        ("run 0af7651916cd43dd8448eb211c80319c of bdbc66cb-fba4 lost", "run <id> of <id> lost"),
        ("lost\nDear Kim", "lost"),
        ("Grüße verschluckt", "<id> verschluckt"),
        ("", "<no text>"),
    ],
)  # fmt: skip
def test_a_shape_keeps_the_sentence_and_nothing_it_was_filled_with(text: str, expected: str) -> None:
    assert shape(Record("file-jsonl", text, level="warn", subsystem="channels/relay")) == expected


def test_a_shape_is_cut_between_two_words_and_a_root_line_soon() -> None:
    words = " ".join(["sesame"] * 60)
    long, root = (shape(Record("file-jsonl", words, level="warn", subsystem=name)) for name in ("relay", ""))
    assert len(long) <= 120
    assert set(long.split()) == {"sesame", "…"}
    assert root == " ".join(["sesame"] * 8) + " …"


def test_only_warnings_and_errors_that_no_template_knows_are_counted(tmp_path: Path) -> None:
    stalled = [line(f"relay socket {n} stalled", second=n) for n in range(3)]
    other = line("Relay worker gone", "ERROR", "")
    chore = line("[tools] read failed: ENOENT: /home/kim/x", "ERROR", "")
    case = read(tmp_path, CALM, KNOWN, *stalled, chore, other, line("quiet", "INFO"))
    log = "openclaw-2026-11-20.log"
    assert case.timeline.drift == (
        Drift(
            source=log, line=3, level="warn", subsystem="channels/relay", shape="relay socket <n> stalled", records=3
        ),
        Drift(source=log, line=7, level="error", subsystem="", shape="Relay worker gone", records=1),
    )
    assert case.triage()["evidence"]["drift"] == {  # type: ignore[index]
        "records": 4,
        "kinds": 2,
        "shapes": [
            {"shape": "relay socket <n> stalled", "level": "warn", "subsystem": "channels/relay", "count": 3,
             "example": f"{log}:3"},
            {"shape": "Relay worker gone", "level": "error", "subsystem": "", "count": 1, "example": f"{log}:7"},
        ],
    }  # fmt: skip


def test_a_line_that_a_template_might_have_wanted_is_counted_too(tmp_path: Path) -> None:
    (row,) = read(tmp_path, CALM, line("embedded_run_agent_end of another kind")).timeline.drift
    assert (row.shape, row.records) == ("embedded_run_agent_end of another kind", 1)


def test_a_kind_counts_as_often_as_where_it_stands_most() -> None:
    rows = [
        Drift(source=source, line=n, level="warn", subsystem=name, shape="relay stalled", records=records)
        for source, n, name, records in (
            ("cli/logs.txt", 9, "channels/relay", 2), ("console.txt", 7, "relay", 3),
            ("a.log", 5, "channels/relay", 3), ("b.log", 2, "channels/relay", 1),
        )
    ]  # fmt: skip
    envelopes = {
        "a.log": "file-jsonl",
        "b.log": "file-jsonl",
        "console.txt": "console-json",
        "cli/logs.txt": "logs-json",
    }
    assert shapes(rows, envelopes) == (UnknownRecordShape("relay stalled", "warn", "channels/relay", 4, "a.log:5"),)


def test_too_many_kinds_are_one_kind() -> None:
    unmatched = Unmatched()
    for n in range(MOST_SHAPES + 30):
        letters = "".join(chr(97 + int(digit)) for digit in str(n))
        unmatched.add(Record("file-jsonl", f"relay {letters} stalled", level="error", subsystem="relay"), n + 1)
    rows = list(unmatched.rows("log"))
    assert (len(rows), sum(row.records for row in rows)) == (MOST_SHAPES + 1, MOST_SHAPES + 30)
    assert (rows[-1].shape, rows[-1].records, rows[-1].line) == ("… (further kinds)", 30, MOST_SHAPES + 1)


def test_a_token_of_the_evidence_is_no_word_of_a_shape(tmp_path: Path) -> None:
    store = tmp_path / "agents/main/agent/auth-profiles.json"
    store.parent.mkdir(parents=True)
    key = "correct-horse-battery-staple"
    store.write_text(json.dumps({"version": 1, "profiles": {"x:y": {"type": "api_key", "provider": "x", "key": key}}}))
    case = read(tmp_path, CALM, line(f"relay refused {key} twice"))
    assert [key in row.shape for row in case.timeline.drift] == [False]


def words(case: Case) -> str:
    return page(case).plain


def test_the_page_says_in_one_line_what_is_little(tmp_path: Path) -> None:
    said = words(read(tmp_path, CALM, line("relay stalled"), line("relay stalled"), line("relay gone", "ERROR")))
    assert "Not known to this tool: 2 warnings and 1 error of 2 kinds." in said
    assert "relay stalled" not in said
    assert "Not known to this tool" not in words(read(tmp_path, CALM, KNOWN))


@pytest.mark.parametrize(("repeats", "release"), [(40, ""), (2, "2026.11.3")])
def test_the_page_shows_the_kinds_where_they_are_many_or_the_release_is_new(
    tmp_path: Path, repeats: int, release: str
) -> None:
    said = words(read(tmp_path, CALM, *[line("relay stalled")] * repeats, state=release))
    assert f"{repeats} x relay stalled\n      warn of channels/relay, first at openclaw-2026-11-20.log:2" in said


@pytest.mark.skipif(not CAPTURES.is_dir(), reason="the captures are not at hand: ../shared/captures does not exist")
@pytest.mark.parametrize("evidence", sorted(CAPTURES.glob("*/*/evidence")), ids=lambda p: "-".join(p.parts[-3:-1]))
def test_nothing_loud_of_a_read_release_is_unknown(evidence: Path) -> None:
    assert opened(evidence).unknown == ()
