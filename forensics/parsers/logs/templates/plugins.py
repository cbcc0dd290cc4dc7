"""Plugins that cannot be loaded (facts 2.1): the gateway goes on without them, and no provider has to do with it."""

from __future__ import annotations

import re

from forensics.parsers.disclosure import Disclosure
from forensics.parsers.logs.templates.template import LOUD, VERBOSE, Sample, Template, Wording

_FROM = "/usr/lib/node_modules/openclaw/extensions/device-pair/index.ts"
_ERROR = "Error: Cannot find module 'libsignal/src/curve.js'"

TEMPLATES = (
    Template(
        kind="plugin_failed",
        role="noise",
        disclosure=Disclosure("error"),
        is_event=False,
        literals=("[plugins] failed to load plugin: ", " failed to load from "),
        levels=LOUD,
        wordings=(
            Wording(
                "2.23+",
                re.compile(
                    r"\[plugins\]\ (?:failed\ to\ load\ plugin|\S+\ failed\ to\ load\ from\ [^:]+):\ (?P<text>.*)",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "2.23",
                f"2026-02-23T09:05:54.509Z error gateway [plugins] device-pair failed to load from {_FROM}: {_ERROR}",
                {"text": _ERROR},
            ),
            Sample(
                "2.23",
                f"2026-02-23T09:05:54.675Z error gateway [plugins] failed to load plugin: {_ERROR}",
                {"text": _ERROR},
            ),
        ),
    ),
)
