"""One incident: a cause and everything that followed from it, as people and programs read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from forensics.display import Facts, ShowsItself, listed
from forensics.incidents.causal_chain import Link
from forensics.incidents.impact import Impact
from forensics.incidents.recorded_reasons import RecordedReason
from forensics.incidents.stored_counters import NO_COUNTERS, StoredCounters
from forensics.openclaw.reasons import Agreement, Owner, TrueReason
from forensics.tables import Window
from forensics.text import clip, counted, in_figures

EndBasis = Literal["answer", "store"]
_LATEST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstFailure:
    """The earliest call that really failed. `time` is when that call began, where the source tells it."""

    time: datetime | None  # None: its record states none
    time_basis: str  # log, transcript, event, state, computed, none
    profile: str | None
    model: str | None
    http_status: int | None
    error_type: str | None
    text: str  # what the provider literally said
    source: str  # path:line
    confidence: str  # high, medium, low
    why: str  # one sentence: what the choice and the confidence rest on
    sources: tuple[str, ...] = ()
    alternatives: tuple[FirstFailure, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Incident(ShowsItself):
    """One cause and everything that followed from it."""

    id: str  # I1, I2, … in order of time
    provider: str
    agents: tuple[str, ...]
    profiles: tuple[str, ...]
    models: tuple[str, ...]
    first_failure: FirstFailure
    true_reason: TrueReason
    recorded_reasons: tuple[str, ...]
    verdict: Agreement
    owner: Owner
    waiting_helps: bool | None
    windows: tuple[Window, ...]
    failures: int  # real failures, retries included
    echoes: int
    start: datetime | None  # None: no record of it states a time
    end: datetime | None  # None: not over when the evidence ends, as far as it can show
    impact: Impact
    sentence: str  # the answer in one sentence
    chain: tuple[Link, ...]  # 5-12 lines, in order of time
    remedy: tuple[str, ...] = ()  # what to do, first thing first
    missing: tuple[str, ...] = ()  # which evidence would have shown more
    misfiled: tuple[str, ...] = ()  # the recorded reasons that send the reader the wrong way
    filings: tuple[RecordedReason, ...] = ()  # every recorded reason with its place and verdict
    end_basis: EndBasis | None = None  # store: `lastUsed`, so it was over by then at the latest
    end_shows: bool = True  # False: no answer of the provider is in the evidence, so it could not show an end
    rule: str | None = None  # the row of the reasons table that decided
    counterfactual: tuple[tuple[str, str | None], ...] = ()  # (releases, reason they would have recorded)
    known_issues: tuple[str, ...] = ()  # of openclaw/openclaw
    because: str | None = None  # why the owner is another than the answer alone says
    resets_at: datetime | None = None  # when the provider's own limit ends, as its last answer tells
    start_known: bool = True  # False: it began before `start`, which is its first sign in the evidence
    never_called: tuple[str, ...] = ()  # fallbacks that OpenClaw set back to the failed model, as provider/model
    counters: StoredCounters = NO_COUNTERS  # of the auth stores, where nobody saw the failures

    def _title(self) -> str:
        return f"{self.id} {self.provider}: {self.true_reason}, {'over' if self.end else 'not over'}"

    def _facts(self) -> Facts:
        until = in_figures(self.end) if self.end else ""
        return (
            ("answer", self.sentence),
            ("from", in_figures(self.start) if self.start else "not known"),
            ("until", until),
            ("recorded as", f"{', '.join(self.recorded_reasons) or 'nothing'} ({self.verdict})"),
            ("first failure", clip(self.first_failure.text, 300)),
            ("where", self.first_failure.source),
            (
                "counts",
                f"{counted(self.failures, 'failure')}, {self.echoes} echoes, {counted(len(self.windows), 'window')}",
            ),
            ("what to do", listed(self.remedy, 4)),
        )

    @property
    def began(self) -> datetime:
        """`start`, to sort and to reckon with; where no record states a time, later than all that are known."""
        return self.start or _LATEST


def next_chance(incident: Incident) -> datetime | None:
    """When a call can succeed again: the last window is over, and the provider's own limit too. None: nobody tells.

    The end of a window says nothing of a used-up quota: OpenClaw only tries again then.
    """
    if incident.true_reason == "quota" and incident.resets_at is None:
        return None
    ends = [window.end for window in incident.windows if window.end]
    return max([*ends, *([incident.resets_at] if incident.resets_at else [])], default=None)
