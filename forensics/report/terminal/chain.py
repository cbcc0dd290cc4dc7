"""What happened: the telling links of the chain with their places, as many as the screen takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING

from forensics.incidents.incident import Incident
from forensics.report.terminal.layout import Line
from forensics.text import clip, clock, counted, visible
from forensics.timeless import is_dateless

if TYPE_CHECKING:
    from forensics.incidents.causal_chain import Link

FEWEST_LINKS = 5
_FIRST_SHOWN = ("failure", "recovery", "window", "echo", "answer")
_LEAST_WORDS = 36  # columns of words that are worth standing beside their place
_ROLES = {  # what a person calls it
    "answer": "worked",
    "failure": "failed",
    "window": "blocked",
    "echo": "skipped",
    "lifecycle": "gateway",
    "recovery": "works",
}
_ROLE = max(map(len, _ROLES.values()))


def chain(incident: Incident, rows: int, columns: int, zone: tzinfo) -> Sequence[Line]:
    """The chain with as many links as fit into so many rows, in the times of `zone`."""
    longest_first = range(len(incident.chain), FEWEST_LINKS, -1)
    drawn = (list(_drawn(incident, count, columns, zone)) for count in longest_first)
    fewest = list(_drawn(incident, FEWEST_LINKS, columns, zone))
    return next((lines for lines in drawn if len(lines) <= rows), fewest)


def _drawn(incident: Incident, count: int, columns: int, zone: tzinfo) -> Iterator[Line]:
    """When, what, its words and its place; the place is never cut, so that it can be copied."""
    shown = _telling(incident.chain, count)
    days = {link.time.astimezone(zone).date() for link in shown if link.time and not is_dateless(link.time)}
    for link in shown:
        placed = link.time if link.time is None or is_dateless(link.time) else link.time.astimezone(zone)
        beside = f"  {clock(placed, None if len(days) > 1 else placed)}  {_ROLES[link.role]:<{_ROLE}}  "
        yield from _short(beside, link, columns)
    if more := len(incident.chain) - len(shown):
        yield Line(f"  … and {counted(more, 'line')} more in the report", "dim")


def _telling(links: Sequence[Link], count: int) -> Sequence[Link]:
    """The first link of each role, then the second of each, … until there are `count`; in order of time."""
    ranks = {role: rank for rank, role in enumerate(_FIRST_SHOWN)}
    turns = [sum(other.role == link.role for other in links[:n]) for n, link in enumerate(links)]
    order = sorted(range(len(links)), key=lambda n: (turns[n], ranks.get(links[n].role, len(ranks)), n))
    return [links[n] for n in sorted(order[:count])]


def _short(beside: str, link: Link, columns: int) -> Iterator[Line]:
    """One row of words, with the place beside it where there is room, else below."""
    place = visible(link.source)
    room = columns - len(beside) - len(place) - 2
    if room >= _LEAST_WORDS:
        yield Line(f"{beside}{clip(link.text, room):<{room}}  {place}")
        return
    yield Line(beside + clip(link.text, columns - len(beside)))
    yield Line("      " + place, "dim")
