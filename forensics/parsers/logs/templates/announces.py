"""Results waiting for their requester (facts 2.8, 10): the announce queue and the wake of the requester."""

from __future__ import annotations

import re

from forensics.parsers.disclosure import Disclosure
from forensics.parsers.logs.templates.error_texts import spoken
from forensics.parsers.logs.templates.template import LOUD, VERBOSE, Sample, Template, Wording

_ROOT = ("",)

TEMPLATES = (
    Template(
        kind="requester_wake_failed",
        role="delivery",
        disclosure=Disclosure("error"),
        literals=("requester settle wake attempt ",),
        subsystems=_ROOT,
        levels=LOUD,
        identity=("attempt", "text"),
        refine=spoken(otherwise="delivery"),
        wordings=(
            Wording(
                "9.6",
                re.compile(
                    r"""requester\ settle\ wake\ attempt\ (?P<attempt>\d+)\ failed;
                    \ retrying\ in\ \S+:
                    \ (?P<text>.*)""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "9.6",
                "13:00:58 requester settle wake attempt 1 failed; retrying in 30s: Explicit auth order for anthropic "
                "has no usable profiles.",
                {
                    "role": "echo",
                    "attempt": 1,
                    "provider": "anthropic",
                    "text": "Explicit auth order for anthropic has no usable profiles.",
                },
            ),
        ),
    ),
    Template(
        kind="announce_queue_failed",
        role="delivery",
        disclosure=Disclosure("error"),
        literals=("announce queue drain failed for ",),
        subsystems=_ROOT,
        levels=LOUD,
        identity=("requester", "text"),
        refine=spoken(otherwise="delivery"),
        wordings=(
            Wording(
                "1.29-5.12",
                re.compile(
                    r"""announce\ queue\ drain\ failed\ for\ (?P<requester>\S+?)
                    (?:\ \(attempt\ (?P<attempt>\d+),\ retry\ in\ [^)]*\))?:
                    \ (?P<text>.*)""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "2.26",
                "10:00:00 announce queue drain failed for agent:main:main (attempt 2, retry in 4s): Error: fetch "
                "failed",
                {
                    "role": "failure",
                    "requester": "agent:main:main",
                    "attempt": 2,
                    "text": "fetch failed",
                },
            ),
        ),
    ),
)
