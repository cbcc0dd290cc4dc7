"""The inventory of commands: what exists in which release, and that what people invent does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from forensics import open_case
from forensics.cli import main
from forensics.openclaw.releases import READ, Release, in_span
from forensics.remediation.commands import COMMANDS, RELEASES, exists, in_words, look_up, never_existed, typed_in
from forensics.remediation.commands.effects import effects

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
        ("openclaw sessions cleanup --dry-run", Release(2026, 2, 23)),
        ("openclaw models auth list", Release(2026, 5, 28)),
        ("openclaw models auth paste-api-key --provider openai", Release(2026, 5, 28)),
        ("openclaw models auth login --provider openai --force", Release(2026, 6, 11)),
        ("openclaw models auth activate openai:manual", NEW),
        ("openclaw models auth logout openai:manual", Release(2026, 8, 2)),
    ],
)
def test_what_came_later(line, since):
    assert [r for r in RELEASES if exists(line, r)] == [r for r in RELEASES if r >= since]


def test_what_a_release_dropped_is_gone():
    line = "openclaw models auth login-github-copilot --profile-id github-copilot:github"
    assert [str(r) for r in RELEASES if exists(line, r)] == ["2026.2.9", "2026.2.23", "2026.3.11"]


@pytest.mark.parametrize(
    ("line", "nearest"),
    [
        ("openclaw provider refresh anthropic", "openclaw models auth login"),
        ("models auth refresh", "openclaw models auth login"),
        ("$ openclaw auth status", "openclaw models status"),
        ("openclaw gateway refresh", "openclaw gateway restart"),
        ("openclaw modles status", "openclaw models status"),
        ("openclaw cooldown clear", "openclaw models status"),
        ("openclaw cron pause 3a52", "openclaw cron"),
    ],
)
def test_an_invented_command_is_answered_with_a_real_one(line, nearest):
    answer = look_up(line)
    assert (answer.exists, answer.known_in, answer.nearest[0]) == (False, (), nearest)
    assert "does not exist" in next(in_words(answer))


def test_every_nearest_command_exists_in_the_release_that_is_asked_about():
    for release in RELEASES:
        for line in ("provider refresh", "auth login", "token renew", "cooldown reset", "sessions reset x"):
            rows = {row.path for row in COMMANDS if in_span(release, row.span)}
            assert {tuple(near.split()[1:]) for near in look_up(line, release).nearest} <= rows


def test_an_answer_says_what_a_command_changes_and_destroys_and_that_it_asks():
    told = list(in_words(look_up("openclaw models auth setup-token --provider anthropic", OLD)))
    assert "needs a terminal" in told[1]
    assert "anthropic:manual in 2026.2.9" in told[2]
    assert told[3].startswith("Destroys: ")
    assert "exists in 2026.3.11 to 2026.9.6" in next(in_words(look_up("openclaw secrets reload", OLD)))


def test_each_effect_is_that_of_a_command_of_some_release():
    plain = [[word for word in row.command.split() if not word.startswith("--")] for row in effects()]
    paths = {row.path for row in COMMANDS}
    assert [words for words in plain if tuple(words) not in paths] == []
    assert [row.command for row in effects() if not any(exists_somewhere(row.command, r) for r in RELEASES)] == []


def exists_somewhere(command: str, release: Release) -> bool:
    """The path with its flag; what it needs beside is left out."""
    flags = {word for word in command.split() if word.startswith("--")}
    path = tuple(word for word in command.split() if word not in flags)
    rows = [row for row in COMMANDS if row.path == path and in_span(release, row.span)]
    return bool(rows) and flags <= {name for row in rows for name in row.flags | row.valued}


@pytest.mark.parametrize(
    ("line", "typed"),
    [
        ("$ openclaw provider refresh anthropic", ["openclaw provider refresh anthropic"]),
        ("  502  openclaw models auth refresh", ["openclaw models auth refresh"]),
        (": 1771459200:0;openclaw cooldown clear", ["openclaw cooldown clear"]),
        ("kim@host:~$ sudo openclaw gateway reload", ["openclaw gateway reload"]),
        ("openclaw is a gateway, and it failed.", []),
        ("I typed openclaw provider refresh", []),
    ],
)
def test_a_line_of_a_shell_is_a_command_that_was_typed(line, typed):
    assert list(typed_in([line])) == typed
    assert all(never_existed(command) for command in typed)


def test_a_command_that_some_release_has_is_not_called_invented():
    assert not never_existed("openclaw models status --probe")
    assert not never_existed("openclaw gateway call auth.clear")


@pytest.mark.parametrize(
    ("line", "code"), [("openclaw models status", 0), ("openclaw provider refresh x", 1), (" ", 2)]
)
def test_the_command_of_the_tool_says_it_with_its_exit_code(line, code, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["forensics", "commands", line])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == code
    assert capsys.readouterr()[0 if code < 2 else 1].count("\n") >= 1


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


@pytest.mark.parametrize(
    ("name", "line"),
    [
        (".bash_history", "cd /srv && sudo openclaw provider refresh {key}"),
        (".zsh_history", ": 1778750000:0;OPENCLAW_X=1 openclaw provider refresh {key}"),
        ("fish_history", "- cmd: openclaw provider refresh {key}"),
    ],
)
def test_a_shell_s_history_shows_what_was_typed_and_no_value_of_it(name: str, line: str, tmp_path: Path) -> None:
    key = "sk-ant-FAKE0123456789"
    refused = 'lane task error: lane=main durationMs=300 error="FailoverError: HTTP 401 invalid x-api-key"'
    (tmp_path / "gateway.log").write_text(f"2026-05-14T09:00:00.400Z [diagnostic] {refused}\n")
    (tmp_path / name).write_text(f"ls\n{line.format(key=key)}\nopenclaw models status\n")
    case = open_case(tmp_path)
    typed = [e.text for e in case.timeline.events if e.kind == "typed_command"]
    assert typed == ["openclaw provider refresh …", "openclaw models status"]
    (plan,) = case.plans.values()
    (told,) = [step for step in plan.does_not_help if "which was typed" in step]
    assert told.startswith('"openclaw provider refresh …", which was typed. No release')
