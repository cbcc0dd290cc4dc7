"""Clients that the gateway itself turned away: another token, a missing pairing. No provider is involved."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from forensics.incidents.failures import place
from forensics.tables import Event

RefusalReason = Literal[
    "gateway token mismatch", "gateway token missing", "device token mismatch", "pairing required",
    "missing scope", "unauthorized",
]  # fmt: skip
_KINDS = frozenset({"client_unauthorized", "client_closed_early", "client_connect_failed", "gateway_ws_error"})
_REASONS: tuple[tuple[RefusalReason, re.Pattern[str]], ...] = (
    ("device token mismatch", re.compile(r"device[ _](?:token|identity)[ _](?:mismatch|required|invalid)", re.I)),
    ("pairing required", re.compile(r"pairing[ _-]?required|not_paired|device identity changed", re.I)),
    ("gateway token missing", re.compile(r"(?:token|password)[ _]missing", re.I)),
    ("gateway token mismatch", re.compile(r"(?:token|password)[ _]mismatch", re.I)),
    ("missing scope", re.compile(r"missing scope: operator", re.I)),
    ("unauthorized", re.compile(r"^(?:Error: )?unauthorized\b", re.I)),
)
_CURES: dict[RefusalReason, str] = {
    "gateway token mismatch": "Give the client the token of the gateway (gateway.auth.token in openclaw.json).",
    "gateway token missing": "Give the client the token of the gateway (gateway.auth.token in openclaw.json).",
    "device token mismatch": "See `openclaw devices list`, and approve or remove the device that was refused.",
    "pairing required": "See `openclaw devices list`, and approve the request that waits there.",
    "missing scope": "See `openclaw devices list`: the device may not do what it asked for.",
    "unauthorized": "Compare the client's token with the one of the gateway (gateway.auth.token in openclaw.json).",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientRefusal:
    """All refusals for one reason. Times are None where no record states one."""

    reason: RefusalReason
    count: int
    first_time: datetime | None
    last_time: datetime | None
    places: tuple[str, ...]  # path:line
    cure: str


def client_refusals(events: Iterable[Event]) -> tuple[ClientRefusal, ...]:
    """Every reason for which clients were turned away. One refusal is logged twice: its connection closes, too."""
    lines = defaultdict[RefusalReason, list[Event]](list)
    for event in events:
        if event.kind in _KINDS and event.role == "noise" and (reason := _reason(event)):
            lines[reason].append(event)
    return tuple(_refusal(reason, mine) for reason, mine in lines.items())


def _reason(event: Event) -> RefusalReason | None:
    words = " ".join(part for part in (event.detail, event.text) if part)
    return next((reason for reason, pattern in _REASONS if pattern.search(words)), None)


def _refusal(reason: RefusalReason, lines: list[Event]) -> ClientRefusal:
    kinds = defaultdict[str, int](int)
    for line in lines:
        kinds[line.kind] += line.count
    times = sorted(line.time for line in lines if line.time)
    return ClientRefusal(
        reason=reason,
        count=max(kinds.values()),
        first_time=times[0] if times else None,
        last_time=times[-1] if times else None,
        places=tuple(place(line) for line in lines[:10]),
        cure=_CURES[reason],
    )
