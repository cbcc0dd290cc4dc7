"""What `openclaw models status` and `openclaw status` said, typed (facts 8.6)."""

from __future__ import annotations

from dataclasses import dataclass

from forensics.parsers.stores.reading.record import Record, instant, number, text, texts


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelsStatus(Record):
    """One profile, provider or the configuration ("config") in one output."""

    stores = ("models_status", "models_status_text")

    default_model = text("resolvedDefault", "defaultModel")
    fallbacks = texts("fallbacks")
    effective_kind = text("effective.kind")
    variable = text("env.source")
    login_type = text("oauth.type")
    login_status = text("oauth.status")
    login_expires = instant("oauth.expiresAt")
    login_remaining_ms = number("oauth.remainingMs")
    unusable_kind = text("unusableProfiles.kind")
    unusable_reason = text("unusableProfiles.reason")
    unusable_until = instant("unusableProfiles.until")
    unusable_remaining_ms = number("unusableProfiles.remainingMs")
    probe_status = text("probes.status")
    probe_error = text("probes.error")


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionStatus(Record):
    """One session in an output of `openclaw status`; its entity is the session key."""

    stores = ("status_output",)

    session_id = text("sessionId")
    updated_at = instant("updatedAt")
    model = text("model")
