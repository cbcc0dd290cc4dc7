"""A window that may outlive its cause: the account may work again, and nobody asks."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.text import moment
from forensics.watch.condition import Condition, Inquiry, Trouble


def _find(inquiry: Inquiry) -> Iterator[Trouble]:
    for block in inquiry.case.stale_blocks:
        if block.until > inquiry.now:
            yield Trouble(
                condition="outliving_block",
                urgency="now",
                subject=f"{block.agent or '-'}/{block.profile}/{block.field}",
                sentence=f"{block.profile} is kept out of use until {moment(block.until)}: {block.why}",
                advice=block.remedy or "Ask the provider once; forensics triage says how to clear it.",
                due=block.until,
                evidence=block.evidence[:2],
            )


CONDITION = Condition(
    name="outliving_block",
    question="Which profile is kept out of use although the provider may have recovered?",
    speaks="A window is in force, its cause is over or nobody has asked since (see forensics explain stale_blocks).",
    silent="The window is as old as its cause, or calls with it are still refused.",
    find=_find,
)
