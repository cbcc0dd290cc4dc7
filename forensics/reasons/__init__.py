"""Raw provider answer -> what it truly is, what OpenClaw makes of it, and whether the two agree."""

from forensics.reasons.classifier import classify
from forensics.reasons.filing import Recorded, counterfactual, recorded
from forensics.reasons.reason import CERTAINTIES, OWNERS, SCOPES, TRUE_REASONS, Reason, Verdict
from forensics.reasons.resets import absolute_reset, reset_instant, retry_after
from forensics.reasons.rows import row, rows
from forensics.reasons.verdicts import judge

__all__ = [
    "CERTAINTIES",
    "OWNERS",
    "SCOPES",
    "TRUE_REASONS",
    "Reason",
    "Recorded",
    "Verdict",
    "absolute_reset",
    "classify",
    "counterfactual",
    "judge",
    "recorded",
    "reset_instant",
    "retry_after",
    "row",
    "rows",
]
