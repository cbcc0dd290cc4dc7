"""Every state store, one module each; the folder is walked, so a new store is one new file with a `STORE`."""

from __future__ import annotations

from forensics.parsers.stores.store import Contents, Sample, Source, Store, stores_of
from forensics.registry import constants

__all__ = ["STORES", "Contents", "Sample", "Source", "Store", "claim", "known_at_once"]


STORES: tuple[Store, ...] = stores_of(constants(__name__, __path__, "STORE"))


def known_at_once(path: str, head: bytes) -> Store | None:
    """The store that a file can be told to belong to without a look at what is in it."""
    return next((s for s in STORES if s.begins and head.startswith(s.begins[1]) and s.begins[0].search(path)), None)


def claim(path: str, head: bytes) -> Store | None:
    """The store a file belongs to, from its shown path and its first 64 KiB; content goes before name."""
    by_content = (store for store in STORES if store.claims("", head))
    by_name = (store for store in STORES if store.claims(path, head))
    return next(by_content, None) or next(by_name, None)
