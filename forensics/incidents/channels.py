"""Over which kind of channel somebody was waiting: telegram, webchat, cli, cron, heartbeat, subagent, …

Only the kind is kept: session keys and origins hold telephone numbers and chat ids (facts 6.1).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from forensics.incidents.agent_runs import FailedRun
from forensics.incidents.auth_profiles import decoded
from forensics.tables import StateValue

UNKNOWN = "unknown"
UNASKED = ("cron", "heartbeat", "subagent")  # nobody waits for an answer there
_KEY = re.compile(
    r"agent:[^:]+:(?P<kind>[a-z][a-z0-9_-]{1,30}):(?:[^:]+:)?(?:direct|dm|group|channel|thread|topic)(?::|\Z)"
)
_KIND = re.compile(r"[a-z][a-z_-]{1,30}")  # no digits: a chat id is none
_NO_CHANNELS = ("unknown", "none", "heartbeat", "cron", "last", "main", "direct", "group", "dm")
_STORED = ("channel", "lastChannel", "deliveryContext.channel", "origin.provider")  # the first one that is told


def stored_channels(state: Iterable[StateValue]) -> Mapping[str, str]:
    """Session key -> the kind of channel that its entry names."""
    found: dict[str, tuple[int, str]] = {}
    for row in state:
        if row.store != "sessions" or row.key not in _STORED:
            continue
        kind, rank = decoded(row.value), _STORED.index(row.key)
        if _is_kind(kind) and rank <= found.get(row.entity, (rank, ""))[0]:
            found[row.entity] = (rank, str(kind))
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


def _is_kind(name: object) -> bool:
    return isinstance(name, str) and bool(_KIND.fullmatch(name)) and name not in _NO_CHANNELS
