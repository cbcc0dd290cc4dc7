"""DeepSeek, Mistral, Groq, Cohere, Hugging Face: the few answers that only they give."""

from __future__ import annotations

from dataclasses import replace

from forensics.openclaw.reasons.kinds import (
    AUTH_PERMANENT,
    BILLING,
    FORMAT,
    MODEL_NOT_FOUND,
    OVERLOADED,
    QUOTA,
    RATE_LIMIT,
)
from forensics.openclaw.reasons.reason import words

ROWS = (
    replace(
        AUTH_PERMANENT,
        id="deepseek.key",
        provider="deepseek",
        status=(401,),
        pattern=words(r"authentication\ fails"),
        samples=('401 {"error":{"message":"Authentication Fails, Your api key: ****nted is invalid"}}',),
    ),
    replace(
        RATE_LIMIT,
        id="mistral.capacity",
        provider="mistral",
        status=(429,),
        types=("3505", "1300"),
        pattern=words(r"service\ tier\ capacity\ exceeded | requests\ rate\ limit\ exceeded"),
        samples=(
            (
                '429 {"object":"error","message":"Service tier capacity exceeded for this model.","type":'
                '"service_tier_capacity_exceeded","code":"3505"}'
            ),
        ),
    ),
    replace(
        FORMAT,
        id="mistral.tool_call_id",
        provider="mistral",
        status=(400, 422),
        pattern=words(r"tool\ call\ id\ was .{0,60} must\ be"),
        samples=(
            '400 {"message":"Tool call id was toolu_x but must be a-z, A-Z, 0-9, with a length of 9.","code":3280}',
        ),
    ),
    replace(
        OVERLOADED,
        id="groq.flex_capacity",
        provider="groq",
        status=(498,),
        pattern=words(r"capacity"),
        words_suffice=False,
        samples=('498 {"error":{"message":"Flex tier capacity exceeded","type":"capacity_exceeded"}}',),
    ),
    replace(
        MODEL_NOT_FOUND,
        id="groq.model_decommissioned",
        provider="groq",
        types=("model_decommissioned",),
        samples=(
            (
                '400 {"error":{"message":"The model `invented` has been decommissioned and is no longer supported.",'
                '"type":"invalid_request_error","code":"model_decommissioned"}}'
            ),
        ),
    ),
    replace(
        FORMAT,
        id="groq.tool_use_failed",
        provider="groq",
        types=("tool_use_failed",),
        scope="model",
        cure="Retry, or choose a model that calls tools reliably.",
        samples=(
            (
                '400 {"error":{"message":"Failed to call a function. Please adjust your prompt.",'
                '"type":"invalid_request_error","code":"tool_use_failed"}}'
            ),
        ),
    ),
    replace(
        QUOTA,
        id="cohere.trial_key",
        provider="cohere",
        status=(429,),
        pattern=words(r"trial\ key .{0,60} limited\ to"),
        samples=('429 {"message":"You are using a Trial key, which is limited to 1000 API calls / month."}',),
    ),
    replace(
        BILLING,
        id="huggingface.credits",
        provider="huggingface",
        status=(402,),
        pattern=words(r"monthly\ included\ credits"),
        samples=('402 {"error":"You have exceeded your monthly included credits for Inference Providers."}',),
    ),
)
