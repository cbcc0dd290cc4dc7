"""What usually follows from each true reason: rows are made from these with `dataclasses.replace`.

And the ways several answers are filed alike, by release (facts 4.3).
"""

from __future__ import annotations

from forensics.openclaw.reasons.reason import Reason
from forensics.openclaw.releases import Filed

AUTH = Reason(
    id="",
    true_reason="auth",
    scope="credential",
    owner="credential",
    waiting_helps=False,
    other_credential_helps=True,
    cure="Refresh the credential, and log in again if the refresh is refused.",
)
AUTH_PERMANENT = Reason(
    id="",
    true_reason="auth_permanent",
    scope="credential",
    owner="credential",
    waiting_helps=False,
    other_credential_helps=True,
    cure="Replace the credential: create a new key or log in again.",
)
BILLING = Reason(
    id="",
    true_reason="billing",
    scope="account",
    owner="account",
    waiting_helps=False,
    other_credential_helps=True,
    cure="Pay or raise the cap of the account, then clear the profile's disabled window.",
)
QUOTA = Reason(
    id="",
    true_reason="quota",
    scope="account",
    owner="account",
    waiting_helps=True,
    other_credential_helps=True,
    cure="Use another account or provider until the allowance renews.",
    until="window",
)
RATE_LIMIT = Reason(
    id="",
    true_reason="rate_limit",
    scope="account",
    owner="account",
    waiting_helps=True,
    other_credential_helps=True,
    cure="Wait as long as the provider says, and send fewer requests at a time.",
)
OVERLOADED = Reason(
    id="",
    true_reason="overloaded",
    scope="provider",
    owner="provider",
    waiting_helps=True,
    other_credential_helps=False,
    cure="Wait a few minutes, or configure a fallback at another provider.",
)
TIMEOUT = Reason(
    id="",
    true_reason="timeout",
    scope="provider",
    owner="provider",
    waiting_helps=True,
    other_credential_helps=False,
    cure="Check whether the machine itself stood still, then the provider's status page.",
)
NETWORK = Reason(
    id="",
    true_reason="network",
    scope="network",
    owner="network",
    waiting_helps=True,
    other_credential_helps=False,
    cure="Check the connection, DNS and proxy between this machine and the provider.",
)
SERVER_ERROR = Reason(
    id="",
    true_reason="server_error",
    scope="provider",
    owner="provider",
    waiting_helps=True,
    other_credential_helps=False,
    cure="Retry, or configure a fallback at another provider.",
)
FORMAT = Reason(
    id="",
    true_reason="format",
    scope="request",
    owner="session",
    waiting_helps=False,
    other_credential_helps=False,
    cure="Start a new session, or remove the message that the provider rejects.",
)
CONTEXT_OVERFLOW = Reason(
    id="",
    true_reason="context_overflow",
    scope="request",
    owner="session",
    waiting_helps=False,
    other_credential_helps=False,
    cure="Compact the session or start a new one.",
)
MODEL_NOT_FOUND = Reason(
    id="",
    true_reason="model_not_found",
    scope="model",
    owner="config",
    waiting_helps=False,
    other_credential_helps=False,
    cure="Correct the model id in the configuration, or choose a model this account can use.",
)
TLS = Reason(
    id="",
    true_reason="tls",
    scope="network",
    owner="network",
    waiting_helps=False,
    other_credential_helps=False,
    cure="Fix the certificate chain: clock, CA bundle, or the proxy that opens the connection.",
)
LOCAL = Reason(
    id="",
    true_reason="local",
    scope="local",
    owner="gateway",
    waiting_helps=None,
    other_credential_helps=False,
    cure="Look at this machine and the gateway process, not at the provider.",
)
UNKNOWN = Reason(
    id="any.unknown",
    true_reason="unknown",
    scope="request",
    owner="gateway",
    waiting_helps=None,
    other_credential_helps=None,
    cure="Find the transcript entry or log line that holds the provider's own words.",
    fact="4.4",
)

# Typed words that name a class of answers; the words beside them say which one it is.
CLASS_TYPES = frozenset(
    {
        "api_error",
        "authentication_error",
        "bad_request",
        "badrequesterror",
        "failed_precondition",
        "forbidden",
        "invalid_argument",
        "invalid_request",
        "invalid_request_error",
        "not_found",
        "not_found_error",
        "permission_denied",
        "permission_error",
        "rate_limit_error",
        "rate_limit_exceeded",
        "ratelimiterror",
        "requests",
        "resource_exhausted",
        "resourcenotfoundexception",
        "server_error",
        "throttlingexception",
        "tokens",
        "too_many_requests",
        "toomanyrequests",
        "unauthorized",
        "unavailable",
        "validationexception",
    }
)

FILED_AS_FORMAT: Filed = (("1.29-3.31", None), ("4.1+", "format"))
FILED_AS_FORMAT_WITH_STATUS: Filed = (("1.29-2.6-3", None), ("2.9+", "format"))
FILED_AS_OVERFLOW: Filed = (("1.29-6.11", None), ("7.1+", "context_overflow"))
FILED_AS_OVERFLOW_WITH_STATUS: Filed = (
    ("1.29-2.6-3", None),
    ("2.9-3.31", "format"),
    ("4.1-6.11", None),
    ("7.1+", "context_overflow"),
)
FILED_AS_PERMISSION: Filed = (("1.29-2.26", "auth"), ("3.2-4.2", "auth_permanent"), ("4.5+", "auth"))
FILED_AS_MODEL: Filed = (("1.29-2.17", None), ("2.21+", "model_not_found"))
FILED_AS_LIMIT_THEN_BILLING: Filed = (("1.29-5.22", "rate_limit"), ("5.26+", "billing"))
FILED_AS_OVERLOADED: Filed = (("1.29-2.9", "rate_limit"), ("2.12-3.2", "timeout"), ("3.8+", "overloaded"))
FILED_AS_NETWORK: Filed = (("1.29-2.26", None), ("3.2+", "timeout"))
FILED_AS_AUTH: Filed = (("all", "auth"),)
FILED_AS_LIMIT: Filed = (("all", "rate_limit"),)
FILED_AS_TIMEOUT: Filed = (("all", "timeout"),)
FILED_AS_NOTHING: Filed = (("all", None),)
