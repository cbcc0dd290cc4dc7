"""Evidence damaged at random: no error but a sentence, no file and no line lost without a word, no byte changed."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import damaging
import pytest
from collecting import bundle_of
from memory import grown_mb

from forensics.errors import ForensicsError
from forensics.report.diff import compare
from forensics.report.diff.words import page
from forensics.sharing.bundle import verified

FEW = range(24)
MANY = range(1_000, 1_000 + int(os.environ.get("FOLDERS", "96")))  # as many as there is time for: some five a second
_CARRIED = 8  # every so many is also collected, and compared with itself
_MOST_MB = 500


def kept_and_told(folder: Path) -> None:
    before = damaging.listing(folder)
    case = damaging.opened(folder)
    assert case is None or damaging.losses(folder, case) == []
    assert damaging.listing(folder) == before


def carried(folder: Path, out: Path) -> None:
    """What is collected of it is whole, and answers; it can be compared with itself or is refused in a sentence."""
    case = damaging.opened(folder)
    try:
        bundle_of(folder, out)
        assert verified(out).differences == ()
        damaging.opened(out)
        page(compare(case, case)) if case else None
    except ForensicsError as error:
        refusal = str(error)
        assert "\n" not in refusal, refusal


@pytest.mark.parametrize("seed", FEW)
def test_a_damaged_folder_is_read_as_far_as_it_can_be(seed: int, tmp_path: Path) -> None:
    folder = damaging.damaged(tmp_path, seed)
    kept_and_told(folder)
    if seed % _CARRIED == 0:
        carried(folder, tmp_path / "case.zip")


def swept(out: Path) -> None:
    """Read them all, one after the other."""
    for seed in MANY:
        folder = damaging.damaged(out, seed)
        kept_and_told(folder)
        if seed % _CARRIED == 0:
            carried(folder, out / f"{seed}.zip")
        shutil.rmtree(folder)


@pytest.mark.slow
def test_many_damaged_folders_are_read_as_far_as_they_can_be(tmp_path: Path) -> None:
    assert grown_mb(lambda: swept(tmp_path)) < _MOST_MB


@pytest.mark.parametrize("kind", damaging.DAMAGES)
def test_every_kind_of_damage_changes_something(kind: str, tmp_path: Path) -> None:
    """A damage that did nothing would prove nothing."""
    folder, chance = tmp_path / "evidence", damaging.Random(7)
    damaging.shutil.copytree(damaging.BASES[0], folder)
    before = {path: path.lstat() for path in folder.rglob("*")}, damaging.listing(folder)
    for _ in range(9):
        damaging.DAMAGES[kind](folder, chance)
    assert ({path: path.lstat() for path in folder.rglob("*")}, damaging.listing(folder)) != before
