"""An incident in words: what it was and what it was taken for. The same for the terminal, charts and reports."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from forensics.incidents.incident import FirstFailure, Incident
from forensics.incidents.recorded_reasons import RecordedReason
from forensics.incidents.stored_counters import CountedFailures
from forensics.openclaw.error_text import read_error_text
from forensics.openclaw.releases import Era, Release, detour, eras
from forensics.text import clock, unplaced
from forensics.timeless import is_dateless

_CAUSES = {  # true reason -> the cause as the subject of a sentence
    "auth": "a rejected login",
    "auth_permanent": "a login refused for good",
    "billing": "no credit left",
    "quota": "a usage limit",
    "rate_limit": "a rate limit",
    "overloaded": "an overloaded provider",
    "timeout": "calls that timed out",
    "network": "a provider out of reach",
    "server_error": "errors on the provider's side",
    "format": "requests the provider cannot read",
    "context_overflow": "prompts that are too long",
    "model_not_found": "a model the provider does not know",
    "tls": "a certificate that is not trusted",
    "local": "a fault on this machine",
}
_NOT_SHOWN = "a cause the evidence does not show"


def cause_in_words(incident: Incident) -> str:
    """`a login refused for good (HTTP 403)`."""
    status = incident.first_failure.http_status
    words = _CAUSES.get(incident.true_reason) or _as_filed(incident)
    return f"{words} (HTTP {status})" if status else words


def _as_filed(incident: Incident) -> str:
    """Of a cause without the provider's words: the reasons that OpenClaw filed, which may be wrong."""
    filed = " and ".join(incident.recorded_reasons)
    return f"filed as {filed}, the provider's words are not in the evidence" if filed else _NOT_SHOWN


def counted_in_stores(incident: Incident) -> str | None:
    """What the counters tell of failures that nothing else shows, and which profiles are free."""
    parts = [_counted_failures(failures) for failures in incident.counters.failures]
    if free := incident.counters.free:
        total = len(free) + len({failures.profile for failures in incident.counters.failures})
        parts.append(f"{', '.join(free)} {'is' if len(free) == 1 else 'are'} free ({len(free)} of {total})")
    return f"By the counters of the auth store {'; '.join(parts)}." if parts else None


def _counted_failures(failures: CountedFailures) -> str:
    times = "once" if failures.at_least == 1 else f"at least {failures.at_least} times"
    filed = f" ({', '.join(failures.reasons)})" if failures.reasons else ""
    first = f", the first after {clock(failures.after)}" if failures.after else ""
    return f"{failures.profile} failed {times}{filed}{first}, the last at {clock(failures.last)} UTC"


def headline(incident: Incident) -> str:
    """The conclusion on one line: who, from when until when, why, and under which name it was filed."""
    filed = f", recorded as {' and '.join(incident.misfiled)}" if incident.misfiled else ""
    return f"{incident.provider} failing {_stretch(incident)}: {cause_in_words(incident)}{filed}"


def _stretch(incident: Incident) -> str:
    start, end = incident.start, incident.end
    if start is None:
        return "at a time that is not known"
    if is_dateless(start):
        return f"at {unplaced(start, '%H:%M')}"
    if end is None:
        since = "since" if incident.start_known else "since before"
        return f"{since} {start:%d %b %H:%M} UTC, {not_ended(incident)}"
    if start.date() == end.date():
        return f"{start:%H:%M} to {end:%H:%M} UTC"
    return f"{start:%d %b %H:%M} to {end:%d %b %H:%M} UTC"


def not_ended(incident: Incident) -> str:
    """What to say of an incident without an end: where no answer is in the evidence at all, it cannot show one."""
    return "not over" if incident.end_shows else "end not in the evidence"


def said_in_short(failure: FirstFailure) -> str:
    """`HTTP 403 permission_error: OAuth token does not meet scope …`: the most telling parts of an answer."""
    status = f"HTTP {failure.http_status}" if failure.http_status else ""
    head = " ".join(part for part in (status, failure.error_type or "") if part)
    message = read_error_text(failure.text).message
    return ": ".join(part for part in (head, message) if part) or "the failure itself is not in the evidence"


def literally(failure: FirstFailure) -> str:
    """What was literally said; only an HTTP status proves that it was a provider who said it."""
    if not (failure.text or failure.http_status):
        return "What the provider said is not in the evidence; its first sign:"
    return f"{'The provider' if failure.http_status else 'The error'} said: {said_in_short(failure)}"


def how_filed(incident: Incident, release: Release) -> str | None:
    """As what it was wrongly recorded, where, and what other releases make of it; None where nothing was misfiled."""
    places = {f.reason: f.source for f in reversed(wrongly_filed(incident))}
    if not places:
        return None
    recorded = "Recorded as " + " and ".join(f"{reason} at {places[reason]}" for reason in incident.misfiled)
    issues = ", ".join(known_issues(incident, release))
    known = f"Known at openclaw/openclaw: {issues}" if issues else None
    said = (recorded, skipped_as(incident, release), filed_through_releases(incident, release), known)
    return " ".join(f"{sentence}." for sentence in said if sentence)


def fallbacks_left_out(incident: Incident) -> str | None:
    """Which fallbacks were never called, and why; None where none was left out."""
    if not incident.never_called:
        return None
    one = len(incident.never_called) == 1
    names = " and ".join(incident.never_called)
    return (
        f"The {'fallback' if one else 'fallbacks'} {names} {'was' if one else 'were'} never called: OpenClaw set the "
        f"session back to {incident.provider} before {'it' if one else 'they'} could be."
    )


def wrongly_filed(incident: Incident) -> tuple[RecordedReason, ...]:
    """The filings that send the reader the wrong way, in the order of trust."""
    return tuple(f for f in incident.filings if f.verdict in ("misclassified", "weak"))


def skipped_as(incident: Incident, release: Release) -> str | None:
    """`2026.2.9 says rate_limit of whatever it skips; from 2026.2.23 it says what it counted`, where that misled."""
    here, *later = [era for era in eras(()) if release in era or era.first > release] or [eras(())[-1]]
    echoed = any(f.where == "echo" for f in wrongly_filed(incident))
    if not (echoed and later and here.skip.startswith("constant")):
        return None
    word = here.skip.removeprefix("constant ")
    return f"{release} says {word} of every credential it skips; from {later[0].first} it says what it counted"


def filed_through_releases(incident: Incident, release: Release) -> str | None:
    """`The answer itself is filed as auth by 2026.2.9, as auth_permanent from 2026.3.2`; None where not known."""
    known = [era for era in eras(incident.counterfactual) if era.known and (release in era or era.first > release)]
    if not known:
        return None
    changes = [f"{_filed(new)} from {new.first}" for old, new in pairwise(known) if new.filed != old.filed]
    then = f", {', '.join(changes)}" if changes else " and every later release" if len(known) > 1 else ""
    return f"The answer itself is filed {_filed(known[0])} by {release}{then}"


def _filed(era: Era) -> str:
    return f"as {era.filed}" if era.filed else "under no reason"


def known_issues(
    incident: Incident, release: Release, filings: Sequence[RecordedReason] | None = None
) -> tuple[str, ...]:
    """Issues of openclaw/openclaw about the answer, and about how a wrong reason got to its place (default: all)."""
    wrong = wrongly_filed(incident) if filings is None else filings
    ways = [detour(release, filing.where, filing.reason) for filing in wrong]
    return tuple(dict.fromkeys([*incident.known_issues, *(f"#{n}" for way in ways if way for n in way.issues)]))


def first_sign(failure: FirstFailure) -> str:
    """What a failure may be called: only one that somebody saw is a real failure."""
    return "first real failure" if failure.text or failure.http_status else "first sign"
