"""OpenAI: API keys, ChatGPT and Codex logins."""

from __future__ import annotations

from dataclasses import replace

from forensics.openclaw.reasons.kinds import (
    AUTH,
    AUTH_PERMANENT,
    CONTEXT_OVERFLOW,
    FILED_AS_AUTH,
    FILED_AS_MODEL,
    FILED_AS_OVERFLOW,
    FILED_AS_OVERFLOW_WITH_STATUS,
    FORMAT,
    MODEL_NOT_FOUND,
    NETWORK,
    SERVER_ERROR,
)
from forensics.openclaw.reasons.reason import words

ROWS = (
    replace(
        AUTH_PERMANENT,
        id="openai.deactivated_workspace",
        provider="openai",
        types=("deactivated_workspace", "workspace_deactivated"),
        scope="account",
        owner="account",
        cure="Log in with another workspace, or have its owner reactivate it.",
        recorded=(("1.29-5.18", "billing"), ("5.22+", "auth_permanent")),
        fact="4.3",
        samples=('402 {"detail":{"code":"deactivated_workspace"}}',),
    ),
    replace(
        AUTH_PERMANENT,
        id="openai.account_deactivated",
        provider="openai",
        status=(401, 403),
        types=("account_deactivated",),
        pattern=words(r"account\b.{0,60}\bdeactivated | deactivated.{0,30}\baccount"),
        scope="account",
        owner="account",
        cure="Ask the provider why the account is deactivated, and use a credential of another one.",
        samples=(
            (
                '401 {"error":{"message":"The OpenAI account associated with this API key has been deactivated.",'
                '"type":"invalid_request_error","code":"account_deactivated"}}'
            ),
        ),
    ),
    replace(
        NETWORK,
        id="openai.region",
        provider="openai",
        types=("unsupported_country_region_territory", "unsupported_country"),
        waiting_helps=False,
        cure="Send requests from a supported country; the credential is not at fault.",
        recorded=FILED_AS_AUTH,
        fact="4.3",
        samples=(
            (
                '403 {"error":{"code":"unsupported_country_region_territory","message":"Country, region, or territory '
                'not supported","param":null,"type":"request_forbidden"}}'
            ),
        ),
    ),
    replace(
        NETWORK,
        id="openai.address_not_authorized",
        provider="openai",
        types=("ip_not_authorized",),
        waiting_helps=False,
        other_credential_helps=True,
        cure="Add this machine's address to the project's allow list.",
        samples=(
            '401 {"error":{"code":"ip_not_authorized","message":"Your IP address is not authorized for this project"}}',
        ),
    ),
    replace(
        AUTH_PERMANENT,
        id="openai.key_not_given",
        provider="openai",
        status=(401,),
        pattern=words(r"you\ didn't\ provide\ an\ api\ key"),
        owner="config",
        cure="Configure a key for this provider and agent: the request carried none.",
        samples=("401 You didn't provide an API key. You need to provide your API key in an Authorization header.",),
    ),
    replace(
        AUTH_PERMANENT,
        id="openai.token_invalidated",
        provider="openai",
        status=(401, 403),
        types=("token_invalidated", "token_revoked", "session_invalidated"),
        pattern=words(r"token\ has\ been\ (?:invalidated|revoked) | invalidated\ oauth\ token | signing\ in\ again"),
        cure="Log in again: the session was ended elsewhere.",
        samples=(
            (
                '401 {"error":{"message":"Your authentication token has been invalidated. Please try signing in '
                'again.","code":"token_invalidated"}}'
            ),
        ),
    ),
    replace(
        AUTH,
        id="openai.token_expired",
        provider="openai",
        types=("token_expired",),
        recorded=FILED_AS_AUTH,
        fact="4.5",
        samples=(
            '401 {"error":{"message":"Provided authentication token is expired.","code":"token_expired"},"status":401}',
        ),
    ),
    replace(
        AUTH_PERMANENT,
        id="openai.missing_scopes",
        provider="openai",
        status=(401, 403),
        pattern=words(r"insufficient\ permissions\ for\ this\ operation | missing\ scopes?:"),
        types=("missing_scope", "insufficient_permissions"),
        cure="Create a key with the scopes that the message names, or log in again with them.",
        samples=(
            (
                "403 You have insufficient permissions for this operation. Missing scopes: model.request. Check that "
                "you have the correct role in your organization."
            ),
        ),
    ),
    replace(
        AUTH_PERMANENT,
        id="openai.organization",
        provider="openai",
        status=(401, 403, 404),
        pattern=words(r"must\ be\ (?:a\ member\ of\ an\ organization | verified\ to\ (?:use|stream))"),
        scope="account",
        owner="account",
        cure="Have the organisation verified, or join one, in the provider's console.",
        samples=("403 Your organization must be verified to use the model `gpt-invented`.",),
    ),
    replace(
        MODEL_NOT_FOUND,
        id="openai.model",
        provider="openai",
        types=("model_not_found",),
        recorded=FILED_AS_MODEL,
        fact="4.3",
        samples=(
            (
                '404 {"error":{"message":"The model `gpt-invented` does not exist or you do not have access to it.",'
                '"type":"invalid_request_error","code":"model_not_found"}}'
            ),
        ),
    ),
    replace(
        MODEL_NOT_FOUND,
        id="openai.model_not_for_chatgpt",
        provider="openai",
        status=(400, 403, 404),
        pattern=words(r"model\ is\ not\ supported\ when\ using\ Codex\ with\ a\ ChatGPT\ account"),
        other_credential_helps=True,
        cure="Choose a model that ChatGPT logins may use, or use an API key.",
        samples=(
            '400 {"detail":"The \'gpt-invented\' model is not supported when using Codex with a ChatGPT account."}',
        ),
    ),
    replace(
        CONTEXT_OVERFLOW,
        id="openai.context_length",
        provider="openai",
        types=("context_length_exceeded", "string_above_max_length"),
        recorded=FILED_AS_OVERFLOW,
        recorded_with_status=FILED_AS_OVERFLOW_WITH_STATUS,
        fact="4.3",
        samples=(
            (
                '400 {"error":{"message":"This model\'s maximum context length is 128000 tokens.",'
                '"type":"invalid_request_error","code":"context_length_exceeded"}}'
            ),
        ),
    ),
    replace(
        SERVER_ERROR,
        id="openai.server_error",
        provider="openai",
        types=("server_error",),
        recorded=(("1.29-3.24", None), ("3.28-5.7", "timeout"), ("5.12+", "server_error")),
        fact="4.3",
        samples=('{"type":"server_error","code":"server_error","message":"An error occurred, sorry."}',),
    ),
    replace(
        SERVER_ERROR,
        id="openai.server_error_with_status",
        provider="openai",
        status=(500, 502, 503),
        types=("server_error",),
        fact="4.2",
        samples=(
            '500 {"error":{"type":"server_error","message":"The server had an error while processing your request."}}',
        ),
    ),
    replace(
        FORMAT,
        id="openai.items",
        provider="openai",
        status=(400, 404),
        pattern=words(
            r"""no\ tool\ (?:call|output)\ found\ for | without\ its\ required\ following\ item
            | previous_response_not_found | previous\ response\ with\ id | tool_calls.{0,40}must\ be\ followed"""
        ),
        samples=("400 No tool call found for function call output with call_id call_Invented1.",),
    ),
)
