"""A chart as one static SVG: light and dark in one file, tooltips that need no script."""

from __future__ import annotations

import re

import altair as alt
import vl_convert

from forensics.report.charts import palette

_TOLD = re.compile(r'<(?P<tag>path|line|text)(?P<before>[^>]*?) aria-label="(?P<told>[^"]*)"(?P<after>[^>]*?)/>')


def to_svg(chart: alt.LayerChart | alt.Chart) -> str:
    """Static SVG text of a chart. It follows the reader's colour scheme; printing keeps the light one."""
    svg = vl_convert.vegalite_to_svg(chart.to_dict())
    return _with_dark(_with_titles(svg))


def _with_titles(svg: str) -> str:
    """Marks that carry a description get it as `<title>`: browsers show that on hovering, without scripts."""
    return _TOLD.sub(r"<\g<tag>\g<before>\g<after>><title>\g<told></title></\g<tag>>", svg)


def _with_dark(svg: str) -> str:
    head = svg.index(">") + 1
    return f'{svg[: head - 1]} style="max-width:100%;height:auto">{_stylesheet()}{svg[head:]}'


def _stylesheet() -> str:
    """Every light colour's dark counterpart, chosen by attribute so that the file stays plain SVG without it."""
    swaps = "".join(
        f'svg.marks [{side}="{ink.light}"]{{{side}:{ink.dark}}}' for ink in palette.INKS for side in ("fill", "stroke")
    )
    return f"<style>@media screen and (prefers-color-scheme:dark){{{swaps}}}</style>"
