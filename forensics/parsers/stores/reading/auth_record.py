"""What the auth stores keep of a profile and of a provider beside the tokens, typed (facts 3.1-3.4)."""

from __future__ import annotations

from dataclasses import dataclass

from forensics.parsers.stores.reading.record import Record, counts, instant, iso_instant, number, text, texts

AUTH_STORES = ("auth_profiles", "auth_state")
TOOL_STORES = ("claude_credentials", "codex_auth", "cli_oauth")  # of the command line tools of providers


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileStats(Record):
    """usageStats of one profile in one auth store; its entity is the profile id."""

    stores = AUTH_STORES

    last_used = instant("lastUsed")
    last_failure = instant("lastFailureAt")
    last_probe = instant("lastProbeAt")
    error_count = number("errorCount")
    failure_counts = counts("failureCounts")
    cooldown_until = instant("cooldownUntil")
    cooldown_reason = text("cooldownReason")
    cooldown_model = text("cooldownModel")
    disabled_until = instant("disabledUntil")
    disabled_reason = text("disabledReason")
    blocked_until = instant("blockedUntil")
    blocked_reason = text("blockedReason")
    blocked_source = text("blockedSource")
    blocked_model = text("blockedModel")
    blocked_scope = text("blockedScope")

    @property
    def profile(self) -> str:
        return self.entity


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderPreference(Record):
    """Which profiles of a provider come first, as an auth store says; its entity is the provider."""

    stores = AUTH_STORES

    order = texts("order")
    last_good = text("lastGood")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginFacts(Record):
    """What stands beside the tokens of a login, in an auth store or a tool's; its entity is the profile id."""

    stores = (*AUTH_STORES, *TOOL_STORES)

    managed_by = text("managedBy")
    auth_flow = text("authFlow")
    account = text("accountId", "account_id")  # hash
    email = text("email")  # hash
    subscription = text("subscriptionType", "chatgptPlanType")
    last_refresh = iso_instant("last_refresh")
    issued = instant("issuedAt")  # of the access token, as it says itself

    @property
    def imported(self) -> bool:
        """OpenClaw took the login over from a tool."""
        return "managedBy" in self.values or self.auth_flow == "external-cli"
