"""OAuth refreshes that failed, before any model was asked."""

from __future__ import annotations

from dataclasses import replace

from forensics.openclaw.reasons.kinds import AUTH_PERMANENT, FILED_AS_AUTH, LOCAL, NETWORK
from forensics.openclaw.reasons.reason import words

_REFUSED = (
    "invalid_grant",
    "refresh_token_reused",
    "refresh_token_invalidated",
    "refresh_token_expired",
    "refresh_token_revoked",
    "invalid_refresh_token",
    "sign_in_again",
)
_FAILED = r"(?:\bOAuth\ (?:token\ )?refresh\b | \btoken\ refresh\b | \brefresh\ (?:OAuth\ )?token\b)"

ROWS = (
    replace(
        AUTH_PERMANENT,
        id="any.refresh_refused",
        types=_REFUSED,
        cure="Log in again, and keep one owner of the refresh token: every copy of it elsewhere is dead now.",
        recorded=FILED_AS_AUTH,
        issues=(26322, 57107, 74055, 84463),
        fact="4.3",
        samples=(
            (
                'OAuth token refresh failed for anthropic: 400 {"error":"invalid_grant","error_description":"Refresh '
                'token not found or invalid"}. Please try again or re-authenticate.'
            ),
            (
                '[openai-codex] Token refresh failed: 401 {"error":{"message":"Your refresh token has already been '
                'used.","code":"refresh_token_reused"}}'
            ),
        ),
    ),
    replace(
        AUTH_PERMANENT,
        id="any.refresh_refused_words",
        status=(400, 401, 403),
        pattern=words(
            r"\b(?:"
            + "|".join(_REFUSED)
            + r""")\b | \brefresh\ token\ (?:(?:has\ )?(?:already\ )?been\ (?:used|revoked|invalidated)|has\ expired
            |was\ (?:already\ used|revoked)|is\ (?:invalid|expired)|not\ found|expired|revoked)"""
        ),
        cure="Log in again, and keep one owner of the refresh token: every copy of it elsewhere is dead now.",
        recorded=FILED_AS_AUTH,
        issues=(26322, 57107, 74055, 84463),
        fact="4.3",
        samples=(
            (
                "OAuth token refresh failed for anthropic: Anthropic token refresh request failed. details=*** HTTP "
                'request failed. status=400; body=*** "invalid_grant". Please try again or re-authenticate.'
            ),
        ),
    ),
    replace(
        LOCAL,
        id="any.refresh_contention",
        pattern=words(
            r"\brefresh_contention\b | \bis\ already\ refreshing\b | \brefresh\ lock\b .{0,40}\b(?:timeout|held)"
        ),
        waiting_helps=True,
        cure="Find the second process that refreshes the same login, and stop or separate it.",
        fact="2.6",
        samples=(
            (
                "OAuth refresh failed (refresh_contention): another process is already refreshing anthropic for "
                "anthropic:default. Please wait."
            ),
        ),
    ),
    replace(
        LOCAL,
        id="any.refresh_not_saved",
        pattern=words(r"\bfailed\ to\ persist\ refreshed\ OAuth\ credential"),
        cure="Make the auth store writable and unlocked, then log in again: the new token was never saved.",
        recorded=FILED_AS_AUTH,
        fact="10",
        samples=(
            (
                "OAuth token refresh failed for anthropic: Failed to persist refreshed OAuth credential. Please try "
                "again or re-authenticate."
            ),
        ),
    ),
    replace(
        NETWORK,
        id="any.refresh_unreachable",
        pattern=words(
            _FAILED
            + r""" .{0,400}\b(?:fetch\ failed|ECONN\w+|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH
            |socket\ hang\ up|exceeded\ hard\ timeout|timed\ out|network\ error|connection\ error)"""
        ),
        cure="Check the connection to the provider's login server; the credential itself may be fine.",
        recorded=FILED_AS_AUTH,
        issues=(89278,),
        fact="2.6",
        samples=(
            "OAuth token refresh failed for openai-codex: fetch failed. Please try again or re-authenticate.",
            'OAuth refresh call "openai-codex" exceeded hard timeout (10000ms)',
        ),
    ),
    replace(
        AUTH_PERMANENT,
        id="any.refresh_status",
        status=(400, 401, 403),
        pattern=words(_FAILED + r" .{0,60}\bfailed\b | \bfailed\b .{0,30}" + _FAILED),
        cure="Log in again: the login server refused to refresh.",
        recorded=FILED_AS_AUTH,
        fact="2.6",
        samples=("[openai-codex] Token refresh failed: 401",),
    ),
    replace(
        AUTH_PERMANENT,
        id="any.refresh_failed",
        pattern=words(
            r"""\bOAuth\ token\ refresh\ failed\ for\b | \bfailed\ to\ refresh\ OAuth\ token\b
            | \b(?:copilot|runtime\ auth)\ (?:token\ )?refresh\ failed\b"""
        ),
        cure="Log in again; OpenClaw dropped the login server's own words.",
        recorded=FILED_AS_AUTH,
        fact="2.6",
        samples=(
            (
                "OAuth token refresh failed for anthropic: Failed to refresh OAuth token for anthropic. Please try "
                "again or re-authenticate."
            ),
        ),
    ),
)
