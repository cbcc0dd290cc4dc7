"""CLI backends such as Claude Code or Codex (facts 2.8, 2.10): `agent/claude-cli`, `agent/cli-backend`, …"""

from __future__ import annotations

import re

from forensics.parsers.disclosure import Disclosure
from forensics.parsers.logs.templates.error_texts import spoken
from forensics.parsers.logs.templates.fields import adding
from forensics.parsers.logs.templates.template import VERBOSE, Sample, Template, Wording

_MODEL = r"\ provider=(?P<provider>\S+)\ model=(?P<model>\S+)"

TEMPLATES = (
    Template(
        kind="cli_watchdog_timeout",
        role="failure",
        literals=("cli watchdog timeout: provider=",),
        identity=("provider", "model", "session", "duration_ms"),
        refine=adding(error_type="timeout"),
        wordings=(
            Wording(
                "2.17-3.24",
                re.compile(
                    rf"""cli\ watchdog\ timeout: {_MODEL}
                    \ session=(?P<session>\S+)
                    \ noOutputTimeoutMs=(?P<duration_ms>\d+)
                    \ pid=\S+""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "3.11",
                "2026-03-12T10:00:00.000+00:00 [agent/claude-cli] cli watchdog timeout: provider=claude-cli model=opus "
                "session=s1 noOutputTimeoutMs=60000 pid=4711",
                {
                    "provider": "claude-cli",
                    "model": "opus",
                    "session": "s1",
                    "duration_ms": 60000,
                    "error_type": "timeout",
                },
            ),
        ),
    ),
    Template(
        kind="cli_turn_failed",
        role="failure",
        disclosure=Disclosure("error"),
        literals=("claude live session turn failed: ", "cli terminal failure: "),
        identity=("provider", "model", "duration_ms"),
        refine=spoken(),
        wordings=(
            Wording(
                "4.24-7.1",
                re.compile(
                    rf"""claude\ live\ session\ turn\ failed: {_MODEL}
                    \ durationMs=(?P<duration_ms>\d+)
                    \ error=(?P<text>.*)""",
                    VERBOSE,
                ),
            ),
            Wording(
                "8.1+",
                re.compile(
                    rf"""cli\ terminal\ failure: {_MODEL}
                    \ durationMs=(?P<duration_ms>\d+)
                    \ runId=(?P<run>\S+)
                    \ error=(?P<text>.*)""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "5.2",
                "2026-05-03T10:00:00.000+00:00 [agent/cli-backend] claude live session turn failed: "
                "provider=claude-cli model=opus durationMs=812 error=process_exit",
                {"provider": "claude-cli", "model": "opus", "duration_ms": 812, "text": "process_exit"},
            ),
            Sample(
                "8.1",
                "10:00:00 [agent/cli-backend] cli terminal failure: provider=codex-cli model=gpt-5.4 durationMs=812 "
                "runId=r1 error=429 The usage limit has been reached",
                {
                    "provider": "codex-cli",
                    "model": "gpt-5.4",
                    "duration_ms": 812,
                    "run": "r1",
                    "http_status": 429,
                    "text": "429 The usage limit has been reached",
                },
            ),
        ),
    ),
    Template(
        kind="cli_empty_response",
        role="health",
        disclosure=Disclosure("own sentence"),
        literals=("cli empty response diagnostics: ",),
        wordings=(Wording("6.10+", re.compile(r"cli\ empty\ response\ diagnostics:\ (?P<text>.*)", VERBOSE)),),
        samples=(
            Sample(
                "6.10",
                "2026-06-20T10:00:00.000+00:00 [agent/cli-backend] cli empty response diagnostics: provider=claude-cli "
                "stdoutChars=0",
                {"text": "provider=claude-cli stdoutChars=0"},
            ),
        ),
    ),
    Template(
        kind="cli_session_reset",
        role="decision",
        disclosure=Disclosure(detail="word"),
        literals=("CLI session expired, clearing session ID and retrying: ", "cli session reset: provider="),
        identity=("provider", "session"),
        wordings=(
            Wording(
                "3.2-3.24",
                re.compile(
                    r"""CLI\ session\ (?P<detail>expired),\ clearing\ session\ ID\ and\ retrying:
                    \ provider=(?P<provider>\S+)
                    \ session=(?P<session>\S+)""",
                    VERBOSE,
                ),
            ),
            Wording(
                "4.24+",
                re.compile(
                    r"""cli\ session\ reset:\ provider=(?P<provider>\S+)
                    \ reason=(?P<detail>\S+)
                    \ sessionKey=(?P<session>\S+)""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "3.11",
                "2026-03-12T10:00:00.000+00:00 [agent/claude-cli] CLI session expired, clearing session ID and "
                "retrying: provider=claude-cli session=sha256:0123456789ab",
                {"detail": "expired", "provider": "claude-cli", "session": "sha256:0123456789ab"},
            ),
            Sample(
                "5.2",
                "2026-05-03T10:00:00.000+00:00 [agents/cli-runner] cli session reset: provider=claude-cli "
                "reason=transcript-missing sessionKey=agent:main:main",
                {
                    "detail": "transcript-missing",
                    "provider": "claude-cli",
                    "session": "agent:main:main",
                    "agent": "main",
                },
            ),
        ),
    ),
)
