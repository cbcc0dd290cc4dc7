"""Telling somebody: once when a trouble begins, once when it ends, two lines each, by a URL or a command."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

from forensics.errors import ParameterError, ReportError
from forensics.text import clip, moment, visible
from forensics.watch.check import CheckResult
from forensics.watch.condition import Trouble

_PATIENCE = 60  # seconds for one message
_LINE = 300  # characters


def messages(result: CheckResult) -> Iterator[tuple[str, str]]:
    """(first line, second line) of each message that a result gives: what began, what ended."""
    for trouble in result.troubles:
        yield _began(trouble)
    for key in result.ended:
        yield f"OpenClaw: over: {key}", "It is not seen any more; nothing needs to be done."


def _began(trouble: Trouble) -> tuple[str, str]:
    since = f" Since {moment(trouble.since)}." if trouble.since else ""
    when = "now" if trouble.urgency == "now" else "soon"
    return clip(visible(f"OpenClaw, {when}: {trouble.sentence}{since}"), _LINE), clip(visible(trouble.advice), _LINE)


def notify(target: str, result: CheckResult) -> None:
    """Send every message. Raises ReportError where one could not be sent."""
    send = _by_url if "://" in target else _by_command
    for title, body in messages(result):
        send(target, title, body)


def _by_url(target: str, title: str, body: str) -> None:
    try:
        import apprise  # an extra: a hundred services behind one URL each
    except ImportError as error:
        raise ParameterError("--notify URL needs apprise: pip install 'openclaw-forensics[notify]'") from error
    service = apprise.Apprise()
    if not service.add(target):
        raise ParameterError("--notify: the URL is none that apprise knows; or give a command")
    if not service.notify(title=title, body=body):
        raise ReportError("--notify: the message could not be sent; the service or the URL refused it")


def _by_command(target: str, title: str, body: str) -> None:
    """The user's own command, run by the shell, with the two lines on its standard input."""
    try:
        done = subprocess.run(
            target,
            shell=True,
            input=f"{title}\n{body}\n",
            text=True,
            capture_output=True,
            timeout=_PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ReportError(f"--notify: the command did not end within {_PATIENCE} s") from error
    if done.returncode:
        raise ReportError(
            f"--notify: the command ended with {done.returncode}: {clip(visible(done.stderr.strip()), 200)}"
        )
