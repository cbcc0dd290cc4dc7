"""The tables of a fleet as people read them."""

from __future__ import annotations

from forensics.fleet import questions
from forensics.fleet.dataset import Fleet
from forensics.report.tables import Shown, shown
from forensics.text import counted, duration, moment


def summary(fleet: Fleet) -> str:
    """The fleet in two sentences."""
    n = questions.totals(fleet)
    parts = {
        "incident": "with incidents",
        "no_incident": "without",
        "calls_failed": "with failed calls that are known to have hurt nobody",
        "client_refused": "with refused clients only",
        "cannot_tell": "whose evidence cannot tell",
        "errors": "that could not be read",
    }
    verdicts = ", ".join(f"{n[key]} {words}" for key, words in parts.items() if n[key])
    read = f"{counted(n['cases'] + n['errors'], 'case')}{': ' if verdicts else ''}{verdicts}."
    return (
        f"{read} {counted(n['incidents'], 'incident')}: {n['misclassified']} recorded under a reason that contradicts "
        f"the provider's answer, {n['open']} not over when the evidence ends."
    )


def causes(fleet: Fleet) -> Shown:
    """Which causes hit how many."""
    rows = [
        {"Provider": row["provider"], "Truly": row["true_reason"], "Release": row["release"], "Cases": row["cases"],
         "Incidents": row["incidents"]}
        for row in questions.causes(fleet).to_dicts()
    ]  # fmt: skip
    return shown("fleet-causes", "Causes by release and provider", rows)


def wordings(fleet: Fleet) -> Shown:
    """First failures grouped by what the provider said."""
    rows = [
        {"Fingerprint": row["fingerprint"], "In the provider's words": row["words"] or "not in the evidence",
         "Provider": row["provider"], "Truly": row["true_reason"], "Cases": row["cases"],
         "Releases": _span(row["releases"]),
         "First seen": moment(row["first_seen"]) if row["first_seen"] else "time unknown"}
        for row in questions.wordings(fleet).to_dicts()
    ]  # fmt: skip
    return shown("fleet-wordings", "First failures by the provider's words", rows)


def _span(releases: list[str]) -> str:
    first, *others = questions.by_release(releases)
    return f"{first} to {others[-1]} ({len(releases)})" if others else first


def misfiled(fleet: Fleet) -> Shown:
    """Wrong reasons by release."""
    rows = [
        {"Release": row["release"], "Judged": row["judged"], "Misclassified": row["misclassified"],
         "Share": f"{row['share']:.0%}"}
        for row in questions.misfiled(fleet).to_dicts()
    ]  # fmt: skip
    return shown("fleet-misfiled", "Misclassified reasons by release", rows)


def recovery(fleet: Fleet) -> Shown:
    """How long it took."""
    rows = [
        {"Truly": row["true_reason"], "Incidents": row["incidents"], "Over": row["over"],
         **{name: duration(row[key]) if row[key] is not None else "not known"
            for name, key in (("Fast tenth", "p10"), ("Median", "median"), ("Slow tenth", "p90"))}}
        for row in questions.recovery(fleet).to_dicts()
    ]  # fmt: skip
    return shown("fleet-recovery", "From the first failure to the recovery", rows)


def unknown_records(fleet: Fleet) -> Shown:
    """What nobody has taught the kit yet."""
    rows = [
        {"Level": row["level"], "Record without what is filled in": row["shape"], "Cases": row["cases"],
         "Records": row["records"], "Where": f"{row['case']}: {row['example']}"}
        for row in questions.unknown_records(fleet).to_dicts()
    ]  # fmt: skip
    return shown("fleet-unknown", "Unknown records", rows)


def look_first(fleet: Fleet) -> Shown:
    """The cases to open first."""
    rows = [
        {"Case": row["case"], "Release": row["release"], "Cause unknown": row["unclear"], "Not over": row["open"],
         "Low confidence": row["unsure"], "Unknown records": row["unknown_kinds"]}
        for row in questions.look_first(fleet).to_dicts()
    ]  # fmt: skip
    return shown("fleet-first", "Cases to look at first", rows)


def errors(fleet: Fleet) -> Shown:
    """What could not be read, and why."""
    rows = [
        {"Cases": row["cases"], "Why": row["error"], "While": row["stage"], "For example": row["case"]}
        for row in questions.errors(fleet).to_dicts()
    ]  # fmt: skip
    return shown("fleet-errors", "Cases that could not be looked at", rows)
