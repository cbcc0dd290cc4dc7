"""Pseudonyms: what a name is called in a redacted case. The same name is called the same everywhere in it.

Numbers are given in order of first appearance. A word that already looks like a pseudonym is a name like any other,
so that a real `user-1` cannot be taken for somebody else's, and redacting twice gives the same.
"""

from __future__ import annotations

import re
from collections import Counter

from forensics.secrets.fingerprints import identifier_hash

CLASSES = (
    "user", "chat", "host", "agent", "session", "job", "run", "request", "phone", "address", "org", "account", "id",
    "file", "folder", "name", "key", "lane", "subsystem", "channel", "evidence", "digest", "sentence", "model",
)  # fmt: skip
PSEUDONYM = re.compile(rf"(?:{'|'.join(CLASSES)})-[1-9]\d{{0,6}}")
_HASH = re.compile(r"sha256:[0-9a-f]{12}")
LABELS = {
    "user": "user names", "chat": "chat ids", "host": "host names", "agent": "agent names", "session": "session ids",
    "job": "job ids", "run": "run ids", "request": "request ids", "phone": "phone numbers", "address": "addresses",
    "org": "organisation ids", "account": "account ids", "file": "file names", "folder": "folder names",
    "id": "other ids", "channel": "channel names", "sentence": "texts",
    "model": "model names",
}  # fmt: skip


class Pseudonyms:
    """The names met so far. `originals` holds what was replaced, with its label."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._counts: Counter[str] = Counter()
        self._hashes: dict[str, str] = {}
        self.originals: dict[str, str] = {}

    def get(self, original: str) -> str | None:
        """What a name is called, if it was met."""
        return self._names.get(original)

    def of(self, kind: str, original: str, label: str | None = None) -> str:
        """What a name is called; `kind` is one of CLASSES, `label` what it is counted as."""
        if original not in self._names:
            own = PSEUDONYM.fullmatch(original)
            kind = original.rpartition("-")[0] if own else kind
            self._counts[kind] += 1
            self._names[original] = f"{kind}-{self._counts[kind]}"
            self.note(original, self._names[original], label or LABELS.get(kind, "other names"))
        return self._names[original]

    def note(self, original: str, replaced: str, label: str) -> None:
        """Remember what was replaced, and its hash, which OpenClaw writes in its stead."""
        self._hashes.setdefault(identifier_hash(original), identifier_hash(replaced))
        if original != replaced and not PSEUDONYM.fullmatch(original):
            self.originals.setdefault(original, label)

    def hash_of(self, hashed: str, *, keep: bool) -> str:
        """The hash of what the hashed name is called. Of an unknown name: as it is, or one that tells nothing."""
        if (known := self._hashes.get(hashed)) or (keep and _HASH.fullmatch(hashed)):
            return known or hashed
        new = identifier_hash(self.of("digest", hashed, "hashes"))
        self._hashes[hashed] = new
        return new

    @property
    def names(self) -> tuple[str, ...]:
        """Every original that has a pseudonym."""
        return tuple(self._names)
