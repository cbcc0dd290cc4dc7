"""A record as lanes: which login each store held, what was out of use, what sessions were pinned to, and silence.

Each span reaches from the snapshot that first shows it to the one that first shows another: the edges are exact to the
seconds between two looks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import msgspec

from forensics.parsers.recorded import taken_at
from forensics.parsers.stores.reading.values import moment_ms
from forensics.text import between, clock, counted

if TYPE_CHECKING:
    from forensics.case import Case

Kind = Literal["login", "out of sync", "out of use", "pinned", "silent"]
_WINDOWS = {"cooldownUntil": "cooldown", "disabledUntil": "disabled", "blockedUntil": "blocked"}
_PINS = ("authProfileOverride", "modelOverride")
Seen = tuple[datetime, str]  # when, and what was seen; "" for nothing


@dataclass(frozen=True, slots=True)
class Span:
    """Something that was so for a time. `lane` names whose it is, `label` what it was."""

    kind: Kind
    lane: str
    start: datetime
    end: datetime
    label: str


def spans(case: Case) -> tuple[Span, ...]:
    """All spans of the record in the case, by lane and time; none where it holds no record."""
    moments = _moments(case)
    if not moments or case.now is None:
        return ()
    end = max(case.now, moments[-1])
    found = [*_logins(case, end), *_out_of_use(case, end), *_pinned(case, end)]
    if found:
        found += [
            Span("out of sync", f"{', '.join(d.agents)} · {d.provider} out of sync", d.start, d.end or end, d.kind)
            for d in case.desyncs
        ]
        found += [Span("silent", "silence", s.start, s.end, s.what) for s in case.silences if s.start and s.end]
    return tuple(sorted(found, key=lambda span: (span.kind, span.lane, span.start)))


def in_words(case: Case) -> str:
    """How much the record holds."""
    moments = _moments(case)
    if not moments:
        return "There is no record in this evidence; `forensics record` makes one."
    lasted = between(moments[0], moments[-1])
    return f"{counted(len(moments), 'snapshot')} over {lasted}, from {clock(moments[0])} to {clock(moments[-1])} UTC."


def _moments(case: Case) -> list[datetime]:
    return sorted({taken for file in case.timeline.files if (taken := taken_at(file.path))})


def _logins(case: Case, end: datetime) -> Iterator[Span]:
    told = defaultdict[str, list[Seen]](list)
    for login in case.timeline.credentials:
        if taken := taken_at(login.source):
            told[_holder(login.store, login.agent, login.profile)].append((taken, login.access or login.type))
    for lane, seen in told.items():
        yield from _runs("login", lane, seen, end)


def _holder(store: str, agent: str | None, profile: str) -> str:
    return f"{agent} · {profile}" if agent else f"{store.partition('_')[0]} · {profile}"


def _out_of_use(case: Case, end: datetime) -> Iterator[Span]:
    """A window ends when it says so, or when a snapshot shows it gone."""
    told, ends = defaultdict[str, list[Seen]](list), dict[str, datetime]()
    for (taken, agent, profile), values in _by_snapshot(case, ("auth_profiles", "auth_state")).items():
        for key, name in _WINDOWS.items():
            until = moment_ms(values.get(key))
            label = f"{name} until {clock(until)}" if until and until > taken else ""
            told[f"{agent} · {profile} · {name}"].append((taken, label))
            if until:
                ends[label] = until
    for lane, seen in told.items():
        for span in _runs("out of use", lane, seen, end):
            yield replace(span, end=min(span.end, ends[span.label]))


def _pinned(case: Case, end: datetime) -> Iterator[Span]:
    told = defaultdict[str, list[Seen]](list)
    for (taken, _, session), values in _by_snapshot(case, ("sessions",)).items():
        told[session].append((taken, " ".join(str(values[key]) for key in _PINS if values.get(key))))
    for lane, seen in told.items():
        yield from _runs("pinned", lane, seen, end)


def _by_snapshot(case: Case, stores: Iterable[str]) -> dict[tuple[datetime, str | None, str], dict[str, object]]:
    values = defaultdict[tuple[datetime, str | None, str], dict[str, object]](dict)
    for row in case.timeline.state:
        if row.store in stores and (taken := taken_at(row.source)):
            values[taken, row.agent, row.entity][row.key] = msgspec.json.decode(row.value)
    return values


def _runs(kind: Kind, lane: str, seen: Iterable[Seen], end: datetime) -> Iterator[Span]:
    """Equal neighbours joined: what was seen at one moment lasts until something else is seen."""
    changes: list[Seen] = []
    for taken, label in sorted(seen):
        if not changes or changes[-1][1] != label:
            changes.append((taken, label))
    for (start, label), (until, _) in pairwise([*changes, (end, "")]):
        if label and start < until:
            yield Span(kind, lane, start, until, label)
