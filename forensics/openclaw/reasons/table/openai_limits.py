"""OpenAI and ChatGPT: money, allowances, speed and load."""

from __future__ import annotations

from dataclasses import replace

from forensics.openclaw.reasons.kinds import (
    BILLING,
    FILED_AS_LIMIT,
    FILED_AS_LIMIT_THEN_BILLING,
    OVERLOADED,
    QUOTA,
    RATE_LIMIT,
)
from forensics.openclaw.reasons.reason import words

_USAGE_LIMIT = replace(
    QUOTA,
    id="openai.usage_limit",
    provider="openai",
    until="text",
    cure="Wait until the subscription's window renews, or use another login or provider.",
    recorded=FILED_AS_LIMIT,
    issues=(108254,),
    fact="4.3",
)

ROWS = (
    replace(
        _USAGE_LIMIT,
        types=("usage_limit_reached", "rate_limit_reached_type", "workspace_usage_limit_reached"),
        samples=(
            (
                '429 {"error":{"type":"usage_limit_reached","message":"The usage limit has been reached",'
                '"plan_type":"plus","resets_at":1795688899,"resets_in_seconds":518400}}'
            ),
        ),
    ),
    replace(
        _USAGE_LIMIT,
        id="openai.usage_limit_words",
        status=(429,),
        pattern=words(r"hit\ your\ (?:ChatGPT\ )?usage\ limit | ^the\ usage\ limit\ has\ been\ reached"),
        samples=(
            "429 The usage limit has been reached",
            "You have hit your ChatGPT usage limit (plus plan). Try again in ~90 min.",
        ),
    ),
    replace(
        BILLING,
        id="openai.plan_without_codex",
        provider="openai",
        types=("usage_not_included",),
        cure="Upgrade the ChatGPT plan, or use an API key.",
        samples=(
            '{"error":{"type":"usage_not_included","message":"To use Codex with your ChatGPT plan, upgrade to Plus"}}',
        ),
    ),
    replace(
        BILLING,
        id="openai.insufficient_quota",
        provider="openai",
        types=(
            "insufficient_quota",
            "billing_hard_limit_reached",
            "billing_not_active",
            "access_terminated_due_to_nonpayment",
        ),
        recorded=FILED_AS_LIMIT_THEN_BILLING,
        fact="4.3",
        samples=(
            (
                '429 {"error":{"message":"You exceeded your current quota, please check your plan and billing '
                'details.","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}'
            ),
        ),
    ),
    replace(
        BILLING,
        id="openai.current_quota",
        provider="openai",
        status=(429,),
        pattern=words(r"exceeded\ your\ current\ quota | account\ is\ not\ active.{0,40}billing"),
        recorded=FILED_AS_LIMIT,
        fact="4.3",
        samples=("429 You exceeded your current quota, please check your plan and billing details.",),
    ),
    replace(
        RATE_LIMIT,
        id="openai.rate_limit",
        provider="openai",
        status=(429,),
        types=("rate_limit_exceeded", "tokens", "requests"),
        pattern=words(r"rate\ limit\ reached\ for .{0,120} \b(?:per\ min(?:ute)?|TPM|RPM)\b"),
        recorded=FILED_AS_LIMIT,
        fact="4.3",
        samples=(
            (
                '429 {"error":{"message":"Rate limit reached for gpt-invented in organization org-Invented1 on tokens '
                'per min (TPM): Limit 30000, Used 29000, Requested 2000. Please try again in 2s.","type":"tokens",'
                '"code":"rate_limit_exceeded"}}'
            ),
        ),
    ),
    replace(
        OVERLOADED,
        id="openai.overloaded",
        provider="openai",
        types=("server_is_overloaded", "slow_down", "engine_overloaded"),
        samples=('503 {"error":{"code":"server_is_overloaded","message":"Our servers are currently overloaded."}}',),
    ),
)
