"""Where an answer has its HTTP status: in front, named, in parentheses or brackets, behind a colon before its body.

Never inside ids, paths, links, or other numbers.
"""

from __future__ import annotations

import re

_REACH = 600  # characters of a text in which its status stands
_STATUS = re.compile(
    r"""
      ^[\W_]*(?:HTTP\ ?(?:/[\d.]+)?\ *)?(?P<first>[45]\d\d)(?![\w.,]?\d|\w)
    | (?<![\w?&/])(?:HTTP(?:/[\d.]+)?|[Ss]tatus(?:[ _]?[Cc]ode)?|[Ee]rror\ [Cc]ode|API\ [Ee]rror
        |(?:failed|refused|rejected|error)(?:\ with)?:?)["']?[\ :=(\[]*(?P<named>[45]\d\d)(?![\w.,]?\d|\w)
    | \((?:HTTP(?:/[\d.]+)?\ )?(?P<braced>[45]\d\d)(?:\ [A-Z][A-Za-z' -]{2,40})?\)
    | \[(?P<bracketed>[45]\d\d)(?:\ [A-Z][^\]]{0,40})?\]
    | :\ (?P<behind>[45]\d\d)(?=:?\s*(?:[{<]|\Z))
    | \b(?P<phrase>[45]\d\d)\ (?:Bad\ Request|Unauthorized|Payment\ Required|Forbidden|Not\ Found|Too\ Many\ Requests
        |Internal\ Server\ Error|Bad\ Gateway|Service\ (?:Temporarily\ )?Unavailable|Gateway\ Time-?out)\b
    """,
    re.X,
)
_IN_FRONT = re.compile(r"(?:HTTP(?:/[\d.]+)? )?(?P<status>[45]\d\d)\b:?\s*(?P<rest>.*)", re.S)
_ANTHROPIC = {  # documented by Anthropic: each error type has one HTTP status
    "invalid_request_error": 400,
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "request_too_large": 413,
    "rate_limit_error": 429,
    "api_error": 500,
    "timeout_error": 504,
    "overloaded_error": 529,
}


def status_of(text: str) -> int | None:
    """The first status that stands where an answer has one."""
    match = _STATUS.search(text[:_REACH])
    return int(next(group for group in match.groups() if group)) if match else None


def without_status(text: str) -> str:
    """The text without that status; what names it (`API Error`) stays."""
    match = _STATUS.search(text[:_REACH])
    if not match:
        return text
    start, end = match.span(0 if match["first"] else match.lastgroup or 0)
    return f"{text[:start]} {text[end:]}"


def behind_status(text: str) -> str | None:
    """What stands behind a status in front of a text; None where none stands there."""
    match = _IN_FRONT.match(text)
    return match["rest"].strip() if match else None


def is_status(word: str) -> bool:
    return len(word) == 3 and word.isascii() and word.isdigit() and "400" <= word <= "599"


def status_of_type(provider: str | None, error_type: str | None) -> int | None:
    """The HTTP status that a typed error of this provider always has, where the text does not carry the status."""
    if provider is None or not provider.startswith(("anthropic", "claude")):
        return None
    return _ANTHROPIC.get(error_type or "")
