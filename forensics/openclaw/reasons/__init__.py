"""Raw provider answer -> what it truly is, what OpenClaw makes of it, and whether the two agree."""

from forensics.openclaw.reasons.agreement import Agreement, compare_recorded
from forensics.openclaw.reasons.classifier import classify
from forensics.openclaw.reasons.own_rules import add_own_rules
from forensics.openclaw.reasons.reason import (
    CERTAINTIES,
    OWNERS,
    SCOPES,
    TRUE_REASONS,
    Classification,
    Owner,
    Reason,
    TrueReason,
)
from forensics.openclaw.reasons.recorded import Recorded, counterfactual, recorded
from forensics.openclaw.reasons.resets import absolute_reset, reset_instant, retry_after
from forensics.openclaw.reasons.speaker import provider_in_words
from forensics.openclaw.reasons.table import row, rows

__all__ = [
    "CERTAINTIES",
    "OWNERS",
    "SCOPES",
    "TRUE_REASONS",
    "Agreement",
    "Classification",
    "Owner",
    "Reason",
    "Recorded",
    "TrueReason",
    "absolute_reset",
    "add_own_rules",
    "classify",
    "compare_recorded",
    "counterfactual",
    "provider_in_words",
    "recorded",
    "reset_instant",
    "retry_after",
    "row",
    "rows",
]
