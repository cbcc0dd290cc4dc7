"""One row of the table of reasons, and what reading an error text with it gives.

The table says what an answer truly means, whatever OpenClaw filed it under (facts 4.3, 4.5, 2.9).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Literal, get_args

import msgspec

from forensics.openclaw.releases import Filed

TrueReason = Literal[
    "auth",  # the credential is refused, and a refresh can cure it
    "auth_permanent",  # the credential is refused until a person acts
    "billing",  # money, a plan or a spending cap
    "quota",  # an allowance that renews at a known or knowable time
    "rate_limit",  # too fast; minutes help
    "overloaded",
    "timeout",
    "network",
    "server_error",
    "format",  # what the session sends cannot be accepted
    "context_overflow",
    "model_not_found",
    "tls",
    "local",  # OpenClaw, its configuration or its machine: no provider said this
    "unknown",
]
Scope = Literal["request", "model", "credential", "account", "provider", "network", "local"]
Owner = Literal["credential", "account", "provider", "network", "config", "gateway", "session"]
Certainty = Literal["typed", "status", "wording", "none"]
"""The strongest evidence: a typed member or code of the body, a real HTTP status, words alone, or nothing."""

TRUE_REASONS: tuple[TrueReason, ...] = get_args(TrueReason)
SCOPES: tuple[Scope, ...] = get_args(Scope)
OWNERS: tuple[Owner, ...] = get_args(Owner)
CERTAINTIES: tuple[Certainty, ...] = get_args(Certainty)


class Reason(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one kind of answer is. It matches where none of its conditions is contradicted (see `classifier`)."""

    id: str
    true_reason: TrueReason
    scope: Scope
    owner: Owner
    waiting_helps: bool | None
    other_credential_helps: bool | None
    cure: str  # one imperative sentence
    provider: str = "any"  # a family (see `providers`)
    own_provider_only: bool = False  # the same words mean something else from anybody else
    status: tuple[int, ...] = ()
    types: tuple[str, ...] = ()  # typed words of the body, codes and error classes, lower case
    pattern: str | None = None  # searched in the words (see `search`), not in ids, paths or JSON members
    words_suffice: bool = True  # False: the pattern counts only beside a type or status of the row
    of_a_tool: bool = False  # the output of a tool or command, whatever it says
    until: Literal["text", "window"] | None = None  # the answer says when, or a window of known kind renews
    renews_in: str | None = None  # time zone at whose midnight a daily allowance is there again
    said_by: Literal["provider", "openclaw"] = "provider"  # openclaw: its own sentence, which says what it thought
    recorded: Filed = ()  # what the text alone is filed under; () = not known, the status decides
    recorded_with_status: Filed = ()  # the same where an error object with a status came with it, if different
    issues: tuple[int, ...] = ()  # of openclaw/openclaw
    fact: str = ""  # where this comes from
    samples: tuple[str, ...] = ()
    is_own_rule: bool = False  # of the user's own file: it comes before every row of the package

    def search(self, words: str) -> re.Match[str] | None:
        """The words of the row in those of an answer: verbose, any case, over line ends."""
        return compiled(self.pattern).search(words) if self.pattern else None


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.X | re.I | re.S)


@dataclass(frozen=True, slots=True)
class Classification:
    """One error text, classified. `certainty` is the strongest evidence behind it, `none` also for OpenClaw's own."""

    reason: Reason
    certainty: Certainty
    until: datetime | None = None
    retry_after_s: float | None = None
    matched: str = ""
    http_status: int | None = None
    error_type: str | None = None  # the typed word that decided, else the first one
    cut: bool = False  # the text ends in the middle
