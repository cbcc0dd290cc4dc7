import json
import re
from dataclasses import replace
from datetime import timedelta
from html import escape

import pytest
import story

from forensics.report import charts
from forensics.report.charts import palette
from forensics.report.charts.activity import lines_per_minute
from forensics.report.charts.callouts import place_callouts
from forensics.report.charts.gateway import gateway_turns
from forensics.report.charts.lanes import lay_out
from forensics.report.charts.marks import event_ticks, failure_ticks, window_bars
from forensics.report.charts.ticks import MOST, Tick, thin_out
from forensics.report.charts.view import look_at


def lanes(case, incident=None):
    return {lane.name: lane.note for lane in lay_out(look_at(case, incident), top=0).values()}


def test_lanes_tell_the_story_from_top_to_bottom():
    assert lanes(story.tell()) == {
        "answered": "11 answers",
        "anthropic:default": "4 failures, 4 windows",
        "anthropic:backup": "4 failures, 4 windows",
        "echoes": "9 refusals",
        "gateway": "1 restart, 1 start",
    }


def test_a_credential_that_stayed_free_has_a_lane_of_its_own():
    only_one = tuple(a for a in story.tell().attempts if a.profile == story.A)
    windows = tuple(w for w in story.WINDOWS if w.profile == story.A)
    case = story.tell(attempts=only_one, window_rows=windows)
    assert lanes(case)["anthropic:backup"] == "no trouble"


def test_lanes_name_the_agent_only_where_several_are_concerned():
    other = tuple(replace(w, agent="helper") if w.profile == story.B else w for w in story.WINDOWS)
    case = story.tell(window_rows=other, attempts=())
    assert {"main · anthropic:default", "helper · anthropic:backup"} <= set(lanes(case))


def test_a_long_profile_id_keeps_both_ends():
    name = "anthropic:a.very.long.name.of.somebody@example.com"
    case = story.tell(window_rows=(story.window("09:18:58", "09:19:58", name, 32),), attempts=())
    assert "anthropic:a.ver…dy@example.com" in lanes(case)


def test_one_incident_shows_only_its_own_provider():
    foreign = story.window("09:30:00", "09:31:00", "openai:default", 90, provider="openai")
    case = story.tell(window_rows=(*story.WINDOWS, foreign))
    assert "openai:default" in lanes(case)
    assert "openai:default" not in lanes(case, story.INCIDENT)


def test_the_axis_holds_the_incident_and_some_time_around_it():
    view = look_at(story.tell())
    assert view.start < story.INCIDENT.start - timedelta(minutes=30)
    assert view.end > story.INCIDENT.end + timedelta(minutes=30)


def test_a_block_that_outlives_the_evidence_is_cut_and_says_until_when():
    block = story.window("09:18:58", "09:19:58", story.A, 32, kind="blocked", reason_recorded="subscription_limit")
    block = replace(block, end=story.at("10:00:00") + timedelta(days=6))
    view = look_at(story.tell(window_rows=(block,), incidents=(replace(story.INCIDENT, windows=(block,), end=None),)))
    (bar,) = window_bars(view)
    assert bar.end == view.end < block.end
    assert bar.labels[0] == "subscription_limit · until 26 Nov 10:00:00 ▸"


def test_every_failure_is_a_mark_with_its_words_and_its_place():
    first = failure_ticks(look_at(story.tell()))[0]
    assert first == Tick(
        lane="anthropic:default",
        time=story.at("09:18:58.877"),
        what="HTTP 403 permission_error",
        said=story.BODY,
        where=f"{story.SCRIPT}:32",
    )


def test_a_failure_that_a_retry_absorbed_is_hollow():
    case = story.tell(attempts=story.attempts_of(story.FAILURES[:1], absorbed=True))
    assert [tick.hollow for tick in failure_ticks(look_at(case))] == [True]


def test_echoes_stay_out_of_the_lanes_of_credentials():
    view = look_at(story.tell())
    assert {tick.lane for tick in event_ticks("echoes", view.echoes)} == {"echoes"}


def test_a_stop_and_a_start_soon_after_it_are_one_restart():
    assert [turn.what for turn in gateway_turns(story.LIFECYCLE)] == ["start", "restart"]


def test_few_ticks_are_all_drawn():
    ticks = [tick(n) for n in range(MOST)]
    assert thin_out(ticks, story.DAY, story.DAY + timedelta(days=6)) == tuple(ticks)


def test_many_ticks_are_put_together_without_losing_one():
    ticks = [tick(n) for n in range(20_000)]
    thin = thin_out(ticks, story.DAY, story.DAY + timedelta(days=6))
    assert len(thin) <= MOST
    assert sum(t.count for t in thin) == 20_000
    assert thin[0].until is not None


def tick(n):
    time = story.DAY + timedelta(seconds=20 * n)
    return Tick(lane="echoes", time=time, what="refused", said="", where=f"{n:06}")


def test_a_busy_week_stays_under_two_thousand_marks():
    week = [replace(story.ECHOES[0], time=story.DAY + timedelta(minutes=n), line=n) for n in range(8_000)]
    late = story.DAY + timedelta(days=6)
    incident = replace(story.INCIDENT, end=late)
    case = story.tell(timeline=story.timeline([*week, *story.FAILURES]), now=late, incidents=(incident,))
    assert marks(charts.timeline(case).to_dict()) < 2_000


def test_a_great_many_windows_are_joined_without_losing_one():
    windows = tuple(
        replace(w, start=w.start + timedelta(minutes=n), end=w.end + timedelta(minutes=n))
        for n in range(800)
        for w in story.WINDOWS[:2]
    )
    bars = window_bars(look_at(story.tell(window_rows=windows, incidents=(), now=story.at("23:59:00"))))
    assert len(bars) <= MOST
    assert sum(int(bar.labels[0].split()[0]) if bar.labels[0].endswith("windows") else 1 for bar in bars) == 1_600


def marks(spec):
    """How many rows a Vega-Lite specification draws."""
    return len(spec.get("data", {}).get("values", ())) + sum(marks(layer) for layer in spec.get("layer", ()))


def test_the_title_is_the_conclusion_and_the_callout_the_first_failure():
    assert words_of(charts.timeline(story.tell())) >= {
        "anthropic failing 09:18 to 11:01 UTC: a login refused for good (HTTP 403), recorded as rate_limit",
        "first real failure 09:18:58: HTTP 403 permission_error: OAuth token does not meet scope",
        "requirement user:profile",  # on a line of its own: nothing is cut off
    }


def test_the_title_of_a_healthy_day_says_so():
    assert "No incident: nothing here kept a credential from being used" in words_of(charts.timeline(story.healthy()))


def words_of(chart):
    """Every text a chart writes."""
    return set(re.findall(r"<text[^>]*>([^<]*)</text>", charts.to_svg(chart)))


def test_callouts_of_several_incidents_do_not_cover_each_other():
    second = replace(story.INCIDENT, id="I2", first_failure=replace(story.FIRST, time=story.at("09:20:04")))
    view = look_at(story.tell(incidents=(story.INCIDENT, second)))
    assert [(c.row, c.lines[0][:2]) for c in place_callouts(view, 900)] == [(0, "I1"), (1, "I2")]


def test_colour_is_not_the_only_carrier_of_a_reason():
    assert {"auth · 25 min · until 09:53", "auth · 25 min"} & words_of(charts.timeline(story.tell()))


@pytest.mark.parametrize("case", [story.tell(), story.healthy()], ids=["incident", "healthy"])
def test_the_svg_loads_nothing_and_is_the_same_every_time(case):
    svg = charts.to_svg(charts.timeline(case))
    assert not re.search(r"https?://(?!www\.w3\.org)|<script|<image|@import|url\(", svg)
    assert svg == charts.to_svg(charts.timeline(case))


def test_every_colour_of_the_svg_has_a_counterpart_on_dark_paper():
    svg = charts.to_svg(charts.timeline(story.tell()))
    drawn = set(re.findall(r'(?:fill|stroke)="(#[0-9a-f]{6})"', svg))
    assert drawn <= {ink.light for ink in palette.INKS}


def test_hovering_over_a_mark_needs_no_script():
    svg = charts.to_svg(charts.timeline(story.tell()))
    first = ("Fri 20 Nov 2026 09:18:58 UTC", "HTTP 403 permission_error", story.BODY, f"{story.SCRIPT}:32")
    assert "<title>" + "&#xA;".join(escape(line) for line in first) + "</title>" in svg


def test_hostile_text_stays_text():
    hostile = replace(story.FAILURES[0], text="<script>alert(1)</script>\x1b[31m\u202eabc")
    first = replace(story.FIRST, text=hostile.text, error_type=None)
    case = story.tell(attempts=story.attempts_of([hostile]), incidents=(replace(story.INCIDENT, first_failure=first),))
    svg = charts.to_svg(charts.timeline(case))
    assert "<script" not in svg
    assert "&lt;script&gt;alert(1)&lt;/script&gt;␛[31m&lt;U+202E&gt;abc" in svg
    assert not set("\x1b\u202e") & set(svg)


def test_in_a_notebook_the_chart_is_alive_and_static_at_once():
    drawing = charts.Picture(charts.timeline(story.tell()), "one sentence").drawing()
    assert set(drawing) == {"application/vnd.vegalite.v5+json", "image/svg+xml", "text/plain"}
    json.dumps(drawing)


def test_the_sentence_under_the_timeline_counts_what_is_in_it():
    assert charts.describe_timeline(story.tell()) == (
        "From Fri 20 Nov 2026 08:32:02 UTC to 11:46:08: 8 calls to a provider really failed, opening 8 windows "
        "(3 h 2 min in all); 9 refusals came from the gateway itself, and 11 answers got through."
    )


def test_failures_without_a_window_do_not_claim_one():
    sentence = charts.describe_timeline(story.tell(window_rows=(), incidents=(replace(story.INCIDENT, windows=()),)))
    assert "8 calls to a provider really failed, without opening a window;" in sentence


def test_the_silence_map_counts_lines_per_minute_and_level():
    counts = lines_per_minute(story.tell())
    assert counts[story.at("09:58:00"), "errors"] == 4
    assert sum(counts.values()) == sum(a.lines for a in story.tell().timeline.activity) + len(
        story.tell().timeline.events
    )


def test_the_sentence_under_the_silence_map_names_the_longest_silence():
    assert charts.describe_activity(story.tell()).endswith("the longest silence is 30 min, from 11:01:00.")


@pytest.mark.parametrize("year", [1, 9999])
def test_a_time_no_clock_ever_showed_does_not_break_the_picture(year):
    liar = replace(story.ECHOES[0], time=story.DAY.replace(year=year))
    case = story.tell(timeline=story.timeline([liar, *story.FAILURES]), now=liar.time)
    assert "<svg" in charts.to_svg(charts.timeline(case))
    assert "<svg" in charts.to_svg(charts.activity_chart(case))


def test_evidence_without_any_time_still_gives_a_picture():
    empty = story.tell(timeline=story.timeline((), activity=()), incidents=(), attempts=(), window_rows=(), now=None)
    assert "<svg" in charts.to_svg(charts.timeline(empty))
    assert "<svg" in charts.to_svg(charts.activity_chart(empty))
    assert charts.describe_activity(empty).startswith("No line")
