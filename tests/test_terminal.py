from dataclasses import replace

import pytest
import story

from forensics.report.terminal import page
from forensics.tables import Finding


def test_the_page_begins_with_the_conclusion():
    assert page(story.tell(), 120).plain.splitlines()[0] == (
        "anthropic failing 09:18 to 11:01 UTC: a login refused for good (HTTP 403), recorded as rate_limit"
    )


def test_the_page_has_its_parts_in_order():
    text = page(story.tell()).plain
    parts = ["anthropic failing", "What happened (UTC)", "Until when", "What to do", "Looked at scope403"]
    places = [text.index(part) for part in parts]
    assert places == sorted(places)


def test_every_link_of_the_chain_shows_its_time_and_its_place():
    text = page(story.tell()).plain
    assert all(f"{link.time:%H:%M:%S}" in text and link.source in text for link in story.CHAIN)


@pytest.mark.parametrize(("asked", "columns"), [(20, 80), (80, 80), (100, 100), (400, 120)])
def test_no_line_is_wider_than_the_page(asked, columns):
    assert max(map(len, page(story.tell(), asked).plain.splitlines())) <= columns


def test_one_incident_fits_on_one_screen():
    assert len(page(story.tell()).plain.splitlines()) <= 40


def test_a_window_still_open_says_how_long_it_will_last():
    now = story.at("10:00:00")
    text = page(story.tell(now=now)).plain
    assert "Not over at Fri 20 Nov 2026 10:00:00 UTC" in text
    assert "anthropic:default cooldown until 10:57:10 UTC (another 57 min)" in " ".join(text.split())
    assert "Waiting does not help" in " ".join(text.split())


def test_a_window_that_ran_out_without_an_answer_is_not_called_over():
    text = page(story.tell(incidents=(replace(story.INCIDENT, end=None),))).plain
    assert "no answer of anthropic after that is in the evidence" in " ".join(text.split())


def test_further_incidents_take_two_lines_each():
    others = tuple(replace(story.INCIDENT, id=f"I{n}", provider="openai") for n in (2, 3))
    one = len(page(story.tell()).plain.splitlines())
    three = page(story.tell(incidents=(story.INCIDENT, *others))).plain.splitlines()
    assert len(three) == one + 2 + 2 * 2
    assert any(line.startswith("  I3  openai failing") for line in three)


def test_a_healthy_case_is_one_sentence_and_what_was_looked_at():
    lines = page(story.healthy(), 120).plain.splitlines()
    assert lines[0] == "No incident: nothing in the evidence kept a credential from being used."
    assert " ".join(lines[1:]).startswith("Looked at scope403: 2 files with 144 lines of release 2026.2.9")


def test_what_could_not_be_read_or_asked_is_said():
    text = " ".join(page(story.healthy()).plain.split())
    assert "1 line in 1 file could not be read." in text
    assert "(lost_results: no input)" in text


def test_missing_evidence_is_named():
    short = replace(story.INCIDENT, missing=("the gateway log (decisions, echoes and restarts would stand there)",))
    text = " ".join(page(story.tell(incidents=(short,))).plain.split())
    assert "Not in the evidence: the gateway log (decisions, echoes and restarts would stand there)." in text


def test_findings_without_an_incident_are_still_told():
    finding = Finding(
        detector="stale_override", severity="medium", confidence="high", verdict="stale", owner="session",
        summary="session agent:main:main stays on anthropic:backup", evidence=("sessions.json#x",),
    )  # fmt: skip
    calm = story.healthy()
    text = page(replace(calm, answers=replace(calm.answers, findings=(finding,)))).plain
    assert "  - session agent:main:main stays on anthropic:backup" in text


def test_evidence_cannot_reach_the_terminal():
    hostile = "\x1b]0;owned\x07\x1b[2J[bold]x[/bold]\u202egnp.exe\r\n\x9b31m"
    chain = (replace(story.CHAIN[1], text=hostile, source=hostile), *story.CHAIN[2:])
    first = replace(story.FIRST, text=hostile)
    incident = replace(story.INCIDENT, sentence=hostile, chain=chain, first_failure=first, remedy=(hostile,))
    text = page(story.tell(incidents=(incident, replace(incident, id="I2"))))
    assert not {c for c in text.plain if c != "\n" and (ord(c) < 32 or 127 <= ord(c) < 160 or c == "\u202e")}
    assert "[bold]x[/bold]" in text.plain
