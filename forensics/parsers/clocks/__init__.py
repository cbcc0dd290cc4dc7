"""A record's stated time -> a UTC instant, and what that rests on.

Three kinds of time are stated: aware (exact), a date without zone, and a time of day alone. For the last two the best
witness is another source that saw the same records with full times (`align`); without one the file's name, a banner,
the rest of the evidence and the file's mtime are asked in that order (`fallback`). A whole source is placed at once, in
file order, because order is what tells midnight and the repeated hour of a clock change.
"""

from forensics.parsers.clocks.alignment import Alignment, Step, align
from forensics.parsers.clocks.assumptions import Assumption, Hints, fallback
from forensics.parsers.clocks.days import EPOCH, DayCounter, is_dateless
from forensics.parsers.clocks.placements import Placement, placement
from forensics.parsers.clocks.zones import to_utc, zone_named

__all__ = [
    "EPOCH",
    "Alignment",
    "Assumption",
    "DayCounter",
    "Hints",
    "Placement",
    "Step",
    "align",
    "fallback",
    "is_dateless",
    "placement",
    "to_utc",
    "zone_named",
]
