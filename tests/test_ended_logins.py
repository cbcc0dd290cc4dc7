"""A message that calls a login missing is checked against the store before "none was sent" is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from forensics import open_case

LINE = (
    "2026-05-06T21:40:12.550Z [diagnostic] lane task error: lane=main durationMs=41 "
    'error="FailoverError: No credentials found for profile "qwen-portal:default"."\n'
)


@pytest.mark.parametrize(("minutes", "owner"), [(-3, "credential"), (60, "config"), (None, "config")])
def test_a_stored_login_that_ended_is_to_be_renewed_and_a_missing_one_to_be_made(
    tmp_path: Path, minutes: int | None, owner: str
) -> None:
    expires = 1_778_103_612_000 + (minutes or 0) * 60_000
    login = {"type": "oauth", "provider": "qwen-portal", "access": "a-INVENTED", "refresh": "r-INVENTED"}
    profiles = {} if minutes is None else {"qwen-portal:default": login | {"expires": expires}}
    (tmp_path / "auth-profiles.json").write_text(json.dumps({"version": 1, "profiles": profiles}))
    (tmp_path / "gateway.log").write_text(LINE)
    (incident,) = open_case(tmp_path).incidents
    assert incident.owner == owner
    assert ("none was sent" in " ".join(incident.remedy)) == (owner == "config")
