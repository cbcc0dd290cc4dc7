"""Which incident of one case is which of another: the same one seen twice, the same kind again, or neither."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from forensics.incidents.incident import Incident
from forensics.openclaw import reasons

_ONE_FAILURE = timedelta(seconds=5)  # between two sources of it
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Pair:
    """One incident in A and in B. `relation`: same (one incident, seen in both), again, went, came."""

    relation: str
    a: Incident | None
    b: Incident | None


def pair_up(a: Sequence[Incident], b: Sequence[Incident]) -> tuple[Pair, ...]:
    """Every incident of both, once. Ids and times do not make a kind; provider, true reason and credential do."""
    left, right = list(a), list(b)
    pairs = [Pair("same", *found) for found in _take(left, right, is_same)]
    for alike in (_same_credential, is_alike):
        pairs += [Pair("again", *found) for found in _take(left, right, alike)]
    pairs += [Pair("went", incident, None) for incident in left]
    pairs += [Pair("came", None, incident) for incident in right]
    return tuple(sorted(pairs, key=_begins))


def _take(
    left: list[Incident], right: list[Incident], fits: Callable[[Incident, Incident], bool]
) -> Iterator[tuple[Incident, Incident]]:
    """Takes the pairs that fit out of both lists, in order of time."""
    for incident in tuple(left):
        other = next((candidate for candidate in right if fits(incident, candidate)), None)
        if other:
            left.remove(incident)
            right.remove(other)
            yield incident, other


def _begins(pair: Pair) -> datetime:
    return min(incident.began for incident in (pair.a, pair.b) if incident)


def is_same(a: Incident, b: Incident) -> bool:
    """One incident that both have seen: they overlap, and begin with one failure, as far as it is known."""
    overlap = max(a.began, b.began) <= min(a.end or _NEVER, b.end or _NEVER)
    if a.provider != b.provider or not overlap:
        return False
    return _one_failure(a, b) or (_share(a, b) and (_unseen(a) or _unseen(b)))


def _one_failure(a: Incident, b: Incident) -> bool:
    one, other = a.first_failure, b.first_failure
    return (
        _at_once(one.time, other.time)
        and (one.profile == other.profile or None in (one.profile, other.profile))
        and (one.http_status == other.http_status or None in (one.http_status, other.http_status))
    )


def _at_once(one: datetime | None, other: datetime | None) -> bool:
    return one == other if one is None or other is None else abs(one - other) <= _ONE_FAILURE


def _unseen(incident: Incident) -> bool:
    """Known from its consequences only, so that it may begin later than it really did."""
    return not (incident.first_failure.text or incident.first_failure.http_status)


def is_alike(a: Incident, b: Incident) -> bool:
    """The same kind: whose credential it was matters only where the cause lies in the credential."""
    if (a.provider, a.true_reason) != (b.provider, b.true_reason):
        return False
    return _scope(a) != "credential" or _share(a, b) or not (a.profiles and b.profiles)


def _same_credential(a: Incident, b: Incident) -> bool:
    return is_alike(a, b) and _share(a, b)


def _share(a: Incident, b: Incident) -> bool:
    return bool({*a.profiles} & {*b.profiles})


def _scope(incident: Incident) -> str | None:
    return reasons.row(incident.rule).scope if incident.rule else None
