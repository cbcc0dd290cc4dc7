"""Errors on the root logger (facts 2.1, 2.9, 2.10 and 10): no subsystem, level error or warn.

A reply of the assistant is a root line at info. So these templates want a loud level where one is stated.
"""

from __future__ import annotations

import re

from forensics.parsers.disclosure import Disclosure
from forensics.parsers.logs.templates.error_texts import spoken
from forensics.parsers.logs.templates.fields import adding
from forensics.parsers.logs.templates.template import LOUD, VERBOSE, Sample, Template, Wording

_ROOT = ("",)


TEMPLATES = (
    Template(
        kind="embedded_agent_failed",
        role="failure",
        disclosure=Disclosure("error"),
        literals=("Embedded agent failed before reply: ",),
        subsystems=_ROOT,
        levels=LOUD,
        refine=spoken(),
        wordings=(Wording("all", re.compile(r"Embedded\ agent\ failed\ before\ reply:\ (?P<text>.*)", VERBOSE)),),
        samples=(
            Sample(
                "2.9",
                "09:40:22 Embedded agent failed before reply: All models failed (3): anthropic/claude-opus-4-5: "
                "Provider anthropic is in cooldown (all profiles unavailable) (rate_limit) | "
                "anthropic/claude-sonnet-4-5: HTTP 403 permission_error: OAuth token does not meet scope requirement "
                "user:profile (auth) | anthropic/claude-haiku-4-5: Provider anthropic is in cooldown (all profiles "
                "unavailable) (rate_limit)",
                {
                    "provider": "anthropic",
                    "model": "claude-sonnet-4-5",
                    "recorded_reason": "auth",
                    "http_status": 403,
                    "error_type": "permission_error",
                    "text": "HTTP 403 permission_error: OAuth token does not meet scope requirement user:profile",
                },
            ),
            Sample(
                "9.6",
                "13:00:57 Embedded agent failed before reply: Explicit auth order for anthropic has no usable "
                "profiles.",
                {
                    "role": "echo",
                    "provider": "anthropic",
                    "text": "Explicit auth order for anthropic has no usable profiles.",
                },
            ),
        ),
    ),
    Template(
        kind="followup_agent_failed",
        role="failure",
        disclosure=Disclosure("error", detail="word"),
        literals=("Followup agent failed before reply: ",),
        subsystems=_ROOT,
        levels=LOUD,
        refine=spoken(),
        wordings=(Wording("1.29-7.1", re.compile(r"Followup\ agent\ failed\ before\ reply:\ (?P<text>.*)", VERBOSE)),),
        samples=(
            Sample(
                "3.11",
                "10:00:00 Followup agent failed before reply: session file locked (timeout 10000ms): pid=812 "
                "/home/kim/.openclaw/agents/main/sessions/a.jsonl.lock",
                {
                    "text": "session file locked (timeout 10000ms): pid=812 "
                    "/home/kim/.openclaw/agents/main/sessions/a.jsonl.lock",
                    "detail": "local",
                },
            ),
        ),
    ),
    Template(
        kind="transient_http_error",
        role="failure",
        disclosure=Disclosure("error"),
        literals=("Transient HTTP provider error before reply (",),
        subsystems=_ROOT,
        levels=LOUD,
        refine=spoken(),
        wordings=(
            Wording(
                "2.12-8.2",
                re.compile(
                    r"""Transient\ HTTP\ provider\ error\ before\ reply\ \((?P<text>.*)\)\.
                    \ Retrying\ once\ in\ (?P<duration_ms>\d+)ms\.""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "2.17",
                "10:00:00 Transient HTTP provider error before reply (502 Bad Gateway). Retrying once in 2500ms.",
                {"text": "502 Bad Gateway", "http_status": 502, "duration_ms": 2500},
            ),
        ),
    ),
    Template(
        kind="sdk_stream_error",
        role="failure",
        disclosure=Disclosure("error"),
        literals=("Could not parse message into JSON: ",),
        subsystems=_ROOT,
        levels=LOUD,
        refine=adding(error_type="malformed_stream"),
        wordings=(Wording("1.29-4.x", re.compile(r"(?P<text>Could\ not\ parse\ message\ into\ JSON:\ .*)", VERBOSE)),),
        samples=(
            Sample(
                "3.11",
                '12:00:39 Could not parse message into JSON: {"type":"content_block_sta',
                {
                    "text": 'Could not parse message into JSON: {"type":"content_block_sta',
                    "error_type": "malformed_stream",
                },
            ),
        ),
    ),
    Template(
        kind="process_error",
        role="lifecycle",
        disclosure=Disclosure("error"),
        literals=("[openclaw] Uncaught exception:", "[openclaw] Unhandled promise rejection:"),
        subsystems=_ROOT,
        levels=LOUD,
        refine=spoken(otherwise="lifecycle"),
        wordings=(
            Wording(
                "all",
                re.compile(
                    r"\[openclaw\]\ (?:Uncaught\ exception|Unhandled\ promise\ rejection):\ (?P<text>.*)", VERBOSE
                ),
            ),
        ),
        samples=(
            Sample(
                "3.11",
                "10:00:00 [openclaw] Uncaught exception: TypeError: Cannot read properties of undefined (reading 'id')",
                {"text": "Cannot read properties of undefined (reading 'id')"},
            ),
        ),
    ),
    Template(
        kind="surfaced_provider_error",
        role="failure",
        disclosure=Disclosure("error"),
        literals=(" (request_id: req_",),
        subsystems=_ROOT,
        levels=("info",),
        refine=spoken(),
        wordings=(
            Wording(
                "all",
                re.compile(
                    r"""(?P<text>HTTP\ [45]\d\d\ [a-z]+(?:_[a-z]+)*_error:
                    \ [^\n]+
                    \ \(request_id:\ req_\w+\))\s*\Z""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "2.9",
                "10:02:00 HTTP 429 rate_limit_error: You've reached your subscription usage limit. Next reset in 6 "
                "days. (request_id: req_011LAB9d42c26a22de4cffb6)",
                {
                    "text": "HTTP 429 rate_limit_error: You've reached your subscription usage limit. Next reset in 6 "
                    "days. (request_id: req_011LAB9d42c26a22de4cffb6)",
                    "http_status": 429,
                    "error_type": "rate_limit_error",
                    "request_id": "req_011LAB9d42c26a22de4cffb6",
                },
            ),
        ),
    ),
    Template(
        kind="surfaced_error_sentence",
        role="noise",
        disclosure=Disclosure("error", detail="word"),
        literals=(
            "API rate limit reached. Please try again later.",
            "The AI service is temporarily overloaded. Please try again in a moment.",
            "API provider returned a billing error",
            "LLM request timed out.",
            "LLM request failed",
            "LLM request rejected: ",
            "LLM streaming response contained a malformed fragment.",
            "Context overflow: prompt too large for the model.",
            "Request timed out before a response was generated.",
            "Agent failed before reply: ",
        ),
        subsystems=_ROOT,
        levels=("info",),
        refine=adding(detail="reply"),
        wordings=(
            Wording(
                "all",
                re.compile(
                    r"""(?P<text>
                      ⚠️\ API\ rate\ limit\ reached\.\ Please\ try\ again\ later\.
                    | The\ AI\ service\ is\ temporarily\ overloaded\.\ Please\ try\ again\ in\ a\ moment\.
                    | ⚠️\ API\ provider\ returned\ a\ billing\ error\ —\ [^\n]+
                    | LLM\ request\ timed\ out\.
                    | LLM\ request\ failed(?:\ with\ an\ unknown\ error)?\.
                    | LLM\ request\ (?:failed|rejected):\ [^\n]+
                    | LLM\ streaming\ response\ contained\ a\ malformed\ fragment\.\ Please\ try\ again\.
                    | Context\ overflow:\ prompt\ too\ large\ for\ the\ model\.[^\n]*
                    | Request\ timed\ out\ before\ a\ response\ was\ generated\.\ Please\ try\ again,[^\n]*
                    | ⚠️\ Agent\ failed\ before\ reply:\ .*
                    )\s*\Z""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "4.5",
                "2026-11-20T10:36:50.795+01:00 ⚠️ API rate limit reached. Please try again later.",
                {"text": "⚠️ API rate limit reached. Please try again later.", "detail": "reply"},
            ),
        ),
    ),
)
