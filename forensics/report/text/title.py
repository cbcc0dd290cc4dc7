"""The title of a page: what is still going on, before what is over."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from forensics.report.text.case_verdict import verdict_in_words
from forensics.report.text.state import state_sentence
from forensics.text import visible

if TYPE_CHECKING:
    from forensics.case import Case


def title_of(case: Case) -> str:
    """`STILL BLOCKED: anthropic fails since …`: the first line of the terminal page, for a tab of the browser."""
    if not case.incidents:
        return visible(f"{case.verdict.state.upper()}: {verdict_in_words(case)}")
    now = case.now or datetime.max.replace(tzinfo=UTC)
    return visible(state_sentence(case.headline_first[0], now))
