"""Azure OpenAI and Foundry."""

from __future__ import annotations

from dataclasses import replace

from forensics.openclaw.reasons.kinds import AUTH_PERMANENT, FORMAT, MODEL_NOT_FOUND, RATE_LIMIT
from forensics.openclaw.reasons.reason import words

ROWS = (
    replace(
        MODEL_NOT_FOUND,
        id="azure.deployment",
        provider="azure",
        types=("deploymentnotfound",),
        cure="Correct the deployment name in the base URL or model id.",
        samples=(
            (
                '404 {"error":{"code":"DeploymentNotFound","message":"The API deployment for this resource does not '
                'exist."}}'
            ),
        ),
    ),
    replace(
        AUTH_PERMANENT,
        id="azure.invalid_key",
        provider="azure",
        status=(401,),
        pattern=words(r"invalid\ subscription\ key\ or\ wrong\ API\ endpoint"),
        cure="Use the key and the endpoint of one and the same resource.",
        samples=(
            (
                '401 {"error":{"code":"401","message":"Access denied due to invalid subscription key or wrong API '
                'endpoint."}}'
            ),
        ),
    ),
    replace(
        AUTH_PERMANENT,
        id="azure.permission",
        provider="azure",
        types=("permissiondenied", "authorizationfailed"),
        cure="Grant the identity a role with data access to the resource.",
        samples=(
            '401 {"error":{"code":"PermissionDenied","message":"The principal lacks the required data action."}}',
        ),
    ),
    replace(
        RATE_LIMIT,
        id="azure.rate_limit",
        provider="azure",
        status=(429,),
        pattern=words(r"exceeded\ (?:the\ )?(?:token|call)\ rate\ limit"),
        samples=(
            (
                '429 {"error":{"code":"429","message":"Requests to the ChatCompletions_Create Operation have exceeded '
                'token rate limit of your current pricing tier. Please retry after 20 seconds."}}'
            ),
        ),
    ),
    replace(
        FORMAT,
        id="azure.content_filter",
        provider="azure",
        types=("content_filter", "responsibleaipolicyviolation"),
        cure="Change the message that the content filter stopped, or start a new session.",
        samples=(
            (
                '400 {"error":{"code":"content_filter","message":"The response was filtered due to the prompt '
                'triggering the content management policy."}}'
            ),
        ),
    ),
)
