"""Lines that a terminal or a page broke, and words glued before them: the record is the one the log had, or less."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pasting import EACH, MANY, SECRET, STAMP, is_weaker, lines, records, words

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
