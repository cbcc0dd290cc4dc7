"""The questions the kit asks of a case, one file each; found by walking this folder."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from forensics.detectors.questions.detector import CaseFacts, Detector, Found


def _walk() -> tuple[Detector, ...]:
    modules = (import_module(f"{__name__}.{m.name}") for m in pkgutil.iter_modules(__path__))
    found = [m.DETECTOR for m in modules if hasattr(m, "DETECTOR")]
    return tuple(sorted(found, key=lambda d: d.name))


DETECTORS: tuple[Detector, ...] = _walk()

__all__ = ["DETECTORS", "CaseFacts", "Detector", "Found"]
