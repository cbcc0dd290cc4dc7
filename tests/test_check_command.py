"""`forensics check` as people and timers call it: exit codes, memory, formats, messages, the timer itself."""

from __future__ import annotations

import json
import plistlib
import re
import shlex
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis.strategies import text
from typer.testing import CliRunner, Result
from watching import home

from forensics import cli
from forensics.errors import EvidenceError, ParameterError, ReportError
from forensics.watch import install

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
AT = ["--now", NOW.isoformat()]


@pytest.fixture(autouse=True)
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FORENSICS_STATE", str(tmp_path / "memory"))
    return tmp_path / "memory"


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    return home(tmp_path / "kim", NOW, broken=True)


def ask(folder: Path, *words: str) -> Result:
    done = CliRunner().invoke(cli.app, ["check", str(folder), *AT, *words])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def test_well_is_silent_and_0(tmp_path: Path) -> None:
    done = ask(home(tmp_path, NOW, broken=False))
    assert (done.exit_code, done.output) == (0, "")


def test_a_person_needed_now_is_one_line_and_1(broken: Path) -> None:
    done = ask(broken)
    assert done.exit_code == 1
    assert done.stdout.startswith("NOW open_incident: anthropic failed from 2026-03-02 11:50:02")
    assert done.stdout.count("\n") == 1


def test_a_login_that_ends_soon_is_3(tmp_path: Path) -> None:
    folder = home(tmp_path, NOW, broken=False)
    store = folder / ".openclaw" / "agents" / "main" / "agent" / "auth-profiles.json"
    told = json.loads(store.read_text())
    told["profiles"]["anthropic:default"]["expires"] = round(NOW.timestamp() + 1800) * 1000
    store.write_text(json.dumps(told))
    assert ask(folder).exit_code == 3
    assert ask(folder, "--set", "login_ends.hours=0.25").exit_code == 0
    assert ask(folder, "--off", "login_ends").exit_code == 0


def test_where_a_failure_would_not_show_it_is_2_and_says_what_to_add(tmp_path: Path) -> None:
    state = home(tmp_path, NOW, broken=False) / ".openclaw"
    (state / "logs" / "openclaw.log").unlink()
    done = ask(tmp_path)
    assert done.exit_code == 2
    assert "gateway log" in done.stderr
    assert json.loads(ask(tmp_path, "--json").stdout)["status"] == "could not look"


def test_nothing_of_openclaw_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("nothing of it here\n")
    with pytest.raises(EvidenceError):
        ask(tmp_path)
    done = ask(tmp_path, "--format", "nagios")
    assert done.exit_code == 3
    assert done.stdout.startswith("OPENCLAW UNKNOWN: ")


def test_the_last_moment_of_past_evidence_can_be_asked(broken: Path) -> None:
    done = CliRunner().invoke(cli.app, ["check", str(broken), "--now", "last", "--json"])
    assert json.loads(done.stdout)["now"] == "2026-03-02T11:50:02Z"


def test_the_json_names_itself_and_every_trouble(broken: Path) -> None:
    told = json.loads(ask(broken, "--json").stdout)
    assert (told["schema"], told["status"]) == ("openclaw-forensics/check/1", "now")
    (trouble,) = told["troubles"]
    assert trouble["key"].startswith("open_incident:anthropic/")
    assert ask(broken, "--json", "--quiet").stdout == ""


def test_since_last_tells_a_trouble_once_but_the_exit_code_stays(broken: Path) -> None:
    first, second = ask(broken, "--since-last"), ask(broken, "--since-last")
    assert (bool(first.stdout), second.stdout) == (True, "")
    assert (first.exit_code, second.exit_code) == (1, 1)


def test_a_condition_left_out_is_not_over(broken: Path) -> None:
    ask(broken, "--since-last")
    assert json.loads(ask(broken, "--since-last", "--json", "--off", "open_incident").stdout)["ended"] == []
    assert ask(broken, "--since-last").stdout == ""


def test_memory_that_cannot_be_kept_is_one_line(broken: Path, memory: Path) -> None:
    memory.write_text("a file where a folder should be")
    with pytest.raises(ReportError, match="FORENSICS_STATE"):
        ask(broken, "--since-last")


def test_memory_that_cannot_be_read_is_no_memory(broken: Path, memory: Path) -> None:
    ask(broken, "--since-last")
    (kept,) = memory.iterdir()
    kept.write_bytes(b"\0half")
    assert ask(broken, "--since-last").stdout


def test_the_formats_of_monitoring_show_the_whole_state(broken: Path) -> None:
    ask(broken, "--since-last")
    nagios = ask(broken, "--since-last", "--format", "nagios")
    assert nagios.exit_code == 2
    assert nagios.stdout.startswith("OPENCLAW CRITICAL: ")
    assert "| now=1 soon=0" in nagios.stdout
    prometheus = ask(broken, "--since-last", "--format", "prometheus").stdout
    assert 'openclaw_trouble{condition="open_incident",urgency="now"} 1\n' in prometheus
    assert "openclaw_check_could_look 1\n" in prometheus


def test_a_file_of_settings_is_read_and_its_mistakes_are_named(broken: Path, tmp_path: Path) -> None:
    file = tmp_path / "check.toml"
    file.write_text("[open_incident]\nenabled = false\n")
    assert ask(broken, "--config", str(file)).exit_code == 0
    file.write_text("[open_incidents]\nenabled = false\n")
    with pytest.raises(ParameterError, match="did you mean 'open_incident'"):
        ask(broken, "--config", str(file))


def mend(folder: Path) -> None:
    """The provider answers again."""
    home(folder, NOW, broken=False)


def test_a_command_is_told_once_when_it_begins_and_once_when_it_ends(broken: Path, tmp_path: Path) -> None:
    heard = tmp_path / "heard.txt"
    command = f"cat >> {shlex.quote(str(heard))}"
    for _ in range(3):
        ask(broken, "--notify", command)
    mend(broken)
    for _ in range(2):
        ask(broken, "--notify", command)
    began, to_do, over, nothing = heard.read_text().splitlines()
    assert began.startswith("OpenClaw, now: anthropic failed from")
    assert "Since Mon 02 Mar 2026 11:50:02 UTC" in began
    assert over.startswith("OpenClaw, over after 10 min: anthropic failed from")
    assert to_do.startswith("To do: ")
    assert nothing.startswith("To do: nothing")


def test_each_listener_is_told_whatever_another_one_heard(broken: Path, tmp_path: Path) -> None:
    ask(broken, "--since-last")
    for name in ("one", "two"):
        ask(broken, "--notify", f"cat >> {tmp_path / name}")
        assert (tmp_path / name).read_text().count("\n") == 2


def test_a_message_that_failed_is_sent_again(broken: Path, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    command = f"test -e {gate} && cat >> {tmp_path / 'heard'} # http://in.a/comment"
    with pytest.raises(ReportError, match="ended with 1"):
        ask(broken, "--notify", command)
    gate.touch()
    ask(broken, "--notify", command)
    assert (tmp_path / "heard").exists()


@pytest.fixture
def receiver() -> Iterator[tuple[str, list[dict[str, str]]]]:
    """A receiver on loopback: its apprise URL, and what it got."""
    heard: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"json://127.0.0.1:{server.server_port}", heard
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_url_is_told_once_when_it_begins_and_once_when_it_ends(
    broken: Path, receiver: tuple[str, list[dict[str, str]]]
) -> None:
    pytest.importorskip("apprise")
    url, heard = receiver
    ask(broken, "--notify", url)
    ask(broken, "--notify", url)
    mend(broken)
    ask(broken, "--notify", url)
    began, over = (message["title"] for message in heard)
    assert began.startswith("OpenClaw, now: ")
    assert over.startswith("OpenClaw, over after 10 min: ")


def test_a_url_that_cannot_be_reached_or_is_none_is_one_line(broken: Path) -> None:
    pytest.importorskip("apprise")
    with pytest.raises(ReportError, match="could not be sent"):
        ask(broken, "--notify", "json://127.0.0.1:9")
    with pytest.raises(ParameterError, match="none that apprise knows"):
        ask(broken, "--notify", "nosuchservice://x")


def test_the_timer_is_printed_and_written_only_when_asked(
    broken: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "me"))
    monkeypatch.setattr(install.platform, "system", lambda: "Linux")
    words = ["check", str(broken), "--install", "--notify", "notify-send 100%", "--off", "login_ends"]
    printed = CliRunner().invoke(cli.app, words).stdout
    assert "OnUnitActiveSec=15min" in printed
    assert '"notify-send 100%%"' in printed
    assert "--off login_ends" in printed
    assert "100\\%" in printed  # a bare % ends a line of cron
    assert not (tmp_path / "me").exists()
    written = [Path(line) for line in CliRunner().invoke(cli.app, [*words, "--yes"]).stdout.splitlines()]
    assert [path.name for path in written] == ["openclaw-forensics-check.service", "openclaw-forensics-check.timer"]
    assert all(path.stat().st_mode & 0o077 == 0 for path in written)
    written[0].write_text("somebody's own")
    refused = CliRunner().invoke(cli.app, [*words, "--yes"])
    assert isinstance(refused.exception, ReportError)


def as_systemd_reads(words: str) -> list[str]:
    """systemd.service(5), "Command lines": quotes around a word, C escapes in it, $$ and %%."""
    found = re.findall(r'"((?:[^"\\]|\\.)*)"(?: |\Z)', words, re.DOTALL)
    plain = [re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t"}.get(m[1], m[1]), word) for word in found]
    return [word.replace("$$", "$").replace("%%", "%") for word in plain]


@given(text(alphabet="ab $%\\\"'\t;{}", max_size=12))
def test_systemd_gets_every_word_as_it_was_given(word: str) -> None:
    start = next(line for line in install.service(["--notify", word]).splitlines() if line.startswith("ExecStart="))
    assert as_systemd_reads(start.removeprefix("ExecStart="))[-2:] == ["--notify", word]


def test_a_line_end_fits_no_crontab() -> None:
    with pytest.raises(ParameterError):
        install.cron_line(["--notify", "echo one\necho two"])


def test_the_launchd_file_is_a_property_list_that_calls_check() -> None:
    told = plistlib.loads(install.launchd(["--notify", "echo <&>"]).encode())
    assert told["StartInterval"] == 900
    assert told["ProgramArguments"][-2:] == ["--notify", "echo <&>"]
    assert "check" in told["ProgramArguments"]


def test_a_check_of_a_small_home_takes_seconds_at_most(broken: Path) -> None:
    began = datetime.now(UTC)
    ask(broken)
    assert (datetime.now(UTC) - began).total_seconds() < 5
