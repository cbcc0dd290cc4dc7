"""What an embedded run does with auth profiles and models on the way (facts 2.2): `agent/embedded`."""

from __future__ import annotations

import re

from forensics.parsers.disclosure import Disclosure
from forensics.parsers.logs.templates.fields import adding
from forensics.parsers.logs.templates.template import VERBOSE, Sample, Template, Wording

_MODEL = r"(?P<provider>[^\s/]+)/(?P<model>\S+)"
_HERE = ("agent/embedded",)


TEMPLATES = (
    Template(
        kind="profile_rotated",
        role="decision",
        disclosure=Disclosure("own sentence"),
        literals=(". Trying next account...",),
        identity=("profile", "text"),
        refine=adding(decision="rotate_profile"),
        wordings=(
            Wording(
                "all",
                re.compile(
                    r"""Profile\ (?P<profile>\S.*?)\ (?P<text>(?:timed\ out|\w+\ timeout)\b.*?)
                    \.\ Trying\ next\ account\.\.\.""",
                    VERBOSE,
                ),
            ),
            Wording(
                "all",
                re.compile(r"Profile\ (?P<profile>\S+)\ (?P<text>.+?)\.\ Trying\ next\ account\.\.\.", VERBOSE),
            ),
        ),
        samples=(
            Sample(
                "2.9",
                "2026-02-11T10:00:00.000Z [agent/embedded] Profile anthropic:work timed out (possible rate limit). "
                "Trying next account...",
                {
                    "profile": "anthropic:work",
                    "text": "timed out (possible rate limit)",
                    "decision": "rotate_profile",
                },
            ),
            Sample(
                "3.11",
                "12:12:51 [agent/embedded] Profile anthropic:default timed out. Trying next account...",
                {"profile": "anthropic:default", "text": "timed out", "decision": "rotate_profile"},
            ),
            Sample(
                "3.11",
                "12:12:51 [agent/embedded] Profile anthropic:Kim Q timed out. Trying next account...",
                {"profile": "anthropic:Kim Q", "text": "timed out", "decision": "rotate_profile"},
            ),
            Sample(
                "5.28",
                "12:33:18 [agent/embedded] Profile anthropic:default idle timeout (model silent). Trying next "
                "account...",
                {
                    "profile": "anthropic:default",
                    "text": "idle timeout (model silent)",
                    "decision": "rotate_profile",
                },
            ),
        ),
    ),
    Template(
        kind="profile_request_rejected",
        role="failure",
        disclosure=Disclosure("own sentence"),
        literals=(" hit Cloud Code Assist format error.", " rejected image payload"),
        identity=("profile", "text"),
        refine=adding(error_type="format"),
        wordings=(
            Wording(
                "all",
                re.compile(
                    r"Profile\ (?P<profile>\S+)\ (?P<text>(?:hit\ Cloud\ Code\ Assist|rejected\ image\ payload).*)",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "2.9",
                "2026-02-11T10:00:00.000Z [agent/embedded] Profile google-antigravity:kim hit Cloud Code Assist "
                "format error. Tool calls will be sanitized on retry.",
                {
                    "profile": "google-antigravity:kim",
                    "text": "hit Cloud Code Assist format error. Tool calls will be sanitized on retry.",
                    "error_type": "format",
                },
            ),
        ),
    ),
    Template(
        kind="profile_probed",
        role="decision",
        literals=("probing cooldowned auth profile for ",),
        identity=("provider", "model", "recorded_reason"),
        wordings=(
            Wording(
                "3.8+",
                re.compile(
                    rf"""probing\ cooldowned\ auth\ profile\ for\ {_MODEL}
                    \ due\ to\ (?P<recorded_reason>\S+)\ unavailability""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "5.28",
                "10:42:47 [agent/embedded] probing cooldowned auth profile for anthropic/claude-sonnet-4-6 due to "
                "overloaded unavailability",
                {
                    "provider": "anthropic",
                    "model": "claude-sonnet-4-6",
                    "recorded_reason": "overloaded",
                },
            ),
        ),
    ),
    Template(
        kind="profile_rotation_cap",
        role="decision",
        disclosure=Disclosure(detail="word"),
        literals=(" profile rotation cap reached for ",),
        identity=("provider", "model", "attempt"),
        refine=adding(decision="fallback_model"),
        wordings=(
            Wording(
                "3.31+",
                re.compile(
                    rf"""(?P<detail>rate-limit|overload)\ profile\ rotation\ cap\ reached\ for\ {_MODEL}
                    \ after\ (?P<attempt>\d+)\ rotations;\ escalating\ to\ model\ fallback""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "4.1",
                "2026-04-02T10:00:00.000+00:00 [agent/embedded] rate-limit profile rotation cap reached for "
                "openai/gpt-5.4 after 1 rotations; escalating to model fallback",
                {
                    "detail": "rate-limit",
                    "provider": "openai",
                    "model": "gpt-5.4",
                    "attempt": 1,
                    "decision": "fallback_model",
                },
            ),
        ),
    ),
    Template(
        kind="overload_backoff",
        role="decision",
        literals=("overload backoff before failover for ",),
        identity=("provider", "model", "duration_ms"),
        refine=adding(decision="back_off"),
        wordings=(
            Wording(
                "3.8-8.2",
                re.compile(
                    rf"""overload\ backoff\ before\ failover\ for\ {_MODEL}:
                    (?:\ attempt=(?P<attempt>\d+))?
                    \ delayMs=(?P<duration_ms>\d+)""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "3.11",
                "10:21:01 [agent/embedded] overload backoff before failover for anthropic/claude-sonnet-4-5: "
                "attempt=1 delayMs=275",
                {
                    "decision": "back_off",
                    "provider": "anthropic",
                    "model": "claude-sonnet-4-5",
                    "attempt": 1,
                    "duration_ms": 275,
                },
            ),
            Sample(
                "3.31",
                "2026-04-01T10:00:00.000+00:00 [agent/embedded] overload backoff before failover for "
                "openai/gpt-5.4: delayMs=500",
                {
                    "decision": "back_off",
                    "provider": "openai",
                    "model": "gpt-5.4",
                    "duration_ms": 500,
                },
            ),
        ),
    ),
    Template(
        kind="model_switch",
        role="decision",
        disclosure=Disclosure(detail="word"),
        literals=("live session model switch ",),
        identity=("session", "provider", "model", "detail"),
        subsystems=_HERE,
        wordings=(
            Wording(
                "3.28+",
                re.compile(
                    rf"""live\ session\ model\ switch\ (?P<stage>detected|requested)
                    \ (?:before|after|during)\ (?:[a-z]+\ )?attempt\ for\ (?P<session>\S+):
                    \ {_MODEL}
                    \ ->\ (?P<detail>\S+)""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "9.1",
                "10:00:00 [agent/embedded] live session model switch requested during active attempt for s1: "
                "anthropic/claude-opus-4-7 -> anthropic/claude-sonnet-4-6",
                {
                    "stage": "requested",
                    "session": "s1",
                    "provider": "anthropic",
                    "model": "claude-opus-4-7",
                    "detail": "anthropic/claude-sonnet-4-6",
                },
            ),
            Sample(
                "3.28",
                "2026-03-29T10:00:00.000+00:00 [agent/embedded] live session model switch detected before attempt "
                "for s1: anthropic/claude-opus-4-5 -> openai/gpt-5.4",
                {
                    "stage": "detected",
                    "session": "s1",
                    "provider": "anthropic",
                    "model": "claude-opus-4-5",
                    "detail": "openai/gpt-5.4",
                },
            ),
        ),
    ),
    Template(
        kind="fallbacks_disabled",
        role="decision",
        disclosure=Disclosure("own sentence", detail="hash"),
        literals=("[model-fallback] configured fallbacks disabled",),
        identity=("run",),
        wordings=(
            Wording(
                "8.2+",
                re.compile(
                    r"""\[model-fallback\]\ (?P<text>configured\ fallbacks\ disabled\ by\ user\ model\ override)
                    \ run=(?P<run>\S+)
                    \ session=(?P<detail>\S+)""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "8.2",
                "10:00:00 [agent/embedded] [model-fallback] configured fallbacks disabled by user model override "
                "run=r1 session=sha256:0123456789ab",
                {
                    "text": "configured fallbacks disabled by user model override",
                    "run": "r1",
                    "detail": "sha256:0123456789ab",
                },
            ),
        ),
    ),
)
