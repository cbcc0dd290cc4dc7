"""A run over many cases: a few in hand at a time, each kept as soon as it is done."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from forensics.errors import ReportError
from forensics.fleet import dataset
from forensics.fleet.aliases import with_aliases
from forensics.fleet.cluster import workers
from forensics.fleet.dataset import Fleet
from forensics.fleet.journal import Journal
from forensics.fleet.one_case import CaseResult, failed, triage_one
from forensics.fleet.sources import Source

_EVERY = 5.0  # seconds between two lines of progress

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class FleetRun:
    """How a run ended."""

    fleet: Fleet
    cases: int  # in all
    unchanged: int  # done before
    errors: int  # could not be looked at
    seconds: float

    @property
    def sentence(self) -> str:
        """One line for a person."""
        new = self.cases - self.unchanged
        pace = f", {60 * new / self.seconds:.0f} a minute" if new and self.seconds else ""
        broken = f", {self.errors} of them could not be read (see the table errors)" if self.errors else ""
        before = f"; {self.unchanged} were done before" if self.unchanged else ""
        return f"{new} cases in {self.seconds:.0f} s{pace}{broken}{before}"


def run_fleet(
    sources: Sequence[Source],
    out: Path,
    tell: Tell,
    *,
    scheduler: str | None = None,
    count: int | None = None,
    share: bool = False,
) -> FleetRun:
    """Triage every source and add the results to the dataset in `out`.

    What is interrupted goes on when it is run again. Raises ParameterError (no Dask, no scheduler), ReportError.
    """
    fleet = dataset.opened(out, shared=share)
    try:
        journal = Journal(out)
    except OSError as error:
        raise ReportError(f"{out}: cannot be written ({error.strerror}); give another folder with -o") from error
    try:
        fleet = _kept(fleet, journal)  # of a run that did not come to its end
        if share:
            sources = with_aliases(sources, out, begun=fleet.manifest.runs > 0)
        began = time.monotonic()
        with workers(scheduler, count) as client:
            tell(f"{len(sources)} cases; dashboard: {client.dashboard_link}")
            unchanged, errors = _all(client, sources, fleet.done, journal, tell, share=share)
        fleet = _kept(fleet, journal)
        return FleetRun(fleet, len(sources), unchanged, errors, time.monotonic() - began)
    finally:
        journal.close()


def _kept(fleet: Fleet, journal: Journal) -> Fleet:
    """The journal's rows become parts of the dataset."""
    results = list(journal.results())
    if not results:
        return fleet
    fleet = dataset.add(fleet, results)
    journal.clear()
    return fleet


def _all(
    client: Any, sources: Sequence[Source], done: Mapping[str, str], journal: Journal, tell: Tell, *, share: bool
) -> tuple[int, int]:
    unchanged = errors = 0
    progress = _Progress(len(sources), tell)
    for result in _results(client, sources, done, share=share):
        if result.unchanged:
            unchanged += 1
        else:
            journal.add(result)
            errors += bool(result.errors)
        progress.one_more(errors)
    return unchanged, errors


def _results(client: Any, sources: Sequence[Source], done: Mapping[str, str], *, share: bool) -> Iterator[CaseResult]:
    """Results as they come. A worker has one case at a time, so that none is blamed for its neighbour's end."""
    from distributed import as_completed

    waiting, completed = iter(sources), as_completed()
    in_hand: dict[Any, Source] = {}

    def hand_out() -> None:
        for source in islice(waiting, max(0, max(1, len(client.nthreads())) - len(in_hand))):
            future = client.submit(triage_one, source, done.get(source.name), share=share, pure=False)
            in_hand[future] = source
            completed.add(future)

    hand_out()
    for future in completed:
        yield outcome(future, in_hand.pop(future))
        future.release()
        hand_out()


def outcome(future: Any, source: Source) -> CaseResult:
    """A case that ended its worker again and again is a row with its error, like one that could not be read."""
    if future.status == "finished":
        result: CaseResult = future.result()
        return result
    error = future.exception()
    kind = type(error).__name__
    why = "its worker was ended each time, most likely for want of memory" if kind == "KilledWorker" else "see its log"
    return failed(source.name, "work", f"{kind}: {why}")


class _Progress:
    """A line every few seconds: how many, how fast, how long to go."""

    def __init__(self, total: int, tell: Tell) -> None:
        self._total, self._tell, self._done = total, tell, 0
        self._began = self._last = time.monotonic()

    def one_more(self, errors: int) -> None:
        self._done += 1
        now = time.monotonic()
        if now - self._last < _EVERY and self._done < self._total:
            return
        self._last = now
        pace = self._done / max(now - self._began, 1e-3)
        left = (self._total - self._done) / pace
        self._tell(f"[{self._done}/{self._total}] {60 * pace:.0f} a minute, {errors} errors, {left:.0f} s to go")
