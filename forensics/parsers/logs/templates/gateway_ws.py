"""What the gateway answers its clients (facts 2.1): `gateway/ws`. Values are cut at 240 characters."""

from __future__ import annotations

import re

from forensics.parsers.disclosure import Disclosure
from forensics.parsers.logs.envelopes.envelope import Record
from forensics.parsers.logs.templates.error_texts import with_error
from forensics.parsers.logs.templates.template import VERBOSE, Fields, Sample, Template, Wording

_HERE = ("gateway/ws",)
_RUNS_A_MODEL = re.compile(r"agent(?:\.wait)?|chat\.\w+|send|sessions\.(?:send|steer|compact)")
_ASKED_WRONGLY = frozenset(
    {"INVALID_REQUEST", "FORBIDDEN", "UNAUTHORIZED", "NOT_PAIRED", "NOT_LINKED", "APPROVAL_NOT_FOUND"}
)
_ROUTINE = (
    rf'"1":"⇄ res ✗ [^" ]+ (?:\d+ms )?errorCode=((?:{"|".join(sorted(_ASKED_WRONGLY))}) errorMessage=[A-Za-z ,.:-]+)'
    r'[^"]*"'
)


def _answered(_record: Record, fields: Fields) -> Fields:
    """Only a method that runs a model, asked rightly, can carry a provider's answer that says nothing of itself."""
    runs = bool(_RUNS_A_MODEL.fullmatch(str(fields.get("stage", ""))))
    told = with_error(fields, otherwise="failure" if runs else "noise")
    return told | ({"role": "noise"} if fields.get("detail") in _ASKED_WRONGLY else {})


TEMPLATES = (
    Template(
        kind="gateway_ws_error",
        role="failure",
        disclosure=Disclosure("error", detail="word"),
        literals=(" errorMessage=",),
        routine=_ROUTINE,
        subsystems=_HERE,
        identity=("stage", "run", "text"),
        refine=_answered,
        wordings=(
            Wording(
                "all",
                re.compile(
                    r"""⇄\ res\ ✗\ (?P<stage>\S+)
                    (?:\ (?P<duration_ms>\d+)ms)?
                    \ errorCode=(?P<detail>\S+)
                    \ errorMessage=(?P<text>.{0,1000}?)
                    (?:\ runId=(?P<run>\S+))?
                    (?:\ error=.{0,1000}?)?
                    (?:\ cached=true)?
                    \ conn=\S+
                    \ id=\S+(?=\s*\Z|\n)""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "2.9",
                "09:18:58 [ws] ⇄ res ✗ agent errorCode=UNAVAILABLE errorMessage=Error: All models failed (3): "
                "anthropic/claude-opus-4-5: HTTP 403 permission_error: OAuth token does not meet scope requirement "
                "user:profile (request_id: req_011LAB9d42c26a22de4cffb6) (auth) | anthropic/claude-sonnet-4-5: No "
                "available auth ... runId=lab-11-1795163647513 error=Error: All models failed (3): "
                "anthropic/claude-opus-4-5: HTTP 403 permission_error: OAuth token does not meet scope requirement "
                "user:profile (request_id: req_011LAB9d42c26a22de4cffb6) (auth) | anthropic/claude-sonnet-4-5: No "
                "available auth ... conn=6541eba9…efea id=r11",
                {
                    "stage": "agent",
                    "detail": "UNAVAILABLE",
                    "run": "lab-11-1795163647513",
                    "provider": "anthropic",
                    "model": "claude-opus-4-5",
                    "recorded_reason": "auth",
                    "http_status": 403,
                    "error_type": "permission_error",
                    "request_id": "req_011LAB9d42c26a22de4cffb6",
                    "text": "HTTP 403 permission_error: OAuth token does not meet scope requirement user:profile "
                    "(request_id: req_011LAB9d42c26a22de4cffb6)",
                },
            ),
            Sample(
                "9.6",
                "09:17:44 [ws] ⇄ res ✗ agent errorCode=UNAVAILABLE errorMessage=All models failed (3): "
                "anthropic/claude-opus-4-7: Provider anthropic has auth issue (skipping all models) (auth) | "
                "anthropic/claude-sonnet-4-6: Provider anthropic has auth issue (skipping all models) (auth) | "
                "anthropic/claude-opus-4-6: Prov... runId=lab-9-1795165040671 error=All models failed (3): "
                "anthropic/claude-opus-4-7: Prov... conn=a60617c1…e653 id=r9",
                {
                    "role": "echo",
                    "stage": "agent",
                    "detail": "UNAVAILABLE",
                    "run": "lab-9-1795165040671",
                    "provider": "anthropic",
                    "model": "claude-opus-4-7",
                    "recorded_reason": "auth",
                    "text": "All models failed (3): anthropic/claude-opus-4-7: Provider anthropic has auth issue "
                    "(skipping all models) (auth) | anthropic/claude-sonnet-4-6: Provider anthropic has auth issue "
                    "(skipping all models) (auth) | anthropic/claude-opus-4-6: Prov...",
                    "text_cut": True,
                },
            ),
            Sample(
                "2.9",
                "10:15:23 [ws] ⇄ res ✗ cron.run 2ms errorCode=UNAVAILABLE errorMessage=Error: unknown cron job id: "
                "no-such-job conn=f7acbee2…0b72 id=r17",
                {
                    "role": "noise",
                    "stage": "cron.run",
                    "duration_ms": 2,
                    "detail": "UNAVAILABLE",
                    "text": "unknown cron job id: no-such-job",
                },
            ),
            Sample(
                "7.1",
                "2026-11-20T10:13:37.538+01:00 [ws] ⇄ res ✗ sessions.patch 2ms errorCode=INVALID_REQUEST "
                "errorMessage=invalid sessions.patch params: at root: unexpected property 'bogusField' "
                "conn=f7acbee2…0b72 id=r14",
                {
                    "role": "noise",
                    "stage": "sessions.patch",
                    "duration_ms": 2,
                    "detail": "INVALID_REQUEST",
                    "text": "invalid sessions.patch params: at root: unexpected property 'bogusField'",
                },
            ),
        ),
    ),
)
