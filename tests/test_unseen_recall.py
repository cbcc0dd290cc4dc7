"""Shapes that the redaction was not written with: few are left, and what would be refused does not stop a report."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
import recall
import story
import unseen
from unseen_recall import HEADING, left_in_bundle, left_in_rows, planted

from forensics.report.outputs import OUTPUTS
from forensics.sharing.redact import redact, scan
from forensics.sharing.redact.second_pass import REFUSED

LOWEST = {"message": 0.6}
"""Of a quoted message single words may stay; of an account or a place, a short number that could be any."""
ODD = ("file:///Users/kim/x.json", "kim@quill.example", "+49 151 23456789", "203.0.113.7", "org-Ab3dEf9hIj")


@pytest.mark.parametrize("final", [False, True])
def test_little_is_left_of_shapes_nobody_wrote_a_pattern_for(final: bool) -> None:
    all_ = planted(7, final=final)
    total, left = (Counter(one.kind for one in some) for some in (all_, left_in_rows(all_)))
    assert {kind: n for kind, n in left.items() if 1 - n / total[kind] < LOWEST.get(kind, 0.8)} == {}


def test_the_halves_are_about_as_large_and_each_has_every_kind() -> None:
    halves = [[shape for shape in unseen.shapes() if shape.is_final is final] for final in (False, True)]
    assert all(len(half) >= 150 for half in halves)
    assert {shape.kind for shape in halves[0]} == {shape.kind for shape in halves[1]}


@pytest.mark.parametrize("column", ["subsystem", "level", "provider", "decision", "error_type", "release"])
def test_what_would_be_refused_gets_a_pseudonym(column: str) -> None:
    failures = [replace(story.FAILURES[0], line=n + 1, **{column: value}) for n, value in enumerate(ODD)]
    clean = redact(story.tell(timeline=story.timeline(failures)))
    files = [file for output in OUTPUTS for file in output.write(clean)]
    assert [leak for name, data in files for leak in scan.leaks(name, data, clean.known)] == []


def test_the_page_says_what_the_second_pass_took_out() -> None:
    failures = [replace(story.FAILURES[0], subsystem="file:///Users/kim/x.json")]
    clean = redact(story.tell(timeline=story.timeline(failures)))
    assert clean.removed.get(REFUSED, 0) + clean.removed.get("other names", 0) >= 1


@pytest.mark.slow
def test_a_bundle_is_never_refused_for_a_token_it_can_take_out() -> None:
    all_ = planted(3, final=False)
    tokens = sum(one.kind == "token" for one in all_)
    assert 1 - len(left_in_bundle(all_)) / tokens > 0.55


def test_the_recall_on_them_is_in_the_documentation() -> None:
    doc = recall.DOC.read_text(encoding="utf-8")
    assert HEADING in doc
    assert "bundle of `collect`: tokens no store knows" in doc
