"""Since when a session is pinned, and whether a failover did it, as far as its transcript shows (facts 6.1, 6.3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from forensics.incidents.attempts import AttributedFailure
from forensics.parsers.stores.reading.session_entry import SessionEntry
from forensics.tables import Event


@dataclass(frozen=True, slots=True)
class PinStart:
    """The first entry of a transcript that shows a pin; `inherited`: the session began with it."""

    entry: Event | None
    inherited: bool = False


class PinHistories:
    """What the transcripts of a case tell of each session's pin."""

    def __init__(self, events: Iterable[Event], attempts: Sequence[AttributedFailure]) -> None:
        self._entries: Mapping[str, list[Event]] = defaultdict(list)
        for event in events:
            if event.session and event.time and event.kind.startswith("transcript_"):
                self._entries[event.session].append(event)
        named = (a for a in reversed(attempts) if a.profile and a.failure.session)
        self._failed = {str(a.failure.session): a for a in named}

    def profile_pin(self, session: SessionEntry, profile: str) -> PinStart:
        """Answers name no profile, failures do: one of another profile shows that the pin came after it."""
        id_ = session.session_id or ""
        entries = self._entries.get(id_, ())
        failed = self._failed.get(id_) or self._failed.get(session.key)
        if failed and failed.profile != profile:
            end = failed.failure.time
            return PinStart(next((e for e in entries if e.role == "answer" and e.time and e.time > end), None))
        return PinStart(next((e for e in entries if e.kind == "transcript_turn"), None), inherited=True)

    def model_pin(self, session: SessionEntry, model: str) -> PinStart:
        """The first of the last unbroken answers of this model."""
        since = None
        for entry in self._entries.get(session.session_id or "", ()):
            if entry.role == "answer":
                since = (since or entry) if _model(entry) == model else None
        return PinStart(since)

    def failover(self, session: SessionEntry, model: str) -> Event | None:
        """The answer of this model in the very turn in which another one failed: a user's choice waits for the next."""
        failed = False
        for entry in self._entries.get(session.session_id or "", ()):
            if entry.kind == "transcript_turn":
                failed = False
            elif entry.role == "failure":
                failed = _model(entry) != model
            elif entry.role == "answer" and failed and _model(entry) == model:
                return entry
        return None


def _model(entry: Event) -> str:
    return f"{entry.provider}/{entry.model}"
