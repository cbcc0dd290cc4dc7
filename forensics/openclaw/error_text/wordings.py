"""The patterns by which error texts are read, as text: their words are OpenClaw's and the providers' own."""

from __future__ import annotations

import re
from types import ModuleType

from forensics.openclaw.error_text import bodies, reader, sentences, statuses, summary, wrappers

_READERS: tuple[ModuleType, ...] = (bodies, reader, sentences, statuses, summary, wrappers)


def wordings() -> tuple[str, ...]:
    """Every pattern of every reader of an error text."""
    return tuple(
        value.pattern for module in _READERS for value in vars(module).values() if isinstance(value, re.Pattern)
    )
