"""Every detector can be explained, and the page in docs says what the detectors say today."""

from __future__ import annotations

from pathlib import Path
from subprocess import CompletedProcess

import pytest
import running

from forensics.detectors.explain import explanation, markdown, named, overview, parts
from forensics.detectors.questions import DETECTORS
from forensics.errors import ParameterError
from forensics.watch import explain as conditions
from forensics.watch.conditions import CONDITIONS

ROOT = Path(__file__).resolve().parents[1]


def run(*arguments: str) -> CompletedProcess[str]:
    return running.run("explain", *arguments)


def test_the_page_in_docs_is_the_one_the_detectors_write():
    assert (ROOT / "docs/detectors.md").read_text("utf-8") == markdown(), (
        "docs/detectors.md is out of step: python -m forensics.detectors.explain > docs/detectors.md"
    )


@pytest.mark.parametrize("detector", DETECTORS, ids=lambda d: d.name)
def test_each_part_of_an_explanation_has_words(detector):
    assert [head for head, text in parts(detector) if len(text) < 10 and head != "In triage.json"] == []


@pytest.mark.parametrize("detector", DETECTORS, ids=lambda d: d.name)
def test_an_explanation_quotes_what_the_example_gives(detector):
    first = detector.detect(detector.fires())[0].finding.summary
    assert first in " ".join(explanation(detector).split())


def test_the_overview_has_one_line_for_each():
    assert [line.split("  ")[0] for line in overview().splitlines()] == [d.name for d in DETECTORS]


def test_an_unknown_name_is_refused_with_the_known_ones():
    with pytest.raises(ParameterError, match="no detector 'cooldowns'; there are credential_desync, "):
        named("cooldowns")


def test_the_command_explains_one_lists_all_and_refuses_the_rest():
    one, everything, unknown = run("stale_blocks"), run(), run("nope")
    assert (one.returncode, one.stdout) == (0, explanation(named("stale_blocks")) + "\n")
    listed = f"{overview()}\n\nforensics check asks:\n\n{conditions.overview()}\n"
    assert (everything.returncode, everything.stdout) == (0, listed)
    assert (unknown.returncode, unknown.stdout, unknown.stderr.count("\n")) == (2, "", 1)


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda c: c.name)
def test_a_condition_has_the_name_of_its_file_and_tells_its_numbers(condition):
    assert (ROOT / "forensics/watch/conditions" / f"{condition.name}.py").exists()
    told = conditions.explanation(condition)
    assert all(part in told for part in (condition.question, condition.speaks, condition.silent, *condition.settings))
