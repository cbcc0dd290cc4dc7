"""Numbers in an error text: a status, a count, a moment and a version stay; what may be a card, a phone number, an
account, a place on earth or a code that somebody was sent does not."""

from __future__ import annotations

import re

GROUP = r"\d+(?:[.,:/\-–][ ]?\d+|[ ]\d+)*"
_DATE = r"(?:201[7-9]|202\d|203\d)-(?:0\d|1[0-2])-[0-3]\d"
_CLOCK = r"[0-2]?\d:[0-5]\d(?::[0-5]\d(?:[.,]\d{1,9})?)?"
MOMENT = rf"(?<![\d.-]){_DATE}(?:[T ]{_CLOCK}(?:[ ]?(?:Z|[+-]\d\d:?\d\d))?)?(?![\d-])"
_PLAIN = re.compile(
    rf"""\d{{1,6}} | \d{{1,3}}(?:,\d{{3}}){{1,3}}(?:\.\d{{1,3}})? | \d{{1,9}}\.\d{{1,3}} | {_CLOCK}
    | \d{{1,4}}(?:\.\d{{1,4}}){{2}}(?:-\d{{1,3}})? | \d{{1,4}}[/-]\d{{1,4}}
    | [01]?\d/[0-3]?\d/(?:201[7-9]|20[23]\d) | [0-3]?\d\.[01]?\d\.(?:201[7-9]|20[23]\d)""",
    re.X,
)
_UNIT_BEHIND = re.compile(
    r"""["']?\s{0,2}(?:%|[kKMG]i?B\b|(?:ms|s|secs?|seconds?|minutes?|hours?|days?|milliseconds?|bytes?|characters?|chars?
    |tokens?|requests?|messages?|credits?|times|USD|EUR)\b)""",
    re.X,
)
_QUANTITY_BEFORE = re.compile(
    r"""(?:(?<![A-Za-z])|(?<=[a-z])(?=[A-Z]))(?i:bytes|ms|size|seconds?|secs?|tokens?|limit|count|length|elapsed|total|max
    |maximum|min|minimum|cost|usage|used|budget|seq|line|offset|chars?|until|at|ts|time|reset|resets|expires?|epoch|after|age|delay
    |requested|remaining|current|column|position|port|pid|reached)
    ["']?\s{0,2}(?:[=:|(]|is)?\s{0,2}["']?\Z""",
    re.X,
)
_MONEY_BEFORE = re.compile(r"[$€£¥]\s?\Z|\b(?:USD|EUR)\s\Z")
_SECRET_BEFORE = re.compile(
    r"""(?ix)(?<![a-z])(?:pin|otp|tan|totp|cvv2?|cvc|pass(?:code|wd|word|phrase)|puk|zip|postcode|ending|dob|born|birth(?:day)?
    |plate|seat|uid|gid|ext\.?|apt\.?|suite|house|room\ no\.?|extension
    |(?:verification|security|login|one[- ]time|pairing|device|access|auth|sms|2fa|mfa|confirmation|backup
    |recovery|activation)
    \ codes?)["']?\s{0,2}(?:is|was|number|no\.?|code|[=:\#])?\s{0,2}["']?\Z"""
)
_NEAR = 40
_PERSONAL_FROM = 7  # digits: as many as the shortest phone number has
_LONGEST_VERSION, _LONGEST = 9, 20


def stays(text: str, start: int, end: int) -> bool:
    """Whether the digits there, with the signs between them, may leave."""
    number, before = text[start:end], text[max(0, start - _NEAR) : start]
    if _SECRET_BEFORE.search(before):
        return False
    digits = sum(map(str.isdigit, number))
    if digits == len(number) and digits >= _PERSONAL_FROM:
        return digits <= _LONGEST and bool(_UNIT_BEHIND.match(text, end) or _QUANTITY_BEFORE.search(before))
    if number[0] == "0" and digits > 3 and number.isdigit():
        return False
    if _PLAIN.fullmatch(number):
        return digits < _PERSONAL_FROM or (bool(re.search("[,.:]", number)) and digits <= _LONGEST_VERSION)
    return bool(_UNIT_BEHIND.match(text, end) or _MONEY_BEFORE.search(before)) and number.count(".") == 1
