"""What each condition of `check` asks, and when it speaks, in words."""

from __future__ import annotations

from collections.abc import Sequence

from forensics.watch.condition import Condition
from forensics.watch.conditions import CONDITIONS


def find(name: str) -> Condition | None:
    """The condition of that name."""
    return next((condition for condition in CONDITIONS if condition.name == name), None)


def overview(conditions: Sequence[Condition] = CONDITIONS) -> str:
    """One line each: name and question."""
    width = max(len(condition.name) for condition in conditions)
    return "\n".join(f"{condition.name:<{width}}  {condition.question}" for condition in conditions)


def explanation(condition: Condition) -> str:
    """A condition as plain text: the question, when it speaks and when not, and its numbers."""
    numbers = ", ".join(f"{name} = {value:g}" for name, value in condition.settings.items())
    parts = [f"{condition.name}: {condition.question}", f"Speaks when: {condition.speaks}"]
    parts.append(f"Silent when: {condition.silent}")
    if numbers:
        parts.append(f"Numbers: {numbers} (change one with --set {condition.name}.NAME=NUMBER)")
    return "\n\n".join([*parts, f"Leave it out with --off {condition.name}."])
