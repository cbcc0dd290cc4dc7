"""What a long reading shows: nothing at first, then a line a terminal sees change, elsewhere a single one."""

from __future__ import annotations

import io

import pytest

from forensics.cli.reading_progress import ReadingProgress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def told(out: io.StringIO, monkeypatch: pytest.MonkeyPatch, *moments: float) -> str:
    clock = iter([0.0, *moments])
    monkeypatch.setattr("forensics.cli.reading_progress.time.monotonic", lambda: next(clock))
    with ReadingProgress(out, begun=next(clock)) as progress:
        for number, _ in enumerate(moments):
            progress(number * 10_000_000, 40_000_000, f"logs/{number}\x1b[2J.log")
    return out.getvalue()


def test_a_reading_of_less_than_a_second_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(Terminal(), monkeypatch, 0.1, 0.5, 0.9) == ""


def test_a_terminal_sees_bytes_and_time_to_go_and_the_line_is_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = told(Terminal(), monkeypatch, 0.5, 2.0, 2.1, 4.0)
    assert shown.count("reading ") == 2
    assert "reading 10 of 40 MB, about 6 s to go: logs/1" in shown
    assert "\x1b[2J" not in shown
    assert shown.endswith("\r\x1b[K")


def test_a_file_gets_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(io.StringIO(), monkeypatch, 2.0, 4.0, 6.0) == "reading 0 of 40 MB\n"
