"""Words that many providers share. A row that names statuses speaks only beside one of them, or beside none."""

from __future__ import annotations

from dataclasses import replace

from forensics.openclaw.reasons.kinds import (
    AUTH,
    AUTH_PERMANENT,
    BILLING,
    CONTEXT_OVERFLOW,
    FILED_AS_AUTH,
    FILED_AS_LIMIT_THEN_BILLING,
    FILED_AS_OVERFLOW,
    FILED_AS_OVERFLOW_WITH_STATUS,
    FORMAT,
    MODEL_NOT_FOUND,
    NETWORK,
    OVERLOADED,
    QUOTA,
    RATE_LIMIT,
    SERVER_ERROR,
)
from forensics.openclaw.reasons.reason import words

_NO_MONEY = words(
    r"""\binsufficient\ (?:account\ )?(?:balance|credits?|funds) | \bbalance\ is\ (?:too\ low|insufficient)
    | \bout\ of\ credits\b | \bno\ (?:remaining\ )?credits\b | \b(?:credits?|balance)\ (?:is\ |are\ )?exhausted
    | 余额不足 | 账户已欠费"""
)

ROWS = (
    replace(
        BILLING,
        id="any.balance_429",
        status=(429,),
        pattern=_NO_MONEY,
        recorded=FILED_AS_LIMIT_THEN_BILLING,
        fact="4.3",
        samples=("429 Insufficient balance, please recharge.",),
    ),
    replace(
        BILLING,
        id="any.balance",
        status=(400, 402, 403),
        pattern=_NO_MONEY,
        samples=('402 {"error":{"message":"Insufficient Balance","type":"unknown_error"}}',),
    ),
    replace(
        QUOTA,
        id="any.periodic_402",
        words_suffice=False,
        status=(402,),
        pattern=words(
            r"""\b(?:daily|weekly|monthly)\b .{0,20}\blimits?\b
            | (?:organization|workspace)\ .{0,20}(?:spend|usage)\ limit"""
        ),
        recorded=(("1.29-3.2", "billing"), ("3.8+", "rate_limit")),
        issues=(38465, 38533),
        fact="4.2",
        samples=("402 Monthly usage limit reached for this plan.",),
    ),
    replace(
        QUOTA,
        id="any.long_limit",
        words_suffice=False,
        status=(429,),
        pattern=words(
            r"""per[ -]?day | \b(?:daily|weekly|monthly|RPD|TPD|per\ 24\ hours)\b
            | \b(?:try\ again|resets?|retry)\b [^.]{0,25} \bin\ (?:about\ |~)?\d+\ (?:days?|weeks?)\b"""
        ),
        samples=(
            (
                '429 {"error":{"message":"Rate limit reached for model `invented` on tokens per day (TPD): Limit '
                '100000, Used 99800. Please try again in 7m12s.","type":"tokens","code":"rate_limit_exceeded"}}'
            ),
            "429 Too many requests. Please try again in 3 days.",
        ),
    ),
    replace(
        CONTEXT_OVERFLOW,
        id="any.request_too_large",
        status=(413, 429),
        pattern=words(r"^request\ too\ large\ for | input\ or\ output\ tokens\ must\ be\ reduced"),
        cure="Shorten the context: this one request is larger than the account's tokens per minute.",
        samples=(
            (
                '429 {"error":{"message":"Request too large for gpt-invented on tokens per '
                "min (TPM): Limit 30000, Requested 41231. The input or output tokens must be reduced in order to run "
                'successfully.","type":"tokens","code":"rate_limit_exceeded"}}'
            ),
        ),
    ),
    replace(
        CONTEXT_OVERFLOW,
        id="any.context",
        status=(400, 413, 422, 500),
        types=("invalid_request_error", "validationexception", "invalid_argument"),
        pattern=words(
            r"""\bprompt\ is\ too\ long\b | \bmaximum\ context\ length\b | \bcontext[ _]length[ _]exceeded\b
            | \bcontext\ window\ (?:is\ )?(?:exceed(?:ed|s)|full|limit) | \binput\ (?:is\ )?too\ long\b
            | \bexceeds?\ (?:the\ )?(?:model'?s\ |maximum\ )*(?:context|number\ of\ tokens|input\ token)
            | \binput\ length\ and\ \W?max_tokens | \brange\ of\ input\ length\ should\ be\b
            | \breduce\ the\ length\ of\ the\ (?:messages|input|prompt)\b"""
        ),
        recorded=FILED_AS_OVERFLOW,
        recorded_with_status=FILED_AS_OVERFLOW_WITH_STATUS,
        fact="4.3",
        samples=(
            (
                '400 {"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 210000 '
                'tokens > 200000 maximum"}}'
            ),
        ),
    ),
    replace(
        NETWORK,
        id="any.region",
        status=(400, 403, 451),
        pattern=words(
            r"""\b(?:country|region|territory|location)\b .{0,40}\b(?:not|un)\ ?(?:supported|available|allowed)
            | \bnot\ (?:available|supported)\ in\ your\ (?:country|region|location)"""
        ),
        waiting_helps=False,
        cure="Send requests from a supported country; the credential is not at fault.",
        samples=("403 This service is not available in your country.",),
    ),
    replace(
        AUTH_PERMANENT,
        id="any.key_revoked",
        status=(401, 403),
        pattern=words(
            r"""\b(?:api[ _-]?key|key|token)\ (?:has\ been|was|is)\ (?:revoked|deactivated|deleted|disabled|leaked
            |reported\ as\ leaked)"""
        ),
        cure="Create a new key: this one was withdrawn.",
        recorded=(("1.29-2.23", "auth"), ("2.26+", "auth_permanent")),
        fact="4.3",
        samples=("401 This API key has been revoked.",),
    ),
    replace(
        AUTH_PERMANENT,
        id="any.incorrect_key",
        status=(400, 401, 403),
        types=("invalid_api_key",),
        pattern=words(r"incorrect\ api\ key\ provided"),
        recorded=FILED_AS_AUTH,
        fact="4.3",
        samples=(
            (
                '401 {"error":{"message":"Incorrect API key provided: sk-inve****nted. You can find your API key at '
                'https://platform.openai.com/account/api-keys.","type":"invalid_request_error","code":"invalid_api_key"}}'
            ),
        ),
    ),
    replace(
        AUTH_PERMANENT,
        id="any.key_invalid_words",
        status=(401, 403),
        pattern=words(
            r"""\b(?:invalid|incorrect|wrong|malformed)\ (?:or\ missing\ )?(?:api[ _-]?key|access\ token|bearer\ token
            |api\ token|credentials?)\b | \bapi[ _-]?key\ (?:is\ )?(?:invalid|not\ valid|not\ found)\b"""
        ),
        recorded=FILED_AS_AUTH,
        fact="4.2",
        samples=('401 {"error":"Invalid API key"}',),
    ),
    replace(
        AUTH,
        id="any.expired",
        status=(401, 403),
        pattern=words(
            r"""^(?:[\w.'/-]+\ ){0,6}?(?:token|credentials?|session|login|jwt)\b .{0,30}\bexpired\b
            | ^(?:[\w.'/-]+\ ){0,6}?expired\ (?:access\ |bearer\ )?token\b"""
        ),
        recorded=FILED_AS_AUTH,
        fact="4.3",
        samples=('401 {"error":{"message":"The access token has expired"}}',),
    ),
    replace(
        AUTH_PERMANENT,
        id="any.model_access",
        status=(401, 403),
        pattern=words(
            r"""\b(?:not\ (?:allowed|authorized|entitled)\ to|(?:does\ not|don't)\ have)\ (?:access|use)\b
            .{0,30}\bmodel\b"""
        ),
        scope="model",
        owner="account",
        cure="Grant the account or key access to this model, or choose another one.",
        samples=("403 Your project does not have access to model invented-1.",),
    ),
    replace(
        MODEL_NOT_FOUND,
        id="any.model",
        status=(400, 403, 404, 422),
        types=("invalid_request_error", "not_found_error", "not_found"),
        pattern=words(
            r"""\bmodel\b .{0,90}\b(?:does\ not\ exist|not\ (?:be\ )?found|is\ not\ (?:available|supported|valid))
            | \b(?:unknown|invalid|unsupported|no\ such)\ model\b | \bnot\ a\ valid\ model\b"""
        ),
        samples=("400 invented/nothing-1 is not a valid model ID",),
    ),
    replace(
        OVERLOADED,
        id="any.overloaded_words",
        status=(500, 502, 503, 529),
        types=("server_error", "api_error"),
        pattern=words(
            r"\boverloaded\b | \b(?:at|over|no)\ capacity\b | \bhigh\ demand\b | \bserver\ is\ (?:too\ )?busy\b"
        ),
        samples=("503 The server is busy. Please try again later.",),
    ),
    replace(
        SERVER_ERROR,
        id="any.upstream",
        status=(400, 500, 502, 503),
        types=("upstream_error", "invalid_request_error"),
        pattern=words(r"\bupstream\ (?:request\ failed|connect\ error|error)\b"),
        samples=('{"error":{"message":"Upstream request failed","type":"upstream_error"}}',),
    ),
    replace(
        SERVER_ERROR,
        id="any.server_words",
        pattern=words(r"^(?:internal\ server\ error | service\ (?:temporarily\ )?unavailable | bad\ gateway)\b"),
        samples=("Internal server error",),
    ),
    replace(
        FORMAT,
        id="any.content_words",
        words_suffice=False,
        status=(400, 403),
        types=("invalid_request_error",),
        pattern=words(
            r"""\bcontent\ (?:filter|policy|management\ policy|filtering\ policy)\b
            | \bviolat\w+\ .{0,40}(?:policy|guidelines)"""
        ),
        cure="Change the message that the provider's policy stopped, or start a new session.",
        samples=(
            (
                '400 {"type":"error","error":{"type":"invalid_request_error","message":"Output blocked by content '
                'filtering policy"}}'
            ),
        ),
    ),
    replace(
        RATE_LIMIT,
        id="any.rate_limit_words",
        status=(429,),
        pattern=words(
            r"""^(?:[\w.'/-]+\ ){0,6}?(?:rate[ -]limit(?:ed|s|ing)?\b | too\ many\ requests\b
            | (?:request|token)s?\ per\ (?:minute|second)\b)"""
        ),
        samples=("Too many requests, please slow down", "Rate limit exceeded, retry after 30s"),
    ),
    replace(
        QUOTA,
        id="any.quota_words",
        status=(429,),
        types=("toomanyrequests", "too_many_requests", "rate_limit_error", "rate_limit_exceeded"),
        pattern=words(
            r"""^(?:[\w.'/-]+\ ){0,6}?(?:quota|usage\ limit)\ (?:has\ been\ )?(?:exceeded|reached|exhausted)\b
            | \bexceeded\ (?:the|your)\ (?!current\b)[^.]{0,30}\b(?:quota|usage\ limit)\b"""
        ),
        samples=("Quota exceeded for this project.",),
    ),
)
