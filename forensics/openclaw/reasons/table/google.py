"""Google: Gemini API keys, Vertex, Gemini CLI and Antigravity logins."""

from __future__ import annotations

from dataclasses import replace

from forensics.openclaw.reasons.kinds import (
    AUTH,
    AUTH_PERMANENT,
    FILED_AS_AUTH,
    FILED_AS_MODEL,
    FORMAT,
    MODEL_NOT_FOUND,
    NETWORK,
    SERVER_ERROR,
    TIMEOUT,
)
from forensics.openclaw.reasons.reason import words
from forensics.openclaw.releases import BY_STATUS

ROWS = (
    replace(
        AUTH_PERMANENT,
        id="google.api_key_invalid",
        provider="google",
        status=(400, 401, 403),
        types=("api_key_invalid",),
        pattern=words(r"API\ key\ (?:not\ valid|not\ found|expired) | API_KEY_INVALID"),
        recorded=(("1.29-2.23", None), ("2.26-4.2", "auth_permanent"), ("4.5-7.1", None), ("8.1+", "auth")),
        recorded_with_status=(
            ("1.29-2.6-3", None),
            ("2.9-3.31", "format"),
            ("4.1-4.2", "auth_permanent"),
            ("4.5-7.1", "format"),
            ("8.1+", "auth"),
        ),
        fact="4.3",
        samples=(
            (
                '400 {"error":{"code":400,"message":"API key not valid. Please pass a valid API key.",'
                '"status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}'
            ),
        ),
    ),
    replace(
        NETWORK,
        id="google.location",
        provider="google",
        status=(400, 403),
        types=("failed_precondition",),
        pattern=words(r"user\ location\ is\ not\ supported"),
        waiting_helps=False,
        cure="Send requests from a supported country; the key is not at fault.",
        samples=(
            (
                '400 {"error":{"code":400,"message":"User location is not supported for the API use.",'
                '"status":"FAILED_PRECONDITION"}}'
            ),
        ),
    ),
    replace(
        SERVER_ERROR,
        id="google.internal",
        provider="google",
        types=("internal",),
        recorded=(("1.29-3.24", None), ("3.28-9.5", "timeout"), ("9.6", "server_error")),
        recorded_with_status=BY_STATUS[500],
        fact="4.3",
        samples=('500 {"error":{"code":500,"message":"An internal error has occurred.","status":"INTERNAL"}}',),
    ),
    replace(
        TIMEOUT,
        id="google.deadline",
        provider="google",
        types=("deadline_exceeded",),
        samples=(
            (
                '504 {"error":{"code":504,"message":"Deadline expired before operation could complete.",'
                '"status":"DEADLINE_EXCEEDED"}}'
            ),
        ),
    ),
    replace(
        AUTH_PERMANENT,
        id="google.account_blocked",
        provider="google",
        status=(403,),
        types=("validation_required", "tos_violation", "permission_denied"),
        pattern=words(r"verify\ your\ account | violation\ of\ (?:the\ )?terms | disabled\ in\ this\ account"),
        scope="account",
        owner="account",
        cure="Verify or appeal the account at the provider, and use another one until then.",
        recorded=FILED_AS_AUTH,
        fact="4.2",
        samples=(
            (
                '403 {"error":{"code":403,"message":"Verify your account to continue.","status":"PERMISSION_DENIED",'
                '"details":[{"reason":"VALIDATION_REQUIRED"}]}}'
            ),
        ),
    ),
    replace(
        AUTH_PERMANENT,
        id="google.permission",
        provider="google",
        types=("permission_denied", "service_disabled"),
        owner="account",
        cure="Enable the API for the project and grant the credential access to it.",
        recorded=FILED_AS_AUTH,
        fact="4.3",
        samples=(
            (
                '403 {"error":{"code":403,"message":"Generative Language API has not been used in project 0 before or '
                'it is disabled.","status":"PERMISSION_DENIED"}}'
            ),
        ),
    ),
    replace(
        AUTH,
        id="google.unauthenticated",
        provider="google",
        types=("unauthenticated", "access_token_expired"),
        recorded=FILED_AS_AUTH,
        fact="4.2",
        samples=(
            (
                '401 {"error":{"code":401,"message":"Request had invalid authentication credentials.",'
                '"status":"UNAUTHENTICATED"}}'
            ),
        ),
    ),
    replace(
        FORMAT,
        id="google.thought_signature",
        provider="google",
        status=(400,),
        types=("invalid_argument",),
        pattern=words(r"thought_?\ ?signature"),
        recorded=(("1.29-2.6-3", None), ("2.9+", "format")),
        fact="4.3",
        samples=(
            (
                '400 {"error":{"code":400,"message":"Function call is missing a thought_signature in functionCall '
                'parts.","status":"INVALID_ARGUMENT"}}'
            ),
        ),
    ),
    replace(
        MODEL_NOT_FOUND,
        id="google.model",
        provider="google",
        status=(404,),
        types=("not_found",),
        pattern=words(r"\bmodels?\b"),
        words_suffice=False,
        recorded=FILED_AS_MODEL,
        fact="4.2",
        samples=(
            (
                '404 {"error":{"code":404,"message":"models/gemini-invented is not found for API version v1beta",'
                '"status":"NOT_FOUND"}}'
            ),
        ),
    ),
    replace(
        FORMAT,
        id="google.invalid_argument",
        provider="google",
        status=(400,),
        types=("invalid_argument", "failed_precondition"),
        fact="4.2",
        samples=(
            (
                '400 {"error":{"code":400,"message":"Please ensure that function call turn comes immediately after a '
                'user turn.","status":"INVALID_ARGUMENT"}}'
            ),
        ),
    ),
)
