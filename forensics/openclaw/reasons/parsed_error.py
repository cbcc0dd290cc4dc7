"""An error text taken apart: status, typed words, and the words a person would read.

Statuses and typed words count only where an answer has them (in front, in the body): never inside request ids,
paths, links, or in the output of a tool. Any form is read: `403 {json}`, `HTTP 403 type: message`, SDK and proxy
prefixes, JSON with its members in any order, Python dicts, bodies that were cut.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

_LIMIT = 20_000  # characters; no provider says more in an error
_DEPTH = 6

_LEAD = re.compile(
    r"""\s*(?:
      ⚠️?\ *
    | (?:Embedded\ |Followup\ )?[Aa]gent\ failed\ before\ reply:\ *
    | (?P<rejected>LLM\ request\ rejected:)\ *
    | LLM\ error:?\ +
    | (?:Uncaught\ |Caused\ by:\ )?(?:[a-z]\w*\.)*
      (?P<named>(?:[A-Z]\w*)?(?:Error|Exception))(?:\ \[(?P<code>\w+)\])?:\ *
    | (?P<wrapped>[A-Z]\w+Exception)\ -\ *
    | \[GoogleGenerativeAI\ Error\]:\ *
    )""",
    re.X,
)
TOOL_OUTPUT = re.compile(
    r"""\s*(?:
      \[tools\] | (?:Tool|Command|Process|Script|Hook|Skill)\ [^:]{0,60}\b(?:failed|exited|timed\ out|aborted|error)
    | (?:exec|bash|web_fetch|web_search|browser|edit|apply_patch|(?:read|write|process)\ tool)\ (?:failed|error)
    | (?:curl:|wget:|ssh:|fatal:|git:|npm\ (?:ERR!|error)|pip:|docker:|bash:|zsh:|ls:|cat:|grep:|python3?:|make:)
    | Could\ not\ find\ the\ exact\ text
    )""",
    re.X,
)
_STATUS = re.compile(
    r"""
      ^[\W_]*(?:HTTP\ ?(?:/[\d.]+)?\ *)?(?P<first>[45]\d\d)(?![\w.,]?\d|\w)
    | (?<![\w?&/])(?:HTTP(?:/[\d.]+)?|[Ss]tatus(?:[ _]?[Cc]ode)?|[Ee]rror\ [Cc]ode|API\ [Ee]rror
        |(?:failed|refused|rejected|error)(?:\ with)?:?)["']?[\ :=(\[]*(?P<named>[45]\d\d)(?![\w.,]?\d|\w)
    | \((?:HTTP\ )?(?P<braced>[45]\d\d)\)
    | \[(?P<bracketed>[45]\d\d)\ [A-Z][^\]]{0,40}\]
    | \b(?P<phrase>[45]\d\d)\ (?:Unauthorized|Payment\ Required|Forbidden|Not\ Found|Too\ Many\ Requests
        |Internal\ Server\ Error|Bad\ Gateway|Service\ (?:Temporarily\ )?Unavailable|Gateway\ Time-?out)\b
    """,
    re.X,
)
_FORMATTED = re.compile(r"^[\W\d]*(?:HTTP \d{3} )?(?P<type>[a-z]+(?:_[a-z0-9]+)+): ")
_OPERATION = re.compile(r"\((?P<type>[A-Z]\w+(?:Exception|Error))\) when calling")
_CODE_BEHIND = re.compile(r"\((\d{4})\)\W*\Z")  # `insufficient balance (1008)`
_NOISE = re.compile(
    r"""
      \(?\b(?:request|trace|run|session|conversation|ray|correlation)[ _-]?id["']?(?:[\s:=]|is\ )+["']?[\w:.-]+["']?\)?
    | \b(?:req|chatcmpl|cmpl|msg|resp|run|call|toolu|gen|sess|trace|org|proj|user|acct)[_-][A-Za-z0-9][\w-]{5,}
    | \bsha256:[0-9a-f]+ | \b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b
    | \b[a-z][a-z+.-]*://[^\s"'<>)\]]+
    | (?<![\w.<])(?:[A-Za-z]:)?(?:[/\\][\w.@~+-]+){2,}[/\\]?
    """,
    re.X,
)

_TYPED = frozenset(
    {"type", "code", "status", "reason", "error_code", "errorcode", "error_type", "err_code", "__type", "status_code"}
)
_SAID = frozenset(
    {"message", "error", "error_description", "detail", "msg", "raw", "status_msg", "error_message", "errormessage"}
    | {"quotaid", "title"}
)
_INSIDE = frozenset(
    {"error", "errors", "detail", "details", "response", "metadata", "base_resp", "raw", "data", "violations", "body"}
    | {"message", "cause"}
)
_BODY = frozenset({"error", "message", "type", "code", "detail", "errors", "base_resp", "msg", "error_code", "__type"})
_WORD = re.compile(r"[\w.:#/@-]{1,80}")
_LOOSE_TYPED = re.compile(
    r"""(?<!\\)["'](?P<key>type|code|status|reason|error|__type|error_code)(?<!\\)["']\s*:\s*
        (?:["'](?P<word>[\w.:\#-]{1,80})["']|(?P<number>\d{3,5})\b)""",
    re.X,
)
_LOOSE_SAID = re.compile(
    r"""(?<!\\)["'](?:message|error_description|detail|msg)(?<!\\)["']\s*:\s*
        (?:"(?P<double>(?:[^"\\]|\\.)*)"?|'(?P<single>(?:[^'\\]|\\.)*)'?)""",
    re.X,
)


@dataclass(frozen=True, slots=True)
class ParsedError:
    """`message` is what patterns search: ids, links and paths are blanked out, JSON is reduced to its sentences."""

    message: str
    status: int | None = None
    types: tuple[str, ...] = ()  # lower case, outermost first
    foreign: bool = False  # the output of a tool or command: whatever it says, no provider said it here
    cut: bool = False


def read(text: str) -> ParsedError:
    """Take an error text apart. Never raises; a text without structure comes back as its own message."""
    rest, types = _lead(text[:_LIMIT].strip())
    if TOOL_OUTPUT.match(rest):
        return ParsedError(rest[:400], foreign=True)
    if '{\\"' in rest:
        rest = rest.replace('\\"', '"')
    head, body, tail, whole = _split(rest)
    status = _status(head) or body.status or _status(tail)
    formatted = [m["type"] for m in (_FORMATTED.match(head), _OPERATION.search(head)) if m]
    said = " ".join(part for part in (_bare(head), *body.said, tail) if part.strip(" :;,.-"))
    coded = _CODE_BEHIND.findall(said)
    words = dict.fromkeys(word.lower() for word in [*types, *formatted, *body.types, *coded])
    return ParsedError(_quiet(said), status, tuple(words), cut=not whole or _is_cut(text))


def _lead(text: str) -> tuple[str, list[str]]:
    """Drop the names that wrappers put in front of an error, and keep those that say something."""
    types: list[str] = []
    while (match := _LEAD.match(text)) and match.end():
        types += [name for name in (match["named"], match["code"], match["wrapped"]) if name and name != "Error"]
        types += ["invalid_request_error"] if match["rejected"] else []
        text = text[match.end() :]
    return text, types


def _status(text: str) -> int | None:
    match = _STATUS.search(text[:600])
    return int(next(group for group in match.groups() if group)) if match else None


def _bare(head: str) -> str:
    """The head without its status, and without the typed word that OpenClaw's formatting puts in front."""
    head = _FORMATTED.sub("", head, count=1)
    match = _STATUS.search(head[:600])
    if not match:
        return head
    start, end = match.span(0 if match["first"] else match.lastgroup or 0)
    return f"{head[:start]} {head[end:]}"


def _quiet(text: str) -> str:
    return re.sub(r"\s+", " ", _NOISE.sub(" ", text)).strip(" :;,")


def _is_cut(text: str) -> bool:
    end = text.rstrip().rstrip("\"'")
    return end.endswith(("…", "(truncated)")) or (end.endswith("...") and len(end) >= 200)


@dataclass(frozen=True, slots=True)
class _Body:
    status: int | None = None
    types: tuple[str, ...] = ()
    said: tuple[str, ...] = ()


def _split(text: str) -> tuple[str, _Body, str, bool]:
    """Head, body and tail of a text, and whether the body was whole."""
    for start in [match.start() for match in islice(re.finditer(r"\{", text), 5)]:
        if (found := _decode(text, start)) and _BODY & found[0].keys():
            return text[:start].rstrip("["), _collect(found[0]), text[found[1] :].lstrip("]"), True
    start = text.find("{")
    loose = _loose(text[start:]) if start >= 0 else _Body()
    whole = text.endswith("}")  # a Python dict, not a cut
    return (text[:start], loose, "", whole) if loose.types or loose.said else (text, _Body(), "", True)


def _decode(text: str, start: int) -> tuple[dict[str, object], int] | None:
    try:
        value, end = json.JSONDecoder().raw_decode(text, start)
    except (ValueError, RecursionError):
        return None
    return (value, end) if isinstance(value, dict) else None


def _collect(body: object) -> _Body:
    typed: list[str] = []
    said: list[str] = []
    for kind, value in _walk(body, 0):
        (typed if kind == "typed" else said).append(value)
    statuses = [int(word) for word in typed if _is_status(word)]
    types = tuple(word for word in typed if not _is_status(word) and word != "error")
    return _Body(statuses[0] if statuses else None, types, tuple(dict.fromkeys(said)))


def _walk(value: object, depth: int) -> Iterator[tuple[str, str]]:
    if depth > _DEPTH:
        return
    if isinstance(value, str) and value.lstrip().startswith("{"):
        value = (_decode(value, value.index("{")) or ({},))[0]
    if isinstance(value, list):
        for item in value[:20]:
            yield from _walk(item, depth + 1)
    if isinstance(value, dict):
        for key, member in value.items():
            yield from _member(key.lower(), member, depth)


def _member(key: str, value: object, depth: int) -> Iterator[tuple[str, str]]:
    if key in _TYPED and isinstance(value, str | int) and not isinstance(value, bool):
        if _WORD.fullmatch(str(value)):
            yield "typed", str(value).rpartition("#")[2]
    elif isinstance(value, str) and key in _SAID and not value.lstrip().startswith("{"):
        yield "said", value
        if key == "error" and _WORD.fullmatch(value):
            yield "typed", value
    if key in _INSIDE:
        yield from _walk(value, depth + 1)


def _is_status(word: str) -> bool:
    return len(word) == 3 and word.isascii() and word.isdigit() and "400" <= word <= "599"


def _loose(text: str) -> _Body:
    """A body that is no JSON (cut, or a Python dict): the members that stand whole."""
    found = [match["word"] or match["number"] for match in _LOOSE_TYPED.finditer(text)]
    said = [match["double"] or match["single"] or "" for match in _LOOSE_SAID.finditer(text)]
    statuses = [int(word) for word in found if _is_status(word)]
    types = tuple(word.rpartition("#")[2] for word in found if not _is_status(word) and word != "error")
    return _Body(statuses[0] if statuses else None, types, tuple(part for part in said if part))
