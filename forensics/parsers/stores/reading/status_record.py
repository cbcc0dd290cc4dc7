"""What `openclaw models status` and `openclaw status` said, typed (facts 8.6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, cast, get_args

from forensics.parsers.stores.reading.record import Record, instant, number, text, texts

WindowKind = Literal["cooldown", "disabled", "blocked"]
_LONGEST_MS = 10 * 366 * 86_400_000  # ten years
_ROUNDED_TO = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelsStatus(Record):
    """One profile, provider or the configuration ("config") in one output.

    `observed_at` is the moment of the command, as far as the output tells it.
    """

    stores = ("models_status", "models_status_text")

    default_model = text("resolvedDefault", "defaultModel")
    fallbacks = texts("fallbacks")
    effective_kind = text("effective.kind")
    variable = text("env.source")
    login_type = text("oauth.type")
    login_status = text("oauth.status")
    login_expires = instant("oauth.expiresAt")
    login_remaining_ms = number("oauth.remainingMs")
    unusable_provider = text("unusableProfiles.provider")
    unusable_reason = text("unusableProfiles.reason")
    unusable_until = instant("unusableProfiles.until")
    unusable_remaining_ms = number("unusableProfiles.remainingMs")
    probe_status = text("probes.status")
    probe_error = text("probes.error")
    usage_error = text("usage")  # of the usage endpoint, not of a model call
    usage_left = text("usage.left")

    @property
    def unusable_kind(self) -> WindowKind | None:
        """None for a profile that can be used."""
        kind = self.values.get("unusableProfiles.kind")
        return cast("WindowKind", kind) if kind in get_args(WindowKind) else None

    @property
    def unusable_left(self) -> timedelta | None:
        """What was left of its window; None for a length that no window has."""
        left = self.unusable_remaining_ms
        return timedelta(milliseconds=left) if left is not None and 0 <= left < _LONGEST_MS else None

    @property
    def unusable_end(self) -> datetime | None:
        """The end of its window: as printed, else what was left added to the moment of the command."""
        if self.unusable_until or self.unusable_left is None or self.observed_at is None:
            return self.unusable_until
        return self.observed_at + self.unusable_left

    @property
    def rounded_by(self) -> timedelta:
        """How far that end may be off: a page rounds what is left to days, hours or minutes."""
        left = self.unusable_left
        if self.unusable_until or left is None:
            return timedelta()
        return next((unit for unit in _ROUNDED_TO if left >= unit and left % unit == timedelta()), timedelta(minutes=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionStatus(Record):
    """One session in an output of `openclaw status`; its entity is the session key."""

    stores = ("status_output",)

    session_id = text("sessionId")
    updated_at = instant("updatedAt")
    model = text("model")
