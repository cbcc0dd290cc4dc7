"""Free text without secrets and persons, its story still readable.

Everything suspicious is found first, then resolved where spans overlap, then replaced from left to right, so that
pseudonyms are numbered in the order in which a reader meets them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from urllib.parse import unquote

from forensics.secrets.fingerprints import masked_secret
from forensics.secrets.wrapped import decoded_runs, joined_lines, pieces
from forensics.sharing.redact import bodies, names, paths, shapes
from forensics.sharing.redact.pseudonyms import PSEUDONYM, Pseudonyms
from forensics.sharing.redact.secret_spans import holds_secret, secret_spans
from forensics.sharing.redact.unknown import masked, unknown_spans
from forensics.sharing.redact.vocabulary import words
from forensics.sharing.redact.words import only_own_words

_URL = re.compile(
    r"(?P<scheme>[a-z][a-z0-9+.-]*:\\?/\\?/)(?:[^/?#@]*@)?(?P<host>\[[^\]]*\]|[^/?#:\\]*)(?P<port>:\d{1,5})?"
    r"(?P<path>[^?#]*?)(?P<query>[?#].*?)?(?P<end>[.:,;!)]*)",
    re.S,
)
_NUMERIC = re.compile(r"\[[0-9A-Fa-f:.]+\]|\d{1,3}(?:\.\d{1,3}){3}")
_HASH = re.compile(r"(?<![\w:])sha256:[0-9a-f]{12}(?![0-9a-f])")
_OWN = re.compile(rf"(?<![\w-]){PSEUDONYM.pattern}(?![\w])")
_BODY, _HASHED, _PROFILE, _KNOWN = -1003, -1002, 2, 500  # ranks beside those of the shapes
_FIRST = 1000  # what a line break splits goes before what stands on either line
_BREAKABLE = words("chat room user mail session home login id request account address phone host number")
_NO_WORD = 16  # characters of base64 that read as a text: no word does by chance


@dataclass(frozen=True, slots=True)
class Known:
    """What is looked for letter by letter: tokens of the stores, and names met in the columns."""

    secrets: tuple[str, ...] = ()
    names: re.Pattern[str] | None = None
    profiles: re.Pattern[str] | None = None  # `<provider>:` and what follows
    common: frozenset[str] = frozenset()  # words of this case that name nobody: its providers and public models


@dataclass(frozen=True, slots=True, order=True)
class _Span:
    rank: int
    start: int
    end: int
    kind: str
    broken: bool = False  # a line break, or what is left of one, is inside


def scrub(
    text: str, pseudonyms: Pseudonyms, known: Known, tally: Callable[[str, str], None], *, rebuilt: bool = False
) -> str:
    """The text with tokens as fingerprints, names as pseudonyms, bodies as lengths. `tally(label, original)` counts.

    `rebuilt`: nothing is left of it but what is known; see `unknown`.
    """
    if not text:
        return text
    secrets = list(secret_spans(text, known.secrets))
    spans = _resolved(_spans(text, pseudonyms, known))
    whole = _with_secrets(spans, secrets)
    unknown = _unknown(text, whole, known) if rebuilt else []
    done, at = [], 0
    for span in whole:
        done.append(_gap(text, at, span.start, unknown))
        original = text[span.start : span.end]
        if span.kind == "secret":
            tally("tokens", original)
            done.append(masked_secret(original))
        elif span.kind == "body":
            tally("texts", original)
            done.append(bodies.length_of(original))
        else:
            done.append(_REPLACE[span.kind](pseudonyms, "".join(pieces(original)) if span.broken else original))
        at = span.end
    return "".join([*done, _gap(text, at, len(text), unknown)])


def _unknown(text: str, spans: Sequence[_Span], known: Known) -> list[tuple[int, int]]:
    """What beside the spans is not known."""
    rest, at = [], 0
    for span in spans:
        rest += [text[at : span.start], "\0" * (span.end - span.start)]
        at = span.end
    return _merged(unknown_spans("".join([*rest, text[at:]]), known.common.__contains__))


def _gap(text: str, start: int, end: int, unknown: Sequence[tuple[int, int]]) -> str:
    """What stands between two spans, with what is not known masked."""
    done, at = [], start
    for a, b in unknown:
        if a < end and b > start:
            a, b = max(a, at), min(b, end)
            done += [text[at:a], masked(text[a:b])]
            at = b
    return "".join([*done, text[at:end]])


def _spans(text: str, pseudonyms: Pseudonyms, known: Known) -> Iterator[_Span]:
    yield from (_Span(_BODY, start, end, "body") for start, end in bodies.body_spans(text))
    yield from (_Span(_BODY, start, end, "body") for start, end in _encoded(text, known))
    if "sha256:" in text:
        yield from (_Span(_HASHED, *found.span(), "hash") for found in _HASH.finditer(text))
    yield from (_Span(*span) for span in shapes.spans(text))
    yield from (_Span(*span) for span in _named_spans(text, known))
    yield from (_Span(_KNOWN, *found.span(), "known") for found in _OWN.finditer(text))
    yield from _broken_spans(text, known)


def _named_spans(text: str, known: Known) -> Iterator[tuple[int, int, int, str]]:
    """What is known letter by letter, as `shapes.spans`."""
    if known.profiles:
        yield from ((_PROFILE, *found.span(), "profile") for found in known.profiles.finditer(text))
    if known.names:
        yield from ((_KNOWN, *found.span(), "known") for found in known.names.finditer(text))


def _encoded(text: str, known: Known) -> Iterator[tuple[int, int]]:
    """Runs of base64 that read as a text, whoever wrote it; short ones, which may be words, where it tells of somebody.
    Those that hold a token are found among the tokens."""
    for start, end, held in decoded_runs(text):
        telling = end - start >= _NO_WORD or any(True for _ in chain(shapes.spans(held), _named_spans(held, known)))
        if telling and not holds_secret(held, known.secrets):
            yield start, end


def _broken_spans(text: str, known: Known) -> Iterator[_Span]:
    """Names and personal data that a line break splits."""
    for lines in joined_lines(text):
        found = (*shapes.spans(lines.text, _BREAKABLE), *_named_spans(lines.text, known))
        for rank, start, end, kind in found:
            if (span := lines.original(start, end)) and not (kind == "host" and only_own_words(text[slice(*span)])):
                yield _Span(rank - _FIRST, *span, kind, broken=True)


def _resolved(spans: Iterable[_Span]) -> list[_Span]:
    """Of spans that overlap the one of the lowest rank, the longest of them; it takes along the end of a person's."""
    kept: list[_Span] = []
    for span in sorted(spans, key=lambda s: (s.rank, s.start - s.end, s.start)):
        over = [other for other in kept if span.start < other.end and other.start < span.end]
        if not over:
            kept.append(span)
        elif span.kind in _BREAKABLE and (last := max(over, key=lambda s: s.end)).end < span.end:
            kept[kept.index(last)] = replace(last, end=span.end)
    return sorted(kept, key=lambda s: s.start)


def _with_secrets(spans: Sequence[_Span], secrets: Iterable[tuple[int, int]]) -> list[_Span]:
    """Spans in order, with what is secret outside of them in between. A name inside a secret is part of it."""
    merged = _merged(secrets)
    whole = [s for s in spans if s.kind in _WHOLE or not any(a <= s.start and s.end <= b for a, b in merged)]
    free = [piece for a, b in merged for piece in _outside(a, b, [(s.start, s.end) for s in whole])]
    return sorted([*whole, *(_Span(0, a, b, "secret") for a, b in free)], key=lambda s: s.start)


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _outside(start: int, end: int, taken: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """What of a span the taken ones leave over."""
    for a, b in taken:
        if b > start and a < end:
            if a > start:
                yield start, a
            start = max(start, b)
    if start < end:
        yield start, end


def url(pseudonyms: Pseudonyms, text: str) -> str:
    """An address: user and query never leave, an unknown host becomes `host-N`, its path goes segment by segment."""
    found = _URL.fullmatch(text)
    if found is None:
        return "<address>"
    port, way, end = found["port"] or "", found["path"], found["end"]
    shown = paths.path(pseudonyms, unquote(way)) if way.strip("/\\") else way
    return f"{found['scheme']}{host(pseudonyms, found['host'])}{port}{shown}{'?…' if found['query'] else ''}{end}"


def host(pseudonyms: Pseudonyms, name: str) -> str:
    """A host or an address; hosts that everybody calls stay."""
    if not name or shapes.known_host(name):
        return name
    return pseudonyms.of("address" if _NUMERIC.fullmatch(name) else "host", name)


def _login(pseudonyms: Pseudonyms, text: str) -> str:
    user, _, host = text.partition("@")
    return f"{pseudonyms.of('user', user)}@{pseudonyms.of('host', host)}"


def _mail(pseudonyms: Pseudonyms, text: str) -> str:
    plain = unquote(text.replace("&#64;", "@").replace("&#x40;", "@").replace("\\u0040", "@"))
    plain = re.sub(r"\s?(?:\[at\]|\(at\))\s?", "@", plain)
    return pseudonyms.of("user", plain, "mail addresses")


def _session(pseudonyms: Pseudonyms, text: str) -> str:
    key = text.rstrip(".:!?")
    return names.session(pseudonyms, key) + text[len(key) :]


def _known(pseudonyms: Pseudonyms, text: str) -> str:
    return pseudonyms.get(text) or (pseudonyms.of("name", text) if PSEUDONYM.fullmatch(text) else text)


def _named(pseudonyms: Pseudonyms, text: str) -> str:
    return pseudonyms.get(text) or pseudonyms.of("user", text)


def _as(kind: str) -> Callable[[Pseudonyms, str], str]:
    return lambda pseudonyms, text: pseudonyms.of(kind, text)


_REPLACE: Mapping[str, Callable[[Pseudonyms, str], str]] = {
    "url": url,
    "path": paths.path,
    "home": paths.home,
    "setting": names.setting,
    "mail": _mail,
    "session": _session,
    "login": _login,
    "host": host,
    "hash": lambda pseudonyms, text: pseudonyms.hash_of(text, keep=True),
    "profile": names.profile,
    "known": _known,
    "named": _named,
    "user": _as("user"),
    "chat": _as("chat"),
    "number": _as("chat"),
    "room": _as("chat"),
    "phone": _as("phone"),
    "address": _as("address"),
    "account": lambda pseudonyms, text: pseudonyms.of("org" if text.startswith("org") else "account", text),
    "request": _as("request"),
    "id": _as("id"),
}
_WHOLE = frozenset(
    {"url", "path", "session", "body", "hash", "request"}
)  # rewritten part by part: no secret stays in them
