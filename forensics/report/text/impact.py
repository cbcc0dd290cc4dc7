"""What an incident cost, in two sentences: who got no answer and for how long, and when it could have been noticed."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.incidents.channels import UNASKED, UNKNOWN
from forensics.incidents.impact import Impact
from forensics.incidents.incident import Incident
from forensics.text import counted, duration


def what_it_cost(incident: Incident) -> str:
    """`13 runs failed in 1 session: 11 messages unanswered (cli), 2 heartbeat runs; no answer of x for up to 2 h.`"""
    impact = incident.impact
    if not (incident.failures or incident.echoes or impact.runs_failed):
        return f"What it cost is not in the evidence: no run that met {incident.provider} is in it."
    if not impact.sessions and not impact.runs_failed:
        return _nobody_known(incident)
    where = counted(impact.sessions, "session") if impact.sessions else "a session that is not in the evidence"
    met = f"{counted(impact.runs_failed, 'run').capitalize()} failed in {where}"
    told = ", ".join(_told(impact))
    silence = f"; no answer of {incident.provider} for up to {duration(impact.longest_silence_s)}"
    silent = silence if impact.longest_silence_s else ""  # a fallback may have answered
    return f"{met}: {told}{silent}." if told else f"{met}{silent}."


def who_suffered(incident: Incident) -> str:
    """`11 messages unanswered, 13 runs failed (agent main).`: who waits, in a few words."""
    impact = incident.impact
    parts = [counted(impact.messages_unanswered, "message") + " unanswered"] if impact.messages_unanswered else []
    parts += [f"{counted(impact.runs_failed, 'run')} failed"] if impact.runs_failed else []
    if not parts:
        quiet = "nobody was left without an answer" if impact.messages_unanswered == 0 else None
        parts = [quiet or "whether somebody was left without an answer is not in the evidence"]
    agents = f" (agent {', '.join(incident.agents)})" if incident.agents else ""
    words = ", ".join(parts)
    return f"{words[0].upper()}{words[1:]}{agents}."


def _nobody_known(incident: Incident) -> str:
    """`6 calls failed; whether somebody was left without an answer is not in the evidence.`"""
    calls = f"{counted(incident.failures, 'call').capitalize()} failed; whether" if incident.failures else "Whether"
    return f"{calls} somebody was left without an answer is not in the evidence."


def _told(impact: Impact) -> Iterator[str]:
    if impact.messages_unanswered is None:
        yield "whether messages stayed unanswered is not in the evidence"
    elif impact.messages_unanswered:
        kinds = [s.name for s in impact.channels if s.name and s.messages_unanswered and s.name != UNKNOWN]
        over = f" ({', '.join(kinds)})" if kinds else ""
        yield f"{counted(impact.messages_unanswered, 'message')} unanswered{over}"
    for share in impact.channels:
        if share.name in UNASKED:
            yield counted(share.runs_failed, f"{share.name} run")


def when_noticed(incident: Incident) -> str:
    """`Could first be noticed 35 s after the first failure: the error was delivered to a chat.`; its place apart."""
    notice = incident.impact.notice
    if notice is None:
        return "No sign in the evidence that anybody could notice it" + (
            " before it was over." if incident.end else "."
        )
    after = f"{duration(notice.after_s)} after the first failure" if notice.after_s else "at once"
    return f"Could first be noticed {after}: {notice.sign}."
