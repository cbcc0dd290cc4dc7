"""Moonshot and Kimi."""

from __future__ import annotations

from dataclasses import replace

from forensics.openclaw.reasons.kinds import (
    AUTH_PERMANENT,
    BILLING,
    FILED_AS_LIMIT,
    FILED_AS_LIMIT_THEN_BILLING,
    FORMAT,
    MODEL_NOT_FOUND,
    OVERLOADED,
    QUOTA,
    RATE_LIMIT,
)
from forensics.openclaw.reasons.reason import words

ROWS = (
    replace(
        QUOTA,
        id="moonshot.plan_limit",
        provider="moonshot",
        status=(403, 429),
        types=("access_terminated_error",),
        pattern=words(r"usage\ limit\ for\ this\ (?:billing\ cycle|period) | quota\ will\ be\ refreshed"),
        samples=(
            (
                '403 {"error":{"message":"You\'ve reached your usage limit for this billing cycle. Your quota will be '
                'refreshed in the next cycle.","type":"access_terminated_error"}}'
            ),
        ),
    ),
    replace(
        AUTH_PERMANENT,
        id="moonshot.terminated",
        provider="moonshot",
        types=("access_terminated_error",),
        scope="account",
        owner="account",
        cure="Use a key of a plan that allows this client.",
        samples=(
            (
                '403 {"error":{"message":"Kimi For Coding is currently only available for Coding Agents.",'
                '"type":"access_terminated_error"}}'
            ),
        ),
    ),
    replace(
        BILLING,
        id="moonshot.balance",
        provider="moonshot",
        types=("exceeded_current_quota_error",),
        recorded=FILED_AS_LIMIT_THEN_BILLING,
        fact="4.3",
        samples=(
            (
                '429 {"error":{"message":"Your account is suspended due to insufficient balance, please recharge your '
                'account","type":"exceeded_current_quota_error"}}'
            ),
        ),
    ),
    replace(
        RATE_LIMIT,
        id="moonshot.rate_limit",
        provider="moonshot",
        types=("rate_limit_reached_error",),
        recorded=FILED_AS_LIMIT,
        fact="4.2",
        samples=(
            (
                '429 {"error":{"message":"Your account invented reached organization max RPM: 3, please try again '
                'after 1 seconds","type":"rate_limit_reached_error"}}'
            ),
        ),
    ),
    replace(
        OVERLOADED,
        id="moonshot.overloaded",
        provider="moonshot",
        types=("engine_overloaded_error",),
        samples=('429 {"error":{"message":"The engine is currently overloaded","type":"engine_overloaded_error"}}',),
    ),
    replace(
        AUTH_PERMANENT,
        id="moonshot.key",
        provider="moonshot",
        types=("invalid_authentication_error", "incorrect_api_key_error"),
        samples=('401 {"error":{"message":"Invalid Authentication","type":"invalid_authentication_error"}}',),
    ),
    replace(
        MODEL_NOT_FOUND,
        id="moonshot.model",
        provider="moonshot",
        types=("resource_not_found_error",),
        samples=(
            (
                '404 {"error":{"message":"Not found the model kimi-invented or Permission denied",'
                '"type":"resource_not_found_error"}}'
            ),
        ),
    ),
    replace(
        FORMAT,
        id="moonshot.content",
        provider="moonshot",
        own_provider_only=True,
        types=("content_filter",),
        cure="Change the message that the content filter stopped, or start a new session.",
        samples=('400 {"error":{"message":"The request was rejected as high risk","type":"content_filter"}}',),
    ),
)
