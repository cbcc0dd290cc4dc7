"""From any row back to the evidence: places, searches, everything one thing left, queries."""

from __future__ import annotations

import gzip
import json
import re
import sqlite3
import zipfile
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from opening import opened
from typer.testing import CliRunner

import forensics
from forensics.cli import app
from forensics.errors import EvidenceError, ParameterError
from forensics.places.place import Place, read_place
from forensics.places.pointer import line_of
from forensics.sharing.redact import redact

SAMPLES = Path(__file__).resolve().parents[1] / "sample_data"
SAMPLE = SAMPLES / "scope403-2026.2.9" / "evidence"
LOG = ".openclaw/logs/openclaw.log"
TOKEN = "sk-ant-oat01-" + "Kq7Zp2Xw9Rt4Vb6N" * 3
KEYS = st.text(st.characters(blacklist_categories=("Cs",)), max_size=6)
VALUES = st.recursive(
    st.none() | st.integers() | KEYS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
)


def leaves(value: object, pointer: str = "") -> list[tuple[str, object]]:
    """Every pointer into a document."""
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    below = [leaves(v, f"{pointer}/{str(k).replace('~', '~0').replace('/', '~1')}") for k, v in members]
    return [(pointer, value), *(one for part in below for one in part)]


@given(VALUES)
def test_a_pointer_leads_to_the_line_its_value_stands_in(document: object) -> None:
    text = json.dumps(document, indent=1)
    lines = text.split("\n")
    for pointer, value in leaves(document):
        line = line_of(text, pointer)
        assert line is not None
        first = json.dumps(value, indent=1).split("\n")[0]
        assert first in lines[line - 1]


def test_a_pointer_into_nothing_has_no_line() -> None:
    assert [line_of('{"a": [1]}', p) for p in ("/b", "/a/1", "/a/x", "/a/0/c")] == [None] * 4
    assert line_of("no JSON", "/a") is None


@given(st.text("abc.:!#/ 12", min_size=1, max_size=12), st.integers(1, 10**6))
def test_a_place_is_read_whatever_signs_its_path_holds(path: str, line: int) -> None:
    assert read_place(f"{path}:{line}", [path]) == Place(path, line=line)
    assert read_place(f"{path}!rows/{line}", [path]) == Place(path, table="rows", row=line)
    assert read_place(f"{path}#/a/b:c", [path]) == Place(path, pointer="/a/b:c")


def test_the_end_of_a_path_is_enough_where_one_file_ends_so() -> None:
    paths = ["a/x.log", "b/x.log", "b/y.log"]
    assert read_place("y.log:3", paths) == Place("b/y.log", line=3)
    with pytest.raises(ParameterError, match=re.escape("may mean any of a/x.log, b/x.log")):
        read_place("x.log:3", paths)
    with pytest.raises(ParameterError, match=r"the nearest file is b/y\.log"):
        read_place("b/z.log:3", paths)


def test_every_place_that_a_row_of_a_sample_cites_is_there() -> None:
    for sample in ("scope403-2026.2.9", "desync-2026.3.11"):
        case = opened(SAMPLES / sample / "evidence")
        cited = {*case.windows["opened_by"], *case.state["source"], *case.findings["evidence"].explode().drop_nulls()}
        cited |= set(case.events["sources"].explode().drop_nulls())
        for place in sorted(cited)[:60]:
            excerpt = case.lines(place, around=1)
            assert [line.hit for line in excerpt.lines].count(True) == 1, place
            assert excerpt.note is None


def test_lines_show_so_many_around_and_mark_the_one() -> None:
    excerpt = opened(SAMPLE).lines(f"{LOG}:12", around=3, width=80)
    assert [line.number for line in excerpt.lines] == list(range(9, 16))
    assert [line.number for line in excerpt.lines if line.hit] == [12]
    assert repr(excerpt).splitlines()[4].startswith("> 12  ")
    assert "<mark" in excerpt._repr_html_()
    assert excerpt.frame.filter("hit")["number"].to_list() == [12]


def test_a_line_behind_the_end_is_refused_with_the_number_of_lines() -> None:
    with pytest.raises(ParameterError, match=r"openclaw.log has 78 lines, and so no line 9,999"):
        opened(SAMPLE).lines(f"{LOG}:9999")


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> forensics.Case:
    """A log as .gz in an archive, with a token and markup in lines that are no events; and a database."""
    folder = tmp_path_factory.mktemp("packed")
    lines = (SAMPLE / LOG).read_text().splitlines()
    record = json.loads(lines[11])
    record["0"] = f"curl -H 'Authorization: Bearer {TOKEN}' \x1b[31m<img src=x onerror=alert(1)>"
    lines[11:11] = [json.dumps(record), "torn {not a record"]
    home = folder / "home" / ".openclaw"
    (home / "logs").mkdir(parents=True)
    (home / "logs" / "openclaw.log.gz").write_bytes(gzip.compress("\n".join(lines).encode()))
    with sqlite3.connect(home / "state.sqlite") as made:
        made.execute("CREATE TABLE cron_jobs (id TEXT, job_json TEXT, token TEXT)")
        made.executemany(
            "INSERT INTO cron_jobs VALUES (?, ?, ?)", [(f"job-{n}", "{}", f"{TOKEN}{n}") for n in range(9)]
        )
    archive = folder / "case.zip"
    with zipfile.ZipFile(archive, "w") as out:
        for file in sorted(home.rglob("*")):
            out.write(file, file.relative_to(folder / "home"))
    return forensics.open_case(archive)


def test_a_packed_log_is_shown_with_its_token_masked_and_its_signs_visible(packed: forensics.Case) -> None:
    excerpt = packed.lines("openclaw.log.gz:12", around=0)
    (line,) = excerpt.lines
    assert TOKEN not in line.text
    assert "fp:" in line.text
    assert "\x1b" not in line.text
    assert "<img" not in excerpt._repr_html_()


def test_a_row_of_a_database_is_shown_among_its_neighbours_with_its_token_masked(packed: forensics.Case) -> None:
    excerpt = packed.lines("state.sqlite!cron_jobs/5", around=2)
    assert [line.number for line in excerpt.lines] == [3, 4, 5, 6, 7]
    assert '"id": "job-4"' in next(line.text for line in excerpt.lines if line.hit)
    assert TOKEN not in repr(excerpt)
    with pytest.raises(ParameterError, match="no row 99"):
        packed.lines("state.sqlite!cron_jobs/99")
    with pytest.raises(ParameterError, match="has no table 'nothing'; its tables are: cron_jobs"):
        packed.lines("state.sqlite!nothing/1")


def test_find_looks_into_routine_lines_rejects_and_databases(packed: forensics.Case) -> None:
    assert packed.find("onerror=alert")["kind"].to_list() == ["line"]
    assert packed.find("torn {", path="logs")["kind"].to_list() == ["reject"]
    rows = packed.find("JOB-7")
    assert [place.endswith("state.sqlite!cron_jobs/8") for place in rows["place"]] == [True]
    assert packed.find("JOB-7", ignore_case=False).is_empty()
    assert not any(TOKEN in text for text in packed.find(".")["text"])


def test_find_gives_the_line_numbers_that_lines_gives() -> None:
    case = opened(SAMPLE)
    hits = case.find("permission_error")
    assert hits.height > 5
    for place in hits["place"]:
        (line,) = case.lines(place, around=0, width=100_000).lines
        assert "permission_error" in line.text


def test_find_refuses_what_is_no_pattern() -> None:
    with pytest.raises(ParameterError, match="is no regular expression"):
        opened(SAMPLE).find("(")


def test_follow_joins_what_one_thing_left_in_all_files_in_order() -> None:
    case = opened(SAMPLE)
    requests = case.events.filter(pl.col("sources").list.join(" ").str.contains(r"\.log:"))["request_id"].drop_nulls()
    left = case.follow(request=requests[0])
    assert {place.split(":")[0].rpartition(".")[2] for place in left["place"]} >= {"log", "jsonl"}
    assert left["time"].drop_nulls().is_sorted()
    assert left["place"].is_unique().all()
    session = case.state.filter(pl.col("key") == "sessionId")
    by_key = case.follow(session=session["entity"][0])
    by_id = case.follow(session=json.loads(session["value"][0]))
    assert set(by_key["place"]) == set(by_id["place"])
    assert by_key.height >= case.events.filter(pl.col("session") == session["entity"][0]).height
    with pytest.raises(ParameterError, match="follow one of"):
        case.follow()


def test_around_takes_a_row_an_incident_a_place_or_a_time() -> None:
    case = opened(SAMPLE)
    start = case.incidents[0].start
    expected = case.events.filter((pl.col("time") - start).abs() <= timedelta(minutes=2))
    row = case.events.filter(pl.col("time") == start).head(1).to_dicts()
    for subject in ("I1", case.incidents[0], start, start.isoformat(), *row):
        assert case.around(subject, minutes=2)["time"].to_list() == expected["time"].to_list()
    assert case.around(case.windows["opened_by"][0], minutes=1).height


def test_sql_asks_the_tables_and_says_what_there_is() -> None:
    case = opened(SAMPLE)
    counted = case.sql("select role, count(*) as n from events group by role")
    assert counted["n"].sum() == case.events.height
    with pytest.raises(ParameterError, match="there are the tables files, events"):
        case.sql("select * from nothing")


def test_a_redacted_case_opens_no_evidence() -> None:
    with pytest.raises(EvidenceError, match="made of rows alone"):
        redact(opened(SAMPLE)).case.lines(f"{LOG}:1")


def told(*arguments: str) -> str:
    done = CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)
    return done.output


def test_show_prints_the_place_and_its_neighbours() -> None:
    lines = told("show", SAMPLE, "openclaw.log:12", "-n", "1").splitlines()
    assert lines[0] == f"{LOG}:12"
    assert [line[:5] for line in lines[1:]] == ["  11 ", "> 12 ", "  13 "]


def test_the_timeline_holds_every_event_once_and_takes_kinds_and_patterns() -> None:
    case = opened(SAMPLE)
    assert len(told("timeline", SAMPLE, "--json").splitlines()) == case.events.height
    failures = told("timeline", SAMPLE, "--kind", "failure", "--grep", "permission_error").splitlines()
    assert failures[-1] == f"{len(failures) - 1} events"
    assert all("failure" in line for line in failures[:-1])
    table = pl.read_csv(told("timeline", SAMPLE, "--csv", "--kind", "echo").encode())
    assert table.height == case.events.filter(pl.col("role") == "echo").height
    with pytest.raises(ParameterError, match="no event here is of the kind 'nope'"):
        told("timeline", SAMPLE, "--kind", "nope")
