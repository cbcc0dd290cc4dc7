"""Does the recorded reason agree with the true one? The rule of the design's section 5, and nothing more."""

from __future__ import annotations

from typing import Literal

from forensics.openclaw.reasons.reason import Classification
from forensics.openclaw.releases import synthetic_status

Agreement = Literal["agrees", "misclassified", "weak", "undecidable"]

_SAME = (  # words that send a person the same way
    frozenset({"auth", "auth_permanent"}),
    frozenset({"tls", "tls_certificate"}),
    frozenset({"quota", "subscription_limit"}),
)
_SAYS_NOTHING = frozenset({"unknown", "unclassified", "no_error_details", "empty_response", "none", ""})

_STATUS_SAYS = {
    "auth": {401, 403},
    "auth_permanent": {401, 403},
    "billing": {402},
    "rate_limit": {429},
    "overloaded": {503, 529},
    "timeout": {408, 504, 524},
    "server_error": {500, 502, 503, 507, *range(520, 528), 530},
    "format": {400, 422},
    "model_not_found": {404},
    "context_overflow": {413},
    "session_expired": {410},
}
_TYPE_SAYS = {
    "auth": {"authentication_error", "permission_error", "unauthenticated", "permission_denied", "unauthorized"},
    "auth_permanent": {"authentication_error", "permission_error", "unauthenticated", "permission_denied"},
    "billing": {"billing_error", "insufficient_quota", "payment_required"},
    "rate_limit": {"rate_limit_error", "rate_limit_exceeded", "resource_exhausted", "throttlingexception"},
    "overloaded": {"overloaded_error", "unavailable", "engine_overloaded_error"},
    "timeout": {"timeout_error", "deadline_exceeded"},
    "server_error": {"api_error", "server_error", "internal", "internal_error", "unavailable"},
    "format": {"invalid_request_error", "invalid_argument", "validationexception"},
    "model_not_found": {"not_found_error", "model_not_found", "not_found"},
    "context_overflow": {"context_length_exceeded", "request_too_large"},
}


def compare_recorded(recorded: str | None, verdict: Classification) -> Agreement:
    """`agrees`, `misclassified`, `weak` or `undecidable` for one recorded reason.

    undecidable    nothing was recorded, nothing is known, the sentence is OpenClaw's own, or the text was cut
                   before any words that identify it
    agrees         the same reason; auth and auth_permanent count as the same, for both send the reader to the
                   credential
    misclassified  the typed body, or else the real status, says something else than the recorded reason:
                   403 permission_error under rate_limit, 400 invalid_request_error "credit balance" under
                   rate_limit, 529 under timeout
    weak           only words speak against it: the status or type fits the recorded reason (429 for an empty
                   balance, 400 "credit balance" under format), or there is neither. A quota under rate_limit is
                   always weak, typed or not: OpenClaw has no word for it, and its block may even be right.

    A status that OpenClaw computed back from its own reason is no evidence; it must not have been passed to
    `classify`, and it could not convict anyway, since it fits the recorded reason.
    """
    filed = (recorded or "").strip().lower()
    if filed in _SAYS_NOTHING or verdict.certainty == "none" or verdict.reason.true_reason == "unknown":
        return "undecidable"
    if _same(filed, verdict.reason.true_reason):
        return "agrees"
    if verdict.cut and not verdict.reason.pattern:
        return "undecidable"
    if (filed, verdict.reason.true_reason) == ("rate_limit", "quota"):
        return "weak"
    return "misclassified" if _contradicted(filed, verdict) else "weak"


def _same(filed: str, true: str) -> bool:
    return filed == true or any(filed in words and true in words for words in _SAME)


def _contradicted(filed: str, verdict: Classification) -> bool:
    """The strongest structured evidence there is does not name the recorded reason."""
    if verdict.certainty == "typed":
        return verdict.error_type not in _TYPE_SAYS.get(filed, set())
    fitting = _STATUS_SAYS.get(filed, set()) | {synthetic_status(filed)}
    return verdict.certainty == "status" and verdict.http_status not in fitting
