"""The lines of a file log that no template needs, which are nearly all: what the first pass counts of them is kept.

That is when, how loud and where (`scan.Scan.activity`). Read without decoding: a gigabyte holds millions of them.
"""

from __future__ import annotations

import re

from forensics.sharing.bundle.masker import Masker

_BINDING = re.compile(rb'\{"0":"\{\\"(?P<kind>subsystem|module|plugin)\\":\\"(?P<name>[^"\\]{1,200})')
_META = b'"_meta":{"runtime":"'
_TIME, _LEVEL = b'},"time":"', b'"logLevelName":"'
_STAMP = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(?:Z|[+-]\d\d:\d\d)")
_QUIET = re.compile(
    r'\{"0":"(?:\{\\"[a-z]+\\":\\"(?P<name>[^"\\]*)\\"\}","1":")?<\d+ characters>","_meta":\{"runtime":"node"'
    rf'(?:,"logLevelName":"[A-Za-z]+")?\}}(?:,"time":"{_STAMP.pattern.decode()}")?\}}\s*'
)
_WORD = re.compile(rb"[A-Za-z]{1,8}")


def quiet_line(raw: bytes, masker: Masker) -> bytes:
    """The envelope of a whole record, with the length of what was said in it."""
    said = max(raw.find(_META), 0)
    if b" characters>" in raw[:said] and _QUIET.fullmatch(raw.decode("utf-8", "replace")):
        return raw.rstrip(b"\r\n")  # collected before
    length = len(raw[:said].decode("utf-8", "replace"))
    binding = _BINDING.match(raw)
    first = (
        b'"0":"{\\"%s\\":\\"%s\\"}","1":' % (binding["kind"], _name(binding["name"], masker)) if binding else b'"0":'
    )
    level, time = _behind(raw, _LEVEL, _WORD), _behind(raw, _TIME, _STAMP)
    loud = b',"logLevelName":"%s"' % level if level else b""
    at = b',"time":"%s"' % time if time else b""
    return b'{%s"<%d characters>",%snode"%s}%s}' % (first, length, _META, loud, at)


def said_in(line: str) -> str:
    """All of a line that somebody else chose: of a quiet one the name of its subsystem."""
    quiet = _QUIET.fullmatch(line)
    return (quiet["name"] or "") if quiet else line


def _behind(raw: bytes, mark: bytes, wanted: re.Pattern[bytes]) -> bytes | None:
    at = raw.find(mark)
    found = wanted.match(raw, at + len(mark)) if at >= 0 else None
    return found[0] if found else None


def _name(name: bytes, masker: Masker) -> bytes:
    return masker.clean(name.decode("utf-8", "replace")).encode()
