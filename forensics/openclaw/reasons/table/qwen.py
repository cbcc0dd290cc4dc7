"""Alibaba Model Studio (DashScope, Bailian) and Qwen."""

from __future__ import annotations

from dataclasses import replace

from forensics.openclaw.reasons.kinds import (
    AUTH_PERMANENT,
    BILLING,
    FILED_AS_LIMIT_THEN_BILLING,
    FORMAT,
    QUOTA,
    RATE_LIMIT,
)
from forensics.openclaw.reasons.reason import words

ROWS = (
    replace(
        QUOTA,
        id="qwen.allocated_quota",
        provider="qwen",
        status=(429,),
        types=("insufficient_quota", "throttling.allocationquota"),
        pattern=words(r"\b(?:hour|day|week|month)\ allocated\ quota\ exceeded"),
        samples=('429 {"error":{"code":"insufficient_quota","message":"month allocated quota exceeded."}}',),
    ),
    replace(
        BILLING,
        id="qwen.free_tier",
        provider="qwen",
        types=("allocationquota.freetieronly", "arrearage", "accessdenied.unpurchased", "billoverdue"),
        samples=(
            (
                '403 {"error":{"code":"AllocationQuota.FreeTierOnly","message":"The free tier of the model has been '
                'exhausted."}}'
            ),
        ),
    ),
    replace(
        BILLING,
        id="qwen.free_tier_words",
        provider="qwen",
        status=(403,),
        pattern=words(r"\bfree\ tier\ .{0,40} \bexhausted\b"),
        samples=("403 The free tier of the model has been exhausted.",),
    ),
    replace(
        RATE_LIMIT,
        id="qwen.throttle",
        provider="qwen",
        own_provider_only=True,
        types=("insufficient_quota", "limit_requests", "limit_burst_rate"),
        cure="Send fewer requests or tokens per minute: here insufficient_quota is a throttle, not an empty balance.",
        recorded=FILED_AS_LIMIT_THEN_BILLING,
        issues=(148236, 148275),
        fact="4.3",
        samples=(
            (
                '429 {"error":{"code":"insufficient_quota","message":"You exceeded your current quota, please check '
                'your plan and billing details.","type":"insufficient_quota"}}'
            ),
        ),
    ),
    replace(
        RATE_LIMIT,
        id="qwen.throttling_code",
        provider="qwen",
        types=("throttling.ratequota", "throttling.allocationquota", "throttling.burstrate", "throttling.user"),
        samples=('{"code":"Throttling.RateQuota","message":"Requests rate limit exceeded, please try again later."}',),
    ),
    replace(
        AUTH_PERMANENT,
        id="qwen.key",
        provider="qwen",
        types=("invalidapikey",),
        samples=('401 {"code":"InvalidApiKey","message":"Invalid API-key provided."}',),
    ),
    replace(
        FORMAT,
        id="qwen.inspection",
        provider="qwen",
        types=("datainspectionfailed", "data_inspection_failed"),
        cure="Change the message that the content inspection stopped, or start a new session.",
        samples=('400 {"code":"DataInspectionFailed","message":"Input data may contain inappropriate content."}',),
    ),
)
