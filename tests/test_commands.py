"""The inventory of commands: what exists in which release, and that what people invent does not."""

from __future__ import annotations

import pytest

from forensics.openclaw.releases import READ, Release, in_span
from forensics.remediation.commands import COMMANDS, RELEASES, exists

pytestmark = pytest.mark.slow

OLD, NEW = Release(2026, 2, 9), Release(2026, 9, 6)


@pytest.mark.parametrize("release", [*RELEASES, None], ids=str)
@pytest.mark.parametrize(
    "line",
    [
        "openclaw models status --json",
        "openclaw models status --probe --probe-provider anthropic --probe-profile anthropic:default",
        "openclaw models auth login --provider openai-codex",
        "openclaw models auth setup-token --provider anthropic",
        "openclaw models auth paste-token --provider anthropic --profile-id anthropic:default",
        "openclaw models auth order set --provider anthropic anthropic:backup anthropic:default",
        "openclaw models auth order clear --provider anthropic --agent work",
        "openclaw gateway restart",
        "openclaw gateway stop",
        "openclaw gateway start",
        "openclaw gateway status --deep",
        "openclaw doctor --fix",
        "openclaw logs --follow",
        "openclaw config get agents.defaults.model",
        "openclaw config unset models.providers.anthropic.apiKey",
        "openclaw sessions --json",
        "openclaw cron list --all",
        "openclaw cron disable 3a52",
        "openclaw agents add work",
        "openclaw status --json",
        """openclaw gateway call sessions.patch --params '{"key":"agent:main:main","model":null}'""",
        "OPENCLAW_LOG_LEVEL=debug openclaw status",
    ],
)
def test_what_every_release_that_was_read_has(line, release):
    assert exists(line, release)


@pytest.mark.parametrize("release", [*RELEASES, None], ids=str)
@pytest.mark.parametrize(
    "line",
    [
        "openclaw provider refresh",
        "openclaw provider refresh anthropic",
        "openclaw login anthropic",
        "openclaw system refresh --providers",
        "openclaw auth login",
        "openclaw auth refresh",
        "openclaw auth status",
        "openclaw models auth refresh",
        "openclaw models auth clear-cooldown anthropic:default",
        "openclaw models auth reset",
        "openclaw models refresh-auth",
        "openclaw models status --fix",
        "openclaw cooldown clear",
        "openclaw gateway refresh",
        "openclaw gateway reload",
        "openclaw gateway restart now",
        "openclaw gateway call auth.clear",
        "openclaw sessions reset agent:main:main",
        "openclaw cron disable",
        "openclaw doctor --clear-cooldowns",
        "clawdbot models status",
        "openclaw",
        "",
    ],
)
def test_what_no_release_has_however_often_it_is_told(line, release):
    assert not exists(line, release)


@pytest.mark.parametrize(
    ("line", "since"),
    [
        ("openclaw secrets reload", Release(2026, 3, 11)),
        ("openclaw sessions cleanup --dry-run", Release(2026, 3, 11)),
        ("openclaw models auth list", Release(2026, 5, 28)),
        ("openclaw models auth paste-api-key --provider openai", Release(2026, 5, 28)),
        ("openclaw models auth login --provider openai --force", Release(2026, 7, 1)),
        ("openclaw models auth activate openai:manual", NEW),
        ("openclaw models auth logout openai:manual", NEW),
    ],
)
def test_what_came_later(line, since):
    assert [r for r in RELEASES if exists(line, r)] == [r for r in RELEASES if r >= since]


def test_between_two_releases_only_what_both_have_is_certain():
    assert exists("openclaw secrets reload", Release(2026, 3, 31))
    assert not exists("openclaw secrets reload", Release(2026, 2, 26))
    assert not exists("openclaw models auth list", Release(2026, 5, 4))
    assert exists("openclaw models auth list", Release(2026, 6, 5))


@pytest.mark.parametrize("release", [None, Release(2026, 1, 29), Release(2027, 1, 1)], ids=str)
def test_of_an_unknown_release_only_what_all_have_is_certain(release):
    assert exists("openclaw models status", release)
    assert not exists("openclaw secrets reload", release)
    assert not exists("openclaw models auth logout openai:manual", release)


def test_an_option_before_the_command_of_its_group_counts():
    assert exists("openclaw models auth --agent work paste-token --provider anthropic", OLD)


def test_the_inventory_names_releases_that_were_read_and_each_row_once():
    assert set(RELEASES) <= set(READ)
    assert len({(row.span, row.path) for row in COMMANDS}) == len(COMMANDS)
    assert [row for row in COMMANDS if not any(in_span(r, row.span) for r in RELEASES)] == []
