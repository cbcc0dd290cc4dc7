"""Every state store, one module each; the folder is walked, so a new store is one new file with a `STORE`."""

from __future__ import annotations

from forensics.parsers.stores.store import Contents, Sample, Source, Store, stores_of
from forensics.registry import constants

__all__ = ["STORES", "Contents", "Sample", "Source", "Store", "claim"]


STORES: tuple[Store, ...] = stores_of(constants(__name__, __path__, "STORE"))


def claim(path: str, head: bytes) -> Store | None:
    """The store a file belongs to, from its shown path and its first 64 KiB; content goes before name."""
    by_content = (store for store in STORES if store.claims("", head))
    by_name = (store for store in STORES if store.claims(path, head))
    return next(by_content, None) or next(by_name, None)
