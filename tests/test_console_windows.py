"""A console line that says `window=…` tells of a window, whatever the reason beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from forensics import open_case

LINE = (
    "2026-07-05T21:14:02.131+02:00 [agent/embedded] embedded run agent end: runId=r5 isError=true model=m-1 "
    "provider=xai error=LLM request failed. rawError=Unknown error (no error details in response)\n"
    "2026-07-05T21:14:02.140+02:00 [agent/embedded] auth profile failure state updated: runId=r5 "
    "profile=sha256:71c0e5a9d2b4 provider=xai reason={reason} window=cooldown reused=false\n"
)


@pytest.mark.parametrize("reason", ["overloaded", "no_error_details", "unclassified", "rate_limit", "auth", "timeout"])
def test_the_window_is_there(tmp_path: Path, reason: str) -> None:
    (tmp_path / "paste.txt").write_text(LINE.format(reason=reason))
    (incident,) = open_case(tmp_path).incidents
    (window,) = incident.windows
    assert (window.kind, window.provider) == ("cooldown", "xai")


def test_the_provider_is_the_one_that_another_line_of_the_run_names(tmp_path: Path) -> None:
    end = "2026-07-05T21:14:02.131Z [agent/embedded] embedded run agent end: runId={} isError=true {}error=HTTP 401\n"
    (tmp_path / "paste.txt").write_text(end.format("r1", "") + end.format("r1", "model=m-1 provider=xai "))
    assert {incident.provider for incident in open_case(tmp_path).incidents} == {"xai"}
