"""What people and models wrote: never shared, only how long it was.

An event's text leaves only where its kind says that it is an error text or a sentence of OpenClaw (`disclosures`).
Inside an open text a quoted body is closed, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_LENGTH = re.compile(r"<\d+ characters>")
_QUOTED = re.compile(
    r"""(?P<quote>\\{0,3}["'])(?:text|content|input|output|arguments|partial_json|thinking|prompt|completion|delta|body|reply
    |stdout|stderr|summary|task|raw_params|params|instructions|system|thought|signature)(?P=quote)\s{0,3}:\s{0,3}(?P=quote)
    (?P<it>.{1,100000}?)(?:(?<!\\)(?P=quote)|\Z)""".replace("\n", "").replace("    ", ""),
    re.S,
)
_BEHIND = re.compile(
    r"(?s)(?:parse message into JSON|raw_params|raw_text|partial (?:reply|output|text)"
    r"|\b(?:stdout|stderr|output|reply|prompt|message text|(?:user|assistant) said|last message|tool output))"
    r"\s{0,2}[=:]\s{0,2}(?P<it>.{4,})"
)


def length_of(text: str) -> str:
    """What stands for a text that does not leave."""
    return text if not text or _LENGTH.fullmatch(text) else f"<{len(text)} characters>"


def body_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where an error text quotes what a person or a model wrote."""
    for pattern in (_QUOTED, _BEHIND):
        for found in pattern.finditer(text):
            if not _LENGTH.fullmatch(found["it"]) and not _is_label(found["it"]):
                yield found.span("it")


def _is_label(text: str) -> bool:
    """One plain word is a name of something, not a message."""
    return bool(re.fullmatch(r"[a-z_.\d]{1,32}", text))
