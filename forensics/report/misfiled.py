"""What was recorded beside what it truly was: the tables of notebook 4, for owners of a gateway and for maintainers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING

from great_tables import GT

from forensics.incidents.incident import Incident
from forensics.incidents.recorded_reasons import RecordedReason
from forensics.openclaw import reasons, releases
from forensics.openclaw.releases import Release
from forensics.report.tables import Row, Shown, for_each, shown, table
from forensics.report.text.incident import cause_in_words, how_filed, known_issues, literally, wrongly_filed
from forensics.report.text.until_when import until_when
from forensics.text import clip, counted, visible

if TYPE_CHECKING:
    from forensics.case import Case

_SAID = 400  # characters of a provider's answer
_MARKS = {"misclassified": "✗", "weak": "~", "agrees": "✓", "undecidable": "?"}
_LEGEND = "Counts are places in the evidence. " + ", ".join(f"{mark} {verdict}" for verdict, mark in _MARKS.items())
_PROBLEMS = {  # owner -> whose problem it is
    "credential": "the credential: somebody has to sign in or make a new key",
    "account": "the account at the provider: money, a plan or a limit",
    "provider": "the provider: nothing on this side is wrong",
    "network": "the network between this machine and the provider",
    "config": "this configuration of OpenClaw",
    "gateway": "this machine or the gateway on it, not the provider",
    "session": "what the session sends",
}
_HELPS = {True: "yes", False: "no", None: "not known"}


@dataclass(frozen=True, slots=True)
class Conclusion:
    """Sentences as a notebook shows them, each a paragraph."""

    sentences: tuple[str, ...]

    def _repr_html_(self) -> str:
        return "".join(f"<p>{escape(visible(sentence))}</p>" for sentence in self.sentences)

    def __repr__(self) -> str:
        return "\n".join(self.sentences)


def conclusion(case: Case) -> Conclusion:
    """One calm sentence for all, then one paragraph for each incident that was filed under a wrong reason."""
    if not case.incidents:
        return Conclusion(("There is no incident, so nothing was filed under any reason.",))
    told = [(i.id, how_filed(i, case.release.at(i.start))) for i in case.incidents]
    wrong = [f"{name}: {sentence}" for name, sentence in told if sentence]
    places = sum(f.times for i in case.incidents for f in i.filings)
    if not wrong:
        return Conclusion((f"Nothing was filed under a wrong reason; {counted(places, 'place')} recorded one.",))
    among = f"{len(wrong)} of {counted(len(told), 'incident')}"
    return Conclusion((f"Filed under a reason that sends the reader the wrong way: {among}.", *wrong))


def matrix(case: Case) -> Shown:
    """Rows: the true reasons; columns: the recorded ones; cells: how many places, each with its verdict."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for incident in case.incidents:
        counts.update({(incident.true_reason, "nothing", ""): 1} if not incident.filings else {})
        for filing in incident.filings:
            counts[incident.true_reason, filing.reason, filing.verdict] += filing.times
    recorded = sorted({filed for _, filed, _ in counts}, key=lambda filed: (filed == "nothing", filed))
    rows = [
        {"Truly": true} | {visible(filed): _cell(counts, true, filed) for filed in recorded}
        for true in sorted({true for true, _, _ in counts})
    ]
    made = table("matrix", "Truly, and as recorded by OpenClaw", rows)
    return Shown("Recorded and true", (made.tab_source_note(_LEGEND) if rows else made,))


def _cell(counts: Counter[tuple[str, str, str]], true: str, filed: str) -> str:
    if counts[true, filed, ""]:
        return counted(counts[true, filed, ""], "incident")
    return " ".join(f"{n} {mark}" for verdict, mark in _MARKS.items() if (n := counts[true, filed, verdict]))


def filings(case: Case) -> Shown:
    """One table per incident: the answer itself, then every kind of place that recorded a reason for it."""
    return for_each("Where it is recorded", case.incidents, _filings)


def _filings(incident: Incident) -> GT:
    failure = incident.first_failure
    said = failure.text or "what was said is not in the evidence"
    rows: list[Row] = [
        {
            "In": "the answer",
            "Reason": incident.true_reason,
            "Verdict": "= true",
            "Why": clip(said, _SAID),
            "Where": failure.source,
        }
    ]
    rows += [_filing(incident, filing) for filing in incident.filings]
    return table(f"filed-{incident.id}", f"{incident.id}: {incident.provider}, {cause_in_words(incident)}", rows)


def _filing(incident: Incident, filing: RecordedReason) -> Row:
    return {
        "In": filing.where + (f", {filing.times}×" if filing.times > 1 else ""),
        "Reason": filing.reason,
        "Verdict": f"{_MARKS[filing.verdict]} {filing.verdict}",
        "Why": _why(incident, filing),
        "Where": filing.source,
    }


def _why(incident: Incident, filing: RecordedReason) -> str:
    """What the verdict rests on; `judge` in forensics/openclaw/reasons/agreement.py gives it."""
    true = incident.true_reason
    if filing.verdict == "agrees":
        return "the same" if filing.reason == true else f"sends the reader the same way as {true}"
    if filing.verdict == "weak":
        return f"only the words of the answer say {true}; no status or typed error contradicts {filing.reason}"
    if filing.verdict == "undecidable":
        return f"{filing.reason} says nothing that could be wrong, or the answer is cut off or not there"
    return f"{_answer(incident)} with these words is {true}, and nothing in it says {filing.reason}"


def _answer(incident: Incident) -> str:
    """`HTTP 403 permission_error`, as far as known."""
    failure = incident.first_failure
    status = f"HTTP {failure.http_status}" if failure.http_status else ""
    return " ".join(part for part in (status, failure.error_type) if part) or "this answer"


def through_releases(case: Case) -> Shown:
    """One table per incident that was misfiled: what each stretch of releases makes of the same answer."""
    wrong = [incident for incident in case.incidents if wrongly_filed(incident)]
    return for_each("The same through the releases", wrong, lambda i: _eras(i, case.release.at(i.start)))


def _eras(incident: Incident, release: Release) -> GT:
    rows = [
        {
            "Releases": f"{era}",
            "Files the answer as": (era.filed or "nothing") if era.known else "not known",
            "A skip takes its reason from": _SKIPS[era.skip],
            "": "this evidence" if release in era else "",
        }
        for era in releases.eras(incident.counterfactual)
    ]
    return table(f"eras-{incident.id}", f"{incident.id}: truly {incident.true_reason}", rows)


_SKIPS = {
    "constant rate_limit": "nowhere: it is always rate_limit",
    "counters": "the counters of the profiles",
    "cooldownReason": "the counters and the stored cooldownReason",
}


def owners(case: Case) -> Shown:
    """One row per incident: whose problem it is and why, and what waiting or another credential changes."""
    now = case.now or datetime.max.replace(tzinfo=UTC)
    rows = [
        {
            "": incident.id,
            "Whose problem": _PROBLEMS.get(incident.owner, incident.owner),
            "Why": incident.because or f"{literally(incident.first_failure)}",
            "Waiting helps": f"{_HELPS[incident.waiting_helps]}. {until_when(incident, now)}",
            "Another credential helps": _HELPS[_other_credential(incident)],
        }
        for incident in case.incidents
    ]
    return shown("owners", "Owner and waiting", rows)


def _other_credential(incident: Incident) -> bool | None:
    return reasons.row(incident.rule).other_credential_helps if incident.rule else None


def rules(case: Case) -> Shown:
    """For a maintainer: one row per rule of OpenClaw that filed wrongly, with its releases and where it shows."""
    rows = [row for incident in case.incidents for row in _rules(incident, case.release.at(incident.start))]
    return shown("rules", "Which rule filed it", rows)


def _rules(incident: Incident, release: Release) -> Iterator[Row]:
    by_rule: dict[tuple[str, str, str], list[RecordedReason]] = {}
    for filing in wrongly_filed(incident):
        by_rule.setdefault((filing.reason, *filed_by(incident, filing, release)), []).append(filing)
    for (reason, rule, reach), alike in by_rule.items():
        yield {
            "": incident.id,
            "Recorded as": f"{reason} ({', '.join(f.where for f in alike)})",
            "Should be": incident.true_reason,
            "Rule": rule,
            "Releases": reach,
            "Known issues": ", ".join(known_issues(incident, release, alike)) or "none known",
            "Where": "\n".join([*(f.source for f in alike), f"the answer: {incident.first_failure.source}"]),
        }


def filed_by(incident: Incident, filing: RecordedReason, release: Release) -> tuple[str, str]:
    """(the rule in words, the releases that have it), the classifier's own before the ways around it."""
    way = releases.detour(release, filing.where, filing.reason)
    if way and way.reason:
        return way.what, releases.in_words(way.span)
    if spans := _by_classifier(incident, filing.reason, release):
        return f"the classifier makes {filing.reason} of {_answer(incident)}", spans
    if way:
        return way.what, releases.in_words(way.span)
    return f"not known: the classifier of {release} does not make {filing.reason} of {_answer(incident)}", str(release)


def _by_classifier(incident: Incident, reason: str, release: Release) -> str | None:
    """The eras in which the classifier files the answer so, where this release is one of them."""
    known = [era for era in releases.eras(incident.counterfactual) if era.known and era.filed == reason]
    return _joined(known) if any(release in era for era in known) else None


def _joined(found: Sequence[releases.Era]) -> str:
    """Eras that differ only in what skips say are one stretch."""
    first, last = found[0], found[-1]
    return str(releases.Era(first.first, last.last, first.filed, known=True, skip=""))
