from dataclasses import replace
from datetime import timedelta, timezone

import pytest
import story

from forensics.evidence.selection import PROMPTS
from forensics.parsers.read_items import NOT_RECOGNISED
from forensics.remediation.step import Step
from forensics.report.terminal import page
from forensics.report.text.steps import parts_of
from forensics.report.text.title import title_of
from forensics.tables import Finding, Reject


def head_of(case, columns=80):
    """The first screen, as it stands before the first empty line."""
    return page(case, columns).plain.split("\n\n")[0].splitlines()


def test_the_page_begins_with_the_state_who_and_since_when():
    assert page(story.tell(), 120).plain.splitlines()[0] == (
        "OVER: anthropic failed from 20 Nov 09:18 to 11:01 UTC, for 1 h 42 min; it has answered again for 43 min."
    )


def test_the_first_twelve_lines_hold_cause_words_filing_sureness_cost_and_what_to_do():
    lines = head_of(story.tell())
    words = " ".join(" ".join(lines).split())
    assert len(lines) <= 12
    parts = (
        "OVER:",
        "Cause: a login refused for good (HTTP 403). anthropic said:",
        "OpenClaw calls it rate_limit. That is wrong",
        "How sure: high.",
        "13 runs failed (agent main)",
        "1. Sign in again",
    )
    assert [part for part in parts if part not in words] == []
    assert sorted(parts, key=words.index) == list(parts)


@pytest.mark.parametrize(
    ("changes", "now", "state"),
    [
        ({"end": None}, "10:00:00", "STILL BLOCKED: anthropic fails since 20 Nov 09:18 UTC"),
        ({"end": None}, "11:44:00", "NOT OVER: anthropic fails since 20 Nov 09:18 UTC"),
        ({}, "11:44:00", "OVER: anthropic failed from 20 Nov 09:18 to 11:01 UTC"),
        ({"end": None, "end_shows": False, "windows": ()}, "11:44:00", "CANNOT TELL: anthropic failed at 20 Nov 09:18"),
        (
            {"end": None, "end_shows": False, "windows": (), "start": None},
            "11:44:00",
            "CANNOT TELL: anthropic failed",
        ),
    ],
)
def test_the_first_word_is_the_state_and_the_contract_has_it_typed(changes, now, state):
    case = story.tell(incidents=(replace(story.INCIDENT, **changes),), now=story.at(now))
    assert page(case, 120).plain.startswith(state)
    told = case.triage()
    word = state.partition(":")[0].lower()
    assert (told["state"], told["incidents"][0]["state"]) == (word, word)


def test_nothing_is_called_well_that_was_not_looked_at():
    assert (story.healthy().verdict.state, page(story.healthy()).plain[:5]) == ("well", "WELL:")
    blind = story.tell(timeline=story.timeline(()), window_rows=(), incidents=(), attempts=())
    assert page(blind).plain.startswith("CANNOT TELL: This evidence cannot show")


def test_every_command_stands_whole_and_alone_on_its_line():
    line = "openclaw models auth paste-token --provider anthropic --profile-id anthropic:a-name-longer-than-usual"
    remedy = (f"Put the new credential in: `{line}`. Then see `openclaw models status`, and go on.",)
    lines = page(story.tell(incidents=(replace(story.INCIDENT, remedy=remedy),)), 80).plain.splitlines()
    assert f"     {line}" in lines
    assert "     openclaw models status" in lines


def test_the_page_ends_with_the_command_that_shows_all_for_this_evidence():
    assert page(story.tell(), evidence=("my case", "x")).plain.splitlines()[-1] == "forensics report 'my case' x"
    assert page(story.healthy()).plain.splitlines()[-1] == "forensics report EVIDENCE"


def test_what_happened_can_be_told_in_the_time_of_this_machine():
    text = page(story.tell(), zone=timezone(timedelta(hours=1))).plain
    assert "What happened (times of this machine)" in text
    assert "  10:18:58  failed" in text


def test_the_page_has_its_parts_in_order():
    text = page(story.tell()).plain
    parts = [
        "OVER: anthropic",
        "Until when",
        "What it cost",
        "What happened (UTC)",
        "Looked at scope403",
    ]
    places = [text.index(part) for part in parts]
    assert places == sorted(places)


def test_every_link_of_the_chain_shows_its_time_and_its_place():
    text = page(story.tell()).plain
    assert all(f"{link.time:%H:%M:%S}" in text and link.source in text for link in story.CHAIN)


@pytest.mark.parametrize(("asked", "columns"), [(20, 80), (80, 80), (100, 100), (400, 120)])
def test_no_line_is_wider_than_the_page(asked, columns):
    assert max(map(len, page(story.tell(), asked).plain.splitlines())) <= columns


def test_one_incident_is_two_screens_at_most():
    assert len(page(story.tell(), 80).plain.splitlines()) <= 60


def test_a_window_still_open_says_how_long_it_will_last():
    now = story.at("10:00:00")
    text = page(story.tell(now=now)).plain
    assert "Not over at Fri 20 Nov 2026 10:00:00 UTC" in text
    assert "anthropic:default cooldown until 10:57:10 UTC (another 57 min)" in " ".join(text.split())
    assert "Waiting does not help" in " ".join(text.split())


def test_a_window_that_ran_out_without_an_answer_is_not_called_over():
    text = page(story.tell(incidents=(replace(story.INCIDENT, end=None),))).plain
    assert "no answer of anthropic after that is in the evidence" in " ".join(text.split())


def test_what_is_over_takes_a_line_and_what_is_open_comes_first_with_its_steps():
    open_one = replace(story.INCIDENT, id="I2", provider="openai", end=None)
    ended = replace(story.INCIDENT, id="I3", provider="relay")
    lines = page(story.tell(incidents=(story.INCIDENT, open_one, ended)), 80).plain.splitlines()
    assert lines[0].startswith("NOT OVER: openai fails since")
    (over,) = [n for n, line in enumerate(lines) if line == "Also, and over"]
    assert [line.split()[0] for line in lines[over + 1 : over + 3]] == ["I1", "I3"]
    both = replace(open_one, id="I4", provider="mistral")
    text = page(story.tell(incidents=(open_one, both)), 80).plain
    second = text[text.index("I4  NOT OVER: mistral") :]
    assert "  1. Sign in again" in second[: second.index("Until when")]


def test_a_healthy_case_is_one_sentence_and_what_was_looked_at():
    lines = page(story.healthy(), 120).plain.splitlines()
    assert lines[0] == "WELL: No incident: nothing in the evidence kept a credential from being used."
    rest = " ".join(" ".join(lines[1:]).split())
    assert rest.startswith("What this rests on Looked at scope403: 2 files with 144 lines of release 2026.2.9")


def test_what_could_not_be_read_or_asked_is_said():
    text = " ".join(page(story.healthy()).plain.split())
    assert f"1 line of {story.LOG} could not be read." in text
    assert "(not lost_results: what it needs is not in the evidence)" in text


def test_what_is_not_of_openclaw_and_what_is_left_out_on_purpose_frightens_nobody():
    foreign = Reject(source="notes.txt", line=1, lines=227, why=NOT_RECOGNISED)
    skipped = Reject(source="skills", lines=0, why=PROMPTS)
    calm = story.healthy()
    text = page(replace(calm, timeline=replace(calm.timeline, rejects=(foreign, skipped)))).plain
    assert "could not be read" not in text
    assert "1 file is not OpenClaw's and is left aside." in text
    assert "skills" not in text


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


def test_a_command_that_is_only_talked_about_stays_in_its_sentence():
    step = Step("Put one in: `openclaw agents add ops` asks for it. `openclaw configure` writes another store.")
    assert list(parts_of(step, "forensics fix")) == [
        ("Put one in:", False),
        ("openclaw agents add ops", True),
        ("asks for it. `openclaw configure` writes another store.", False),
    ]


def test_the_title_of_the_page_in_the_browser_says_the_live_one_first():
    open_one = replace(story.INCIDENT, id="I2", provider="openai", end=None)
    assert title_of(story.tell(incidents=(story.INCIDENT, open_one))).startswith("NOT OVER: openai fails since")
    assert title_of(story.healthy()).startswith("WELL: ")
