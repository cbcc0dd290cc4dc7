"""The entries of a transcript told apart a block at a time: which are read whole, which are routine, which say nothing.

The JSON is checked as a whole, but only what tells the entries apart becomes values.
"""

from __future__ import annotations

import re

import msgspec

from forensics.parsers.stores.reading.lines import PROMPT, RoutineLine, SortedLines

_ABSENT = msgspec.Raw()


class _Message(msgspec.Struct):
    role: str | None = None
    stopReason: str | None = None
    errorMessage: msgspec.Raw = _ABSENT
    provider: str | None = None
    model: str | None = None
    api: str | None = None
    content: msgspec.Raw = _ABSENT


class _Entry(msgspec.Struct):
    customType: str | None = None
    timestamp: str | None = None
    message: _Message | None = None


_DECODER = msgspec.json.Decoder(_Entry)
_REFUSED = ("error", "aborted")
_ASKED_BY = re.compile(rb"HEARTBEAT|heartbeat|cron|ubagent")  # what may tell a prompt of the gateway from somebody's
_TOLD = ("openclaw:prompt-error",)


def sorted_entries(block: bytes) -> SortedLines | None:
    """The lines of a block; None where one is not as expected, so that each must be looked at by itself."""
    try:
        entries = _DECODER.decode_lines(block)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None
    found = SortedLines(len(entries))
    for row, entry in enumerate(entries):
        message = entry.message
        if message is None:
            if entry.customType in _TOLD:
                found.whole.append(row)
        elif message.role == "user":
            asked_by = _ASKED_BY.search(bytes(message.content))
            kind = f"{PROMPT} {asked_by[0].decode()}" if asked_by else PROMPT
            found.routine.append(RoutineLine(row, entry.timestamp, kind))
        elif message.role == "assistant":
            if _is_plain(message):
                kind = f"{message.provider} {message.model} {message.stopReason}"
                found.routine.append(RoutineLine(row, entry.timestamp, kind))
            else:
                found.whole.append(row)
    return found


def _is_plain(message: _Message) -> bool:
    """An answer of a model: no refusal, and not what the gateway wrote down itself."""
    refused = message.errorMessage != _ABSENT or message.stopReason in _REFUSED
    return not refused and message.provider != "openclaw" and message.api != "cli"
