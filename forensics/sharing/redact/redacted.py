"""A case that may leave: its rows rewritten, and everything else concluded again from the clean rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from forensics.case import Case, reason
from forensics.sharing.redact.rows import Rewriter
from forensics.sharing.redact.scan import Known
from forensics.sharing.redact.second_pass import SecondPass
from forensics.sharing.redact.words import common_words


@dataclass(frozen=True, slots=True)
class Redacted:
    """A case that may leave, and how much was taken out of it."""

    case: Case
    removed: Mapping[str, int]  # label, such as "tokens" or "mail addresses" -> number of different values
    known: Known = field(repr=False)
    subject: str | None = None  # the incident that an issue is about; None: the most telling one


def redact(case: Case, *, notes: bool = False) -> Redacted:
    """The same case without secrets and persons, reasoned again. Deterministic; redacting twice changes nothing.

    `notes`: what people wrote about the case leaves with it, scrubbed as an error text is.
    """
    rewriter = Rewriter(case.timeline)
    timeline = SecondPass(rewriter.names).timeline(rewriter.timeline())
    scope = replace(case.scope, agent=rewriter.agent(case.scope.agent))
    clean = reason(rewriter.name(case.name), timeline, scope, case.asked)
    clean = replace(clean, notes_kept=tuple(map(rewriter.note, case.notes)) if notes else ())
    originals = {**dict.fromkeys(case.timeline.secrets, "tokens"), **rewriter.taken, **rewriter.names.originals}
    removed = Counter(originals.values())
    return Redacted(clean, dict(sorted(removed.items())), Known(originals, common_words(case.timeline.events)))
