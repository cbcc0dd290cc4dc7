"""An incident in words: what it was, until when, what to do. The same for the terminal, charts and reports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from forensics.incidents.incident import FirstFailure, Incident, next_chance
from forensics.incidents.recorded_reasons import RecordedReason
from forensics.incidents.stored_counters import CountedFailures
from forensics.openclaw.error_text import read_error_text
from forensics.openclaw.releases import Era, Release, detour, eras
from forensics.tables import Window
from forensics.text import between, clock, counted, moment, unplaced, visible
from forensics.timeless import is_dateless

if TYPE_CHECKING:
    from forensics.case import Case

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
_WAITING = {
    True: "Waiting helps: the next call after that can succeed.",
    False: "Waiting does not help: the next call will fail again until the cause is removed.",
    None: "Whether waiting helps cannot be told from the evidence.",
}

_UNSEEN = "Whether it is over is not in the evidence, which holds no answer"

_TAKEN_FOR_NOW = {
    "given": "as asked for",
    "newest state": "the newest time in the state files",
    "file date": "the newest date of a file: nothing in the evidence has a time of its own",
    "end of the span": "the end of what was asked about",
}

_ZONE = "Times without a zone are taken for UTC; where the host kept another, give it with --timezone"


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


def wrongly_filed(incident: Incident) -> tuple[RecordedReason, ...]:
    """The filings that send the reader the wrong way, in the order of trust."""
    return tuple(f for f in incident.filings if f.verdict in ("misclassified", "weak"))


def skipped_as(incident: Incident, release: Release) -> str | None:
    """`2026.2.9 skips with a constant rate_limit; from 2026.2.23 the counters speak`, where that misled the reader."""
    here, *later = [era for era in eras(()) if release in era or era.first > release] or [eras(())[-1]]
    echoed = any(f.where == "echo" for f in wrongly_filed(incident))
    if not (echoed and later and here.skip.startswith("constant")):
        return None
    return f"{release} skips with a {here.skip}; from {later[0].first} the {later[0].skip} speak"


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


def until_when(incident: Incident, now: datetime) -> str:
    """Until when its windows reach, whether that is over at `now`, and whether waiting helps at all."""
    provider, waiting = incident.provider, _waiting(incident, now)
    if incident.end and incident.end <= now:
        return f"{_last_window(incident)}; over since {clock(incident.end)} UTC, when {provider} answered again."
    ahead = [window for window in incident.windows if window.end is None or window.end > now]
    if ahead:
        sure = incident.end_shows or any(window.end for window in ahead)
        return f"{f'Not over at {moment(now)}' if sure else _UNSEEN}: {_still(ahead, now)}. {waiting}"
    if not incident.end_shows:
        return f"{_UNSEEN}: {_last_window(incident)[0].lower()}{_last_window(incident)[1:]}. {waiting}"
    return f"{_last_window(incident)}, but no answer of {provider} after that is in the evidence. {waiting}"


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


def _last_window(incident: Incident) -> str:
    ends = [window.end for window in incident.windows if window.end]
    if ends:
        return f"The last window ran until {clock(max(ends))} UTC"
    return "When the windows ended is not in the evidence" if incident.windows else "No window was opened"


def _still(windows: Sequence[Window], now: datetime) -> str:
    last = {(w.profile or w.provider): w for w in sorted(windows, key=lambda w: (w.end is None, w.end))}
    return ", ".join(f"{name} {_until(window, now)}" for name, window in last.items())


def _until(window: Window, now: datetime) -> str:
    if window.end is None:
        return f"{window.kind} without a known end"
    return f"{window.kind} until {clock(window.end, now)} UTC (another {between(now, window.end)})"


def evidence_line(case: Case) -> str:
    """`bundle · OpenClaw 2026.2.9 · 20 Nov 2026 08:33 to 11:44 UTC`: what an answer is about."""
    first, last = _known_span(case)
    releases = f"OpenClaw {', '.join(case.releases)}" if case.releases else "release not known"
    day = "%H:%M" if first and last and first.date() == last.date() else "%d %b %Y %H:%M"
    stretch = f"{first:%d %b %Y %H:%M} to {last:{day}} UTC" if first and last else "no time known"
    return f"{visible(case.name)} · {releases} · {stretch}"


def _known_span(case: Case) -> tuple[datetime | None, datetime | None]:
    """The stretch of the evidence, as far as its days are known."""
    first, last = case.timeline.first_time, case.timeline.last_time
    return (first, last) if first and last and not is_dateless(first) else (None, None)


def looked_at(case: Case) -> str:
    """One sentence on what the answer rests on: files, lines, releases, stretch of time, answered turns."""
    files, lines = case.timeline.files, sum(file.lines for file in case.timeline.files)
    releases = f" of release {', '.join(case.releases)}" if case.releases else ""
    answers = sum(event.count for event in case.timeline.events if event.role == "answer")
    return (
        f"Looked at {visible(case.name)}: {counted(len(files), 'file')} with {counted(lines, 'line')}{releases}"
        f"{_covering(case)}: {counted(answers, 'answer')}, {_checks(case)}."
    )


def asked_about(case: Case) -> str | None:
    """What part was asked about, and which moment was taken for "now" where no event tells; None for neither."""
    whole, taken = case.scope.in_words, _TAKEN_FOR_NOW.get(case.asked.basis)
    now = f'"Now" is {moment(case.asked.time)}, {taken}' if taken and case.asked.time else None
    return "".join(f"{part}. " for part in (whole, now) if part).strip() or None


def _covering(case: Case) -> str:
    first, last = _known_span(case)
    return f", from {moment(first)} to {clock(last, first)}" if first and last else ""


def _checks(case: Case) -> str:
    ran = sum(check.status == "ran" for check in case.answers.checks)
    silent = [check.detector for check in case.answers.checks if check.status != "ran"]
    unable = f" ({', '.join(silent)}: no input)" if silent else ""
    return f"{counted(ran, 'check')} ran{unable}"


def not_read(case: Case) -> str | None:
    """One sentence on lines and inputs the answer had to do without; None where nothing is missing."""
    rejects = sum(reject.lines for reject in case.timeline.rejects)
    sources = len({reject.source for reject in case.timeline.rejects})
    missing = list(dict.fromkeys(name for incident in case.incidents for name in incident.missing))
    lines = f"{counted(rejects, 'line')} in " if rejects else "something in "
    parts = [f"{lines}{counted(sources, 'file')} could not be read"] if sources else []
    parts += [_ZONE] if _zone_is_assumed(case) else []
    if _log_is_missing(case):
        parts.append(f"the gateway log is missing; {where_the_log_lies(case)}")
        missing = [name for name in missing if not name.startswith("the gateway log")]
    parts += [f"not in the evidence: {'; '.join(missing)}"] if missing else []
    return f"{'. '.join(part[0].upper() + part[1:] for part in parts)}." if parts else None


def _log_is_missing(case: Case) -> bool:
    """State of OpenClaw without a log: whatever nobody wrote into the state has left no trace in it."""
    kinds = {file.kind for file in case.timeline.files}
    return "log" not in kinds and bool(case.timeline.state or case.timeline.credentials)


def where_the_log_lies(case: Case) -> str:
    """Where a gateway writes: as configured, and its default place, which some releases use whatever is configured."""
    configured = visible(case.timeline.records.config.log_file or "")
    usual = "it usually lies in /tmp/openclaw/openclaw-DATE.log on the machine of the gateway"
    named = f"{configured} is configured, otherwise " if configured else ""
    return f"{named}{usual}: give it beside the rest"


def _zone_is_assumed(case: Case) -> bool:
    """True where a time states no zone, no other record tells it, and nobody said which it is."""
    assumed = ("assumed_zone", "assumed_date")
    return case.scope.timezone is None and any(event.time_basis in assumed for event in case.timeline.events)
