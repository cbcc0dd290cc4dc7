"""The secrets that the whole evidence holds, as they are looked for letter by letter."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from forensics.parsers.logs.templates import PREFILTER, SUBSYSTEMS
from forensics.secrets.fingerprints import is_fingerprint

_OWN_WORDS = " ".join((PREFILTER, *SUBSYSTEMS, ".openclaw .claude .codex credentials transcripts")).lower()
_SHORT = 12


def known_secrets(found: Iterable[str]) -> tuple[str, ...]:
    """The longest first, each also as an address would write it.

    A password that is one of OpenClaw's own words tells nothing where such a word stands: it is left out.
    """
    telling = {s for s in found if not is_fingerprint(s) and not (len(s) < _SHORT and s.lower() in _OWN_WORDS)}
    return tuple(sorted(telling | {quote(s, safe="") for s in telling}, key=lambda s: (-len(s), s)))
