"""State folders built for every kind of desync, and of what only looks like one, in eight releases: half of each."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from forensics import open_case
from forensics.case import Case
from forensics.openclaw.releases import Release
from forensics.remediation.commands import exists

RELEASES = ("2026.2.9", "2026.2.23", "2026.3.11", "2026.3.28", "2026.4.5", "2026.4.21", "2026.5.12", "2026.5.28")
NOON = datetime(2026, 4, 14, 12, tzinfo=UTC)
DEAD = "OAuth token refresh failed for {0}: Failed to refresh OAuth token for {0}. Please try again or re-authenticate."
REUSED = 'OpenAI Codex token refresh failed (401): {"error":{"code":"refresh_token_reused"}}'


class Folder:
    """A home folder that fills with invented stores and a log."""

    def __init__(self, root: Path, release: str) -> None:
        self.root, self.release, self.log = root, release, [_line(NOON - timedelta(hours=4), "[gateway] listening")]
        self.write(".openclaw/openclaw.json", {"meta": {"lastTouchedVersion": release}})

    def write(self, path: str, content: object) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content if isinstance(content, str) else json.dumps(content))

    def agent(self, name: str, login: dict[str, object], profile: str = "anthropic:default", **stats: object) -> None:
        usage = {"usageStats": {profile: stats}} if stats else {}
        store = {"version": 1, "profiles": {profile: login}, **usage}
        self.write(f".openclaw/agents/{name}/agent/auth-profiles.json", store)

    def claude(self, name: str, ends: int) -> None:
        tokens = login(name, ends)
        kept = {"accessToken": tokens["access"], "refreshToken": tokens["refresh"], "expiresAt": tokens["expires"]}
        self.write(".claude/.credentials.json", {"claudeAiOauth": kept})

    def refused(self, minutes: int, agent: str = "main", provider: str = "anthropic", text: str = DEAD) -> None:
        said = text.format(provider) if text is DEAD else f"OAuth token refresh failed for {provider}: {text}"
        lane = f"session:agent:{agent}:main"
        at = NOON + timedelta(minutes=minutes)
        self.log.append(_line(at, f'[diagnostic] lane task error: lane={lane} durationMs=90 error="Error: {said}"'))

    def open(self) -> Case:
        self.log.append(_line(NOON + timedelta(minutes=170), "[gateway] agent model: anthropic/claude-opus-4-6"))
        self.write("gateway.log", "\n".join(self.log) + "\n")
        for path in self.root.rglob("*"):
            os.utime(path, ((NOON + timedelta(hours=3)).timestamp(),) * 2)
        return open_case(self.root)


def _line(at: datetime, text: str) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}.000Z {text}"


def ms(minutes: int) -> int:
    return round((NOON + timedelta(minutes=minutes)).timestamp() * 1000)


def login(name: str, ends: int, provider: str = "anthropic") -> dict[str, Any]:
    """`ends`: minutes after noon."""
    tokens = {"access": f"sk-ant-oat01-{name}-INVENTED-0001", "refresh": f"sk-ant-ort01-{name}-INVENTED-0001"}
    return {"type": "oauth", "provider": provider, **tokens, "expires": ms(ends)}


def codex(name: str, issued: int, ends: int) -> dict[str, Any]:
    claims = base64.urlsafe_b64encode(json.dumps({"iat": ms(issued) // 1000, "exp": ms(ends) // 1000}).encode())
    token = f"eyJhbGciOiJub25lIn0.{claims.decode().rstrip('=')}.INVENTED"
    return {**login(name, ends, "openai-codex"), "access": token, "refresh": f"rt_{name}INVENTED0001"}


# What is a desync: a folder -> the agents that hold an outdated login.


def left_behind_by_claude_code(home: Folder) -> list[str]:
    home.agent("main", login("old", 60))
    home.claude("new", 500)
    home.refused(62)
    home.refused(80)
    return ["main"]


def left_behind_and_not_yet_refused(home: Folder) -> list[str]:
    home.agent("main", login("old", 240), errorCount=0, lastUsed=ms(30))
    home.agent("ops", login("old", 240), errorCount=0, lastUsed=ms(30))
    home.claude("new", 500)
    return ["main", "ops"]


def another_agent_left_behind(home: Folder) -> list[str]:
    home.agent("main", login("new", 480))
    home.agent("ops", login("old", 60))
    home.refused(62, "ops")
    return ["ops"]


def main_left_behind_by_another_agent(home: Folder) -> list[str]:
    home.agent("main", login("old", 60))
    home.agent("ops", login("new", 490))
    home.refused(62)
    home.refused(70)
    return ["main"]


def a_copy_that_ended_long_before_the_renewal(home: Folder) -> list[str]:
    home.agent("main", login("old", -900))
    home.claude("new", 480)
    return ["main"]


def used_by_somebody_as_the_server_says(home: Folder) -> list[str]:
    home.agent("main", codex("a", -600, 60), "openai-codex:default")
    home.refused(61, provider="openai-codex", text=REUSED)
    return ["main"]


# What only looks like one.


def mirrored_to_a_second_agent(home: Folder) -> None:
    home.agent("main", login("one", 420), errorCount=0, lastUsed=ms(100))
    home.agent("ops", login("one", 420), errorCount=0, lastUsed=ms(90))


def a_healthy_pair_beside_its_tool(home: Folder) -> None:
    home.agent("main", login("one", 420))
    home.claude("one", 420)


def renewed_by_the_gateway_itself(home: Folder) -> None:
    home.agent("main", login("new", 600), errorCount=0, lastUsed=ms(170))
    home.claude("old", 60)


def refused_and_nobody_renewed(home: Folder) -> None:
    home.agent("main", login("only", 60))
    home.refused(62)
    home.refused(90)


def a_login_of_two_minutes_ago_refused(home: Folder) -> None:
    home.agent("main", codex("fresh", -2, 14_400), "openai-codex:default")
    home.refused(0, provider="openai-codex")
    home.refused(14, provider="openai-codex")


def two_logins_under_one_name(home: Folder) -> None:
    home.agent("main", login("a", 60, "qwen-portal"), "qwen-portal:default")
    home.agent("scout", login("b", 120, "qwen-portal"), "qwen-portal:default")


DESYNCS = (
    left_behind_by_claude_code,
    left_behind_and_not_yet_refused,
    another_agent_left_behind,
    main_left_behind_by_another_agent,
    a_copy_that_ended_long_before_the_renewal,
    used_by_somebody_as_the_server_says,
)
NONE = (
    mirrored_to_a_second_agent,
    a_healthy_pair_beside_its_tool,
    renewed_by_the_gateway_itself,
    refused_and_nobody_renewed,
    a_login_of_two_minutes_ago_refused,
    two_logins_under_one_name,
)


def no_foul_command(case: Case, release: str) -> None:
    """Commands of the release only, no hash as an id, no provider called unknown."""
    steps = [step for plan in case.plans.values() for step in plan.actions]
    lines = [line for step in steps for line in step.commands]
    assert [line for line in lines if not exists(line, Release.parse(release))] == []
    assert not any("sha256:" in line or "--provider unknown" in line for line in lines)


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("build", DESYNCS, ids=lambda build: build.__name__)
def test_each_desync_is_one_row_of_the_agents_left_behind(
    tmp_path: Path, build: Callable[[Folder], list[str]], release: str
) -> None:
    home = Folder(tmp_path, release)
    agents = build(home)
    case = home.open()
    (desync,) = case.desyncs
    assert sorted(desync.agents) == agents
    ends = [copy.expires_at for copy in desync.outdated if copy.expires_at]
    assert desync.start <= min([*ends, *(r.time for r in desync.refusals)])
    if desync.newest and case.incidents:
        (incident,) = case.incidents
        assert "is out of date since" in incident.sentence
        assert any(desync.newest.file in step.sentence for step in case.plans[incident.id].actions)
    no_foul_command(case, release)


def test_where_the_newer_pair_came_in_nothing_is_dropped_or_logged_in_again(tmp_path: Path) -> None:
    home = Folder(tmp_path, "2026.4.5")
    home.agent("main", login("new", 500))
    home.claude("new", 500)
    home.refused(62)
    home.log.append(
        _line(NOON + timedelta(minutes=90), "[agents/auth-profiles] synced anthropic credentials from external cli")
    )
    case = home.open()
    (plan,) = case.plans.values()
    assert case.desyncs[0].end is not None
    assert any(step.startswith("A newer pair is in place since") for step in plan.steps)
    assert not plan.patches
    assert not any("paste-token" in step for step in plan.steps)


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("build", NONE, ids=lambda build: build.__name__)
def test_what_only_looks_like_a_desync_is_none(tmp_path: Path, build: Callable[[Folder], None], release: str) -> None:
    home = Folder(tmp_path, release)
    build(home)
    case = home.open()
    assert case.desyncs == ()
    assert not any("renewed by" in finding.summary for finding in case.answers.findings)
    no_foul_command(case, release)
