"""A check as lines of text: for people, for Nagios and its kin, for Prometheus' textfile collector."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Literal

from forensics.text import visible
from forensics.watch.check import NOW, SOON, CheckResult, line

Format = Literal["plain", "nagios", "prometheus"]
_NAGIOS = {0: "OK", NOW: "CRITICAL", SOON: "WARNING"}
NAGIOS_CODES = {0: 0, NOW: 2, 2: 3, SOON: 1}  # its own: warning 1, critical 2, unknown 3


def plain(result: CheckResult) -> str:
    """A line a trouble; nothing at all when well."""
    return "".join(f"{visible(line(trouble))}\n" for trouble in result.troubles)


def nagios(result: CheckResult) -> str:
    """Status, the worst trouble, and counts as performance data; further troubles on further lines."""
    counts = Counter(trouble.urgency for trouble in result.troubles)
    head = line(result.troubles[0]) if result.troubles else "nothing needs a person"
    rest = "".join(f"{visible(line(trouble)).replace('|', '/')}\n" for trouble in result.troubles[1:])
    status = visible(head).replace("|", "/")
    return f"OPENCLAW {_NAGIOS[result.code]}: {status} | now={counts['now']} soon={counts['soon']}\n{rest}"


def prometheus(result: CheckResult) -> str:
    """Metrics: one sample a condition and urgency, and when the check ran."""
    counts = Counter((trouble.condition, trouble.urgency) for trouble in result.troubles)
    rows = [
        f'openclaw_trouble{{condition="{name}",urgency="{urgency}"}} {counts[name, urgency]}'
        for name in result.asked
        for urgency in ("now", "soon")
    ]
    return "\n".join(
        [
            "# HELP openclaw_trouble Troubles of an OpenClaw gateway that need a person.",
            "# TYPE openclaw_trouble gauge",
            *rows,
            "# HELP openclaw_check_time_seconds The moment that was asked about.",
            "# TYPE openclaw_check_time_seconds gauge",
            f"openclaw_check_time_seconds {result.now.timestamp():.0f}",
            "",
        ]
    )


FORMATS: dict[str, Callable[[CheckResult], str]] = {"plain": plain, "nagios": nagios, "prometheus": prometheus}
