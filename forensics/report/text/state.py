"""The first sentence of an answer: the state, who fails, since when, and until when."""

from __future__ import annotations

from datetime import UTC, datetime

from forensics.incidents.incident import Incident
from forensics.incidents.state import state_of, windows_ahead
from forensics.openclaw.releases import Release
from forensics.report.text.incident import cause_in_words, said_in_short, skipped_as
from forensics.text import between, clock, unplaced
from forensics.timeless import is_dateless

_MOST_NAMES = 2
_HELPS = {True: "; waiting helps", False: "; waiting does not help", None: ""}
_UNKNOWN = datetime.max.replace(tzinfo=UTC)  # stands for a moment that nothing tells


def state_sentence(incident: Incident, now: datetime) -> str:
    """`OVER: anthropic failed from 20 Nov 09:18 to 11:01 UTC, for 1 h 42 min.`; the state comes first, in capitals."""
    state = state_of(incident, now)
    who = incident.provider if incident.provider != "unknown" else "a provider that is not named"
    match state:
        case "over":
            said = f"{who} failed {_stretch(incident)}{_ago(incident.end, now)}"
        case "still blocked":
            said = f"{who} fails {_since(incident, now)}; {_kept_out(incident, now)}{_HELPS[incident.waiting_helps]}"
        case "not over":
            helps = _HELPS[incident.waiting_helps]
            still = "" if now == _UNKNOWN else f", and has not answered by {_minute(now)} UTC"
            said = f"{who} fails {_since(incident, now)}{still}{helps}"
        case _:
            said = f"{who} failed {_at(incident)}; whether that is over is not in the evidence"
    return f"{state.upper()}: {said}."


def cause_sentence(incident: Incident) -> str:
    """`A login refused for good (HTTP 403). anthropic said: OAuth token does not meet …`"""
    failure, cause = incident.first_failure, cause_in_words(incident)
    if not (failure.text or failure.http_status):
        return f"Cause: {cause}; what was said to the first call is not in the evidence."
    said = said_in_short(failure)
    speaker = incident.provider if failure.http_status and incident.provider != "unknown" else "The error"
    return f"Cause: {cause}. {speaker} said: {said}"


def filed_sentence(incident: Incident, release: Release) -> str:
    """What OpenClaw calls it, and why that is wrong."""
    names = " and ".join(incident.misfiled or incident.recorded_reasons)
    if not names:
        return "What OpenClaw calls it is not in the evidence."
    if not incident.misfiled:
        doubt = ", which the evidence can neither confirm nor refute" if incident.verdict == "undecidable" else ""
        return f"OpenClaw calls it {names}{doubt}." if doubt else f"OpenClaw calls it {names}, and that is right."
    constant = skipped_as(incident, release)
    because = f": {constant}" if constant else ", as the answer above shows"
    return f"OpenClaw calls it {names}. That is wrong{because}."


def _stretch(incident: Incident) -> str:
    start, end = incident.start, incident.end
    if start is None or end is None or is_dateless(start):
        return _at(incident)
    day = f"{start:%d %b} " if start.date() == end.date() else ""
    to = f"{end:%H:%M}" if day else f"{end:%d %b %H:%M}"
    since = "from" if incident.start_known else "from before"
    return f"{since} {start:%d %b %H:%M} to {to} UTC, for {between(start, end)}"


def _ago(end: datetime | None, now: datetime) -> str:
    """How long it has been well at the moment asked about."""
    if end is None or is_dateless(end) or now == _UNKNOWN or (now - end).total_seconds() < 60:
        return ""
    return f"; it has answered again for {between(end, now)}"


def _since(incident: Incident, now: datetime) -> str:
    start = incident.start
    if start is None or is_dateless(start):
        return _at(incident)
    since = "since" if incident.start_known else "since before"
    long = f" ({between(start, now)})" if now != _UNKNOWN and now > start else ""
    return f"{since} {_minute(start)} UTC{long}"


def _at(incident: Incident) -> str:
    start = incident.start
    if start is None:
        return "at a time that is not known"
    if known := unplaced(start, "%H:%M"):
        return f"at {known}"
    return f"{'at' if incident.start_known else 'before'} {_minute(start)} UTC"


def _kept_out(incident: Incident, now: datetime) -> str:
    """`anthropic:default is kept out of use until 10:57:10 UTC (another 57 min)`"""
    ahead = windows_ahead(incident, now)
    names = list(dict.fromkeys(window.profile or window.provider for window in ahead))
    ends = [window.end for window in ahead if window.end]
    named = " and ".join(names[:_MOST_NAMES]) if len(names) <= _MOST_NAMES else f"{len(names)} credentials"
    verb = "is" if len(names) == 1 else "are"
    if len(ends) < len(ahead):
        return f"{named} {verb} kept out of use without a known end"
    last = max(ends)
    until = f"until {clock(last, now)} UTC (another {between(now, last)})"
    return f"{named} {verb} kept out of use {until}"


def _minute(time: datetime) -> str:
    return unplaced(time, "%H:%M") or f"{time:%d %b %H:%M}"
