"""Over which kind of channel somebody was waiting: telegram, webchat, cli, cron, heartbeat, subagent, …

Only the kind is kept: session keys and origins hold telephone numbers and chat ids (facts 6.1).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from forensics.incidents.run_builder import FailedRun
from forensics.parsers.stores.reading.session_entry import SessionEntry

UNKNOWN = "unknown"
UNASKED = ("cron", "heartbeat", "subagent")  # nobody waits for an answer there
_KEY = re.compile(
    r"agent:[^:]+:(?P<kind>[a-z][a-z0-9_-]{1,30}):(?:[^:]+:)?(?:direct|dm|group|channel|thread|topic)(?::|\Z)"
)
_KIND = re.compile(r"[a-z][a-z_-]{1,30}")  # no digits: a chat id is none
_NO_CHANNELS = ("unknown", "none", "heartbeat", "cron", "last", "main", "direct", "group", "dm")


def stored_channels(entries: Iterable[SessionEntry]) -> Mapping[str, str]:
    """Session key -> the kind of channel that its entry names."""
    found: dict[str, tuple[int, str]] = {}
    for entry in entries:
        kinds = ((rank, str(entry.values.get(key))) for rank, key in enumerate(SessionEntry.channel.keys))
        best = next((told for told in kinds if _is_kind(told[1])), None)
        if best and best[0] <= found.get(entry.key, best)[0]:
            found[entry.key] = best
    return {session: kind for session, (_, kind) in found.items()}


def channel_of(run: FailedRun, keys: Iterable[str], stored: Mapping[str, str]) -> str:
    """The kind of channel of a run. `keys`: the keys of its sessions; `stored`: see `stored_channels`.

    What nobody wrote has its trigger for a channel. A call of `chat.send` comes from the web page, one of `agent`
    from the command line; a session's entry only knows its latest channel.
    """
    if run.trigger != "message":
        return run.trigger
    keys = tuple(keys)
    named = [found["kind"] for key in keys if (found := _KEY.match(key)) and _is_kind(found["kind"])]
    if run.method:
        named.append("webchat" if run.method.startswith("chat.") else "cli")
    named += [stored[key] for key in keys if key in stored]
    return named[0] if named else UNKNOWN


def _is_kind(name: str) -> bool:
    return bool(_KIND.fullmatch(name)) and name not in _NO_CHANNELS
