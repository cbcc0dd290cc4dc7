"""What stands where a text was, once evidence is collected: its length, and of a prompt what the reasoning asks of it.

`<123 characters>`; of a prompt `<123 characters, text 4, heartbeat>`: the same number stands for the same text, and
the word says what set the turn off (`retry`: OpenClaw sent a prompt before again).
"""

from __future__ import annotations

import re

_FORM = re.compile(
    r"<(?P<length>\d{1,12}) characters"
    r"(?:, text (?P<number>\d{1,9})(?:, (?P<trigger>message|heartbeat|cron|subagent|retry))?)?>"
)


def placeholder(text: str, number: int | None = None, trigger: str | None = None) -> str:
    """A text's stand-in; the stand-in of one keeps the length that it states."""
    numbered = "" if number is None else f", text {number}"
    return f"<{length(text)} characters{numbered}{f', {trigger}' if trigger else ''}>"


def is_placeholder(text: str) -> bool:
    """True for what `placeholder` gives."""
    return bool(_FORM.fullmatch(text))


def length(text: str) -> int:
    """How many characters a text has, or had."""
    known = _FORM.fullmatch(text)
    return int(known["length"]) if known else len(text)


def stated_trigger(prompt: str) -> str | None:
    """What a prompt's stand-in says set it off; None for anything else."""
    known = _FORM.match(prompt.lstrip("\n"))
    return known["trigger"] if known else None
