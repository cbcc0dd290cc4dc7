"""Words that may be told apart from names: those OpenClaw and the providers use in their own sentences.

A profile called `rate_limit` or an agent called `model` must not turn every such word of a text into a pseudonym.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from forensics.openclaw import reasons
from forensics.parsers.logs.templates import TEMPLATES
from forensics.sharing.redact import vocabulary
from forensics.sharing.redact.models import is_public_model
from forensics.tables import Event

_WORD = re.compile(r"[A-Za-z][A-Za-z']+")
_PATH = re.compile(r"\S*[/\\@]\S*")
_COLUMNS = ("text", "detail", "decision", "stage", "error_type", "recorded_reason", "trigger", "subsystem")
_SHORTEST = 4


@cache
def own_words() -> frozenset[str]:
    """Every word, in lower case, of OpenClaw's sentences and the providers' answers that this package knows."""
    said = [str(sample.fields.get(column, "")) for t in TEMPLATES for sample in t.samples for column in _COLUMNS]
    said += [word for t in TEMPLATES for word in (*t.literals, *t.subsystems, t.kind, t.role)]
    said += [text for row in reasons.rows() for text in (*row.samples, *row.types, row.cure, row.true_reason, row.id)]
    listed = (vocabulary.SESSIONS, vocabulary.PROFILES, vocabulary.LANES, vocabulary.SEGMENTS, vocabulary.STEMS)
    return frozenset(_words([*said, *(word for words in listed for word in words)]))


def common_words(events: Iterable[Event]) -> frozenset[str]:
    """The same with the words of this case's providers and public models."""
    return own_words() | frozenset(_words(value for e in events for value in _public_names(e)))


def _public_names(event: Event) -> Iterable[str]:
    names = (event.provider, event.model if event.model and is_public_model(event.model) else None)
    return filter(None, names)


def only_own_words(text: str) -> bool:
    """True for a text that says nothing but such words (and numbers)."""
    return all(word.lower() in own_words() for word in _WORD.findall(text))


def findable(name: str, common: frozenset[str]) -> bool:
    """Whether a name can be looked for in texts letter by letter: long enough, and no word of the language."""
    parts = [part.lower() for part in _WORD.findall(name)]
    plain = all(part in common for part in parts) and not re.search(r"[@\d]", name)
    return len(name) >= _SHORTEST and not plain


def _words(texts: Iterable[str]) -> Iterable[str]:
    return (word.lower() for text in texts for word in _WORD.findall(_PATH.sub(" ", text)))
