"""Which incident comes first for people: what is open and hurts most now; the rest stays in order of time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from forensics.incidents.incident import Incident
from forensics.incidents.state import is_over


def headline_first(incidents: Sequence[Incident], now: datetime | None) -> tuple[Incident, ...]:
    """The same incidents: those that are open, who suffers most first, then what is over, oldest first.

    `now` None: not known.
    """
    still_open = [incident for incident in incidents if not is_over(incident, now)]
    over = (incident for incident in incidents if is_over(incident, now))
    return (*sorted(still_open, key=_hurts, reverse=True), *over)


def _hurts(incident: Incident) -> tuple[bool, int]:
    """What is known to go on before what the evidence could not show the end of; then by what failed and waits."""
    impact = incident.impact
    return incident.end_shows, impact.runs_failed + (impact.messages_unanswered or 0) + incident.echoes
