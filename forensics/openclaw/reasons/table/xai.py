"""xAI (Grok)."""

from __future__ import annotations

from dataclasses import replace

from forensics.openclaw.reasons.kinds import BILLING, FILED_AS_AUTH, FORMAT
from forensics.openclaw.reasons.reason import words

ROWS = (
    replace(
        BILLING,
        id="xai.credits",
        provider="xai",
        status=(400, 402, 403, 429),
        types=("permission-denied",),
        pattern=words(
            r"used\ all\ available\ credits | reached\ its\ monthly\ spending\ limit | doesn't\ have\ any\ credits"
        ),
        cure="Buy credits or raise the team's monthly spending limit.",
        samples=(
            (
                '403 {"code":"permission-denied","error":"Your newly created team doesn\'t have any credits or '
                'licenses yet."}'
            ),
        ),
    ),
    replace(
        FORMAT,
        id="xai.refusal",
        provider="xai",
        status=(403,),
        pattern=words(r"I\ can't\ help\ with\ that | content\ violates\ usage\ guidelines"),
        cure="Change the message that was refused, or start a new session; the key is fine.",
        recorded=FILED_AS_AUTH,
        issues=(155823,),
        fact="4.3",
        samples=("403 I can't help with that request.",),
    ),
)
