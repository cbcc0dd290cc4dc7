"""Whether it is over: the one word that an answer begins with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal

from forensics.incidents.incident import Incident
from forensics.tables import Window

State = Literal["still blocked", "not over", "over", "cannot tell", "well"]

_NEVER = datetime.max.replace(tzinfo=UTC)


def windows_ahead(incident: Incident, now: datetime | None) -> Sequence[Window]:
    """The windows in force after `now` (None: not known), those without a known end included."""
    return [window for window in incident.windows if window.end is None or window.end > (now or _NEVER)]


def is_over(incident: Incident, now: datetime | None) -> bool:
    """An answer ended it, at `now` or before."""
    return incident.end is not None and incident.end <= (now or _NEVER)


def state_of(incident: Incident, now: datetime | None) -> State:
    """`still blocked`: a credential is kept out of use at `now`; `not over`: none is, and no answer ended it."""
    if is_over(incident, now):
        return "over"
    ahead = windows_ahead(incident, now)
    if ahead and (incident.end_shows or any(window.end for window in ahead)):
        return "still blocked"
    return "not over" if incident.end_shows else "cannot tell"
