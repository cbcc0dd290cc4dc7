"""Stale blocks: windows still in force although their cause is over, or nobody has looked whether it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from forensics.detectors.blocks.block import Block, Why, at, blocks_in_force
from forensics.detectors.blocks.recovered import answered, renewed, used
from forensics.detectors.blocks.unasked import never_asked, probe_constant, restarted, taken_at_its_word

if TYPE_CHECKING:
    from forensics.detectors.questions.detector import CaseFacts

__all__ = ["Block", "Why", "at", "blocks_in_force", "why_stale"]

_RULES: tuple[Callable[[Block, CaseFacts], Why | None], ...] = (
    answered, used, renewed, probe_constant, taken_at_its_word, restarted, never_asked,
)  # fmt: skip


def why_stale(block: Block, facts: CaseFacts) -> Why | None:
    """The strongest reason; None for a window that simply runs."""
    return next((why for rule in _RULES if (why := rule(block, facts))), None)
