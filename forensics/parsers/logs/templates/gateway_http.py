"""Turns asked for over the gateway's OpenAI-compatible HTTP endpoints, where nobody else says why one failed.

A text of several lines keeps its prefix and stands on the root logger.
"""

from __future__ import annotations

import re

from forensics.parsers.disclosure import Disclosure
from forensics.parsers.logs.envelopes.envelope import Record
from forensics.parsers.logs.templates.error_texts import with_error
from forensics.parsers.logs.templates.template import LOUD, VERBOSE, Fields, Sample, Template, Wording

_ENDPOINTS = ("openai-compat", "openresponses", "")
_PREFIXES = tuple(f"{endpoint}: " for endpoint in _ENDPOINTS if endpoint)


def _turn(record: Record, fields: Fields) -> Fields | None:
    """A turn that was dropped because its model was switched is no failure of anybody's."""
    if not (record.subsystem or record.text.startswith(_PREFIXES)):
        return None
    told = with_error(fields, "noise")
    return told | {"role": "noise"} if str(told["text"]).startswith("Live session model switch") else told


TEMPLATES = (
    Template(
        kind="http_turn_failed",
        role="failure",
        disclosure=Disclosure("error", detail="word"),
        literals=("chat completion failed: ", "-stream response failed: ", "streaming response failed: "),
        subsystems=_ENDPOINTS,
        levels=LOUD,
        refine=_turn,
        wordings=(
            Wording(
                "2.12+",
                re.compile(
                    r"""(?:openai-compat:\ |openresponses:\ )?
                    (?:(?:streaming\ )?chat\ completion | non-stream\ response | streaming\ response)
                    \ failed:\ (?P<text>.*)""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "3.28",
                "2026-03-28T09:10:02.032+00:00 [openai-compat] chat completion failed: LiveSessionModelSwitchError: "
                "Live session model switch requested: anthropic/claude-sonnet-4-5",
                {
                    "role": "noise",
                    "text": "Live session model switch requested: anthropic/claude-sonnet-4-5",
                    "detail": "local",
                },
            ),
            Sample(
                "6.11",
                '{"0":"{\\"subsystem\\":\\"openresponses\\"}","1":"non-stream response failed: FailoverError: '
                '503 upstream connect error","_meta":{"date":"2026-06-11T09:10:02.032Z","logLevelName":"WARN",'
                '"name":"{\\"subsystem\\":\\"openresponses\\"}"},"time":"2026-06-11T09:10:02.032+00:00"}',
                {"text": "503 upstream connect error", "http_status": 503},
            ),
            Sample(
                "6.11",
                '{"0":"openai-compat: chat completion failed: Error: 401 bad key\\n    at refresh","_meta":{"name":'
                '"openclaw","date":"2026-06-11T09:10:02.032Z","logLevelName":"WARN"},"time":'
                '"2026-06-11T09:10:02.032+00:00"}',
                {"text": "401 bad key\n    at refresh", "http_status": 401},
            ),
        ),
    ),
    Template(
        kind="http_request_failed",
        role="noise",
        is_event=False,
        literals=(
            "request parsing failed: ", "tool configuration failed: ", "tool execution failed: ",
            "embeddings request failed: ", "invalid image_url content: ", "failed to close embeddings provider: ",
        ),
        subsystems=("openai-compat", "openresponses", "tools-invoke"),
        levels=LOUD,
        identity=(),
        wordings=(
            Wording(
                "2.12+",
                re.compile(
                    r"""(?:(?:request\ parsing|tool\ configuration|tool\ execution|embeddings\ request)\ failed
                    | invalid\ image_url\ content | failed\ to\ close\ embeddings\ provider):\ .*""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "4.24",
                "2026-04-24T09:10:02.032+00:00 [openai-compat] invalid image_url content: Error: unsupported scheme",
                {},
            ),
        ),
    ),
)  # fmt: skip
