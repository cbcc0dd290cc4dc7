"""Which incident comes first for people: what is open and hurts most now; the rest stays in order of time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from forensics.incidents.incident import Incident


def headline_first(incidents: Sequence[Incident], now: datetime | None) -> tuple[Incident, ...]:
    """The same incidents, the one for the headline first, then the others, oldest first. `now` None: not known."""
    still_open = [incident for incident in incidents if _is_open(incident, now)]
    if not still_open:
        return tuple(incidents)
    first = max(still_open, key=lambda incident: (_hurts(incident), -incidents.index(incident)))
    return (first, *(incident for incident in incidents if incident is not first))


def _is_open(incident: Incident, now: datetime | None) -> bool:
    return incident.end is None or (now is not None and incident.end > now)


def _hurts(incident: Incident) -> tuple[bool, int]:
    """What is known to go on before what the evidence could not show the end of; then by what failed and waits."""
    impact = incident.impact
    return incident.end_shows, impact.runs_failed + (impact.messages_unanswered or 0) + incident.echoes
