"""The model requests as the transport sees them (facts 2.1): `[model-fetch]` and `[responses]`, 5.12+."""

from __future__ import annotations

import re

from forensics.parsers.disclosure import Disclosure
from forensics.parsers.logs.envelopes.envelope import Record
from forensics.parsers.logs.templates.error_texts import spoken, with_error
from forensics.parsers.logs.templates.fields import with_start
from forensics.parsers.logs.templates.template import VERBOSE, Fields, Sample, Template, Wording

_REQUEST = r"""
    \ provider=(?P<provider>\S+)
    \ api=\S+
    \ model=(?P<model>\S+)
"""


def _responded(record: Record, fields: Fields) -> Fields | None:
    """A request that was refused; one that was taken tells who begins to answer, not that it comes to an end."""
    status = fields.get("http_status")
    if not isinstance(status, int) or 300 <= status < 400:
        return None
    return with_start(record, fields) | ({"role": "noise"} if status < 300 else {})


def _broken(record: Record, fields: Fields) -> Fields:
    fields = with_start(record, with_error(fields))
    name, code = fields.pop("detail", None), fields.pop("stage", None)
    if name == "AbortError":  # OpenClaw stopped waiting, or the user did: nobody refused
        return fields | {"role": "noise", "error_type": name, "detail": "aborted by OpenClaw"}
    own = code if isinstance(code, str) and code.isupper() else name if name != "Error" else None
    return {column: value for column, value in ({"error_type": own} | fields).items() if value is not None}


TEMPLATES = (
    Template(
        kind="model_fetch_response",
        role="failure",
        literals=(),
        prefilter=r"\[model-fetch\] response provider=[^ ]+ api=[^ ]+ model=[^ ]+ status=[245]",
        routine=r'"1":"\[model-fetch\] response (provider=[^ "]+ api=[^ "]+ model=[^ "]+) status=2\d\d elapsedMs=\d',
        subsystems=("provider-transport-fetch",),
        identity=("provider", "model", "http_status", "duration_ms"),
        refine=_responded,
        wordings=(
            Wording(
                "5.12+",
                re.compile(
                    rf"""\[model-fetch\]\ response {_REQUEST}
                    \ status=(?P<http_status>\d+)
                    \ elapsedMs=(?P<duration_ms>\d+)
                    .*""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "7.1",
                "11:03:36 [provider-transport-fetch] [model-fetch] response provider=anthropic "
                "api=anthropic-messages model=claude-sonnet-4-6 status=429 elapsedMs=49 contentType=application/json",
                {"provider": "anthropic", "model": "claude-sonnet-4-6", "http_status": 429, "duration_ms": 49},
            ),
            Sample(
                "7.1",
                "09:37:46 [provider-transport-fetch] [model-fetch] response provider=anthropic "
                "api=anthropic-messages model=claude-sonnet-4-6 status=200 elapsedMs=87 "
                "contentType=text/event-stream",
                {
                    "role": "noise",
                    "provider": "anthropic",
                    "model": "claude-sonnet-4-6",
                    "http_status": 200,
                    "duration_ms": 87,
                },
            ),
            Sample(
                "9.6",
                "09:17:20 [provider-transport-fetch] [model-fetch] response provider=anthropic "
                "api=anthropic-messages model=claude-opus-4-7 status=403 elapsedMs=91 dispatcher=new "
                "contentType=application/json",
                {"provider": "anthropic", "model": "claude-opus-4-7", "http_status": 403, "duration_ms": 91},
            ),
        ),
    ),
    Template(
        kind="model_fetch_error",
        role="failure",
        disclosure=Disclosure("error", detail="word"),
        literals=("[model-fetch] error provider=",),
        subsystems=("provider-transport-fetch",),
        identity=("provider", "model", "duration_ms"),
        refine=_broken,
        wordings=(
            Wording(
                "5.12+",
                re.compile(
                    rf"""\[model-fetch\]\ error {_REQUEST}
                    \ elapsedMs=(?P<duration_ms>\d+)
                    \ name=(?P<detail>\S+)
                    \ code=(?P<stage>\S+)
                    \ causeName=\S+
                    \ causeCode=(?P<error_type>\S+)
                    \ message=(?P<text>.*)""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "5.28",
                "12:11:10 [provider-transport-fetch] [model-fetch] error provider=anthropic api=anthropic-messages "
                "model=claude-sonnet-4-6 elapsedMs=8 name=TypeError code=undefined causeName=Error "
                "causeCode=ECONNRESET message=fetch failed",
                {
                    "provider": "anthropic",
                    "model": "claude-sonnet-4-6",
                    "duration_ms": 8,
                    "error_type": "ECONNRESET",
                    "text": "fetch failed",
                },
            ),
            Sample(
                "6.11",
                "12:11:10 [provider-transport-fetch] [model-fetch] error provider=far api=openai-completions model=big "
                "elapsedMs=3 name=Error code=EAI_AGAIN causeName=undefined causeCode=undefined "
                "message=getaddrinfo EAI_AGAIN llm.far.example",
                {
                    "provider": "far",
                    "model": "big",
                    "duration_ms": 3,
                    "error_type": "EAI_AGAIN",
                    "text": "getaddrinfo EAI_AGAIN llm.far.example",
                },
            ),
            Sample(
                "9.6",
                "12:20:22 [provider-transport-fetch] [model-fetch] error provider=anthropic api=anthropic-messages "
                "model=claude-sonnet-4-6 elapsedMs=119611 name=TimeoutError code=undefined causeName=undefined "
                "causeCode=undefined message=request timed out",
                {
                    "provider": "anthropic",
                    "model": "claude-sonnet-4-6",
                    "duration_ms": 119611,
                    "error_type": "TimeoutError",
                    "text": "request timed out",
                },
            ),
            Sample(
                "9.6",
                "08:57:19 [provider-transport-fetch] [model-fetch] error provider=anthropic api=anthropic-messages "
                "model=claude-haiku-4-5 elapsedMs=15640 name=AbortError code=number causeName=undefined "
                "causeCode=undefined message=This operation was aborted",
                {
                    "role": "noise",
                    "provider": "anthropic",
                    "model": "claude-haiku-4-5",
                    "duration_ms": 15640,
                    "error_type": "AbortError",
                    "text": "This operation was aborted",
                    "detail": "aborted by OpenClaw",
                },
            ),
        ),
    ),
    Template(
        kind="responses_error",
        role="failure",
        disclosure=Disclosure("error"),
        literals=("[responses] error provider=", "[responses] response.failed missing error details"),
        subsystems=("openai-transport",),
        identity=("provider", "model", "text"),
        refine=spoken(),
        wordings=(
            Wording(
                "5.12-7.1",
                re.compile(
                    rf"""\[responses\]\ error {_REQUEST}
                    (?:\ name=\S+)?
                    (?:\ status=(?:(?P<http_status>\d+)|\S+))?
                    (?:\ code=\S+)?
                    (?:\ type=(?P<error_type>\S+))?
                    (?:\ causeName=\S+)?
                    (?:\ causeCode=\S+)?
                    \ message=(?P<text>.*)""",
                    VERBOSE,
                ),
            ),
            Wording("5.12-7.1", re.compile(rf"\[responses\]\ error {_REQUEST} \ (?P<text>.*)", VERBOSE)),
            Wording(
                "5.18-7.1",
                re.compile(
                    rf"\[responses\]\ (?P<text>response\.failed\ missing\ error\ details) {_REQUEST} .*", VERBOSE
                ),
            ),
        ),
        samples=(
            Sample(
                "5.28",
                "10:28:19 [openai-transport] [responses] error provider=openai-codex api=openai-codex-responses "
                "model=gpt-5.5 name=Error status=429 code=undefined type=usage_limit_reached causeName=undefined "
                "causeCode=undefined message=429 The usage limit has been reached",
                {
                    "provider": "openai-codex",
                    "model": "gpt-5.5",
                    "http_status": 429,
                    "error_type": "usage_limit_reached",
                    "text": "429 The usage limit has been reached",
                },
            ),
            Sample(
                "5.12",
                "2026-05-14T10:28:19.907+00:00 [openai-transport] [responses] error provider=openai "
                "api=openai-responses model=gpt-5.4 503 Service Unavailable",
                {
                    "provider": "openai",
                    "model": "gpt-5.4",
                    "http_status": 503,
                    "text": "503 Service Unavailable",
                },
            ),
            Sample(
                "5.18",
                "2026-05-20T10:28:19.907+00:00 [openai-transport] [responses] response.failed missing error details "
                "provider=openai api=openai-responses model=gpt-5.4",
                {
                    "provider": "openai",
                    "model": "gpt-5.4",
                    "text": "response.failed missing error details",
                },
            ),
        ),
    ),
)
