"""Notebook 5: the picture of logins, its sentence, and the tables, for evidence with and without a desync."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import captures
import pytest
import story

from forensics import Case, open_case
from forensics.detectors.desync import Desync, Edge
from forensics.detectors.run import Findings
from forensics.report import charts, desync_tables
from forensics.report.charts.stripes import Stripe
from forensics.report.charts.token_validity import held_credentials
from forensics.report.charts.validity_plan import plan_validity
from forensics.report.charts.validity_words import legend, title
from forensics.report.run import run_report
from forensics.tables import Credential, Finding

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "sample_data" / "desync-2026.3.11" / "evidence"
HEALTHY = ROOT / "sample_data" / "healthy-2026.2.9" / "evidence"
CAPTURES = sorted(captures.CAPTURES.glob("*/B-*/evidence"))
NAME = "5_credential_desync"
TABLES = (
    desync_tables.windows, desync_tables.races, desync_tables.false_alarms, desync_tables.lost_results,
    desync_tables.credentials,
)  # fmt: skip
CLAUDE, AGENT, OUT = "Claude Code", "main · anthropic:default", "anthropic out of sync: main"
PICTURE = re.compile(r"<svg.*?</svg>", re.S)


@pytest.fixture(scope="module")
def sample() -> Case:
    return open_case(SAMPLE)


def lanes(case: Case) -> dict[str, str]:
    return {lane.name: lane.note for lane in plan_validity(case).plan.lanes.values()}


def stripes(case: Case, lane: str) -> list[Stripe]:
    return [stripe for stripe in plan_validity(case).stripes if stripe.lane == lane]


def text(show: Any, case: Case) -> str:
    """A table's words, without tags."""
    return re.sub(r"<[^>]+>", " ", re.sub(r"<style.*?</style>", "", show(case)._repr_html_(), flags=re.S))


def test_the_lanes_tell_the_story_from_top_to_bottom(sample: Case) -> None:
    assert lanes(sample) == {
        OUT: "1 window, 3 refusals",
        CLAUDE: "renewable",
        AGENT: "renewable, 1 earlier pair",
        "subagent results": "1 lost",
        "gateway": "1 restart",
    }


def test_the_newer_pair_is_pale_in_the_agents_store_until_it_came_in(sample: Case) -> None:
    (window,) = sample.triage()["desync"]  # type: ignore[misc] # one object, as the contract says
    came = plan_validity(sample).windows[0].end
    old, pale, new = stripes(sample, AGENT)
    assert (pale.pale, pale.start.isoformat()[:19], pale.end) == (True, window["start"][:19], came)
    assert (new.pale, new.start, old.end < pale.end) == (False, came, True)
    assert [stripe.pale for stripe in stripes(sample, CLAUDE)] == [False]


def test_a_dead_token_that_was_still_there_is_drawn_on_to_where_it_was_last_seen(sample: Case) -> None:
    (dead,) = plan_validity(sample).beyond
    assert (dead.lane, dead.start) == (AGENT, stripes(sample, AGENT)[0].end)
    assert dead.end > dead.start


def test_title_and_sentence_say_who_was_behind_why_and_what_it_cost(sample: Case) -> None:
    assert title(plan_validity(sample)) == (
        "anthropic login of main out of sync, 1 h 58 min: Claude Code had renewed it"
    )
    assert charts.describe_validity(sample) == (
        "The anthropic login of main was out of sync from Fri 20 Nov 2026 11:34:17 UTC to 13:31:54 (1 h 58 min): "
        "Claude Code had renewed it; 3 calls were refused, and 1 subagent result never arrived, but can still be read."
    )


def test_the_tables_say_how_each_edge_is_known_and_where_the_result_is(sample: Case) -> None:
    windows, lost = text(desync_tables.windows, sample), text(desync_tables.lost_results, sample)
    for words in ("the newer token's end minus its lifetime", "at that moment", "somewhere from 12:01:47 to 13:32:04"):
        assert words in windows.replace("&#x27;", "'").replace("&#39;", "'")
    assert ".jsonl.deleted.2026-11-20T12-34-49.834Z:6" in lost
    assert "waiting" in text(desync_tables.races, sample)
    assert "fp:58fd550bcdad" in text(desync_tables.credentials, sample)


def test_evidence_without_a_renewable_login_is_told_calmly() -> None:
    case = open_case(HEALTHY)
    assert charts.describe_validity(case) == "No login was out of sync: no credential in the evidence is ever renewed."
    assert lanes(case)[AGENT] == "never renewed"
    for show in TABLES[:4]:
        assert text(show, case).split()[-1] == "none"


def test_a_case_without_any_store_has_a_picture_and_a_sentence() -> None:
    told = story.tell()
    case = replace(told, timeline=replace(told.timeline, credentials=()))
    assert list(lanes(case)) == ["gateway"]
    assert charts.to_svg(charts.validity(case)).startswith("<svg")
    assert charts.describe_validity(case) == ("No login was out of sync: there is no credential store in the evidence.")


WINDOW = Desync(
    provider="anthropic", kind="stale_copy", agents=("main",), profiles=("anthropic:default",),
    opened=Edge(
        time=story.at("09:18:58"), basis="refusal", not_before=story.at("08:30:00"), not_after=story.at("09:18:58"),
        source="log:1",
    ),
    closed=None, newest=None, refusals=(), confidence="low", evidence=("log:1",),
)  # fmt: skip


def told(*windows: Desync, findings: tuple[Finding, ...] = (), **columns: object) -> Case:
    return story.tell(answers=Findings(findings, {"desync": windows}, ()), **columns)


def test_a_window_that_is_not_over_says_so_and_shows_the_interval_it_began_in() -> None:
    case = told(WINDOW)
    (interval,) = plan_validity(case).uncertain
    assert (interval.start, interval.end) == (story.at("08:30:00"), story.at("09:18:58"))
    assert "until the evidence ends: somebody else had renewed it" in charts.describe_validity(case)
    assert "not over" in text(desync_tables.windows, case)


def test_several_windows_are_counted_and_each_has_its_lane() -> None:
    race = replace(WINDOW, kind="refresh_race", agents=("ops", "qa"), provider="openai-codex", winner="dev")
    case = told(WINDOW, race)
    assert [lane for lane in lanes(case) if "out of sync" in lane] == [OUT, "openai-codex out of sync: ops, qa"]
    assert charts.describe_validity(case).startswith("From Fri 20 Nov 2026 09:18:58 UTC on, 2 windows (")
    assert "won by dev, lost by ops, qa" in text(desync_tables.races, case)


def test_a_store_more_than_the_picture_holds_is_counted_in_the_legend() -> None:
    row = Credential(source="s", store="auth_profiles", agent="main", profile="p", provider="x", type="api_key")
    many = tuple(replace(row, source=f"s{n}", profile=f"x:{n:02}") for n in range(50))
    case = story.tell()
    crowded = replace(case, timeline=replace(case.timeline, credentials=many))
    assert len(held_credentials(crowded)) == 50
    assert "and 30 more stores in the table" in legend(plan_validity(crowded))


HOSTILE = "<script>alert(1)</script>\x1b[31m\u202egnp\x00"


def test_evidence_reaches_picture_and_tables_only_as_text() -> None:
    row = replace(WINDOW, provider=HOSTILE, agents=(HOSTILE,), winner=HOSTILE, evidence=(HOSTILE,))
    lost = Finding(
        detector="lost_results", severity="low", confidence="high", verdict="result_not_delivered", owner=HOSTILE,
        summary=HOSTILE, first_time=story.at("09:20:00"), last_time=story.at("09:25:00"), evidence=(HOSTILE,),
    )  # fmt: skip
    case = told(row, findings=(lost,))
    shown = [charts.to_svg(charts.validity(case)), *(show(case)._repr_html_() for show in TABLES)]
    shown.append(charts.Picture(charts.validity(case), charts.describe_validity(case)).caption()["text/html"])
    for html in shown:
        assert "<script" not in html
        assert not {"\x1b", "\u202e", "\x00"} & set(html)


@pytest.mark.parametrize(
    ("scope", "windows"),
    [
        ({}, 1),
        ({"provider": "anthropic", "agent": "main"}, 1),
    ],
)
def test_provider_and_agent_reach_the_windows(scope: dict[str, str], windows: int) -> None:
    case = open_case(SAMPLE, **scope)  # type: ignore[arg-type] # names of texts
    assert len(plan_validity(case).windows) == windows
    assert sum(finding.verdict == "stale_copy" for finding in case.answers.findings) == windows


def test_the_report_of_the_sample_shows_picture_sentence_and_tables(tmp_path: Path) -> None:
    page = run_report([SAMPLE], tmp_path, NAME).html.read_text(encoding="utf-8")
    places = [page.index(part) for part in ("<svg", "was out of sync from", 'id="desyncs"', 'id="lost"')]
    assert places == sorted(places)
    assert len(page) < 200_000


@pytest.mark.skipif(not CAPTURES, reason="the captures are not at hand: ../shared/captures does not exist")
@pytest.mark.parametrize("evidence", CAPTURES, ids=lambda path: path.parts[-3])
def test_captures_have_one_window_beside_one_restart(evidence: Path) -> None:
    plan = plan_validity(open_case(evidence))
    assert list(plan.plan.lanes) == [OUT, CLAUDE, AGENT, "subagent results", "gateway"]
    (window,) = plan.windows
    assert window.end is not None
    assert any(abs(turn.time - window.end) < timedelta(minutes=1) for turn in plan.plan.view.turns)
    assert plan.plan.failures
