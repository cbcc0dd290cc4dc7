"""Raw lines of the evidence without what must not be shown: tokens masked, invisible characters shown as signs."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from forensics.secrets.detect import mask, secrets_in
from forensics.secrets.fingerprints import masked_secret
from forensics.text import visible

_CIPHER = re.compile(r"(\s*)([A-Za-z0-9+/]{40,}={0,2})(\s*)")  # a line out of the middle of a key


def masked_lines(lines: Sequence[str], secrets: Collection[str]) -> list[str]:
    """As many lines. `secrets`: those the whole evidence holds; what the lines themselves tell is added."""
    bare = [_CIPHER.sub(_stand_in, line) if _CIPHER.fullmatch(line) else line for line in lines]
    text = "\n".join(bare)
    own = secrets_in(text) | (secrets_in(text.replace('\\"', '"')) if '\\"' in text else frozenset())
    known = sorted({*secrets, *own}, key=lambda secret: (-len(secret), secret))
    return [visible(line) for line in mask(text, known).split("\n")]


def _stand_in(line: re.Match[str]) -> str:
    return f"{line[1]}{masked_secret(line[2])}{line[3]}"
