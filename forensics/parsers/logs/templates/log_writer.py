"""Where the log itself lost lines (facts 1.2): silence that is not rest."""

from __future__ import annotations

import re

from forensics.parsers.disclosure import Disclosure
from forensics.parsers.logs.templates.template import VERBOSE, Sample, Template, Wording

TEMPLATES = (
    Template(
        kind="log_size_cap",
        role="lifecycle",
        disclosure=Disclosure("own sentence", detail="path"),
        literals=("log file size cap reached; suppressing writes",),
        subsystems=("logging", ""),
        levels=("warn",),
        identity=("detail",),
        wordings=(
            Wording(
                "2.23-4.24",
                re.compile(
                    r"""(?P<text>log\ file\ size\ cap\ reached;\ suppressing\ writes)
                    \ file=(?P<detail>\S+)
                    \ maxFileBytes=\d+""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "3.11",
                r'{"time":"2026-03-12T10:00:00.000+00:00","level":"warn","subsystem":"logging","message":"log file '
                r"size cap reached; suppressing writes file=/home/kim/.openclaw/logs/openclaw.log "
                r'maxFileBytes=524288000"}',
                {
                    "text": "log file size cap reached; suppressing writes",
                    "detail": "/home/kim/.openclaw/logs/openclaw.log",
                },
            ),
        ),
    ),
    Template(
        kind="log_queue_overflow",
        role="lifecycle",
        disclosure=Disclosure("own sentence"),
        literals=("file log queue overflow; dropped ",),
        subsystems=("",),
        levels=("warn",),
        identity=("count",),
        wordings=(
            Wording(
                "9.x",
                re.compile(
                    r"""\[openclaw\]
                    \ (?P<text>file\ log\ queue\ overflow;\ dropped\ (?P<count>\d+)\ oldest\ record\(s\))""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "9.6",
                r'{"0":"[openclaw] file log queue overflow; dropped 812 oldest record(s)","dropped":812,'
                r'"message":"[openclaw] file log queue overflow; dropped 812 oldest record(s)",'
                r'"_meta":{"date":"2026-09-20T10:00:00.000Z","hostname":"h","logLevelName":"WARN","name":"openclaw"}}',
                {"text": "file log queue overflow; dropped 812 oldest record(s)", "count": 812},
            ),
        ),
    ),
)
