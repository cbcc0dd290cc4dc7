"""One pattern for many words: a tree of their letters, so that a thousand of them cost little more than one."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

_DEEPEST = 60  # branches above one another: a pattern cannot be nested for ever, and names may be made to try


def any_of(words: Collection[str], *, bordered: bool) -> re.Pattern[str] | None:
    """Matches any of the words, the longest that fits; `bordered`: only where no letter or digit is next to it."""
    words = [word for word in words if word]
    if not words:
        return None
    tree: dict[str, Any] = {}
    for word in words:
        node = tree
        for letter in word:
            node = node.setdefault(letter, {})
        node[""] = {}
    try:
        inner = _branches(tree, 0)
    except RecursionError:
        inner = f"(?:{'|'.join(re.escape(word) for word in sorted(words, key=len, reverse=True))})"
    return re.compile(rf"(?<![A-Za-z0-9_]){inner}(?![A-Za-z0-9_])" if bordered else inner)


def _branches(node: Mapping[str, Any], depth: int) -> str:
    if depth > _DEEPEST:
        raise RecursionError
    text = ""
    while len(node) == 1 and "" not in node:
        letter, node = next(iter(node.items()))
        text += re.escape(letter)
    inner = "|".join(
        re.escape(letter) + _branches(below, depth + 1) for letter, below in sorted(node.items()) if letter
    )
    if not inner:
        return text
    return f"{text}(?:{inner}){'?' if '' in node else ''}"
