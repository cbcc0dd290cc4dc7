"""LiteLLM proxies."""

from __future__ import annotations

from dataclasses import replace

from forensics.openclaw.reasons.kinds import (
    AUTH_PERMANENT,
    BILLING,
    FILED_AS_FORMAT,
    FILED_AS_FORMAT_WITH_STATUS,
    MODEL_NOT_FOUND,
    RATE_LIMIT,
)
from forensics.openclaw.reasons.reason import words

ROWS = (
    replace(
        BILLING,
        id="litellm.budget",
        provider="litellm",
        status=(400, 402, 403, 429),
        types=("budget_exceeded", "budgetexceedederror"),
        pattern=words(r"budget\ has\ been\ exceeded | exceeded\ budget | ExceededBudget"),
        scope="credential",
        cure="Raise the budget of this key, team or user in the proxy.",
        recorded=FILED_AS_FORMAT,
        recorded_with_status=FILED_AS_FORMAT_WITH_STATUS,
        issues=(74120,),
        fact="4.3",
        samples=(
            (
                '400 {"error":{"message":"Budget has been exceeded! Current cost: 10.02, Max budget: 10.0",'
                '"type":"budget_exceeded","code":"400"}}'
            ),
        ),
    ),
    replace(
        AUTH_PERMANENT,
        id="litellm.key",
        provider="litellm",
        status=(400, 401, 403),
        types=("token_not_found_in_db", "auth_error"),
        pattern=words(r"invalid\ proxy\ server\ token | LiteLLM\ Virtual\ Key\ expected | No\ api\ key\ passed\ in"),
        samples=(
            (
                '401 {"error":{"message":"Authentication Error, Invalid proxy server token passed.",'
                '"type":"token_not_found_in_db"}}'
            ),
        ),
    ),
    replace(
        AUTH_PERMANENT,
        id="litellm.key_model_access",
        provider="litellm",
        types=("key_model_access_denied", "team_model_access_denied"),
        scope="model",
        cure="Allow the model for this key or team in the proxy, or choose another model.",
        samples=('401 {"error":{"message":"key not allowed to access model.","type":"key_model_access_denied"}}',),
    ),
    replace(
        MODEL_NOT_FOUND,
        id="litellm.model",
        provider="litellm",
        status=(400, 404),
        pattern=words(r"invalid\ model\ name\ passed\ in | LLM\ Provider\ NOT\ provided"),
        samples=('400 {"error":{"message":"Invalid model name passed in model=invented","code":"400"}}',),
    ),
    replace(
        RATE_LIMIT,
        id="litellm.no_deployments",
        provider="litellm",
        status=(429,),
        pattern=words(r"no\ deployments\ available\ for\ selected\ model"),
        scope="model",
        owner="provider",
        cure="Wait for the proxy's own cooldown, and look there for the upstream's first error.",
        samples=("429 No deployments available for selected model, Try again in 5 seconds. Passed model=invented.",),
    ),
)
