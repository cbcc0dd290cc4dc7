"""What wrappers put in front of an error: class names, SDK and reply prefixes."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LEAD = re.compile(
    r"""\s*(?:
      ⚠️?\ *
    | (?:Embedded\ |Followup\ )?[Aa]gent\ failed\ before\ reply:\ *
    | (?P<rejected>LLM\ request\ rejected:)\ *
    | LLM\ error:?\ +
    | (?:Uncaught\ |Caused\ by:\ )?(?P<path>(?:[a-z]\w*\.)*)
      (?P<named>(?:[A-Z]\w*)?(?:Error|Exception))(?:\ \[(?P<code>\w+)\])?:\ *
    | (?P<wrapped>[A-Z]\w+Exception)\ -\ *
    | \[GoogleGenerativeAI\ Error\]:\ *
    )""",
    re.X,
)
_NAME_ALONE = re.compile(r"(?:Uncaught )?(?:[A-Z]\w*)?(?:Error|Exception)")
_SAYS_NOTHING = frozenset({"Error"})


@dataclass(frozen=True, slots=True)
class Peeled:
    """`text`: without class names in front; `rest`: without anything that was put in front of the answer.

    `types` are the names and codes that were taken away, `exception` the last that a service names its answers by.
    """

    text: str
    rest: str
    types: tuple[str, ...]
    exception: str | None


def peel(text: str) -> Peeled:
    """Take away what wrappers put in front. The name of a class alone is no text."""
    bare, rest = None, text.strip()
    types: list[str] = []
    exception: str | None = None
    while (match := _LEAD.match(rest)) and match.end():
        if bare is None and not _is_class(match):
            bare = rest
        types += [name for name in (match["named"], match["code"], match["wrapped"]) if name]
        types += ["invalid_request_error"] if match["rejected"] else []
        exception = match["wrapped"] or _exception(match["named"]) or exception
        rest = rest[match.end() :]
    if _NAME_ALONE.fullmatch(rest):
        types.append(rest)
        bare, rest = "" if bare is None else bare, ""
    telling = tuple(name for name in types if name not in _SAYS_NOTHING)
    return Peeled((rest if bare is None else bare).strip(), rest, telling, exception)


def _is_class(match: re.Match[str]) -> bool:
    return bool(match["named"] and not match["path"] and not match["code"] and match[0].endswith(" "))


def _exception(name: str | None) -> str | None:
    return name if name and name.endswith("Exception") and name != "Exception" else None
