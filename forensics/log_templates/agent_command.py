"""Runs that ended with a reply (7.1+): `agents/agent-command`. The provider answers again."""

from __future__ import annotations

import re

from forensics.log_templates.template import VERBOSE, Sample, Template, Wording

TEMPLATES = (
    Template(
        kind="agent_run_answered",
        role="answer",
        literals=(" ended with stopReason=",),
        subsystems=("agents/agent-command",),
        identity=("run",),
        wordings=(
            Wording(
                "7.1+",
                re.compile(
                    r"""(?:\[agent\]\ )?run\ (?P<run>\S+)
                    \ ended\ with\ stopReason=(?P<detail>stop|toolUse|length)""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "7.1",
                "2026-11-20T09:32:43.044+00:00 [agents/agent-command] [agent] run lab-1-1795167156839 ended with "
                "stopReason=stop",
                {"run": "lab-1-1795167156839", "detail": "stop"},
            ),
            Sample(
                "9.6",
                "12:26:28 [agents/agent-command] [agent] run announce:v1:agent:main:subagent:8c1:19f ended with "
                "stopReason=stop",
                {
                    "run": "announce:v1:agent:main:subagent:8c1:19f",
                    "detail": "stop",
                    "agent": "main",
                    "child_session": "agent:main:subagent:8c1",
                    "trigger": "subagent",
                },
            ),
        ),
    ),
)
