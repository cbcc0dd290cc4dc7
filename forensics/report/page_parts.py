"""Outputs of a notebook as parts of a page that everybody can read: framed tables, pictures with a name."""

from __future__ import annotations

import re
from html import escape

_STYLE = re.compile(r"<style[^>]*>.*?</style>", re.DOTALL)
_FRAME = re.compile(r'<div id="([\w-]+)" style="padding[^"]*">')
_FRAMED = r'<div id="\1" class="scroll" tabindex="0" role="region" aria-labelledby="\1-title">'
_NAMELESS = re.compile(r"(<th\b[^>]*>)(?=</th>)")
_NAMED = r'\1<span class="unseen">which</span>'
_SVG = re.compile(r"<svg\b")
_MARK_ROLES = re.compile(r' (?:role="graphics-[\w-]+"|aria-roledescription="[^"]*"|aria-label="[^"]*")')


def table(html: str) -> str:
    """A table without its own style sheet, in a frame that scrolls and can be reached by keyboard."""
    plain = _NAMELESS.sub(_NAMED, _FRAME.sub(_FRAMED, _STYLE.sub("", html)))
    if "<table" not in plain or 'class="scroll"' in plain:
        return plain
    return f'<div class="scroll" tabindex="0" role="region" aria-label="table">{plain}</div>'


def picture(svg: str, name: str) -> str:
    """A picture that is one image with a name; its marks keep their titles, but are no images of their own."""
    named = f'<svg role="img" aria-label="{escape(name)}"'
    return _SVG.sub(lambda _: named, _MARK_ROLES.sub("", svg), count=1)
