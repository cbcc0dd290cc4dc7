"""GitHub Copilot."""

from __future__ import annotations

from dataclasses import replace

from forensics.openclaw.reasons.kinds import AUTH, AUTH_PERMANENT, MODEL_NOT_FOUND, QUOTA
from forensics.openclaw.reasons.reason import words

ROWS = (
    replace(
        QUOTA,
        id="copilot.premium_requests",
        provider="copilot",
        status=(402, 403, 429),
        types=("quota_exceeded",),
        pattern=words(r"premium\ request | monthly\ (?:quota|allowance) | you\ have\ no\ quota"),
        cure="Wait for the monthly allowance to renew, or enable paid premium requests.",
        samples=(
            '402 {"error":{"message":"You have exceeded your premium request allowance.","code":"quota_exceeded"}}',
        ),
    ),
    replace(
        QUOTA,
        id="copilot.user_limit",
        provider="copilot",
        types=("user_weekly_rate_limited", "user_global_rate_limited"),
        until="text",
        samples=(
            (
                '429 {"error":{"message":"Sorry, you have been rate-limited. Please wait 4 hours before trying again.",'
                '"code":"user_weekly_rate_limited"}}'
            ),
        ),
    ),
    replace(
        QUOTA,
        id="copilot.user_limit_words",
        provider="copilot",
        status=(429,),
        pattern=words(r"\brate-limited\.\ please\ wait\ \d+\ (?:hours?|days?)\b"),
        until="text",
        samples=("429 Sorry, you have been rate-limited. Please wait 4 hours before trying again.",),
    ),
    replace(
        AUTH,
        id="copilot.token_expired",
        provider="copilot",
        status=(401,),
        pattern=words(r"(?:IDE|copilot)\ token\ expired | unauthorized:\ token\ expired"),
        samples=("401 IDE token expired: unauthorized: token expired",),
    ),
    replace(
        AUTH_PERMANENT,
        id="copilot.not_authorized",
        provider="copilot",
        status=(401, 403),
        types=("unauthorized", "forbidden"),
        pattern=words(
            r"not\ authorized\ to\ use\ this\ copilot | bad\ credentials | access\ to\ this\ endpoint\ is\ forbidden"
        ),
        owner="account",
        cure="Log in to GitHub again with an account that has a Copilot seat.",
        samples=("403 unauthorized: not authorized to use this Copilot feature",),
    ),
    replace(
        MODEL_NOT_FOUND,
        id="copilot.model",
        provider="copilot",
        types=("model_not_supported",),
        cure="Enable the model in the Copilot settings, or choose another one.",
        samples=(
            (
                '400 {"error":{"message":"The requested model is not supported.","code":"model_not_supported",'
                '"type":"invalid_request_error"}}'
            ),
        ),
    ),
)
