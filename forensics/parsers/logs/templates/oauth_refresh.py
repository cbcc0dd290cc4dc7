"""Refreshes that failed (facts 2.2, 2.6). Their error text also travels in lanes, decisions and announces."""

from __future__ import annotations

import re

from forensics.parsers.disclosure import Disclosure
from forensics.parsers.logs.envelopes.envelope import Record
from forensics.parsers.logs.templates.error_texts import with_error
from forensics.parsers.logs.templates.template import LOUD, VERBOSE, Fields, Sample, Template, Wording


def _refused(_record: Record, fields: Fields) -> Fields:
    """Here the endpoint was asked: its own type wins, else `oauth_refresh` names the matter."""
    return {"error_type": "oauth_refresh"} | with_error(fields) | {"role": "failure"}


TEMPLATES = (
    Template(
        kind="token_refresh_failed",
        role="failure",
        disclosure=Disclosure("error"),
        literals=("] Token refresh failed: ",),
        subsystems=("",),
        levels=LOUD,
        identity=("provider", "http_status"),
        refine=_refused,
        wordings=(
            Wording(
                "1.29-5.7",
                re.compile(
                    r"""\[(?P<provider>[\w-]+)\]\ Token\ refresh\ failed:
                    \ (?P<http_status>\d{3})\b
                    \ ?(?P<text>.*)""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "2.9",
                r'{"0":"[openai-codex] Token refresh failed: 401 {\n  \"error\": {\n    \"message\": \"Your refresh '
                r'token has already been used.\",\n    \"code\": \"refresh_token_reused\"\n  }\n}",'
                r'"_meta":{"name":"openclaw","logLevelName":"ERROR"},"time":"2026-02-11T10:00:00.000Z"}',
                {
                    "provider": "openai-codex",
                    "http_status": 401,
                    "error_type": "refresh_token_reused",
                    "text": '{\n  "error": {\n    "message": "Your refresh token has already been used.",\n'
                    '    "code": "refresh_token_reused"\n  }\n}',
                },
            ),
            Sample(
                "4.12",
                "2026-04-13T10:00:00.000+00:00 [openai-codex] Token refresh failed: 400",
                {"provider": "openai-codex", "http_status": 400, "error_type": "oauth_refresh"},
            ),
        ),
    ),
    Template(
        kind="runtime_auth_refresh_failed",
        role="failure",
        disclosure=Disclosure("error"),
        literals=("Runtime auth refresh failed for ", "Copilot token refresh failed: "),
        identity=("provider", "text"),
        refine=_refused,
        wordings=(
            Wording(
                "3.24+",
                re.compile(r"Runtime\ auth\ refresh\ failed\ for\ (?P<provider>[^\s:]+):\ (?P<text>.*)", VERBOSE),
            ),
            Wording("3.2-3.13", re.compile(r"Copilot\ token\ refresh\ failed:\ (?P<text>.*)", VERBOSE)),
        ),
        samples=(
            Sample(
                "4.5",
                "2026-04-06T10:00:00.000+02:00 [agent] Runtime auth refresh failed for github-copilot: Copilot token "
                "exchange failed: HTTP 401",
                {
                    "provider": "github-copilot",
                    "text": "Copilot token exchange failed: HTTP 401",
                    "http_status": 401,
                    "error_type": "oauth_refresh",
                },
            ),
            Sample(
                "3.11",
                "2026-03-12T10:00:00.000+00:00 [agent/embedded] Copilot token refresh failed: Error: fetch failed",
                {"text": "fetch failed", "error_type": "oauth_refresh"},
            ),
        ),
    ),
    Template(
        kind="runtime_auth_refresh_skipped",
        role="credential",
        disclosure=Disclosure("own sentence"),
        literals=("Skipping runtime auth refresh scheduling for ",),
        identity=("provider",),
        wordings=(
            Wording(
                "3.24+",
                re.compile(
                    r"""Skipping\ runtime\ auth\ refresh\ scheduling\ for\ (?P<provider>[^\s;]+);
                    \ (?P<text>source\ credential\ missing)\.""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "4.5",
                "2026-04-06T10:00:00.000+02:00 [agent/embedded] Skipping runtime auth refresh scheduling for "
                "github-copilot; source credential missing.",
                {"provider": "github-copilot", "text": "source credential missing"},
            ),
        ),
    ),
)
