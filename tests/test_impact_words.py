"""What an incident cost and when it could be noticed, in words, on the page and in the report."""

from __future__ import annotations

from dataclasses import replace

import pytest
import story

from forensics.incidents.impact import Impact, Share
from forensics.incidents.incident import Incident
from forensics.incidents.time_to_notice import Notice
from forensics.report import tables
from forensics.report.terminal import page
from forensics.report.text.impact import what_it_cost, when_noticed


def share(name: str, runs: int, messages: int | None) -> Share:
    return Share(name=name, sessions=1, runs_failed=runs, messages_unanswered=messages)


NOTICED = Notice(story.at("09:19:35"), 37, "the error was delivered to a chat", f"{story.LOG}:27")
DEAR = Impact(
    sessions=1, runs_failed=13, longest_silence_s=21600, messages_unanswered=11, notice=NOTICED,
    agents=(share("main", 13, 11),), channels=(share("cli", 11, 11), share("heartbeat", 2, 0)),
)  # fmt: skip


def incident(impact: Impact, **more: object) -> Incident:
    return replace(story.INCIDENT, impact=impact, **more)


@pytest.mark.parametrize(
    ("impact", "said"),
    [
        (
            DEAR,
            (
                "13 runs failed in 1 session: 11 messages unanswered (cli), 2 heartbeat runs; "
                "no answer of anthropic for up to 6 h."
            ),
        ),
        (replace(DEAR, messages_unanswered=0, channels=(), runs_failed=0, longest_silence_s=0),
         "No runs failed in 1 session."),
        (Impact(sessions=2),
         "No runs failed in 2 sessions: whether messages stayed unanswered is not in the evidence."),
        (Impact(runs_failed=1, sessions=1, messages_unanswered=1, channels=(share("unknown", 1, 1),)),
         "1 run failed in 1 session: 1 message unanswered."),
    ],
)  # fmt: skip
def test_the_cost_is_one_sentence(impact: Impact, said: str) -> None:
    assert what_it_cost(incident(impact)) == said


def test_a_notice_says_how_long_it_took_and_no_notice_says_so() -> None:
    assert when_noticed(incident(DEAR)) == (
        "Could first be noticed 37 s after the first failure: the error was delivered to a chat."
    )
    at_once = replace(DEAR, notice=replace(NOTICED, after_s=0))
    assert when_noticed(incident(at_once)).startswith("Could first be noticed at once: ")
    assert (
        when_noticed(incident(Impact())) == "No sign in the evidence that anybody could notice it before it was over."
    )
    assert when_noticed(incident(Impact(), end=None)) == "No sign in the evidence that anybody could notice it."


def test_the_page_and_the_report_tell_it() -> None:
    case = story.tell(incidents=(incident(DEAR),))
    text = " ".join(page(case).plain.split())
    assert "What it cost 13 runs failed in 1 session: 11 messages unanswered (cli), 2 heartbeat runs" in text
    html = tables.costs(case)._repr_html_()
    assert [word in html for word in ("Messages unanswered", "cli: 11", "main: 13", "6 h", f"{story.LOG}:27")] == [
        True
    ] * 5
