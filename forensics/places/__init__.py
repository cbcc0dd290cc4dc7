"""From a place that a row cites (`path:line`, `path!table/rowid`, `path#/pointer`) back to the evidence: read-only,
masked."""

from forensics.places.excerpt import Excerpt
from forensics.places.lines import excerpt_at
from forensics.places.place import Place, read_place
from forensics.places.search import Hit, search

__all__ = ["Excerpt", "Hit", "Place", "excerpt_at", "read_place", "search"]
