"""Colours with a meaning, each for light and for dark paper.

Chosen from Okabe and Ito's colour-blind-safe set; no two that touch differ by colour alone: windows carry their
reason as text, failures are diamonds, answers and echoes have lanes of their own.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ink:
    """One colour on light paper and its counterpart on dark paper."""

    light: str
    dark: str


PAPER = Ink("#ffffff", "#14171c")
TEXT = Ink("#1b1f24", "#e6e8eb")
SOFT = Ink("#59626c", "#a3abb5")  # second voice: subtitles, axis labels
GRID = Ink("#e7eaed", "#2a2f37")
LANE = Ink("#f5f7f8", "#1a1e24")  # the strip behind every lane
SPAN = Ink("#f9efe9", "#2b211d")  # an incident, from start to end
FAILURE = Ink("#b3261e", "#ff8a7a")
ANSWER = Ink("#00795c", "#3fc79a")
ECHO = Ink("#7d8791", "#8d97a2")
RULE = Ink("#2f6db5", "#82b4f0")  # the gateway itself: starts, stops, restarts
ON_BAR = Ink("#2a2118", "#14110d")  # text on a window's bar

REASONS = {  # a recorded reason's family -> the colour of its windows
    "limit": Ink("#f2b84b", "#e3a531"),
    "login": Ink("#d79fc4", "#c98ab4"),
    "money": Ink("#8fb8de", "#7fabd6"),
    "service": Ink("#7fcdb8", "#6bbba5"),
    "request": Ink("#d9cf6b", "#c9be57"),
    "unknown": Ink("#c3c9cf", "#98a1ab"),
}
_FAMILIES = {
    "limit": ("rate_limit", "quota", "overloaded", "subscription_limit", "empty_response"),
    "login": ("auth", "auth_permanent", "session_expired"),
    "money": ("billing",),
    "service": ("timeout", "network", "server_error", "tls", "tls_certificate"),
    "request": ("format", "model_not_found", "context_overflow", "local"),
}
_FAMILY_OF = {reason: family for family, reasons in _FAMILIES.items() for reason in reasons}

INKS = (PAPER, TEXT, SOFT, GRID, LANE, SPAN, FAILURE, ANSWER, ECHO, RULE, ON_BAR, *REASONS.values())


def family(reason: str | None) -> str:
    """The family of a recorded reason; `unknown` for none and for words no release has used so far."""
    return _FAMILY_OF.get(reason or "", "unknown")
