"""What could not be read of the evidence, and whether it might have shown a failure: nobody is cleared beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from forensics.evidence.folder import LINK, SPECIAL
from forensics.evidence.selection import is_left_out_on_purpose
from forensics.openclaw.home_layout import UNKNOWN_NAME, name_rank
from forensics.parsers.read_items import NOT_RECOGNISED
from forensics.parsers.timeline import Timeline
from forensics.tables import File, Reject
from forensics.text import counted, visible

_OWN_NAME = 0  # of the ranks of names: such a file is OpenClaw's, whatever is in it
_STORES = frozenset({
    *("auth_profiles", "auth_state", "sessions", "transcripts", "trajectories", "cold_transcripts", "cron_runs"),
    *("subagent_runs", "models_status"),
})  # fmt: skip
_DATABASE = "_database"  # how the names of those stores end
_MOST_NAMED = 3
_ENDING = re.compile(r"\.\w{1,8}\Z")


@dataclass(frozen=True, slots=True)
class Unread:
    """A file, a folder or what lies behind a limit. `telling`: it might have shown a failure."""

    path: str
    why: str
    telling: bool


def unread_evidence(timeline: Timeline) -> tuple[Unread, ...]:
    """What might have told first, in order of path."""
    unread = [*_not_opened(timeline), *_not_understood(timeline)]
    first = {one.path: one for one in reversed(unread)}
    return tuple(sorted(first.values(), key=lambda one: (not one.telling, one.path)))


def unread_in_words(unread: Sequence[Unread]) -> str:
    """`3 parts of the evidence could not be read: a.log (cannot be read: Permission denied), b.zip/c (…) and more`."""
    named = ", ".join(f"{visible(one.path)} ({visible(one.why)})" for one in unread[:_MOST_NAMED])
    more = " and more" if len(unread) > _MOST_NAMED else ""
    return f"{counted(len(unread), 'part')} of the evidence could not be read: {named}{more}"


def _not_opened(timeline: Timeline) -> Iterator[Unread]:
    """What the evidence had and gave no byte of, or not all. What a copied database may lack is not lost."""
    databases = {file.path for file in timeline.files if file.kind.endswith(_DATABASE)}
    for reject in timeline.rejects:
        whole = reject.line is None and "#" not in reject.source and "!" not in reject.source
        if (
            whole
            and reject.source not in databases
            and not is_left_out_on_purpose(reject.why)
            and reject.why != NOT_RECOGNISED
        ):
            yield Unread(reject.source, reject.why, _might_tell(reject))


def _might_tell(reject: Reject) -> bool:
    """A folder and an unknown number of files might; a file by its name."""
    if reject.why.startswith("more than "):
        return True
    rank = name_rank(reject.source)
    if reject.why.startswith((SPECIAL, LINK)):
        return rank < UNKNOWN_NAME
    return rank < UNKNOWN_NAME or not _ENDING.search(reject.source)


def _not_understood(timeline: Timeline) -> Iterator[Unread]:
    """Logs and stores that were opened, and of which nothing or little could be read."""
    whys = {reject.source: reject.why for reject in timeline.rejects}
    with_rows = {row.source.partition("!")[0] for row in timeline.state}
    with_rows |= {event.source.partition("!")[0] for event in timeline.events}
    for file in timeline.files:
        empty = file.kind.endswith(_DATABASE) and file.path in whys and file.path not in with_rows
        if empty or _is_lost(file):
            yield Unread(file.path, whys.get(file.path, "most of its lines cannot be read"), telling=True)


def _is_lost(file: File) -> bool:
    if file.kind == "unknown":
        return name_rank(file.path) == _OWN_NAME
    if file.kind == "log":
        return 2 * file.rejects > file.lines
    return file.kind in _STORES and file.lines > 0 and file.rejects == file.lines
