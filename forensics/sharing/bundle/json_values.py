"""A JSON value -> the same value with every text in it masked by the keys that lead to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from forensics.parsers.stores.reading.parse import parse_strict
from forensics.parsers.stores.reading.turns import content_text, trigger_of
from forensics.sharing.bundle.allowlist import holds_json
from forensics.sharing.bundle.masker import Masker

Path = tuple[str, ...]


def masked_value(value: object, masker: Masker, path: Path = ()) -> object:
    """Numbers, true, false and null stay; names of members are ids and words."""
    if isinstance(value, str):
        return masked_text(value, masker, path)
    if isinstance(value, Mapping):
        return {masker.key(key): masked_value(member, masker, (*path, key)) for key, member in value.items()}
    if isinstance(value, Sequence):
        return [masked_value(member, masker, path) for member in value]
    return value


def masked_text(text: str, masker: Masker, path: Path) -> str:
    """One text; where it is JSON itself, what is in it is masked the same way."""
    if holds_json(path) and (inner := masked_json(text, masker, path)) is not None:
        return inner
    return masker.value(path, text)


def masked_json(text: str, masker: Masker, path: Path = ()) -> str | None:
    """A JSON value as text; None for anything else."""
    try:
        value = parse_strict(text)
        masked = masked_value(with_prompts(value, masker), masker, path)
    except (ValueError, RecursionError):
        return None
    return msgspec.json.encode(masked).decode()


def with_prompts(value: object, masker: Masker) -> object:
    """The same with every user's message replaced by stand-ins that still tell equal ones and what set them off."""
    if isinstance(value, Mapping):
        inner = {key: with_prompts(member, masker) for key, member in value.items()}
        return {**inner, "content": _prompt(value["content"], masker)} if _is_prompt(value) else inner
    return [with_prompts(member, masker) for member in value] if isinstance(value, list) else value


def _is_prompt(value: Mapping[str, object]) -> bool:
    return value.get("role") == "user" and isinstance(value.get("content"), str | list)


def _prompt(content: object, masker: Masker) -> object:
    whole = content_text(content)
    trigger = trigger_of(whole)
    if isinstance(content, str):
        return masker.prompt(content, whole, trigger, first=True)
    parts: list[object] = []
    for part in content if isinstance(content, list) else ():
        text = part.get("text") if isinstance(part, Mapping) else None
        told = any(isinstance(p, Mapping) and p.get("text") for p in parts)
        parts.append(
            {**part, "text": masker.prompt(text, whole, trigger, first=not told)}
            if isinstance(part, Mapping) and isinstance(text, str)
            else part
        )
    return parts
