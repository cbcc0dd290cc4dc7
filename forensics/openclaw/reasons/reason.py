"""One row of the table of reasons, and what reading an error text with it gives.

The table says what an answer truly means, whatever OpenClaw filed it under (facts 4.3, 4.5, 2.9).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from forensics.openclaw.releases import Filed

TRUE_REASONS = (
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
)
SCOPES = ("request", "model", "credential", "account", "provider", "network", "local")
OWNERS = ("credential", "account", "provider", "network", "config", "gateway", "session")
CERTAINTIES = ("typed", "status", "wording", "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """What one kind of answer is. It matches where none of its conditions is contradicted (see `classifier`)."""

    id: str
    true_reason: str
    scope: str
    owner: str
    waiting_helps: bool | None
    other_credential_helps: bool | None
    cure: str  # one imperative sentence
    provider: str = "any"  # a family (see `families`)
    own_provider_only: bool = False  # the same words mean something else from anybody else
    status: tuple[int, ...] = ()
    types: tuple[str, ...] = ()  # typed words of the body, codes and error classes, lower case
    pattern: re.Pattern[str] | None = None  # searched in the message, not in ids, paths or JSON members
    words_suffice: bool = True  # False: the pattern counts only beside a type or status of the row
    until: str | None = None  # "text": the answer says when; "window": a window of known kind renews
    renews_in: str | None = None  # time zone at whose midnight a daily allowance is there again
    said_by: str = "provider"  # "openclaw": a sentence of its own, which says only what it thought
    recorded: Filed = ()  # what the text alone is filed under; () = not known, the status decides
    recorded_with_status: Filed = ()  # the same where an error object with a status came with it, if different
    issues: tuple[int, ...] = ()  # of openclaw/openclaw
    fact: str = ""  # where this comes from
    samples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Classification:
    """One error text, read. `certainty` is the strongest evidence behind it.

    typed: a typed member or code of the body; status: a real HTTP status; wording: words alone;
    none: nothing is known, or the sentence is OpenClaw's own.
    """

    reason: Reason
    certainty: str
    until: datetime | None = None
    retry_after_s: float | None = None
    matched: str = ""
    http_status: int | None = None
    error_type: str | None = None  # the typed word that decided, else the first one
    cut: bool = False  # the text ends in the middle


def words(pattern: str) -> re.Pattern[str]:
    """A message pattern: verbose, any case, over line ends."""
    return re.compile(pattern, re.X | re.I | re.S)
