"""What OpenClaw says to people, in a text that holds no record: a chat, a terminal, the page of a job.

Only sentences of its own count, wherever on a line they begin, and only as far as they go: the rest is somebody's.
"""

from __future__ import annotations

import re

from forensics.parsers.logs.envelopes.envelope import Record
from forensics.parsers.pastes.sentences import NAME, REPLY

_SENTENCE = re.compile(
    r"""(?P<text>
      (?:⚠\ufe0f?\ )?All\ models\ are\ temporarily\ rate-limited\.\ Please\ try\ again\ in\ a\ few\ minutes\.
    | (?:⚠\ufe0f?\ )?API\ rate\ limit\ reached\.\ Please\ try\ again\ later\.
    | The\ AI\ service\ is\ temporarily\ overloaded\.\ Please\ try\ again\ in\ a\ moment\.
    | (?:⚠\ufe0f?\ )?API\ provider\ returned\ a\ billing\ error\ —\ your\ API\ key\ has\ [^.\n]*\.
    | LLM\ request\ timed\ out\.
    | LLM\ request\ (?:failed|rejected):\ [^.\n]+\.
    | No\ API\ key\ found\ for\ provider\ "[\w.-]+"\.
    )""",
    re.X,
)
_JOB_FAILED = re.compile(r"^\s*(?:last )?status:\s*error\b", re.M | re.I)
_JOB_ERROR = re.compile(r"\s*last error:\s*(?P<text>\S.*)", re.I)


def spoken_records(page: str) -> list[tuple[int, Record]]:
    """Each sentence that nobody else writes, as the record of a reply, with the number of its line."""
    is_job = bool(_JOB_FAILED.search(page))
    lines = enumerate(page.splitlines(), 1)
    return [(number, Record(NAME, REPLY + text)) for number, line in lines if (text := _text(line, is_job=is_job))]


def _text(line: str, *, is_job: bool) -> str | None:
    spoken = _SENTENCE.search(line) or (_JOB_ERROR.fullmatch(line) if is_job else None)
    return spoken["text"].strip() if spoken else None
