"""The questions the kit asks of a case, one file each; found by walking this folder."""

from __future__ import annotations

from collections.abc import Iterable

from forensics.detectors.questions.detector import CaseFacts, Detector, Found
from forensics.registry import constants


def detectors_of(found: Iterable[object]) -> tuple[Detector, ...]:
    """The detectors among the constants, by name."""
    return tuple(sorted((one for one in found if isinstance(one, Detector)), key=lambda one: one.name))


DETECTORS: tuple[Detector, ...] = detectors_of(constants(__name__, __path__, "DETECTOR"))

__all__ = ["DETECTORS", "CaseFacts", "Detector", "Found", "detectors_of"]
