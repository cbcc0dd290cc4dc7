"""Runs that ended with a reply: `agents/agent-command` from 7.1, before that an error line without subsystem.

The provider answers again.
"""

from __future__ import annotations

import re

from forensics.parsers.disclosure import Disclosure
from forensics.parsers.logs.envelopes.envelope import Record
from forensics.parsers.logs.templates.template import LOUD, VERBOSE, Fields, Sample, Template, Wording


def _no_reply(record: Record, fields: Fields) -> Fields | None:
    """A root line at info is a reply of the assistant, whatever it quotes."""
    return fields if record.subsystem or record.level in LOUD else None


TEMPLATES = (
    Template(
        kind="agent_run_answered",
        role="answer",
        disclosure=Disclosure("closed", detail="word"),
        literals=(" ended with stopReason=",),
        routine=r'"1":"\[agent\] run [^ "]+ ended with stopReason=(stop|toolUse|length)"',
        subsystems=("agents/agent-command", "agent", ""),  # a console takes the brackets for a subsystem
        identity=("run",),
        refine=_no_reply,
        wordings=(
            Wording(
                "3.28+",
                re.compile(
                    r"""(?:\[agent\]\ )?run\ (?P<run>\S+)
                    \ ended\ with\ stopReason=(?P<detail>stop|toolUse|length)""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "6.11",
                '{"0":"[agent] run r1 ended with stopReason=stop","_meta":{"name":"openclaw","date":'
                '"2026-06-11T08:10:02.382Z","logLevelName":"ERROR"},"time":"2026-06-11T08:10:02.382+00:00"}',
                {"run": "r1", "detail": "stop"},
            ),
            Sample(
                "6.11",
                "2026-06-11T08:10:02.382+00:00 [agent] run r1 ended with stopReason=stop",
                {"run": "r1", "detail": "stop"},
            ),
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
