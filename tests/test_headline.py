"""Which incident comes first for people, and which order the list keeps."""

from __future__ import annotations

from forensics.detectors.questions import examples
from forensics.incidents.headline import headline_first

DOWN = "401 invalid key"


def incidents(*events):
    return examples.facts(events=[examples.turn("08:59"), *events], now="20:00").incidents


def refused(clock: str, provider: str):
    return examples.failure(clock, provider=provider, http_status=401, error_type="authentication_error", text=DOWN)


def answered(clock: str, provider: str):
    return examples.answer(clock, provider=provider)


def test_what_is_open_comes_before_what_is_over_and_the_list_itself_stays_in_order():
    found = incidents(
        refused("09:00", "anthropic"),
        answered("10:00", "anthropic"),
        answered("11:00", "openai"),
        refused("12:00", "openai"),
    )
    assert [i.provider for i in found] == ["anthropic", "openai"]
    assert [i.provider for i in headline_first(found, examples.at("20:00"))] == ["openai", "anthropic"]


def test_of_several_that_are_open_the_one_that_hurts_most_comes_first():
    more = [event for n in range(4) for event in (examples.turn(f"13:0{n}"), refused(f"13:0{n}:30", "openai"))]
    found = incidents(answered("08:00", "anthropic"), answered("08:10", "openai"), refused("09:00", "anthropic"), *more)
    assert headline_first(found, examples.at("20:00"))[0].provider == "openai"


def test_where_all_is_over_the_oldest_comes_first():
    found = incidents(
        refused("09:00", "anthropic"),
        answered("10:00", "anthropic"),
        refused("12:00", "openai"),
        answered("13:00", "openai"),
    )
    assert headline_first(found, examples.at("20:00")) == found
