"""A fallback that was configured and never called is an answer of its own, and so is why."""

from __future__ import annotations

from pathlib import Path

import pytest

from forensics import open_case

LIMIT = "You have hit your ChatGPT usage limit (plus plan). Try again in ~5207 min."
FAILED = f"2026-04-12T08:11:01.000Z [agent/embedded] embedded run agent end: runId=r1 isError=true model=gpt-5.4 provider=openai-codex error={LIMIT} rawError={LIMIT}\n"  # noqa: E501 - one line of a log
SWITCH = "2026-04-12T{time}Z [agent/embedded] live session model switch {stage} before attempt for s1: {of} -> {to}\n"
BACK = "openai-codex/gpt-5.4"


@pytest.mark.parametrize(
    ("time", "stage", "of", "to", "never_called"),
    [
        ("08:11:01.050", "detected", "nvidia/kimi-k2.5", BACK, ["nvidia/kimi-k2.5"]),
        ("08:11:01.050", "detected", "nvidia/moonshotai/kimi-k2.5", BACK, ["nvidia/moonshotai/kimi-k2.5"]),
        ("09:11:01.050", "detected", "nvidia/kimi-k2.5", BACK, []),  # an hour later: of another run
        ("08:11:01.050", "detected", BACK, "nvidia/kimi-k2.5", []),  # the fallback took over
        ("08:11:01.050", "requested", "nvidia/kimi-k2.5", BACK, []),  # somebody chose a model
    ],
)
def test_a_fallback_is_never_called_where_the_session_is_set_back_behind_a_failure(
    tmp_path: Path, time: str, stage: str, of: str, to: str, never_called: list[str]
) -> None:
    (tmp_path / "gateway.log").write_text(FAILED + SWITCH.format(time=time, stage=stage, of=of, to=to))
    (incident,) = open_case(tmp_path).triage()["incidents"]
    assert incident["never_called"] == never_called
