"""What breaks on its way to us: holes, other line ends and encodings, bombs, files that change while they are read."""

from __future__ import annotations

import io
import os
import shutil
import sqlite3
import time
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from collecting import bundle_of, log_line
from memory import grown_mb

from forensics import open_case
from forensics.case import Case
from forensics.cli import main
from forensics.evidence import Limits, open_evidence
from forensics.openclaw.reasons import classify
from forensics.parsers.timeline import read_timeline
from forensics.sharing.bundle import verified

TEXTS = ("listening on ws://127.0.0.1:18789 (PID 22)", "signal SIGTERM received", "log file: /tmp/openclaw/x.log")
RECORDS = b"".join(log_line(f"2026-03-02T10:00:0{n}.000Z", text).encode() + b"\n" for n, text in enumerate(TEXTS))
CONSOLE = "".join(f"2026-03-02T10:00:0{n}.000Z [gateway] {text}\n" for n, text in enumerate(TEXTS)).encode()
HOLE = 128 << 20


def case_of(folder: Path, name: str, data: bytes) -> Case:
    (folder / name).write_bytes(data)
    return open_case(folder / name)


def kinds(case: Case) -> list[str]:
    return [event.kind for event in case.timeline.events]


def sums_are_right(case: Case) -> bool:
    return all(f.lines == f.events + f.continuations + f.other + f.rejects for f in case.timeline.files)


FORMS: dict[str, Callable[[bytes], bytes]] = {
    "NUL before it": lambda data: bytes(70_000) + data,
    "NUL behind it": lambda data: data + bytes(70_000),
    "UTF-16 as PowerShell writes it": lambda data: data.decode().replace("\n", "\r\n").encode("utf-16"),
    "UTF-16 without a mark": lambda data: data.decode().encode("utf-16-be"),
    "UTF-16 appended to UTF-8": lambda data: b"\n" + data.decode().encode("utf-16-le"),
    "CRLF": lambda data: data.replace(b"\n", b"\r\n"),
    "CR": lambda data: data.replace(b"\n", b"\r"),
    "a mark of UTF-8": lambda data: b"\xef\xbb\xbf" + data,
    "no last line end": lambda data: data[:-1],
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("log", [RECORDS, CONSOLE], ids=["file log", "console"])
def test_a_log_says_the_same_in_every_form(form: str, log: bytes, tmp_path: Path) -> None:
    plain = case_of(tmp_path, "openclaw.log", log)
    assert len(kinds(plain)) == len(TEXTS)
    case = case_of(tmp_path, "openclaw.log", FORMS[form](log))
    assert (kinds(case), sums_are_right(case)) == (kinds(plain), True)
    bundle_of(tmp_path / "openclaw.log", tmp_path / "case.zip")
    assert kinds(open_case(tmp_path / "case.zip")) == kinds(plain)
    assert verified(tmp_path / "case.zip").differences == ()


@pytest.mark.skipif(not hasattr(os, "SEEK_DATA"), reason="a file system without holes writes them")
@pytest.mark.parametrize("before", [b"", RECORDS], ids=["at the beginning", "in the midst"])
def test_a_hole_costs_no_memory_and_no_event(before: bytes, tmp_path: Path) -> None:
    with (tmp_path / "openclaw.log").open("wb") as file:
        file.write(before)
        file.seek(HOLE)
        file.write(b"\n" + RECORDS)
    assert grown_mb(lambda: open_case(tmp_path / "openclaw.log")) < 60
    case = open_case(tmp_path / "openclaw.log")
    assert (len(case.timeline.events), sums_are_right(case)) == (len(TEXTS) * (2 if before else 1), True)
    assert any("holes of NUL" in reject.why for reject in case.timeline.rejects)


def zipped(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return packed.getvalue()


def test_a_zip_behind_other_bytes_is_opened(tmp_path: Path) -> None:
    case = case_of(tmp_path, "case.exe", b"#!/bin/sh\nexit 1\n" + zipped({"openclaw.log": RECORDS}))
    assert len(kinds(case)) == len(TEXTS)


def test_a_bomb_takes_no_room_from_others_and_known_names_come_first(tmp_path: Path) -> None:
    bomb = zipped({"a": bytes(900_000), "b": bytes(900_000), ".openclaw/logs/openclaw.log": RECORDS, "c.txt": CONSOLE})
    (tmp_path / "a.zip").write_bytes(bomb)
    (tmp_path / "b.zip").write_bytes(zipped({"openclaw.log": RECORDS}))
    with open_evidence([tmp_path], Limits(unpacked=1_000_000)) as evidence:
        paths = [item.path for item in evidence.items]
        assert {reject.source for reject in evidence.rejects} == {"a.zip/a", "a.zip/b"}
    assert paths == ["a.zip/.openclaw/logs/openclaw.log", "a.zip/c.txt", "b.zip/openclaw.log"]


def test_no_more_is_unpacked_than_the_disk_has_room_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.zip").write_bytes(zipped({"a.log": CONSOLE, "b": CONSOLE}))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(1 << 40, 1 << 40, 1 << 20))
    (tmp_path / "c.log").write_bytes(CONSOLE)
    with open_evidence([tmp_path]) as evidence:
        assert [item.path for item in evidence.items] == ["c.log"]
        assert [reject.why.partition(":")[0] for reject in evidence.rejects] == ["no room to unpack more"]


@pytest.mark.skipif(os.name != "posix", reason="elsewhere every name is Unicode")
def test_a_name_that_is_no_utf8_is_collected(tmp_path: Path) -> None:
    folder = tmp_path / "evidence" / ".openclaw" / "logs"
    folder.mkdir(parents=True)
    Path(os.fsdecode(os.fsencode(folder) + b"/open\xff\xfe\nclaw.log")).write_bytes(RECORDS)
    bundle_of(tmp_path / "evidence", tmp_path / "case.zip")
    (file,) = verified(tmp_path / "case.zip").manifest.files
    assert file.original.endswith("open<U+DCFF><U+DCFE>⏎claw.log")
    assert len(kinds(open_case(tmp_path / "case.zip"))) == len(TEXTS)


@pytest.mark.parametrize(
    "arguments", [("triage", ""), ("collect", "x", ""), ("diff", "x", ""), ("triage", "--agent", "")]
)
def test_an_empty_argument_is_refused_and_not_the_folder_one_stands_in(
    arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["forensics", *arguments])
    with pytest.raises(SystemExit) as left:
        main()
    assert (left.value.code, capsys.readouterr().err.count("\n")) == (2, 1)


def grown(log: Path) -> None:
    with log.open("ab") as file:
        file.write(RECORDS)


MEANWHILE: dict[str, tuple[Callable[[Path], object], str | None, int]] = {
    "nothing": (lambda _: None, None, 3),
    "it grows": (grown, "grew", 3),
    "it is gone": (lambda log: log.unlink(), "cannot be read", 0),
    "it is cut": (lambda log: os.truncate(log, log.stat().st_size // 3), "cut", 1),
    "it is written anew": (lambda log: os.utime(log, (1, 1)), "written anew", 3),
}


@pytest.mark.parametrize("log", [RECORDS, CONSOLE], ids=["file log", "console"])
@pytest.mark.parametrize("change", MEANWHILE)
def test_a_file_that_changes_while_it_is_read_is_of_one_moment(change: str, log: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes(CONSOLE)
    (tmp_path / "openclaw.log").write_bytes(log)
    happens, why, events = MEANWHILE[change]
    with open_evidence([tmp_path]) as evidence:
        happens(tmp_path / "openclaw.log")
        timeline = read_timeline(evidence)
    (file,) = (file for file in timeline.files if file.path == "openclaw.log")
    assert any(reject.why.startswith(why or "") for reject in timeline.rejects) is (why is not None)
    assert abs(file.events - events) <= (change == "it is cut")
    assert file.lines == file.events + file.continuations + file.other + file.rejects


@pytest.mark.parametrize("log", [RECORDS, CONSOLE], ids=["file log", "console"])
def test_stray_nul_bytes_hide_no_event(log: bytes, tmp_path: Path) -> None:
    case = case_of(tmp_path, "openclaw.log", (CONSOLE if log == CONSOLE else b"") + log.replace(b"ing", b"i\0ng"))
    assert set(kinds(case)) == {"gateway_listening", "signal_received", "log_file"}


@pytest.mark.parametrize("log", [RECORDS, CONSOLE], ids=["file log", "console"])
def test_bytes_that_are_no_text_and_hide_an_event_are_told(log: bytes, tmp_path: Path) -> None:
    case = case_of(
        tmp_path, "openclaw.log", log * 3 + log.replace(b"SIGTERM", b"SIGT\xe4RM").replace(b"list", b"\xff\xfe")
    )
    (reject,) = case.timeline.rejects
    assert (reject.line, reject.lines) == (10, 0)
    assert reject.why.startswith("bytes that are no text, in 2 lines")
    assert (len(kinds(case)), sums_are_right(case)) == (10, True)


@pytest.mark.parametrize("place", [b'},"time":"', b'"logLevelName":"'])
def test_letters_where_a_field_is_cut_out_by_its_width_are_no_error(place: bytes, tmp_path: Path) -> None:
    strange = RECORDS.replace(place, place + "éééééééééééééééé…".encode())
    case = case_of(tmp_path, "openclaw.log", RECORDS + strange)
    assert (len(kinds(case)) >= len(TEXTS), sums_are_right(case)) == (True, True)


@pytest.mark.parametrize("blank", [" ", "\t"])
def test_thousands_of_blanks_in_an_error_text_cost_no_square(blank: str) -> None:
    began = time.process_time()
    classify(f"429 rate limited, resets {blank * 6_000}soon, try again {blank * 6_000} retry after {blank * 6_000}")
    assert time.process_time() - began < 2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in folders")
@pytest.mark.parametrize("suffix", ["-wal", "-shm", "-journal"])
def test_a_pipe_beside_a_database_stops_nobody(suffix: str, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "openclaw-agent.sqlite")) as database:
        database.execute("CREATE TABLE sessions (session_key TEXT)")
        database.commit()
    os.mkfifo(tmp_path / f"openclaw-agent.sqlite{suffix}")
    (tmp_path / "openclaw.log").write_bytes(RECORDS)
    case = open_case(tmp_path)
    assert len(kinds(case)) == len(TEXTS)
    assert f"openclaw-agent.sqlite{suffix}" in {reject.source for reject in case.timeline.rejects}


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="no /proc")
@pytest.mark.parametrize("made_up", ["/proc/self/status", "/proc/self", "/dev/zero", "/proc/kmsg"])
def test_what_the_system_makes_up_is_no_evidence(made_up: str, tmp_path: Path) -> None:
    (tmp_path / "openclaw.log").write_bytes(RECORDS)
    with open_evidence([Path(made_up), tmp_path]) as evidence:
        assert [item.path for item in evidence.items] == ["openclaw.log"]
        assert [reject.source for reject in evidence.rejects] == [made_up]


@pytest.mark.parametrize("log", [RECORDS, CONSOLE], ids=["file log", "console"])
def test_a_log_of_torn_lines_has_a_row_for_the_many_of_them(
    log: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("forensics.parsers.log_file._MOST_REJECTS", 10)
    torn = b'{"0":"half a record, torn\n' * 50
    case = case_of(tmp_path, "openclaw.log", log * 60 + b"{}\n" + torn)
    *rows, rest = sorted(case.timeline.rejects, key=lambda reject: reject.line or 0)
    assert (len(rows), rest.lines, sums_are_right(case)) == (
        10,
        sum(file.rejects for file in case.timeline.files) - 10,
        True,
    )


@pytest.mark.parametrize("opening", [b'{"a":', b'{"a":['])
def test_a_state_file_of_endless_depth_is_collected_as_lengths(opening: bytes, tmp_path: Path) -> None:
    (tmp_path / "openclaw.log").write_bytes(RECORDS)
    (tmp_path / "auth-profiles.json").write_bytes(b'{"version":1,"profiles":{},"usageStats":' + opening * 30_000)
    assert grown_mb(lambda: bundle_of(tmp_path, tmp_path / "case.zip")) < 60
    assert len(kinds(open_case(tmp_path / "case.zip"))) == len(TEXTS)
