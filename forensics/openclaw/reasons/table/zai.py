"""Z.ai / Zhipu (GLM): business codes inside ordinary statuses."""

from __future__ import annotations

from dataclasses import replace

from forensics.openclaw.reasons.kinds import (
    AUTH_PERMANENT,
    BILLING,
    CONTEXT_OVERFLOW,
    FILED_AS_LIMIT,
    FILED_AS_LIMIT_THEN_BILLING,
    FORMAT,
    MODEL_NOT_FOUND,
    OVERLOADED,
    QUOTA,
    RATE_LIMIT,
    SERVER_ERROR,
)
from forensics.openclaw.reasons.reason import words

ROWS = (
    replace(
        BILLING,
        id="zai.balance",
        provider="zai",
        own_provider_only=True,
        types=("1113", "1309", "1311"),
        recorded=FILED_AS_LIMIT_THEN_BILLING,
        fact="4.3",
        samples=(
            '429 {"error":{"code":"1113","message":"Insufficient balance or no resource package. Please recharge."}}',
        ),
    ),
    replace(
        OVERLOADED,
        id="zai.overloaded",
        provider="zai",
        own_provider_only=True,
        types=("1305", "1312"),
        recorded=FILED_AS_LIMIT,
        issues=(98101,),
        fact="4.3",
        samples=(
            (
                '429 {"error":{"code":"1305","message":"The service may be temporarily overloaded, please try again '
                'later"}}'
            ),
        ),
    ),
    replace(
        OVERLOADED,
        id="zai.overloaded_words",
        provider="zai",
        status=(429,),
        pattern=words(r"service\ may\ be\ temporarily\ overloaded"),
        recorded=FILED_AS_LIMIT,
        issues=(98101,),
        fact="4.3",
        samples=("429 The service may be temporarily overloaded, please try again later",),
    ),
    replace(
        QUOTA,
        id="zai.usage_limit",
        provider="zai",
        own_provider_only=True,
        types=("1304", "1308", "1310"),
        until="text",
        recorded=FILED_AS_LIMIT,
        fact="4.2",
        samples=(
            (
                '429 {"error":{"code":"1308","message":"Usage limit reached for 5 hour. Your limit will reset at '
                '2026-11-20 18:30:00"}}'
            ),
        ),
    ),
    replace(
        RATE_LIMIT,
        id="zai.rate_limit",
        provider="zai",
        own_provider_only=True,
        types=("1302", "1303"),
        recorded=FILED_AS_LIMIT,
        fact="4.2",
        samples=('429 {"error":{"code":"1302","message":"High concurrency usage of this API, please reduce it"}}',),
    ),
    replace(
        AUTH_PERMANENT,
        id="zai.key",
        provider="zai",
        own_provider_only=True,
        types=("1000", "1001", "1002", "1003", "1004"),
        samples=('401 {"error":{"code":"1000","message":"Authentication Failed"}}',),
    ),
    replace(
        AUTH_PERMANENT,
        id="zai.account",
        provider="zai",
        own_provider_only=True,
        types=("1110", "1111", "1112", "1120", "1121"),
        scope="account",
        owner="account",
        cure="Ask the provider why the account is inactive or locked.",
        samples=('434 {"error":{"code":"1112","message":"Your account has been locked, please contact support"}}',),
    ),
    replace(
        MODEL_NOT_FOUND,
        id="zai.model",
        provider="zai",
        own_provider_only=True,
        types=("1211", "1221", "1222"),
        samples=('400 {"error":{"code":"1211","message":"Unknown Model, please check the model code."}}',),
    ),
    replace(
        CONTEXT_OVERFLOW,
        id="zai.context",
        provider="zai",
        own_provider_only=True,
        types=("1261",),
        samples=('400 {"error":{"code":"1261","message":"Prompt exceeds max length"}}',),
    ),
    replace(
        FORMAT,
        id="zai.request",
        provider="zai",
        own_provider_only=True,
        types=("1210", "1213", "1214", "1215", "1301"),
        samples=('400 {"error":{"code":"1214","message":"The messages parameter is illegal"}}',),
    ),
    replace(
        SERVER_ERROR,
        id="zai.server_error",
        provider="zai",
        own_provider_only=True,
        types=("1200", "1230", "1234"),
        samples=('500 {"error":{"code":"1234","message":"Network error, please contact customer service"}}',),
    ),
)
