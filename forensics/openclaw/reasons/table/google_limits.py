"""Google: money, quotas, speed and load."""

from __future__ import annotations

from dataclasses import replace

from forensics.openclaw.reasons.kinds import BILLING, FILED_AS_LIMIT, OVERLOADED, QUOTA, RATE_LIMIT, SERVER_ERROR
from forensics.openclaw.reasons.reason import words

ROWS = (
    replace(
        BILLING,
        id="google.spending_cap",
        words_suffice=False,
        provider="google",
        status=(400, 403, 429),
        types=("resource_exhausted", "failed_precondition"),
        pattern=words(r"spending\ cap | prepayment\ credits | (?:enable|requires?|needs?)\ .{0,30}billing"),
        cure="Raise the project's spending cap or pay, in the provider's console.",
        recorded=FILED_AS_LIMIT,
        fact="4.3",
        samples=(
            (
                '429 {"error":{"code":429,"message":"Your project has exceeded its monthly spending cap.",'
                '"status":"RESOURCE_EXHAUSTED"}}'
            ),
        ),
    ),
    replace(
        OVERLOADED,
        id="google.capacity",
        provider="google",
        status=(429, 503),
        types=("model_capacity_exhausted",),
        pattern=words(r"no\ capacity\ available"),
        samples=(
            (
                '503 {"error":{"code":503,"message":"No capacity available for model gemini-invented on the server",'
                '"status":"UNAVAILABLE","details":[{"reason":"MODEL_CAPACITY_EXHAUSTED"}]}}'
            ),
        ),
    ),
    replace(
        QUOTA,
        id="google.quota_reset",
        provider="google",
        status=(429,),
        types=("resource_exhausted", "quota_exhausted"),
        pattern=words(r"quota\ will\ reset\ after | exhausted\ your\ (?:capacity|daily\ quota)"),
        until="text",
        recorded=FILED_AS_LIMIT,
        fact="4.3",
        samples=(
            (
                "Cloud Code Assist API error (429): You have exhausted your capacity on this model. Your quota will "
                "reset after 2h3m14s."
            ),
        ),
    ),
    replace(
        QUOTA,
        id="google.daily_quota",
        provider="google",
        own_provider_only=True,
        words_suffice=False,
        status=(429,),
        types=("resource_exhausted", "ratelimitexceeded"),
        pattern=words(r"per\ ?day | daily | free_tier_requests,\ limit"),
        renews_in="America/Los_Angeles",
        cure="Wait for the daily quota to renew (midnight Pacific time), or enable billing for the project.",
        recorded=FILED_AS_LIMIT,
        fact="4.3",
        samples=(
            (
                '429 {"error":{"code":429,"message":"You exceeded your current quota, please check your plan and '
                'billing details.","status":"RESOURCE_EXHAUSTED","details":[{"violations":[{"quotaId":'
                '"GenerateRequestsPerDayPerProjectPerModel-FreeTier"}]}]}}'
            ),
        ),
    ),
    replace(
        RATE_LIMIT,
        id="google.quota_words",
        provider="google",
        own_provider_only=True,
        words_suffice=False,
        status=(429,),
        pattern=words(r"exceeded\ your\ current\ quota | quota\ exceeded\ for | resource\ (?:has\ been\ )?exhausted"),
        recorded=FILED_AS_LIMIT,
        fact="4.3",
        samples=("[429 Too Many Requests] Quota exceeded for quota metric 'requests per minute'.",),
    ),
    replace(
        RATE_LIMIT,
        id="google.rate_limit",
        provider="google",
        status=(429,),
        types=("resource_exhausted", "ratelimitexceeded", "rate_limit_exceeded"),
        recorded=FILED_AS_LIMIT,
        fact="4.3",
        samples=(
            ('429 {"error":{"code":429,"message":"Too many concurrent requests.","status":"RESOURCE_EXHAUSTED"}}'),
        ),
    ),
    replace(
        OVERLOADED,
        id="google.overloaded",
        provider="google",
        status=(500, 503),
        types=("unavailable",),
        pattern=words(r"overloaded"),
        recorded=(("1.29-3.2", "rate_limit"), ("3.8+", "overloaded")),
        recorded_with_status=(("1.29-2.17", "rate_limit"), ("2.21-3.2", "timeout"), ("3.8+", "overloaded")),
        fact="4.3",
        samples=(
            (
                "[GoogleGenerativeAI Error]: Error fetching from https://generativelanguage.googleapis.com/v1beta: "
                "[503 Service Unavailable] The model is overloaded. Please try again later."
            ),
        ),
    ),
    replace(
        OVERLOADED,
        id="google.high_demand",
        provider="google",
        status=(429, 500, 503),
        types=("unavailable",),
        pattern=words(r"high\ demand"),
        recorded=(("1.29-2.17", None), ("2.21-3.2", "rate_limit"), ("3.8+", "overloaded")),
        recorded_with_status=(("1.29-2.17", None), ("2.21-3.2", "timeout"), ("3.8+", "overloaded")),
        fact="4.3",
        samples=(
            (
                '503 {"error":{"code":503,"message":"This model is currently experiencing high demand.",'
                '"status":"UNAVAILABLE"}}'
            ),
        ),
    ),
    replace(
        SERVER_ERROR,
        id="google.unavailable",
        provider="google",
        status=(500, 503),
        types=("unavailable",),
        samples=(
            '503 {"error":{"code":503,"message":"The service is currently unavailable.","status":"UNAVAILABLE"}}',
        ),
    ),
)
