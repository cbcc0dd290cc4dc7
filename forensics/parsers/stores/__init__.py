"""Every state store, one module each; the folder is walked, so a new store is one new file with a `STORE`."""

from __future__ import annotations

import importlib
import pkgutil

from forensics.parsers.stores.store import Contents, Sample, Source, Store

__all__ = ["STORES", "Contents", "Sample", "Source", "Store", "claim"]


def _stores() -> tuple[Store, ...]:
    names = sorted(m.name for m in pkgutil.iter_modules(__path__) if not m.ispkg and m.name != "store")
    return tuple(importlib.import_module(f"{__name__}.{name}").STORE for name in names)


STORES: tuple[Store, ...] = _stores()


def claim(path: str, head: bytes) -> Store | None:
    """The store a file belongs to, from its shown path and its first 64 KiB; content goes before name."""
    by_content = (store for store in STORES if store.claims("", head))
    by_name = (store for store in STORES if store.claims(path, head))
    return next(by_content, None) or next(by_name, None)
