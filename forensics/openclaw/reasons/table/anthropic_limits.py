"""Anthropic: money, allowances, speed and load."""

from __future__ import annotations

from dataclasses import replace

from forensics.openclaw.reasons.kinds import (
    BILLING,
    FILED_AS_LIMIT,
    FILED_AS_LIMIT_THEN_BILLING,
    FILED_AS_OVERLOADED,
    OVERLOADED,
    QUOTA,
    RATE_LIMIT,
)
from forensics.openclaw.reasons.reason import words

ROWS = (
    replace(
        BILLING,
        id="anthropic.credit_balance",
        provider="anthropic",
        status=(400, 402, 403),
        types=("invalid_request_error", "billing_error", "permission_error"),
        pattern=words(r"credit\ balance\ is\ too\ low"),
        cure="Buy credits at the provider, then clear the profile's disabled window.",
        recorded=(("all", "billing"),),
        recorded_with_status=(("1.29-2.6-3", "billing"), ("2.9-3.2", "format"), ("3.8+", "billing")),
        fact="4.3",
        samples=(
            (
                '400 {"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low '
                'to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits."}}'
            ),
            "LLM request rejected: Your credit balance is too low to access the Anthropic API.",
        ),
    ),
    replace(
        BILLING,
        id="anthropic.long_context_extra_usage",
        provider="anthropic",
        status=(400, 429),
        types=("rate_limit_error", "invalid_request_error"),
        pattern=words(r"extra\ usage\ is\ required\ for\ long\ context"),
        scope="request",
        cure="Reduce the context below the plan's limit, or enable extra usage for the account.",
        recorded=FILED_AS_LIMIT_THEN_BILLING,
        fact="4.3",
        samples=(
            (
                '429 {"type":"error","error":{"type":"rate_limit_error","message":"Extra usage is required for long '
                'context requests."}}'
            ),
        ),
    ),
    replace(
        QUOTA,
        id="anthropic.extra_usage",
        provider="anthropic",
        status=(400, 403, 429),
        types=("invalid_request_error", "rate_limit_error"),
        pattern=words(r"draw\ from\ your\ extra\ usage | out\ of\ extra\ usage"),
        cure="Wait for the subscription window to renew, use an API key, or add extra usage to the plan.",
        recorded=(("1.29-3.31", None), ("4.1-4.5", "format"), ("4.9+", "billing")),
        recorded_with_status=(("1.29-2.6-3", None), ("2.9-4.5", "format"), ("4.9+", "billing")),
        issues=(115642,),
        fact="4.3",
        samples=(
            (
                '400 {"type":"error","error":{"type":"invalid_request_error","message":"You\'re out of extra usage. '
                'Add more at claude.ai/settings/usage and keep going."}}'
            ),
            (
                '400 {"type":"error","error":{"type":"invalid_request_error","message":"Third-party apps now draw from '
                'your extra usage, not your plan limits."}}'
            ),
        ),
    ),
    replace(
        QUOTA,
        id="anthropic.spend_limit",
        provider="anthropic",
        status=(400, 403, 429),
        types=("invalid_request_error", "rate_limit_error"),
        pattern=words(r"reached\ your\ specified\ (?:\w+\ )?API\ usage\ limits? | you\ will\ regain\ access\ on"),
        until="text",
        cure="Raise the spend limit in the provider's console, or wait until the date in the message.",
        recorded=FILED_AS_LIMIT,
        recorded_with_status=(("1.29-2.6-3", "rate_limit"), ("2.9-3.31", "format"), ("4.1+", "rate_limit")),
        fact="4.3",
        samples=(
            (
                '400 {"type":"error","error":{"type":"invalid_request_error","message":"You have reached your '
                'specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC."}}'
            ),
        ),
    ),
    replace(
        QUOTA,
        id="anthropic.claude_limit_reached",
        provider="anthropic",
        pattern=words(r"Claude\ (?:\w+\ )?usage\ limit\ reached"),
        until="text",
        recorded=FILED_AS_LIMIT,
        fact="4.3",
        samples=("Claude AI usage limit reached|1795440000",),
    ),
    replace(
        QUOTA,
        id="anthropic.subscription_limit",
        provider="anthropic",
        status=(429,),
        types=("rate_limit_error",),
        pattern=words(
            r"""you(?:'ve|\ have)\ (?:reached|hit|exceeded)\ your
            (?:\ (?:subscription|session|usage|weekly|monthly|daily|\d+-hour|five-hour|plan|opus|sonnet|claude
            |pro|max))*
            \ limit"""
        ),
        until="text",
        recorded=FILED_AS_LIMIT,
        fact="4.2, 2.9",
        samples=(
            (
                '429 {"type":"error","error":{"type":"rate_limit_error","message":"You\'ve reached your subscription '
                'usage limit. Next reset in 6 days."}}'
            ),
            "You've hit your limit · resets 3pm (Europe/London)",
        ),
    ),
    replace(
        RATE_LIMIT,
        id="anthropic.rate_limit",
        provider="anthropic",
        status=(429,),
        types=("rate_limit_error",),
        pattern=words(
            r"would\ exceed\ (?:your\ (?:account|organization)'?s?|the)\ rate\ limit | exceeded\ your\ \S+\ rate\ limit"
        ),
        cure="Wait a few minutes; if it repeats for hours, the subscription's window is used up.",
        recorded=FILED_AS_LIMIT,
        fact="4.3",
        samples=(
            (
                '429 {"type":"error","error":{"type":"rate_limit_error","message":"This request would exceed your '
                "account's rate limit. Please try again later.\"}}"
            ),
        ),
    ),
    replace(
        OVERLOADED,
        id="anthropic.overloaded",
        provider="anthropic",
        types=("overloaded_error",),
        recorded=FILED_AS_OVERLOADED,
        recorded_with_status=(
            ("1.29-2.9", "rate_limit"),
            ("2.12-2.26", "timeout"),
            ("3.2", "rate_limit"),
            ("3.8+", "overloaded"),
        ),
        issues=(38301,),
        fact="4.3",
        samples=('529 {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}',),
    ),
)
