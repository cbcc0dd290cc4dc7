"""A check as lines of text: for people, for Nagios and its kin, for Prometheus' textfile collector."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from forensics.text import visible
from forensics.watch.check import CANNOT_LOOK, NOW, SOON, WELL, CheckResult, line
from forensics.watch.condition import Trouble

_NAGIOS = {WELL: "OK", NOW: "CRITICAL", CANNOT_LOOK: "UNKNOWN", SOON: "WARNING"}
NAGIOS_CODES = {WELL: 0, NOW: 2, CANNOT_LOOK: 3, SOON: 1}  # its own: warning 1, critical 2, unknown 3


def plain(troubles: Iterable[Trouble]) -> str:
    """A line a trouble; nothing at all when well."""
    return "".join(f"{visible(line(trouble))}\n" for trouble in troubles)


def nagios(result: CheckResult) -> str:
    """Status, the worst trouble, and counts as performance data; further troubles on further lines."""
    counts = Counter(trouble.urgency for trouble in result.troubles)
    head = line(result.troubles[0]) if result.troubles else result.unseen or "nothing needs a person"
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
            "# HELP openclaw_check_could_look Whether the evidence would have shown a trouble.",
            "# TYPE openclaw_check_could_look gauge",
            f"openclaw_check_could_look {int(result.code != CANNOT_LOOK)}",
            "# HELP openclaw_check_time_seconds The moment that was asked about.",
            "# TYPE openclaw_check_time_seconds gauge",
            f"openclaw_check_time_seconds {result.now.timestamp():.0f}",
            "",
        ]
    )


MONITORS: dict[str, Callable[[CheckResult], str]] = {"nagios": nagios, "prometheus": prometheus}
FORMATS = ("plain", *MONITORS)
