"""Anthropic: API keys, setup tokens and Claude subscriptions."""

from __future__ import annotations

from dataclasses import replace

from forensics.openclaw.reasons.kinds import (
    AUTH,
    AUTH_PERMANENT,
    FILED_AS_AUTH,
    FILED_AS_FORMAT,
    FILED_AS_FORMAT_WITH_STATUS,
    FILED_AS_MODEL,
    FILED_AS_PERMISSION,
    FORMAT,
    MODEL_NOT_FOUND,
    NETWORK,
    SERVER_ERROR,
    TIMEOUT,
    UNKNOWN,
)
from forensics.openclaw.reasons.reason import words

_ORGANISATION_DISABLED = replace(
    AUTH_PERMANENT,
    id="anthropic.organization_disabled",
    provider="anthropic",
    pattern=words(r"organi[sz]ation\ has\ been\ disabled"),
    scope="account",
    owner="account",
    cure="Ask the provider why the organisation is disabled, and use a credential of another one until then.",
    fact="4.3",
)

ROWS = (
    replace(
        AUTH_PERMANENT,
        id="anthropic.scope",
        provider="anthropic",
        status=(401, 403),
        types=("permission_error",),
        pattern=words(r"does\ not\ meet\ (?:the\ )?scope\b | (?:missing|lacks?)\ (?:the\ )?\S*\ ?scope"),
        cure="Create a new token with the scope that the message names, and put it into every agent's auth store.",
        recorded=FILED_AS_PERMISSION,
        fact="4.3",
        samples=(
            (
                '403 {"type":"error","error":{"type":"permission_error","message":"OAuth token does not meet scope '
                'requirement user:profile"},"request_id":"req_011Invented"}'
            ),
            (
                "HTTP 403 permission_error: OAuth token does not meet scope requirement user:inference "
                "(request_id: req_011Invented)"
            ),
        ),
    ),
    replace(
        AUTH_PERMANENT,
        id="anthropic.oauth_not_allowed",
        provider="anthropic",
        status=(401, 403),
        types=("permission_error", "authentication_error"),
        pattern=words(r"OAuth\ authentication\ is\ (?:currently\ )?not\ (?:allowed|supported)"),
        owner="account",
        cure="Use an API key, or have the organisation's owner allow OAuth logins.",
        recorded=(("1.29-2.26", "auth"), ("3.2+", "auth_permanent")),
        fact="4.3",
        samples=(
            (
                '403 {"type":"error","error":{"type":"permission_error","message":"OAuth authentication is currently '
                'not allowed for this organization."}}'
            ),
        ),
    ),
    replace(
        _ORGANISATION_DISABLED,
        status=(401, 403),
        types=("permission_error",),
        recorded=FILED_AS_PERMISSION,
        samples=(
            '{"type":"error","error":{"type":"permission_error","message":"This organization has been disabled."}}',
        ),
    ),
    replace(
        _ORGANISATION_DISABLED,
        id="anthropic.organization_disabled_400",
        status=(400,),
        types=("invalid_request_error",),
        recorded=FILED_AS_FORMAT,
        recorded_with_status=FILED_AS_FORMAT_WITH_STATUS,
        samples=(
            (
                '400 {"type":"error","error":{"type":"invalid_request_error","message":"This organization has been '
                'disabled."}}'
            ),
        ),
    ),
    replace(
        AUTH_PERMANENT,
        id="anthropic.no_organization_access",
        provider="anthropic",
        status=(401, 403),
        types=("permission_error", "authentication_error"),
        pattern=words(r"(?:organization|account)\ does\ not\ have\ access\ to\ Claude"),
        scope="account",
        owner="account",
        cure="Log in with an account whose organisation has access, or ask its administrator.",
        samples=("403 Your organization does not have access to Claude. Please login again or contact your admin.",),
    ),
    replace(
        AUTH_PERMANENT,
        id="anthropic.claude_code_only",
        provider="anthropic",
        status=(400, 403),
        types=("invalid_request_error", "permission_error"),
        pattern=words(r"credential\ is\ only\ authorized\ for\ use\ with\ Claude\ Code"),
        cure="Use an API key: this subscription token is not accepted outside Claude Code.",
        recorded_with_status=(("1.29-2.6-3", None), ("2.9+", "format")),
        fact="4.2",
        samples=(
            (
                '400 {"type":"error","error":{"type":"invalid_request_error","message":"This credential is only '
                'authorized for use with Claude Code and cannot be used for other API requests."}}'
            ),
        ),
    ),
    replace(
        NETWORK,
        id="anthropic.request_not_allowed",
        provider="anthropic",
        status=(403,),
        types=("forbidden",),
        pattern=words(r"^Request\ not\ allowed\b"),
        waiting_helps=False,
        cure="Send requests from an allowed region and network (VPN, proxy, datacentre address); the key is fine.",
        recorded=FILED_AS_AUTH,
        fact="4.3",
        samples=('403 {"error":{"type":"forbidden","message":"Request not allowed"}}',),
    ),
    replace(
        AUTH_PERMANENT,
        id="anthropic.invalid_key",
        provider="anthropic",
        status=(401,),
        types=("authentication_error",),
        pattern=words(r"invalid\ x-api-key | invalid\ bearer\ token | invalid\ authentication\ credentials"),
        cure="Replace the key or token, and look for ANTHROPIC_API_KEY or ANTHROPIC_AUTH_TOKEN that overrides it.",
        recorded=FILED_AS_AUTH,
        fact="4.3",
        samples=(
            '401 {"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}',
            "HTTP 401 authentication_error: Invalid bearer token (request_id: req_011Invented)",
        ),
    ),
    replace(
        AUTH,
        id="anthropic.oauth_expired",
        provider="anthropic",
        status=(401,),
        types=("authentication_error",),
        pattern=words(r"OAuth\ (?:access\ )?token\ (?:has\ )?expired | obtain\ a\ new\ token\ or\ refresh"),
        recorded=FILED_AS_AUTH,
        issues=(8223,),
        fact="4.3",
        samples=(
            (
                '401 {"type":"error","error":{"type":"authentication_error","message":"OAuth token has expired. Please '
                'obtain a new token or refresh your existing token."}}'
            ),
        ),
    ),
    replace(
        AUTH_PERMANENT,
        id="anthropic.oauth_revoked",
        provider="anthropic",
        status=(401, 403),
        types=("authentication_error", "permission_error"),
        pattern=words(r"OAuth\ (?:access\ )?token\ (?:has\ been|was|is)\ revoked"),
        cure="Log in again: the token was revoked.",
        recorded=FILED_AS_AUTH,
        fact="4.3",
        samples=(
            (
                '401 {"type":"error","error":{"type":"authentication_error","message":"OAuth token has been revoked. '
                'Please obtain a new token."}}'
            ),
        ),
    ),
    replace(
        SERVER_ERROR,
        id="anthropic.api_error",
        provider="anthropic",
        types=("api_error",),
        recorded=(("1.29-2.21", None), ("2.23+", "timeout")),
        fact="4.3",
        samples=('{"type":"error","error":{"type":"api_error","message":"Internal server error"}}',),
    ),
    replace(
        SERVER_ERROR,
        id="anthropic.api_error_with_status",
        provider="anthropic",
        status=(500, 502, 503, 507, 520),
        types=("api_error",),
        issues=(29030, 141843),
        fact="4.2",
        samples=('500 {"type":"error","error":{"type":"api_error","message":"Internal server error"}}',),
    ),
    replace(
        TIMEOUT,
        id="anthropic.timeout",
        provider="anthropic",
        types=("timeout_error",),
        samples=('504 {"type":"error","error":{"type":"timeout_error","message":"Request timed out"}}',),
    ),
    replace(
        FORMAT,
        id="anthropic.tool_use",
        provider="anthropic",
        status=(400,),
        types=("invalid_request_error",),
        pattern=words(r"tool_use_id | tool_use\.id | tool_use\W?\ ids?\b | string\ should\ match\ pattern"),
        recorded=(("all", "format"),),
        issues=(8434, 8671, 18902, 77280),
        fact="4.3",
        samples=(
            (
                '400 {"type":"error","error":{"type":"invalid_request_error","message":"messages.4: `tool_use` ids '
                'were found without `tool_result` blocks immediately after: toolu_01Invented."}}'
            ),
        ),
    ),
    replace(
        FORMAT,
        id="anthropic.thinking_signature",
        words_suffice=False,
        provider="anthropic",
        status=(400,),
        types=("invalid_request_error",),
        pattern=words(r"\bthinking\b.{0,80}\b(?:blocks?|signature)\b | \bsignature\b.{0,40}\bthinking\b"),
        cure="Start a new session: its thinking blocks belong to another model or account.",
        recorded=FILED_AS_FORMAT,
        recorded_with_status=FILED_AS_FORMAT_WITH_STATUS,
        fact="4.3",
        samples=(
            (
                '400 {"type":"error","error":{"type":"invalid_request_error","message":"messages.3.content.0: Invalid '
                '`signature` in `thinking` block"}}'
            ),
        ),
    ),
    replace(
        FORMAT,
        id="anthropic.prefill",
        provider="anthropic",
        status=(400,),
        types=("invalid_request_error",),
        pattern=words(r"does\ not\ support\ assistant\ message\ prefill | conversation\ must\ end\ with\ a\ user"),
        recorded=FILED_AS_FORMAT,
        recorded_with_status=FILED_AS_FORMAT_WITH_STATUS,
        issues=(77228,),
        fact="4.3",
        samples=(
            (
                '400 {"type":"error","error":{"type":"invalid_request_error","message":"This model does not support '
                'assistant message prefill. The conversation must end with a user message."}}'
            ),
        ),
    ),
    replace(
        MODEL_NOT_FOUND,
        id="anthropic.model",
        provider="anthropic",
        status=(404,),
        types=("not_found_error",),
        pattern=words(r"\bmodel\b"),
        words_suffice=False,
        recorded=FILED_AS_MODEL,
        fact="4.3",
        samples=('404 {"type":"error","error":{"type":"not_found_error","message":"model: claude-invented-9"}}',),
    ),
    replace(
        UNKNOWN,
        id="anthropic.unknown_error",
        provider="anthropic",
        pattern=words(r"^An\ unknown\ error\ occurred\.?$"),
        recorded=(("1.29-4.2", None), ("4.5+", "timeout")),
        fact="4.3",
        samples=("An unknown error occurred",),
    ),
)
