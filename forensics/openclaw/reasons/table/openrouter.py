"""OpenRouter: its own refusals, and what it says about providers behind it."""

from __future__ import annotations

from dataclasses import replace

from forensics.openclaw.reasons.kinds import (
    AUTH_PERMANENT,
    BILLING,
    FILED_AS_LIMIT,
    FORMAT,
    MODEL_NOT_FOUND,
    QUOTA,
    RATE_LIMIT,
    SERVER_ERROR,
)
from forensics.openclaw.reasons.reason import words

ROWS = (
    replace(
        BILLING,
        id="openrouter.credits",
        provider="openrouter",
        status=(402,),
        pattern=words(r"requires?\ more\ credits | insufficient\ credits | more\ credits\ are\ required"),
        cure="Buy credits, or lower max_tokens so that the request fits the balance.",
        recorded=(("1.29-2.9", "billing"), ("2.12-3.11", None), ("3.13+", "billing")),
        recorded_with_status=(("all", "billing"),),
        fact="4.3",
        samples=('402 {"error":{"message":"This request requires more credits, or fewer max_tokens.","code":402}}',),
    ),
    replace(
        BILLING,
        id="openrouter.key_limit",
        provider="openrouter",
        status=(402, 403),
        pattern=words(r"key\ limit\ exceeded"),
        scope="credential",
        cure="Raise the spending cap of this key in its settings, or use another key.",
        recorded=(("1.29-4.2", "auth"), ("4.5+", "billing")),
        recorded_with_status=(("1.29-5.7", "auth"), ("5.12+", "billing")),
        issues=(53849, 59892),
        fact="4.3",
        samples=('403 {"error":{"message":"Key limit exceeded (monthly limit).","code":403}}',),
    ),
    replace(
        QUOTA,
        id="openrouter.free_per_day",
        provider="openrouter",
        status=(429,),
        pattern=words(r"free-models-per-day"),
        renews_in="Etc/UTC",
        cure="Wait until midnight UTC, or buy credits to raise the daily allowance of free models.",
        recorded=FILED_AS_LIMIT,
        issues=(147546,),
        fact="4.3",
        samples=(
            (
                '429 {"error":{"message":"Rate limit exceeded: free-models-per-day. Add credits to unlock 1000 free '
                'model requests per day","code":429}}'
            ),
        ),
    ),
    replace(
        RATE_LIMIT,
        id="openrouter.upstream_limit",
        provider="openrouter",
        status=(429,),
        pattern=words(r"rate-limited\ upstream"),
        scope="model",
        owner="provider",
        other_credential_helps=False,
        cure="Retry shortly, choose another model, or add an own key of the upstream provider.",
        recorded=FILED_AS_LIMIT,
        fact="4.2",
        samples=(
            (
                '429 {"error":{"message":"Provider returned error","code":429,"metadata":{"raw":"invented/model:free '
                'is temporarily rate-limited upstream. Please retry shortly.","provider_name":"Invented"}}}'
            ),
        ),
    ),
    replace(
        SERVER_ERROR,
        id="openrouter.upstream_error",
        provider="openrouter",
        status=(400, 500, 502, 503, 504, 520, 524),
        pattern=words(r"^provider\ returned\ error\b"),
        cure="Retry, or let the request go to another upstream provider.",
        recorded=(("1.29-4.2", None), ("4.5+", "timeout")),
        recorded_with_status=(("1.29-2.6-3", None), ("2.9-4.2", "format"), ("4.5+", "timeout")),
        fact="4.3",
        samples=(
            '{"error":{"message":"Provider returned error","code":502,"metadata":{"provider_name":"Invented"}}}',
            "Provider returned error",
        ),
    ),
    replace(
        SERVER_ERROR,
        id="openrouter.finish_reason",
        provider="openrouter",
        pattern=words(r"^provider\ finish_reason:\ error"),
        cure="Retry, or let the request go to another upstream provider.",
        recorded=(("1.29-4.12", None), ("4.15-7.1", "timeout"), ("8.1+", "server_error")),
        issues=(109218,),
        fact="4.3",
        samples=("Provider finish_reason: error",),
    ),
    replace(
        MODEL_NOT_FOUND,
        id="openrouter.no_endpoints",
        provider="openrouter",
        status=(404,),
        pattern=words(r"no\ endpoints\ found | no\ allowed\ providers"),
        cure="Correct the model id, or relax the provider and data-policy filters of the account.",
        recorded=(("1.29-4.5", None), ("4.9+", "model_not_found")),
        fact="4.3",
        samples=('404 {"error":{"message":"No endpoints found for invented/model.","code":404}}',),
    ),
    replace(
        FORMAT,
        id="openrouter.moderation",
        provider="openrouter",
        status=(403,),
        pattern=words(r"requires\ moderation | input\ was\ flagged"),
        cure="Change the message that moderation stopped, or start a new session.",
        samples=('403 {"error":{"message":"invented/model requires moderation. Your input was flagged.","code":403}}',),
    ),
    replace(
        AUTH_PERMANENT,
        id="openrouter.unknown_key",
        provider="openrouter",
        own_provider_only=True,
        status=(401,),
        pattern=words(r"user\ not\ found | no\ auth\ credentials\ found | no\ cookie\ auth"),
        samples=('401 {"error":{"message":"User not found.","code":401}}',),
    ),
)
