"""Exactly what is stuck is found on generated machines, with and without logs, in eight releases."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stuck_machines import Machine, State, machines, write
from stuck_states import HEALTHY, STUCK, Story

from forensics import open_case
from forensics.remediation.commands import exists

FEW = settings(max_examples=6, deadline=None, database=None, derandomize=True)


def answer(machine: Machine, state: State) -> tuple[Any, dict[str, Any]]:
    with TemporaryDirectory() as folder:
        write(Path(folder), machine, state)
        case = open_case(folder)
        return case, dict(case.triage())


def names(story: tuple[Story, tuple[str, ...]]) -> str:
    return story[0].__name__


@pytest.mark.parametrize("story", [*STUCK, *HEALTHY], ids=names)
@FEW
@given(data=st.data())
def test_exactly_the_pins_and_blocks_of_the_story_are_found(
    story: tuple[Story, tuple[str, ...]], data: st.DataObject
) -> None:
    machine = data.draw(machines(story[1]))
    state = story[0](machine)
    case, row = answer(machine, state)
    assert {(pin["session_key"], pin["field"]) for pin in row["stale_overrides"]} == state.pins
    assert {(block["profile"], block["field"]) for block in row["stale_blocks"]} == state.blocks
    found = [f for f in case.answers.findings if f.detector in ("stale_overrides", "stale_blocks")]
    assert all(f.evidence and f.remedy and f.confidence in ("high", "medium", "low") for f in found)


@pytest.mark.parametrize("story", STUCK, ids=names)
@settings(FEW, max_examples=2)
@given(data=st.data())
def test_every_cure_is_a_command_of_the_release_and_one_patch_a_file(
    story: tuple[Story, tuple[str, ...]], data: st.DataObject
) -> None:
    machine = data.draw(machines(story[1]))
    case, row = answer(machine, story[0](machine))
    release = case.release.release if case.release.exact else None
    for pin in row["stale_overrides"]:
        assert pin["set_order"] is None or exists(pin["set_order"], release)
    for incident in row["incidents"]:
        files = [patch["file"] for patch in incident["plan"]["patches"]]
        assert len(files) == len(set(files))
