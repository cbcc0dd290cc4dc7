"""What a release's classifier makes of an HTTP status or of single words in a text (facts 4.1, 4.2, 4.5).

`None` as a reason means that the classifier says nothing: the failure is filed as unknown, or not at all.
"""

from __future__ import annotations

import re

from forensics.openclaw.releases.release import Release, at

Filed = tuple[tuple[str, str | None], ...]
"""(releases, the reason recorded there)."""

SYNTHETIC_STATUS = {
    "billing": 402,
    "rate_limit": 429,
    "overloaded": 503,
    "auth": 401,
    "auth_permanent": 403,
    "timeout": 408,
    "format": 400,
    "model_not_found": 404,
    "session_expired": 410,
    "server_error": 500,
    "tls_certificate": 502,
    "context_overflow": 413,
}

REASON_SINCE = {  # first release that knows the word (4.1)
    "auth": "1.29",
    "format": "1.29",
    "rate_limit": "1.29",
    "billing": "1.29",
    "timeout": "1.29",
    "unknown": "1.29",
    "model_not_found": "2.21",
    "auth_permanent": "2.26",
    "session_expired": "3.2",
    "overloaded": "3.8",
    "empty_response": "4.27",
    "no_error_details": "4.27",
    "unclassified": "4.27",
    "server_error": "5.12",
    "context_overflow": "7.1",
    "tls_certificate": "8.1",
}

NOTHING: Filed = (("all", None),)
AUTH: Filed = (("all", "auth"),)
TIMEOUT: Filed = (("all", "timeout"),)
RATE_LIMIT: Filed = (("all", "rate_limit"),)
FORMAT: Filed = (("1.29-2.6-3", None), ("2.9+", "format"))
SERVER_ERROR: Filed = (("1.29-2.9", None), ("2.12-9.5", "timeout"), ("9.6", "server_error"))
EDGE_ERROR: Filed = (("1.29-9.1", None), ("9.3-9.5", "timeout"), ("9.6", "server_error"))
UNAVAILABLE: Filed = (("1.29-2.9", None), ("2.12-7.1", "timeout"), ("8.1+", "overloaded"))

BY_STATUS: dict[int, Filed] = {
    400: FORMAT,
    401: AUTH,
    402: (("all", "billing"),),
    403: AUTH,
    404: (("1.29-2.17", None), ("2.21+", "model_not_found")),
    405: NOTHING,
    408: TIMEOUT,
    409: NOTHING,
    410: (("1.29-3.24", None), ("3.28+", "timeout")),
    413: (("1.29-6.11", None), ("7.1+", "context_overflow")),
    422: (("1.29-3.11", None), ("3.13+", "format")),
    425: NOTHING,
    429: RATE_LIMIT,
    451: NOTHING,
    499: (("1.29-3.8", None), ("3.11+", "timeout")),
    500: SERVER_ERROR,
    502: SERVER_ERROR,
    503: UNAVAILABLE,
    504: TIMEOUT,
    507: EDGE_ERROR,
    520: EDGE_ERROR,
    521: SERVER_ERROR,
    524: TIMEOUT,
    529: (("1.29-2.9", "rate_limit"), ("2.12-3.2", "timeout"), ("3.8+", "overloaded")),
    530: EDGE_ERROR,
}

# Single words the classifier takes anywhere in a text, in its order: how an id or a path becomes a reason.
BY_WORD: tuple[tuple[str, re.Pattern[str], Filed], ...] = (
    ('"429" anywhere, facts 4.5, #11183, #11193, #22792', re.compile("429"), (("1.29-7.1", "rate_limit"),)),
    (
        '"rate limit", "usage limit" or quota words anywhere, facts 2.9',
        re.compile(r"rate[_ ]limit|too many requests|usage limit|quota exceeded|resource_exhausted", re.I),
        RATE_LIMIT,
    ),
    ('"timeout" or "timed out" anywhere, facts 4.5, #13925', re.compile("timeout|timed out", re.I), TIMEOUT),
    ('"expired" anywhere, facts 4.5', re.compile("expired", re.I), AUTH),
)


def synthetic_status(reason: str) -> int:
    """The status OpenClaw computes back from a reason; 0 where it has none. Equal to a logged one: no proof."""
    return SYNTHETIC_STATUS.get(reason, 0)


def knows_reason(release: Release, reason: str) -> bool:
    """Whether the word exists in that release at all."""
    since = REASON_SINCE.get(reason)
    return since is not None and at(((f"{since}+", True),), release) is True
