"""Values behind a name that announces something secret: a header, a code somebody was sent, a key to recover with.

Less is asked of the value than elsewhere, for the name says enough; a word is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_KEYS = r"""
      x-(?:api|auth|goog-api|amz-security)-(?:key|token) | xi-api-key | api-key | app[_-]?secret | authorization
    | psk | wpa_passphrase | (?:totp\ |client\ |shared\ )?secret | csrf(?:[_-]?token)? | pwd
    | (?-i:[A-Z]{2,16}SESS(?:ION)?ID) | (?:connect\.)?sid | pass(?:word|phrase|wd)(?:\ for\ \S{1,64})?
    | (?:recovery|license|activation|unlock|signing|device|pairing|backup|invite)\ (?:key|code)s?
    """
_CODES = r"(?:PIN|OTP|TAN|passcode|(?:verification|security|one[- ]time|login|sms|2fa|mfa)\ codes?)"
_GLUE = r"(?=[\s:=\"'\\,])\\{0,3}[\"']?\s{0,2}(?:is|was|[:=]|:=|,)?\s{0,2}\\{0,3}[\"']?(?:s%3A)?"
_VALUE = r"(?P<it>(?=[^\s\"',;&]{0,64}[\dA-Z!]|[a-z]{20})[\w.+/=~!%:-]{8,512}(?<![.:!]))"
_NAMED = re.compile(rf"(?xi:(?<![a-z])(?:{_KEYS}))(?-i:{_GLUE}{_VALUE})")
_CODE = re.compile(rf"(?<![\w-]){_CODES}{_GLUE}(?P<it>\d{{3,4}}-?\d{{0,4}})(?![\w-])")
_USER = re.compile(r"(?:\s-u|--user|--proxy-user)[ =][\"']?[\w.@-]{1,64}:(?P<it>[^\s\"'`]{4,256})")
_HINTS = ("-key", "-Key", " key ", "ecret", "psk", "assw", "assp", "SESS", "sid=", "csrf", "pwd", " code ", "uthoriz")
_CODE_HINTS = ("PIN", "OTP", "TAN", " code", "passcode")
_WORD = re.compile(r"[A-Z]?[a-z]{1,19}(?:[-_.:/][A-Za-z]?[a-z]+)*[.:]?|[A-Z]{1,14}(?:_[A-Z]+)*|\d{1,3}|[\d.:,TZ-]*")
_OURS = re.compile(r"fp:|sha256:|<|\*\*|\$|https?:")


def named_value_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where such values stand. Spans may overlap."""
    if any(map(text.__contains__, _HINTS)):
        for found in _NAMED.finditer(text):
            if not _WORD.fullmatch(found["it"]) and not _OURS.match(found["it"]):
                yield found.span("it")
    if any(map(text.__contains__, _CODE_HINTS)):
        yield from (found.span("it") for found in _CODE.finditer(text))
    if "-u" in text:
        yield from (found.span("it") for found in _USER.finditer(text))
