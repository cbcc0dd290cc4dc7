"""A record's stated time -> a UTC instant, and what that rests on.

Three kinds of time are stated: aware (exact), a date without zone, and a time of day alone. For the last two the best
witness is another source that saw the same records with full times (`align`); without one the file's name, a banner,
instants in the records and the rest of the evidence are asked in that order (`fallback`); where none tells, the day
stays unknown. A whole source is placed at once, in file order, because order is what tells midnight and the repeated
hour of a clock change. Old consoles hold two clocks, which are made one before (`clocks_apart`).
"""

from forensics.parsers.clocks.alignment import Alignment, Step, align
from forensics.parsers.clocks.assumptions import Assumption, Hints, fallback
from forensics.parsers.clocks.days import DayCounter
from forensics.parsers.clocks.placements import Placement, placement
from forensics.parsers.clocks.two_clocks import Reading, clocks_apart
from forensics.parsers.clocks.undated import place_undated
from forensics.parsers.clocks.zones import to_utc, zone_named
from forensics.timeless import EPOCH, is_dateless

__all__ = [
    "EPOCH",
    "Alignment",
    "Assumption",
    "DayCounter",
    "Hints",
    "Placement",
    "Reading",
    "Step",
    "align",
    "clocks_apart",
    "fallback",
    "is_dateless",
    "place_undated",
    "placement",
    "to_utc",
    "zone_named",
]
