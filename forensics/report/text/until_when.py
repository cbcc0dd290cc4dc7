"""Until when an incident lasts, whether it is over at the moment asked about, and whether waiting helps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from forensics.incidents.incident import Incident, next_chance
from forensics.incidents.state import windows_ahead
from forensics.tables import Window
from forensics.text import between, clock, moment

_WAITING = {
    True: "Waiting helps: the next call after that can succeed.",
    False: "Waiting does not help: the next call will fail again until the cause is removed.",
    None: "Whether waiting helps cannot be told from the evidence.",
}
_SERVED = " at the latest, when its profile was last used with success"
_UNSEEN = "Whether it is over is not in the evidence, which holds no answer"


def until_when(incident: Incident, now: datetime) -> str:
    """Until when its windows reach, whether that is over at `now`, and whether waiting helps at all."""
    provider, waiting = incident.provider, _waiting(incident, now)
    if incident.end and incident.end <= now:
        how = f", when {provider} answered again" if incident.end_basis != "store" else _SERVED
        return f"{_last_window(incident, now)}; over since {clock(incident.end)} UTC{how}."
    if ahead := windows_ahead(incident, now):
        sure = incident.end_shows or any(window.end for window in ahead)
        return f"{f'Not over at {moment(now)}' if sure else _UNSEEN}: {_still(ahead, now)}. {waiting}"
    if not incident.end_shows:
        window = _last_window(incident, now)
        return f"{_UNSEEN}: {window[0].lower()}{window[1:]}. {waiting}"
    return f"{_last_window(incident, now)}, but no answer of {provider} after that is in the evidence. {waiting}"


def _waiting(incident: Incident, now: datetime) -> str:
    """Whether waiting helps; where the provider's own limit outlasts every window, until when."""
    chance = next_chance(incident)
    if not incident.waiting_helps or (chance and (chance != incident.resets_at or chance <= now)):
        return _WAITING[incident.waiting_helps]
    if chance:
        return f"Waiting helps, but not before {clock(chance, now)} UTC, when the provider's own limit ends."
    if incident.true_reason == "quota":
        return "Waiting helps, but the provider does not tell when its limit ends."
    return _WAITING[True]


def _last_window(incident: Incident, now: datetime) -> str:
    ends = [window.end for window in incident.windows if window.end]
    if ends:
        last = max(ends)
        return f"Credentials {'were' if last <= now else 'are'} kept out of use until {clock(last)} UTC"
    if incident.windows:
        return "Until when credentials were kept out of use is not in the evidence"
    return "No credential was kept out of use"


def _still(windows: Sequence[Window], now: datetime) -> str:
    last = {(w.profile or w.provider): w for w in sorted(windows, key=lambda w: (w.end is None, w.end))}
    return ", ".join(f"{name} {_until(window, now)}" for name, window in last.items())


def _until(window: Window, now: datetime) -> str:
    if window.end is None:
        return f"{window.kind} without a known end"
    return f"{window.kind} until {clock(window.end, now)} UTC (another {between(now, window.end)})"
