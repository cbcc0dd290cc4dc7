"""Runs of which only the steps of a fallback chain tell: an answer ends them, and a chain asks each candidate once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from forensics import open_case

STEP = (
    "2026-07-05T21:{minute:02}:{second:02}.{ms:03}Z [model-fallback/decision] model fallback decision: "
    "decision={decision} requested=mistral/m-1 candidate={candidate} reason={reason} next={next}{detail}\n"
)


def step(at: float, candidate: str, after: str, *, ok: bool = False, detail: str = "503 upstream connect error") -> str:
    seconds = int(at)
    return STEP.format(
        minute=seconds // 60,
        second=seconds % 60,
        ms=round((at - seconds) * 1000),
        decision="candidate_succeeded" if ok else "candidate_failed",
        candidate=candidate,
        reason="unknown" if ok else "overloaded",
        next=after,
        detail="" if ok else f" detail={detail}",
    )


def impacts(folder: Path, text: str) -> list[dict[str, Any]]:
    path = folder / "paste.txt"
    path.write_text(text)
    incidents: Any = open_case(path).triage()["incidents"]
    return [incident["impact"] for incident in incidents]


@given(wait=st.integers(1, 300))
@settings(max_examples=15, deadline=None)
def test_a_fallback_that_answered_leaves_nobody_waiting_however_late(tmp_path_factory: Any, wait: int) -> None:
    text = step(2, "mistral/m-1", "xai/g-1") + step(2 + wait, "xai/g-1", "none", ok=True)
    for impact in impacts(tmp_path_factory.mktemp("chain"), text):
        assert (impact["runs_failed"], impact["messages_unanswered"]) == (0, None)


@given(rounds=st.integers(2, 6), gap=st.integers(3, 100))
@settings(max_examples=15, deadline=None)
def test_a_chain_walked_again_is_another_run(tmp_path_factory: Any, rounds: int, gap: int) -> None:
    text = "".join(
        step(n * gap, "mistral/m-1", "xai/g-1") + step(n * gap + 0.1, "xai/g-1", "none") for n in range(rounds)
    )
    found = impacts(tmp_path_factory.mktemp("chain"), text)
    assert [impact["runs_failed"] for impact in found] == [rounds] * len(found)
    assert found


def test_one_run_is_one_run_on_a_slow_machine(tmp_path: Path) -> None:
    text = (
        "2026-04-27T05:46:12.000Z [agent/embedded] [llm-idle-timeout] lmstudio/q produced no reply before the idle "
        "watchdog; retrying same model\n"
        '2026-04-27T05:51:14.020Z [diagnostic] lane task error: lane=main durationMs=603812 error="FailoverError: LLM '
        'request timed out."\n'
    )
    (impact,) = impacts(tmp_path, text)
    assert (impact["runs_failed"], impact["sessions"]) == (1, None)
