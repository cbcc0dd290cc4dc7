"""What is watched, and one check of it: asked, told to whom it is to be told, and remembered."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from forensics.case import open_case
from forensics.errors import ParameterError
from forensics.sharing.host import live_paths
from forensics.sharing.interruption import stopped_cleanly
from forensics.watch import last_check
from forensics.watch.check import CheckResult, check
from forensics.watch.condition import Trouble
from forensics.watch.last_check import LastCheck, News
from forensics.watch.notify import notify
from forensics.watch.settings import Settings

LAST = "last"  # --now of evidence that is not of today


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A result, the troubles of it that are to be listed, and the keys of those that are over."""

    result: CheckResult
    troubles: tuple[Trouble, ...]
    ended: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """Evidence (empty: this machine) and how to ask it. `now`: a time, `last` (the evidence's own), else the clock."""

    evidence: Sequence[Path]
    settings: Settings
    now: str | None = None
    timezone: str | None = None

    def ask(self, listener: str | None, *, only_new: bool) -> Listed:
        """Check once. Raises EvidenceError where nothing can be read, ReportError where it cannot be told or kept."""
        if not (listener or only_new):
            result = self._checked(None)
            return Listed(result=result, troubles=result.troubles)
        file = last_check.state_file(self.evidence or [Path.home()], listener or "")
        last = last_check.read_last(file)
        result = self._checked(last.time if last else None)
        fresh = last_check.news(result, last)
        _tell(file, fresh, result.now, listener)
        return Listed(
            result=result, troubles=fresh.began if only_new else result.troubles, ended=tuple(sorted(fresh.ended))
        )

    def _checked(self, last: datetime | None) -> CheckResult:
        clock = None if self.now == LAST else self.now or datetime.now(UTC)
        with stopped_cleanly(), nullcontext(self.evidence) if self.evidence else live_paths(Path.home()) as paths:
            case = open_case(list(paths), now=clock, timezone=self.timezone)
        if case.now is None:
            raise ParameterError("nothing in the evidence has a time; give the moment with --now")
        return check(case, case.now, self.settings, last)


def _tell(file: Path, fresh: News, now: datetime, listener: str | None) -> None:
    """Keep what was told after each message, so that a failing one does not repeat those before it."""
    if listener:
        for told in notify(listener, fresh, now):
            last_check.keep(file, told)
    else:
        began = {trouble.key: last_check.told(trouble) for trouble in fresh.began}
        last_check.keep(file, LastCheck(now, {**fresh.kept, **began}))
