"""What fuzzing campaigns found stays mended, and every target takes its seeds."""

from __future__ import annotations

from collections.abc import Iterator

import fuzzing
import pytest


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    yield
    fuzzing.forget_files()


@pytest.mark.parametrize("target", fuzzing.TARGETS)
def test_a_target_takes_its_seeds_and_what_was_found(target: str) -> None:
    taken = [fuzzing.TARGETS[target](seed) for seed in fuzzing.seeds(target)]
    assert len(taken) > 3
