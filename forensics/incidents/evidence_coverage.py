"""Which kinds of evidence there were, so that "could not look" is told from "was not there"."""

from __future__ import annotations

from dataclasses import dataclass

from forensics.parsers.timeline import Timeline

_AUTH_STATE = ("auth_profiles", "auth_state")
_MARKS = ("errorCount", "failureCounts", "lastFailureAt", "lastUsed", "cooldownUntil", "disabledUntil", "blockedUntil")


@dataclass(frozen=True, slots=True)
class EvidenceCoverage:
    """What an answer can rest on."""

    gateway_log: bool
    transcripts: bool
    auth_state: bool
    answers: bool = True  # some record tells that a provider answered, so that its silence would show
    marks: bool = True  # an auth store tells of uses or failures, so that a failure would show
    state_directory: bool = False  # the configuration is here, so that a log is missing where there is none

    @property
    def can_clear(self) -> bool:
        """Whether a failure would have shown: without that nobody is told that nothing happened."""
        if self.state_directory and not self.gateway_log:
            return False
        return (self.gateway_log and self.answers) or self.transcripts or self.marks


def coverage_of(timeline: Timeline) -> EvidenceCoverage:
    stored = [row for row in timeline.state if row.store in _AUTH_STATE]
    return EvidenceCoverage(
        gateway_log=any(file.kind == "log" for file in timeline.files),
        transcripts=any(event.kind.startswith("transcript_") for event in timeline.events),
        auth_state=bool(stored),
        answers=any(event.role == "answer" for event in timeline.events),
        marks=any(row.key in _MARKS for row in stored),
        state_directory=any(file.kind == "config" for file in timeline.files),
    )
