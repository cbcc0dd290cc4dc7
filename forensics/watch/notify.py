"""Telling somebody: once when a trouble begins, once when it ends, two lines each, by a URL or a command."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from datetime import datetime

from forensics.errors import ParameterError, ReportError
from forensics.text import clip, duration, moment, visible
from forensics.watch.condition import Trouble
from forensics.watch.last_check import LastCheck, News, Told, told

_PATIENCE = 60  # seconds for one message
_LINE = 300  # characters
_URL = re.compile(r"[a-z][a-z0-9+.-]*://\S+", re.I)


def notify(target: str, news: News, now: datetime) -> Iterator[LastCheck]:
    """Send a message for each thing new; after each one what is told by then, to be kept.

    Raises ReportError where one could not be sent: what was sent before it is not sent again.
    """
    send = _by_url if _URL.fullmatch(target) else _by_command
    known = {**news.kept, **news.ended}
    for key, one in news.ended.items():
        send(target, *_over(one, now))
        del known[key]
        yield LastCheck(now, dict(known))
    for trouble in news.began:
        send(target, *_began(trouble))
        known[trouble.key] = told(trouble)
        yield LastCheck(now, dict(known))
    yield LastCheck(now, known)


def _began(trouble: Trouble) -> tuple[str, str]:
    since = f" Since {moment(trouble.since)}." if trouble.since else ""
    when = "now" if trouble.urgency == "now" else "soon"
    return _line(f"OpenClaw, {when}: {trouble.sentence}{since}"), _line(f"To do: {trouble.advice}")


def _over(one: Told, now: datetime) -> tuple[str, str]:
    lasted = f" after {duration((now - one.since).total_seconds())}" if one.since and one.since < now else ""
    return _line(f"OpenClaw, over{lasted}: {one.sentence}"), "To do: nothing; it is not seen any more."


def _line(text: str) -> str:
    return clip(visible(" ".join(text.split())), _LINE)


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
