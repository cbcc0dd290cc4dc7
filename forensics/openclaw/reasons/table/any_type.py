"""Typed words that many providers share, where the words beside them say no more."""

from __future__ import annotations

from dataclasses import replace

from forensics.openclaw.reasons.kinds import (
    AUTH,
    AUTH_PERMANENT,
    BILLING,
    CONTEXT_OVERFLOW,
    FILED_AS_LIMIT,
    FILED_AS_PERMISSION,
    FORMAT,
    MODEL_NOT_FOUND,
    OVERLOADED,
    RATE_LIMIT,
    SERVER_ERROR,
    TIMEOUT,
)

ROWS = (
    replace(
        FORMAT,
        id="any.invalid_request",
        status=(400, 422),
        types=("invalid_request_error", "invalid_request", "bad_request", "badrequest", "badrequesterror"),
        samples=(
            '400 {"type":"error","error":{"type":"invalid_request_error","message":"max_tokens: must be positive"}}',
        ),
    ),
    replace(
        RATE_LIMIT,
        id="any.rate_limit",
        types=(
            "rate_limit_error",
            "rate_limit_exceeded",
            "rate_limit_reached",
            "rate_limited",
            "ratelimitreached",
            "ratelimiterror",
            "too_many_requests",
            "toomanyrequests",
            "model_cooldown",
        ),
        recorded=FILED_AS_LIMIT,
        fact="4.3",
        samples=('429 {"error":{"message":"Slow down","type":"rate_limit_error"}}',),
    ),
    replace(
        OVERLOADED,
        id="any.overloaded",
        types=("overloaded_error", "overloaded", "model_overloaded", "serviceunavailableerror"),
        samples=('503 {"error":{"message":"try later","type":"model_overloaded"}}',),
    ),
    replace(
        AUTH,
        id="any.authentication",
        types=("authentication_error", "unauthorized", "invalid_token", "authenticationerror"),
        samples=('401 {"type":"error","error":{"type":"authentication_error","message":"unauthorised"}}',),
    ),
    replace(
        AUTH_PERMANENT,
        id="any.invalid_key",
        types=("invalid_api_key", "api_key_invalid", "invalid_key", "api_key_revoked", "invalid_client"),
        samples=('401 {"error":{"code":"invalid_api_key","message":"bad key"}}',),
    ),
    replace(
        AUTH_PERMANENT,
        id="any.permission",
        status=(400, 401, 403),
        types=("permission_error", "insufficient_scope", "permission-denied", "permissiondeniederror"),
        cure="Grant the credential the permission that the message names, or use one that has it.",
        recorded=FILED_AS_PERMISSION,
        fact="4.3",
        samples=(
            (
                '403 {"type":"error","error":{"type":"permission_error","message":"Your API key does not have '
                'permission to use the specified resource."}}'
            ),
        ),
    ),
    replace(
        BILLING,
        id="any.billing",
        types=(
            "billing_error",
            "payment_required",
            "insufficient_credits",
            "insufficient_balance",
            "credits_exhausted",
        ),
        samples=('402 {"type":"error","error":{"type":"billing_error","message":"see your account"}}',),
    ),
    replace(
        MODEL_NOT_FOUND,
        id="any.not_found",
        types=("not_found_error", "model_not_found", "not_found", "invalid_model", "model_not_available"),
        samples=('404 {"type":"error","error":{"type":"not_found_error","message":"not here"}}',),
    ),
    replace(
        CONTEXT_OVERFLOW,
        id="any.too_large",
        types=("request_too_large", "context_length_exceeded", "contextwindowexceedederror", "payload_too_large"),
        samples=('413 {"type":"error","error":{"type":"request_too_large","message":"over the limit"}}',),
    ),
    replace(
        TIMEOUT,
        id="any.timeout",
        types=("timeout_error", "deadline_exceeded", "gateway_timeout", "apiconnectiontimeouterror"),
        samples=('504 {"error":{"type":"gateway_timeout","message":"slow"}}',),
    ),
    replace(
        SERVER_ERROR,
        id="any.server_error",
        types=("server_error", "internal_error", "internal_server_error", "internalservererror", "bad_gateway"),
        samples=('500 {"error":{"type":"internal_server_error","message":"sorry"}}',),
    ),
    replace(
        FORMAT,
        id="any.content",
        types=(
            "content_filter",
            "content_policy_violation",
            "content_policy",
            "cyber_policy_violation",
            "invalid_prompt",
            "prompt_blocked",
        ),
        cure="Change the message that the provider's policy stopped, or start a new session.",
        samples=('400 {"error":{"code":"content_policy_violation","message":"stopped"}}',),
    ),
)
