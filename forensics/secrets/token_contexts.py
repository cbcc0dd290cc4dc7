"""Tokens without a shape of their own, told by what stands before them: a header, an assignment, an address.

Only a value that looks like one counts here (a letter and a digit, no reference to a variable): an error text says
`token=expired` as well. Where JSON names a key, `secrets` is less choosy.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_HEADER = re.compile(r"(?:earer|EARER|asic|ASIC|oken)(?:[ +:]|%20)+([\w.~+/-]{16,}={0,2})")
_LETTER = r"[^\s\"'`;,&<>(){}\[\]|\\=]"
_VALUE = rf"{_LETTER}(?:{_LETTER}|=){{7,511}}"
_EQUALS = re.compile(rf"(?:=|%3D)>?\s{{0,3}}[\"']?(?=({_VALUE}))")
_REFUSED_KINDS = ("ey", "oken", "ecret", "assword", "redential")
_REFUSAL = re.compile("(?:bad|invalid|incorrect|wrong|unknown|rejected|refused|expired|revoked) ")
_REFUSED = re.compile(  # what an error repeats: "Incorrect API key provided: …", "bad token …"
    rf"""(?ix)\b(?:bad|invalid|incorrect|wrong|unknown|rejected|refused|expired|revoked) (?:\ \w{{2,12}}){{0,2}}?
    \ (?:key|token|secret|password|credential)s? (?:\ (?:provided|given|was|is))? :?\ {{0,2}}["'`]?
    ({_LETTER}{{8,512}}(?<![.:!?])={{0,2}})(?![\w=])"""
)
_NAME = re.compile(
    r"""(?i)(?:token|secret|passwd|password|passphrase|passcode|signature|authorization|cookie|jwt
    |(?:api|access|private|secret|signing|encryption|client|auth|license|account)[_-]?key
    |(?<![a-z])(?:auth|sig|key|pwd|pass|pin|otp|psk|sid|csrf))["']?\s{0,3}:?\Z""".replace("\n", "").replace(" ", "")
)
_OPTION = re.compile(
    r"""(?i)--[\w-]{0,32}(?:token|secret|password|pass|key|auth)(?: |"\s{0,3},\s{0,3}")["']?([^\s"'`;,&<>|\\]{8,512})"""
)
_COOKIE = re.compile(r"(?i)cookie[\"']?\s*:\s*[\"']?([^\r\n\"'\\]{8,4096})")
_CRUMB = re.compile(r"[^=;\s]{1,128}=([^;\s]{8,})")
_USERINFO = re.compile(r"://(?!fp:[0-9a-f]{12}@)[^\s/:@\"']{0,128}:(?!fp:|\d{1,5}/)([^\s@?#\"']{8,256})@")
_REFERENCE = re.compile(r"\$|<|fp:|sha256:|https?:|.*(?:\.\.\.|…|\*\*)|[A-Z][A-Z0-9]*_[A-Z0-9_]*$")
_CASED = r"(?:[a-z]+|[A-Z][a-z]*|[A-Z]+)"
_SIMPLE = re.compile(rf"{_CASED}(?:[A-Z][a-z]+)*(?:[_.-]{_CASED}(?:[A-Z][a-z]+)*)*\d?|[\d.:+-]+")
_HUMP = re.compile(r"[a-z](?=[A-Z])|[A-Z](?=[a-z])")
_HUMPS = 5  # changes between small and capital letters; words in camelCase are no secrets before this is asked
_PASSWORD = re.compile(  # in quotes, behind an equals sign, or the last thing that is said
    r"""(?ix) pass(?:wd|word|phrase|code) \\{0,3}["']? \s{0,3}
    (?: (?:[:=]|%3D) \s{0,3} \\{0,3}["'] ([^"'\\]{4,256})
      | (?:=|%3D) \s{0,3} ([^\s"'`;,&<>(){}\[\]|\\]{4,256})
      | : \s{0,3} ([^\s"'`;,&<>(){}\[\]|\\]{4,256}) (?=[,;}\n]|\Z)
    )"""
)
_STATES = """
    missing expired invalid required mismatch wrong incorrect empty unset null none undefined true false unknown
    rejected changed protected redacted hidden masked auth authentication mode login
"""
_NEAR = 40


def context_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where the values stand that only their surroundings give away. Spans may overlap."""
    if "=" in text or "%3D" in text:
        yield from _assigned(text)
    if any(map(text.__contains__, _REFUSED_KINDS)):
        yield from _refused(text)
    if "--" in text:
        yield from _values(_OPTION, text)
    if "earer" in text or "asic" in text or "oken" in text or "EARER" in text:
        yield from _values(_HEADER, text)
    if "ookie" in text:
        for header in _COOKIE.finditer(text):
            yield from ((header.start(1) + start, header.start(1) + end) for start, end in _values(_CRUMB, header[1]))
    if "://" in text and "@" in text:
        yield from (found.span(1) for found in _USERINFO.finditer(text))


def _refused(text: str) -> Iterator[tuple[int, int]]:
    """What a refusal repeats: tried only where one begins, which is looked for in small letters."""
    lower = text.lower()
    if len(lower) != len(text):  # a letter that is two in small
        yield from _values(_REFUSED, text)
        return
    for refusal in _REFUSAL.finditer(lower):
        if (found := _REFUSED.match(text, refusal.start())) and _looks_secret(found[1]):
            yield found.span(1)


def password_spans(text: str) -> Iterator[tuple[int, int]]:
    """Whatever stands where a password does, an ordinary word too: too common to be looked for anywhere else."""
    if "pass" in text.lower():
        for found in _PASSWORD.finditer(text):
            start, end = found.span(found.lastindex or 0)
            if text[start:end].lower().rstrip(".:") not in _STATES.split() and not _REFERENCE.match(text, start, end):
                yield start, end


def _assigned(text: str) -> Iterator[tuple[int, int]]:
    """`OPENAI_API_KEY = …`, `password=…`, `?access_token=…&`: whatever follows the name of a secret."""
    for found in _EQUALS.finditer(text):
        if _NAME.search(text[max(0, found.start() - _NEAR) : found.start()]) and _looks_secret(found[1]):
            yield found.span(1)


def is_word(text: str) -> bool:
    """True for a word, several with a hyphen, or a number: nothing a token would look like."""
    return bool(_SIMPLE.fullmatch(text))


def _values(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    return (found.span(1) for found in pattern.finditer(text) if _looks_secret(found[1]))


def _looks_secret(value: str) -> bool:
    """Letters and digits, or small and capital letters, mixed as no word does; or so long that nobody would say it."""
    if _REFERENCE.match(value) or is_word(value):
        return False
    mixed = any(map(str.isdigit, value)) and any(map(str.isalpha, value))
    return mixed or (len(value) >= 24 and "/" not in value) or len(_HUMP.findall(value)) >= _HUMPS
