"""The last look: finished bytes, read in every way they can be read, must not hold what was to stay behind.

Redaction works on rows; this works on what people will open, and knows nothing of how it was made.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from forensics.errors import RedactionError
from forensics.secrets.token_patterns import sure_token_spans, token_spans
from forensics.sharing.redact import shapes
from forensics.sharing.redact.any_of import any_of
from forensics.sharing.redact.pseudonyms import PSEUDONYM
from forensics.sharing.redact.views import View, views
from forensics.sharing.redact.words import findable, own_words

_SHORTEST, _TELLING_FROM, _LONG = 6, 8, 12  # characters of a name; of one found in other words; without borders
_SHORTEST_TOKEN = 8
_NAME = re.compile(r"(?!fp:)[\w+(][\w.@+:/()-]*+(?: [\w.@+:/()-]++){0,3}")
_LETTERS = re.compile(r"[\W_]")
_KINDS = {  # label of an original -> what a leak of it is called
    "tokens": "a token", "texts": "a message", "mail addresses": "a mail address", "phone numbers": "a phone number",
    "chat ids": "a chat id", "user names": "a user name", "host names": "a host name", "addresses": "an address",
}  # fmt: skip
_PEOPLE = frozenset({"user names", "mail addresses", "agent names", "host names", "chat ids", "phone numbers"})
_SHAPES = {  # shape -> what a leak of it is called; the other shapes are too common in programs and prose
    "mail": "a mail address", "chat": "a chat id", "phone": "a phone number",
    "address": "an address", "id": "an id", "request": "a request id", "account": "an account id",
}  # fmt: skip
_HOME = re.compile(
    rf"(?:/home/|/Users/|[A-Za-z]:[\\/]+Users[\\/]+)(?!{PSEUDONYM.pattern}|[xX]+\b|Shared\b|runner\b)(?P<it>[\w-][\w.-]*)"
)
_TELLING = re.compile(r"[\d@]|[A-Z].*[a-z]|[^\x00-\x7f]|[-_.:/].*[-_.:/]", re.S)
_PROGRAM = re.compile(r"(?is)<(script|style)\b[^>]*>.*?</\1>")
_CLEAN = re.compile(
    rf"(?:{PSEUDONYM.pattern}|[xX\W_]+|[\w.-]+@(?:host-\d+|media|import|keyframes|font-face|charset|supports|page))"
)


@dataclass(frozen=True, slots=True, order=True)
class Leak:
    """One thing that must not leave, found in a finished artefact; never the thing itself."""

    artefact: str
    place: str  # line 12; column text, line 3; member tables/events.csv, line 4
    kind: str  # a token, a mail address, …


@dataclass(frozen=True, slots=True)
class Known:
    """What was replaced, letter by letter: for the final scan only, never to be shown."""

    values: Mapping[str, str] = field(default_factory=dict, repr=False)  # original -> its label
    common: frozenset[str] = field(default_factory=own_words, repr=False)  # words that may be told apart from names


def leaks(name: str, data: bytes, known: Known) -> tuple[Leak, ...]:
    """Everything in the bytes of one artefact that must not leave: known originals, tokens, personal data."""
    return _leaks(name, data, _Wanted(known))


def _leaks(name: str, data: bytes, wanted: _Wanted) -> tuple[Leak, ...]:
    found = (Leak(name, place, kind) for view in views(name, data) for place, kind in _in_view(view, wanted))
    named = (Leak(name, "its name", kind) for _, kind in _in_view(View(name, lambda _: ""), wanted))
    return tuple(sorted({*found, *named}))


def scan_tokens(name: str, data: bytes, secrets: Iterable[str] = ()) -> tuple[Leak, ...]:
    """As `leaks`, but tokens only: for what keeps identities, such as a collected bundle."""
    wanted = _wanted_tokens(tuple(secrets))
    found = {
        Leak(name, place, kind) for view in views(name, data) for place, kind in (*_known(view, wanted), *_tokens(view))
    }
    return tuple(sorted(found))


@lru_cache(maxsize=1)  # the members of a bundle are looked at one by one
def _wanted_tokens(secrets: tuple[str, ...]) -> _Wanted:
    return _Wanted(Known(dict.fromkeys(secrets, "tokens")))


def refuse_leaks(artefacts: Mapping[str, bytes], known: Known) -> None:
    """Raise RedactionError where any of the artefacts (name -> finished bytes) holds what must not leave."""
    wanted = _Wanted(known)
    for name, data in artefacts.items():
        if found := _leaks(name, data, wanted):
            more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
            raise RedactionError(
                f"{name}: {found[0].kind} would leave in {found[0].place}{more}; nothing was written. "
                "Please report this as a fault of the redaction; narrowing the evidence with --since, --until or "
                "--agent may leave it out."
            )


class _Wanted:
    """The originals as patterns: telling ones anywhere, plain words only where they stand alone."""

    def __init__(self, known: Known) -> None:
        values = known.values
        self.labels = {**values, **{_squeezed(value): label for value, label in values.items()}}
        tokens = [value for value, label in values.items() if label == "tokens" and _is_unmistakable(value)]
        names = [value for value, label in values.items() if label != "tokens" and _is_findable(value, known.common)]
        telling = [name for name in names if len(name) >= _TELLING_FROM and _TELLING.search(name)]
        people = [name for name in names if values[name] in _PEOPLE]
        self.anywhere = any_of(tokens, bordered=False)
        self.bordered = any_of(telling, bordered=True)
        self.squeezed = any_of([s for s in map(_squeezed, (*tokens, *telling)) if len(s) >= _LONG], bordered=False)
        self.alone = any_of(people, bordered=True)


def _is_unmistakable(token: str) -> bool:
    """Long enough not to be a piece of the page itself."""
    return len(_LETTERS.sub("", token)) >= _SHORTEST_TOKEN


def _is_findable(name: str, common: frozenset[str]) -> bool:
    """A name, not a piece of markup that somebody put where a name belongs: pages are made of such pieces."""
    return len(name) >= _SHORTEST and bool(_NAME.fullmatch(name)) and findable(name, common)


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _in_view(view: View, wanted: _Wanted) -> Iterator[tuple[str, str]]:
    yield from _known(view, wanted)
    if view.kind != "plain":
        yield from _tokens(view)
    if view.kind == "unescaped":
        yield from _personal(view)


def _known(view: View, wanted: _Wanted) -> Iterator[tuple[str, str]]:
    patterns = (wanted.squeezed,) if view.kind == "squeezed" else (wanted.anywhere, wanted.bordered)
    for pattern in patterns:
        for found in pattern.finditer(view.text) if pattern else ():
            yield view.place(found.start()), _kind(wanted, found[0])
    if wanted.alone and view.kind == "unescaped":
        prose = _PROGRAM.sub(lambda program: re.sub(r"[^\n]", " ", program[0]), view.text)
        for found in wanted.alone.finditer(prose):
            yield view.place(found.start()), _kind(wanted, found[0])


def _kind(wanted: _Wanted, original: str) -> str:
    label = wanted.labels.get(original, "")
    return _KINDS.get(label, f"one of the {label or 'originals'}")


def suspicious_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where something stands in a text for which a finished artefact would be refused, whatever is known."""
    yield from token_spans(text)
    yield from ((start, end) for start, end, _ in _personal_spans(text))


def _tokens(view: View) -> Iterator[tuple[str, str]]:
    spans = sure_token_spans(view.text) if view.kind == "squeezed" else token_spans(view.text)
    return ((view.place(start), "a token") for start, _ in spans)


def _personal(view: View) -> Iterator[tuple[str, str]]:
    seen: dict[int, str] = {}
    for start, _, kind in _personal_spans(view.text):
        seen.setdefault(start, kind)
    yield from ((view.place(start), kind) for start, kind in seen.items())


def _personal_spans(text: str) -> Iterator[tuple[int, int, str]]:
    for _, start, end, kind in shapes.spans(text, frozenset(_SHAPES)):
        if not _CLEAN.fullmatch(text[start:end]):
            yield start, end, _SHAPES[kind]
    yield from ((*found.span("it"), "a user name in a path") for found in _HOME.finditer(text))
