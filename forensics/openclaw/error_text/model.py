"""One error text, read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Voice = Literal[
    "echo",  # a refusal the gateway made up itself: nobody was called
    "refresh",  # the refresh of an OAuth login failed, before any model was asked
    "no call",  # no credential or no such model was found: nobody was called
    "local",  # OpenClaw's own trouble with its files, lanes and limits
    "client",  # the gateway's own refusal of one of its clients, or about its own state
    "own words",  # what OpenClaw made of an answer: somebody was called, but the words are not theirs
    "tool",  # the output of a tool or command: whatever it says, no provider said it here
    "provider",  # it begins as an answer does, or speaks of a provider's matters
    "other",  # nothing tells
]
"""Whose words a text is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorText:
    """The parts of one error text. Of an `All models failed` summary, those of its telling candidate.

    `text` is what a person would quote: without class names in front. `message` is the sentence in it, never empty
    unless the text is. `words` is what patterns search: ids, links and paths blanked out, JSON reduced to its
    sentences.
    """

    voice: Voice
    text: str
    message: str
    words: str
    http_status: int | None = None
    error_type: str | None = None  # as written
    types: tuple[str, ...] = ()  # all typed words, codes and error classes, lower case, the outermost first
    request_id: str | None = None
    is_cut: bool = False  # it ends in the middle, as far as it shows
    provider: str | None = None  # the rest: what its words name
    model: str | None = None
    profile: str | None = None
    recorded_reason: str | None = None
    is_candidate: bool = False  # of a summary: what is stated beside that says nothing of this one
    is_local: bool = False  # the trouble lies on this machine: no provider and no login server refused
    recorded_status: int | None = None  # one that OpenClaw put into a sentence of its own
