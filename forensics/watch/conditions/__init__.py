"""Every condition, one file each, found by walking this folder."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from forensics.watch.condition import Condition

CONDITIONS: tuple[Condition, ...] = tuple(
    import_module(f"{__name__}.{module.name}").CONDITION for module in pkgutil.iter_modules(__path__)
)
