"""All that windows are built from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from forensics.incidents.attempts import AttributedFailure
from forensics.incidents.auth_profiles import Profiles
from forensics.openclaw.releases import Running
from forensics.tables import Event

WRITTEN = timedelta(seconds=3)  # between a stored window and the failure that opened it


@dataclass(frozen=True, slots=True)
class WindowInputs:
    """All that windows are built from."""

    events: Sequence[Event]
    attempts: Sequence[AttributedFailure]
    profiles: Profiles
    running: Running
    config: Mapping[str, object]
    gateway_log: bool = False  # there is one, so what it does not say did not happen
    exact: bool = True  # the release is known, so its arithmetic holds
