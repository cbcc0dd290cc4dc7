"""A timer for `check`, ready to use: printed, and written only when that is asked for."""

from __future__ import annotations

import platform
import shlex
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from forensics.errors import ParameterError, ReportError

MINUTES = 15
_NAME = "openclaw-forensics-check"


def command(arguments: Sequence[str]) -> tuple[str, ...]:
    """How the timer calls `check`."""
    program = shutil.which("forensics")
    return (*((program,) if program else (sys.executable, "-m", "forensics")), "check", "--since-last", *arguments)


def start(home: Path) -> str:
    """The command that starts what was written."""
    if platform.system() == "Darwin":
        return f"launchctl load {home / 'Library/LaunchAgents' / f'{_NAME}.plist'}"
    return f"systemctl --user enable --now {_NAME}.timer"


def files(arguments: Sequence[str], home: Path) -> Mapping[Path, str]:
    """Path -> text of what a timer of this system is made of."""
    if platform.system() == "Darwin":
        return {home / "Library/LaunchAgents" / f"{_NAME}.plist": launchd(arguments)}
    units = home / ".config/systemd/user"
    return {units / f"{_NAME}.service": service(arguments), units / f"{_NAME}.timer": timer()}


def service(arguments: Sequence[str]) -> str:
    """The systemd unit that runs one check; 1 and 3 are answers, no faults of the unit."""
    return (
        "[Unit]\nDescription=Look whether the OpenClaw gateway needs a person\n\n"
        f"[Service]\nType=oneshot\nNice=10\nExecStart={' '.join(_quoted(word) for word in command(arguments))}\n"
        "SuccessExitStatus=1 3\n"
    )


_SYSTEMD = str.maketrans({"\\": "\\\\", '"': '\\"', "$": "$$", "%": "%%", "\n": "\\n", "\t": "\\t"})


def _quoted(word: str) -> str:
    """A word as systemd reads it, whose quotes are not the shell's: it expands $ and backslashes in each kind."""
    return f'"{word.translate(_SYSTEMD)}"'


def timer() -> str:
    """The systemd timer."""
    return (
        f"[Unit]\nDescription=Every {MINUTES} minutes: does the OpenClaw gateway need a person?\n\n"
        f"[Timer]\nOnBootSec={MINUTES}min\nOnUnitActiveSec={MINUTES}min\n\n[Install]\nWantedBy=timers.target\n"
    )


def cron_line(arguments: Sequence[str]) -> str:
    """The same for cron. Raises ParameterError where a word has a line end, which no crontab can hold."""
    if any("\n" in word for word in arguments):
        raise ParameterError("--install: a line end in an option cannot stand in a timer; put the command in a script")
    return f"*/{MINUTES} * * * * {shlex.join(command(arguments)).replace('%', chr(92) + '%')}"


def launchd(arguments: Sequence[str]) -> str:
    """The same for launchd."""
    words = "".join(f"    <string>{escape(word)}</string>\n" for word in command(arguments))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">\n'
        f'<plist version="1.0"><dict>\n  <key>Label</key><string>{_NAME}</string>\n'
        f"  <key>ProgramArguments</key><array>\n{words}  </array>\n"
        f"  <key>StartInterval</key><integer>{MINUTES * 60}</integer>\n</dict></plist>\n"
    )


def printed(arguments: Sequence[str], home: Path) -> str:
    """All of it to read, with what to do with it."""
    parts = [f"# {path}\n{text}" for path, text in files(arguments, home).items()]
    return "\n".join([*parts, f"# or as a line of crontab -e:\n{cron_line(arguments)}\n"])


def _differs(path: Path, text: str) -> bool:
    try:
        return path.read_text(encoding="utf-8", errors="replace") != text
    except FileNotFoundError:
        return False
    except OSError as error:
        raise ReportError(f"{path}: cannot be read ({error.strerror})") from error


def write(arguments: Sequence[str], home: Path) -> tuple[Path, ...]:
    """Write the files. Raises ReportError where one is there already with another text, or cannot be written."""
    wanted = files(arguments, home)
    for path, text in wanted.items():
        if _differs(path, text):
            raise ReportError(f"{path}: is there already, with another text; remove it first")
    for path, text in wanted.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            path.chmod(0o600)  # a URL to notify may hold a password
        except OSError as error:
            raise ReportError(f"{path}: cannot be written ({error.strerror})") from error
    return tuple(wanted)
