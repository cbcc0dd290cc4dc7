"""The sentence above a page without an incident: cleared, or why not, and what to send."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from forensics.incidents.case_verdict import CaseVerdict
from forensics.incidents.client_refusals import ClientRefusal
from forensics.incidents.unread import unread_in_words
from forensics.text import counted

if TYPE_CHECKING:
    from forensics.case import Case

_CLEARED = "No incident: nothing in the evidence kept a credential from being used."


def verdict_in_words(case: Case) -> str:
    """The conclusion of a case in which there is no incident, in one or two sentences."""
    verdict = case.verdict
    match verdict.verdict:
        case "no incident" | "incident":
            return _CLEARED
        case "calls failed":
            return (
                f"{counted(verdict.failed_calls, 'test call').capitalize()} failed; whether anybody was left without "
                f"an answer is not in the evidence.{_send(verdict)}"
            )
        case "client refused":
            return f"{refusals_in_words(case.client_refusals)}{_send(verdict)}"
        case "cannot tell":
            return f"{_unread(verdict) or 'This evidence cannot show whether a provider failed.'}{_send(verdict)}"


def refusals_in_words(refusals: Sequence[ClientRefusal]) -> str:
    """`The gateway turned its own client away: pairing required (3 times). No provider is involved.`"""
    reasons = ", ".join(f"{r.reason} ({'once' if r.count == 1 else f'{r.count} times'})" for r in refusals)
    return f"The gateway turned its own client away: {reasons}. No provider is involved."


def _unread(verdict: CaseVerdict) -> str:
    """Why nobody is cleared although nothing failed in what could be read; "" where that is not why."""
    telling = [one for one in verdict.unread if one.telling]
    if not telling:
        return ""
    return f"No incident shows in what could be read, but {unread_in_words(telling)}. Give that too, readable."


def _send(verdict: CaseVerdict) -> str:
    return f" To know, send {', or '.join(verdict.send)}." if verdict.send else ""
