"""Text that attacks whoever shows it, and evidence that holds it wherever people, models or providers can put text."""

from __future__ import annotations

import base64
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from canaries import SAMPLES, plant, taint

FIRE = "window.fired=1;alert(1)"
FAR = "http://far.example/x"
PAYLOADS = {
    "script": f"<script>{FIRE}</script>",
    "script in a comment": f"--><script>{FIRE}</script><!--",
    "closed tags": f"</td></table></div></article></main><script>{FIRE}</script>",
    "closed style": f"</style><script>{FIRE}</script>",
    "closed title": f"</title><script>{FIRE}</script>",
    "closed pre": f"</pre></code><img src=x onerror={FIRE}>",
    "handler": f'<img src=x onerror="{FIRE}">',
    "handler in an attribute": f'" onmouseover="{FIRE}" autofocus onfocus="{FIRE}" x="',
    "handler in a quoted attribute": f"' onmouseover='{FIRE}' autofocus onfocus='{FIRE}' x='",
    "details": f"<details open ontoggle={FIRE}><summary>x</summary></details>",
    "body": f"<body onload={FIRE}>",
    "link": f'<a href="javascript:{FIRE}">x</a>',
    "tabbed link": f'<a href="java&#9;script:{FIRE}">x</a>',
    "frame": f'<iframe src="{FAR}"></iframe><object data="{FAR}"></object><embed src="{FAR}">',
    "data frame": f'<iframe srcdoc="<script>parent.{FIRE}</script>"></iframe>',
    "form": f'<form action="{FAR}"><input autofocus onfocus={FIRE}><button>x</button></form>',
    "meta": f'<meta http-equiv="refresh" content="0;url={FAR}"><base href="{FAR}">',
    "stylesheet": f'<link rel=stylesheet href="{FAR}"><style>@import "{FAR}";</style>',
    "style": f'<p style="background:url({FAR})">x</p>',
    "css breakout": f"}} body {{ background: url({FAR}) }} /*",
    "svg": f"<svg onload={FIRE}><script>{FIRE}</script><animate onbegin={FIRE} attributeName=x dur=1s /></svg>",
    "svg breakout": f'</text></g></svg><script>{FIRE}</script><svg><image href="{FAR}"/>',
    "svg use": f'<svg><use href="{FAR}#x"/><foreignObject><img src=x onerror={FIRE}></foreignObject></svg>',
    "math": f'<math><mtext><mglyph><style><!--</style><img title="--><img src=x onerror={FIRE}>">',
    "template": f"<template><script>{FIRE}</script></template><noscript><p title='</noscript><img src=x onerror=x>'>",
    "escaped entity": f"&lt;script&gt;{FIRE}&lt;/script&gt; &#60;img src=x onerror={FIRE}&#62;",
    "Markdown link": f"[x](javascript:{FIRE}) [y]({FAR}) <{FAR}> {FAR} www.far.example",
    "Markdown image": f"![x]({FAR}) ![y][z]\n\n[z]: {FAR}",
    "Markdown heading": "\n\n# Not a heading of ours\n\n---\n\n- a\n\n> b",
    "Markdown table": "a | b | c\n|---|---|\n| <b>x</b> |",
    "Markdown fence": f"```\n</details>\n\n<img src={FAR}>\n\n````\n~~~\n",
    "Markdown code": f"`` ` `x` <img src={FAR}> \\` \\\\`",
    "Markdown comment": "<!-- hidden --> <!-- not closed",
    "mentions": "@maintainer @openclaw/team #1 GH-1 openclaw/openclaw#1 0123456789abcdef0123456789abcdef01234567",
    "closed details": f"</details></summary>\n\n<img src={FAR}>",
    "footnote and math": "[^1] $\\unicode{x}$ :smile: **b** _i_ ~~s~~ [x]: [ ]",
    "Mermaid": f'"]; click A "javascript:{FIRE}" :::x %%{{init: {{"securityLevel": "loose"}}}}%%',
    "Mermaid lines": f'\nsection x\nclick a href "{FAR}"\n%% comment\nevil :crit, a1, 2026-11-20, 1d',
    "Mermaid marks": "a: b, c; d # e ; end\ngantt\ntitle x",
    "Mermaid fence": "\n```\n\n<script>window.fired=1</script>\n\n```mermaid\ngraph LR",
    "formula": f'=HYPERLINK("{FAR}","x")',
    "plus formula": "+cmd|' /C calc'!A0",
    "minus formula": "-2+3+cmd|' /C calc'!A0",
    "at formula": "@SUM(1+1)*cmd|' /C calc'!A0",
    "tabbed formula": "\t=1+1",
    "cell breakout": 'a","=1+1","b\r\n=2+2,x',
    "colours": "\x1b[31m\x1b[2J\x1b[H\x1b[8mgone\x1b[0m",
    "title and clipboard": "\x1b]0;owned\x07\x1b]52;c;" + base64.b64encode(b"rm -rf /").decode() + "\x07",
    "terminal link": f"\x1b]8;;{FAR}\x1b\\click\x1b]8;;\x1b\\",
    "C1": "\x9b31m\x9d0;owned\x9c\x90q\x9c",
    "overwritten line": "all is well\rfailed\x08\x08\x08\x7f",
    "other breaks": "a\x0bb\x0cc\x85d\u2028e\u2029f",
    "bidi": "\u202egnp.exe\u202c \u2066x\u2069 \u200fx\u061c",
    "invisible": "an\u200bthro\u200cpic\ufeff \u00adx\u2060y\U000e0041\U000e007f",
    "NUL": "a\x00b",
    "lone surrogate": "a\ud800b",
    "braces": "{{ 7*7 }} {% for x in y %} {# c #} ${7*7} #{7*7} <%= 7*7 %> {0} {evidence} %(x)s %s",
    "path": "../../../../etc/passwd",
    "long": "overlong " * 3000,
    "long word": "x" * 20_000,
    "lookalike": "аnthropic",  # its first letter is Cyrillic
    "markup of rich": "[red]x[/red] [link=http://far.example]y[/link] [/]",
    "emoji and marks": "e" + "\u0301" * 300 + "👩‍👩‍👧",
}  # fmt: skip


MARKUP = tuple(text for text in PAYLOADS.values() if "<" in text or "url(" in text)
_SAID = 1000  # a provider's answer is not longer than that


@dataclass
class Hostile:
    """Gives a payload wherever a value is planted; see `canaries.Garden`."""

    shapes: Sequence[str] = tuple(PAYLOADS.values())
    shape: str = ""
    names: int = field(default=0)

    def __call__(self, place: str) -> str:
        return self.shape

    def bare(self, place: str) -> str:
        return self.shape

    def file_name(self, place: str) -> str:
        """As much of the payload as a file's name can hold, and a number."""
        self.names += 1
        told = self.shape.replace("/", "∕").replace("\x00", "").encode("utf-8", "replace").decode()
        return f"{told[:40]}{self.names}"


def evidence(folder: Path, payloads: Sequence[str] = tuple(PAYLOADS.values())) -> Path:
    """A copy of a sample's evidence with every payload in every place."""
    sample = "scope403-2026.2.9"
    made = folder / "evidence"
    shutil.copytree(SAMPLES / sample / "evidence", made)
    taint(made, sample, " ".join(text for text in payloads if len(text) < _SAID))
    plant(made, Hostile(payloads))
    return made
