"""MiniMax: status codes inside `base_resp`, or behind the words of an Anthropic-like body."""

from __future__ import annotations

from dataclasses import replace

from forensics.openclaw.reasons.kinds import AUTH_PERMANENT, BILLING, FORMAT, QUOTA, RATE_LIMIT, SERVER_ERROR, TIMEOUT

ROWS = (
    replace(
        BILLING,
        id="minimax.balance",
        provider="minimax",
        own_provider_only=True,
        types=("1008", "insufficient_balance_error"),
        samples=(
            '{"base_resp":{"status_code":1008,"status_msg":"insufficient balance"}}',
            '500 {"type":"error","error":{"type":"api_error","message":"insufficient balance (1008)"}}',
        ),
    ),
    replace(
        QUOTA,
        id="minimax.usage_limit",
        provider="minimax",
        own_provider_only=True,
        types=("2056",),
        until="text",
        samples=('{"base_resp":{"status_code":2056,"status_msg":"usage limit exceeded, resets in 3 hours"}}',),
    ),
    replace(
        RATE_LIMIT,
        id="minimax.rate_limit",
        provider="minimax",
        own_provider_only=True,
        types=("1002", "1039", "1041", "2045"),
        samples=('{"base_resp":{"status_code":1002,"status_msg":"rate limit"}}',),
    ),
    replace(
        AUTH_PERMANENT,
        id="minimax.key",
        provider="minimax",
        own_provider_only=True,
        types=("1004", "2049"),
        samples=('{"base_resp":{"status_code":2049,"status_msg":"invalid api key"}}',),
    ),
    replace(
        FORMAT,
        id="minimax.request",
        provider="minimax",
        own_provider_only=True,
        types=("1026", "1027", "1042", "2013"),
        samples=('{"base_resp":{"status_code":2013,"status_msg":"invalid params"}}',),
    ),
    replace(
        TIMEOUT,
        id="minimax.timeout",
        provider="minimax",
        own_provider_only=True,
        types=("1001",),
        samples=('{"base_resp":{"status_code":1001,"status_msg":"request timeout"}}',),
    ),
    replace(
        SERVER_ERROR,
        id="minimax.server_error",
        provider="minimax",
        own_provider_only=True,
        types=("1000", "1024", "1033"),
        samples=('{"base_resp":{"status_code":1033,"status_msg":"system error"}}',),
    ),
)
