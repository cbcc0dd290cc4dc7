"""What a chart shows, in words: the title, the legend and the sentence under the picture."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from forensics.incidents.incident import Incident
from forensics.report.charts.view import View, look_at
from forensics.report.text.incident import headline
from forensics.text import clock, counted, duration, moment

if TYPE_CHECKING:
    from forensics.case import Case


def title(view: View) -> str:
    """The title of a timeline."""
    if not view.incidents:
        return view.quiet
    if len(view.incidents) == 1:
        return headline(view.incidents[0])
    counts = Counter(incident.provider for incident in view.incidents)
    providers = ", ".join(f"{name} ({count})" if count > 1 else name for name, count in sorted(counts.items()))
    return f"{counted(len(view.incidents), 'incident')}: {providers}"


def legend(view: View) -> str:
    """The legend, naming only what is in the picture."""
    absorbed = any(a.absorbed for a in view.attempts)
    parts = (
        ("◆ really failed", any(not a.absorbed for a in view.attempts)),
        ("◇ failed, but a retry was answered", absorbed),
        ("▬ credential not used, and the reason recorded for it", bool(view.windows)),
        ("┃ answered", bool(view.answers)),
        ("╷ echo: refused by the gateway itself", bool(view.echoes)),
        ("┊ the gateway", bool(view.turns)),
    )
    return "\u2003".join(words for words, shown in parts if shown)


def describe_timeline(case: Case, incident: Incident | None = None) -> str:
    """One sentence on what the timeline of this case (or of one incident) shows."""
    view = look_at(case, incident)
    shown = f"From {moment(view.start)} to {clock(view.end, view.start)}"
    answered = counted(sum(event.count for event in view.answers), "answer")
    if not view.attempts and not view.windows:
        return f"{shown}: {answered}, and not one failed call."
    failed = f"{shown}: {counted(len(view.attempts), 'call')} to a provider really failed, {_opened(view)}"
    refused = counted(sum(event.count for event in view.echoes), "refusal")
    return f"{failed}; {refused} came from the gateway itself, and {answered} got through."


def _opened(view: View) -> str:
    if not view.windows:
        return "without opening a window"
    spans = ((w.start, min(w.end or view.now, view.end)) for w in view.windows)
    waited = sum((end - start).total_seconds() for start, end in spans)
    each = f"{duration(waited)} in all" if len(view.windows) > 1 else duration(waited)
    return f"opening {counted(len(view.windows), 'window')} ({each})"
