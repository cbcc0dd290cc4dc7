"""Which words OpenClaw uses as levels and subsystem names, for the lines where only the word tells.

A line with a binding or a timed `[tag]` needs no list. Two kinds of line do: `[tag] text` without any time, and
`openclaw logs --plain` from 8.x, which prints the name bare before the text (facts 1.3, 1.6, 1.7).
"""

from __future__ import annotations

import re

LEVEL = r"(?:silly|trace|debug|info|warn|error|fatal)"
"""tslog's level names. Behind a time, they make a line `openclaw logs --plain`, not a console."""

TAG = re.compile(r"\[(?P<tag>[a-z0-9][a-z0-9/_.-]*)\](?: (?P<text>.*)|$)", re.S)
"""`[subsystem] text`, as a console shows it."""

_CHANNELS = "telegram|whatsapp|discord|slack|signal|imessage|irc|googlechat|msteams|matrix|mattermost|feishu"
_NAME = re.compile(  # of one segment, or the first of several
    rf"""(?:
        (?:agent|compaction|cron|diagnostic|gateway|model-fallback|plugins|security|sessions|{_CHANNELS})(?:/.*)?
      | (?:agents|auth-profiles|auto-reply|browser|channels|hooks|mcp|memory|providers|sandbox|skills|sqlite|state
          |subagents|tasks|tools)/.*
      | compaction-safeguard|cron-delivery|gmail-watcher|model-auth|openai-transport|provider-transport-fetch
      | session-sqlite|session-suspension|subagent-orphan-recovery|web-auto-reply|web-heartbeat
    )""",
    re.X,
)
_ONLY_SHOWN = re.compile(r"admission|health|health-monitor|heartbeat|hooks|model-pricing|reload|shutdown|ws")
_ROOT_TAG = re.compile(r"debug|error|info|openclaw|tools|warn|warning")
_ROOT_LINE = re.compile(r"\[(?:openclaw|tools|warn)\] |\[[\w-]+\] Token refresh failed\b")
_ROOT_SENTENCE = re.compile(r"gateway (?:connect failed|closed|timeout)\b")


def is_name(word: str) -> bool:
    """True for a full name as files and `--plain` print it: `gateway`, `agents/agent-command`."""
    return bool(_NAME.fullmatch(word))


def split_tag(line: str) -> tuple[str, str]:
    """What a console shows after the time -> (subsystem, text); root lines keep their own tags in the text."""
    tagged = TAG.match(line)
    if not tagged or _ROOT_TAG.fullmatch(tagged["tag"]) or _ROOT_LINE.match(line):
        return "", line
    return tagged["tag"], tagged["text"] or ""


def is_known_tag(line: str) -> bool:
    """True where a line without any time begins with a tag that OpenClaw prints."""
    tagged = TAG.match(line)
    if not tagged:
        return False
    return bool(_ROOT_LINE.match(line)) or is_name(tagged["tag"]) or bool(_ONLY_SHOWN.fullmatch(tagged["tag"]))


def split_name(message: str) -> tuple[str, str]:
    """`gateway/ws closed before connect` -> (`gateway/ws`, text); a sentence stays whole with subsystem ``""``."""
    word, _, text = message.partition(" ")
    if not is_name(word) or _ROOT_SENTENCE.match(message):
        return "", message
    return word, text
