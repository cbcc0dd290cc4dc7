"""Takes out of a text what must not leave: a token becomes its fingerprint, a message its length."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from forensics.parsers.stores.reading.auth import ACCESS, REFRESH
from forensics.parsers.stores.reading.jwt import end_of
from forensics.secrets.detect import FENCE, is_secret, is_token, mask, secrets_in
from forensics.secrets.fingerprints import fingerprint, is_fingerprint, token_stand_in
from forensics.secrets.placeholders import is_placeholder, placeholder
from forensics.sharing.bundle.allowlist import is_kept
from forensics.sharing.bundle.encoded import encoded_tokens

_REFERENCE = re.compile(r"\$\{?[A-Z_][A-Z0-9_]{0,100}\}?|[A-Z][A-Z0-9]{0,60}_[A-Z0-9_]{0,60}")
_LOGINS = frozenset((*ACCESS, *REFRESH))
_KEY = re.compile(r"[^\x00-\x1f]{0,200}")
_ANY_LONG_WORD = "0123456789abcdef"
_LAST_END = 10**12
_SHORT_TEXT = 128
_MANY = 100_000  # short texts whose clean form is remembered: most are ids and words that come again


@dataclass
class Masker:
    """What is known of the whole evidence. `login` says that a file at hand holds logins."""

    secrets: Sequence[str]
    prompts: dict[bytes, int] = field(default_factory=dict)  # digest -> number; the same in all files
    cleaned: dict[str, str] = field(default_factory=dict)
    login: bool = False

    def of_logins(self) -> Masker:
        """The same for a store of logins."""
        return replace(self, login=True)

    @cached_property
    def _whole(self) -> frozenset[str]:
        return frozenset(self.secrets)

    def value(self, path: Sequence[str], text: str) -> str:
        """A text of a state file or of metadata, by the keys that lead to it."""
        key = path[-1] if path else ""
        if text in self._whole or is_token(key, text) or (self.login and key in _LOGINS and is_secret(text)):
            return self.token(text)
        if is_kept(path, text):
            return self.clean(text)
        of_token = key in _LOGINS or is_token(key, _ANY_LONG_WORD)
        return (_reference(text) if of_token else None) or self.body(text)

    def token(self, text: str) -> str:
        """A text that is a token as a whole."""
        end = end_of(text)
        return token_stand_in(text, end if end and 0 < end < _LAST_END else None)

    def body(self, text: str) -> str:
        """A message: its length is left."""
        return text if not text or is_fingerprint(text) or is_placeholder(text) else placeholder(text)

    def line(self, text: str) -> str:
        """A whole line nobody can read: its length; a blank one stays blank."""
        return self.body(text) if text.strip() else " " if text else ""

    def prompt(self, text: str, whole: str, trigger: str | None, first: bool) -> str:
        """A part of what a person, or a timer, told the model: `trigger` is what `whole`, all parts, set off."""
        if not text:
            return text
        digest = hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).digest()
        number = self.prompts.setdefault(digest, len(self.prompts) + 1)
        return placeholder(text, number, (trigger or "retry") if first and whole else None)

    def clean(self, text: str) -> str:
        """A text that stays, on as many lines, without tokens, be they broken by a line end."""
        return self._clean(text) if len(text) > _SHORT_TEXT else self._remembered(text)

    def key(self, name: str) -> str:
        """The name of a member: an id or a word."""
        return self.clean(name) if _KEY.fullmatch(name) else self.body(name)

    def _remembered(self, text: str) -> str:
        if (cleaned := self.cleaned.get(text)) is None:
            cleaned = self._clean(text)
            if len(self.cleaned) < _MANY:
                self.cleaned[text] = cleaned
        return cleaned

    def _clean(self, text: str) -> str:
        own = sorted(secrets_in(text), key=lambda s: (-len(s), s))
        for wrapped in encoded_tokens(text, self.secrets):
            text = text.replace(wrapped, fingerprint(wrapped))
        return self._settled(text, mask(text, [*self.secrets, *own]))

    def _settled(self, text: str, masked: str) -> str:
        """What the last look would refuse beside a stand-in is taken out in a second pass, else the text as a whole."""
        if masked == text or not (left := secrets_in(masked)):
            return masked
        masked = mask(masked, sorted(left, key=lambda s: (-len(s), s)))
        return self.body(text) if secrets_in(masked) else masked


def _reference(text: str) -> str | None:
    """What is no token but stands where one would: the name of a variable, the mark of a refresh under way."""
    if text.startswith(FENCE):
        return FENCE + ("failed" if ":failed:" in text else "")
    return text if _REFERENCE.fullmatch(text) and not secrets_in(text) else None
