"""What holds for all tests: the same examples in every run, so that a change and not chance makes one fail.

`pytest --hypothesis-profile=chance` looks for new ones.
"""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("same", derandomize=True)
settings.register_profile("chance", derandomize=False)
settings.load_profile("same")
