"""Paths and places: every segment is a name of OpenClaw, a pseudonym, or `file-N` with the suffix it had.

Times stay, for they tell when a snapshot was taken, a file archived or a log begun.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from forensics.sharing.redact import names as naming
from forensics.sharing.redact import vocabulary
from forensics.sharing.redact.pseudonyms import PSEUDONYM, Pseudonyms

_CLOCK = r"\d\d[:.-]?\d\d(?:[:.-]?\d\d(?:[.,-]\d{1,6})?)?Z?"
_TIME = rf"\d{{4}}-?\d\d-?\d\d[T_]{_CLOCK}|20\d\d-\d\d-\d\d|20\d\d[01]\d[0-3]\d|1[5-9]\d{{11}}"
_RELEASE = r"v?\d{1,4}\.\d{1,2}\.\d{1,3}(?:-\d{1,2})?"
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_TAIL = re.compile(
    rf"(?:[.-](?:{vocabulary.SUFFIXES}|{_TIME}|{_RELEASE}|\d{{1,3}}|(?P<id>{_UUID}|{PSEUDONYM.pattern}))(?![^.~-]))+(?:~+|\.~)?\Z"
)
_TIMES = re.compile(rf"(?<!\d)\d{{4}}-?\d\d-?\d\d[T_]{_CLOCK}(?!\d)")
_NUMBER = re.compile(r"[\d .()+-]{7,}")
_PLAIN = re.compile(rf"{_TIME}|{_RELEASE}|\d{{1,4}}|\.{{1,2}}|~|")
_ID = re.compile(rf"(?<=[.-])(?:{_UUID}|{PSEUDONYM.pattern})(?![\w])")
_ADDRESS = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?!\d|\.\d)")
_OURS = re.compile(rf"{PSEUDONYM.pattern}(?=[.-]|\Z)")
_STATE = re.compile(rf"(\.?(?:{'|'.join(vocabulary.STATE_DIRS)})-)(.+)")
_CHUNK = re.compile(r"[a-z][a-z.-]{1,60}-[\w-]{8}\.m?js(?::\d+){0,2}")  # a file of OpenClaw's own bundle
_LINE = re.compile(r":(\d{1,8})\Z")
_INDEX, _ROW = 6, 9  # digits: longer ones are no index of a list, no number of a row
_TABLE = re.compile(r"[a-z]+(?:_[a-z]+)*")


def path(names: Pseudonyms, text: str) -> str:
    """A path with `/` or `\\` between its segments."""
    parts = re.split(r"([/\\]+)", text)
    renamed, above = "", ""
    for n, part in enumerate(parts):
        if n % 2:
            renamed += part
            continue
        renamed += segment(names, part, above, last=n == len(parts) - 1) if part else ""
        above = part or above
    return renamed


def segment(names: Pseudonyms, name: str, above: str = "", *, last: bool = True) -> str:
    """One segment; `above` is the segment before it."""
    if _PLAIN.fullmatch(name) or re.fullmatch(r"[A-Za-z]:", name):
        return name
    if above == "agents":
        return naming.agent(names, name)
    if above == "dist" and _CHUNK.fullmatch(name):
        return name
    if above in ("home", "Users") and not name.startswith("."):
        return names.of("user", name)
    if name in vocabulary.SEGMENTS or name in vocabulary.STEMS:
        return name
    if state := _STATE.fullmatch(name):
        rest = _TAIL.search(f"-{state[2]}")
        if not (rest and rest.start() == 0):
            return (
                state[1] + names.of("folder", state[2])
                if not _TAIL.search(name)
                else _stemmed(names, name, above, last)
            )
    return _stemmed(names, name, above, last)


def _stemmed(names: Pseudonyms, name: str, above: str, last: bool) -> str:
    if _NUMBER.fullmatch(name) or _ID.fullmatch("." + name, 1):
        return _stem(names, name, above, is_file=False)
    whole = _OURS.match(name) or _ADDRESS.search(name)
    tail = _TAIL.search(name, whole.end() if whole else 1)
    stem, rest = (name[: tail.start()], tail[0]) if tail else (name, "")
    rest = _ID.sub(lambda found: names.of("id", found[0]), rest)
    if stem in vocabulary.STEMS or stem in vocabulary.SEGMENTS or _PLAIN.fullmatch(stem):
        return stem + rest
    times = "".join(f"-{time}" for time in _TIMES.findall(stem))
    return _stem(names, stem, above, is_file=bool(re.search(r"\.[a-z]", rest)) or (last and "." in name)) + times + rest


def _stem(names: Pseudonyms, stem: str, above: str, *, is_file: bool) -> str:
    if known := names.get(stem):
        return known
    if above in ("sessions", "cold", "transcript_events", "archive", "archives"):
        return names.of("session", stem)
    if above == "runs":
        return names.of("job", stem)
    return names.of("file" if is_file else "folder", stem)


def home(names: Pseudonyms, text: str) -> str:
    """A home directory as far as its owner's name."""
    owner = max(text.rfind("/"), text.rfind("\\")) + 1
    return text[:owner] + names.of("user", text[owner:])


def place(names: Pseudonyms, text: str, files: Collection[str]) -> str:
    """`path:line`, `path#/json/pointer`, `path!table/rowid` or a path; `files` are the paths of the evidence."""
    cut = _cut(text, files)
    return path(names, text[:cut]) + _inside(names, text[cut:], text[:cut])


def _cut(text: str, files: Collection[str]) -> int:
    """Where the path ends. A file's name may itself hold any of the signs that end it."""
    ends = [*(found.start() for found in re.finditer(r"[:#!]", text)), len(text)]
    known = [end for end in ends if text[:end] in files]
    return known[-1] if known else ends[0] if text[ends[0] : ends[0] + 1] != ":" or _LINE.search(text) else len(text)


def _inside(names: Pseudonyms, rest: str, file: str) -> str:
    if rest.startswith("!"):
        table, hash_, pointer_ = rest[1:].partition("#")
        line = _LINE.search(table)
        body = table[: line.start()] if line else table
        first, *below = body.split("/")
        shown = [first if _TABLE.fullmatch(first) else names.of("key", first)]
        shown += [part if part.isdecimal() and len(part) < _ROW else naming.session(names, part) for part in below]
        return "!" + "/".join(shown) + (line[0] if line else "") + (f"#{pointer(names, pointer_, '')}" if hash_ else "")
    if rest.startswith("#"):
        return "#" + pointer(names, rest[1:], file)
    return rest if _LINE.fullmatch(rest) or not rest else ":" + names.of("key", rest[1:])


def pointer(names: Pseudonyms, text: str, file: str) -> str:
    """A JSON pointer: profile ids, session keys and other names in it are renamed, the fields of OpenClaw stay."""
    above, shown = "", []
    for n, step in enumerate(text.split("/")):
        plain = step.replace("~1", "/").replace("~0", "~")
        renamed = _step(names, plain, above, root=n == 1, file=file)
        shown.append(renamed.replace("~", "~0").replace("/", "~1"))
        above = plain
    return "/".join(shown)


def _step(names: Pseudonyms, step: str, above: str, *, root: bool, file: str) -> str:
    kind = vocabulary.NAMED_BY.get(above)
    if not step or (step.isdecimal() and len(step) < _INDEX):
        return step
    if kind == "profile" or step in vocabulary.STORED_LOGINS:
        return naming.profile(names, step)
    if kind == "run":
        return naming.run(names, step)
    if step.startswith("agent:") or kind == "session" or (root and re.search(r"sessions\.json", file)):
        return naming.session(names, step)
    if kind == "provider":
        return naming.word(names, step)
    if naming.is_field(step):
        return step
    return names.get(step) or (naming.profile(names, step) if ":" in step else names.of("key", step))
