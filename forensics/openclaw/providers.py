"""Providers: the ids under which OpenClaw knows each, and whose words an answer that names none holds."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

import msgspec

INLINE_KEY = "inline-api-key"
_FILE = Path(__file__).with_name("providers.toml")


class Provider(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One provider as `providers.toml` has it."""

    ids: tuple[str, ...]
    logins: frozenset[str] = frozenset()
    passes_on: bool = False
    words: str | None = None


@cache
def providers() -> dict[str, Provider]:
    """Family -> its provider, in the order of the file."""
    return msgspec.convert(tomllib.loads(_FILE.read_text(encoding="utf-8")), dict[str, Provider])


@cache
def _families() -> dict[str, str]:
    return {id: family for family, provider in providers().items() for id in provider.ids}


def family(provider: str | None) -> str | None:
    """`openai-codex` -> `openai`; None for a provider whose answers are not known to be of one family."""
    return _families().get(provider.strip().lower()) if provider else None


def provider_of(profile: str) -> str:
    """`anthropic:default` -> `anthropic`; an inline key is called `inline-api-key:` and then its provider."""
    head, _, name = profile.partition(":")
    return name if head == INLINE_KEY else head


def passes_on(family: str | None) -> bool:
    """True for one that answers with the words of whoever stands behind it."""
    return family in providers() and providers()[family].passes_on if family else False


def login_server(provider: str | None) -> str:
    """Who issues and refreshes the logins of a provider: `claude-cli` and `anthropic` are one."""
    known = family(provider)
    return known if known and provider in providers()[known].logins else provider or ""


def spoken_by(text: str) -> str | None:
    """The one provider whose words a text holds; None where it holds those of none, or of several."""
    found = [name for name, words in _words().items() if words.search(text)]
    behind = [name for name in found if not providers()[name].passes_on]
    passing_on = [name for name in found if providers()[name].passes_on]
    telling = passing_on or behind
    return id_of(telling[0]) if len(telling) == 1 else None


def id_of(family: str) -> str:
    """What OpenClaw calls it: the family's own name, where that is an id; one that is not known is its own."""
    ids = providers()[family].ids if family in providers() else ()
    return family if family in ids or not ids else ids[0]


@cache
def _words() -> dict[str, re.Pattern[str]]:
    named = ((name, provider.words) for name, provider in providers().items() if provider.words)
    return {name: re.compile(words, re.X | re.I) for name, words in named}
