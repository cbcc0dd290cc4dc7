"""What the provider's usage endpoint said beside a login: its refusals, and what it says is left of a limit.

It is another address than the one that models are called at: `openclaw status` asks it for the usage line only.
"""

from __future__ import annotations

from collections.abc import Iterable

from forensics.detectors.questions import examples
from forensics.detectors.questions.detector import CaseFacts, Detector, Found
from forensics.parsers.stores.reading.status_record import ModelsStatus
from forensics.tables import Finding, Window
from forensics.text import between


def _sees(facts: CaseFacts) -> bool:
    return any(status.usage_error or status.usage_left for status in facts.records.of(ModelsStatus))


def _detect(facts: CaseFacts) -> tuple[Found, ...]:
    statuses = facts.records.of(ModelsStatus)
    refused = (_refused(status, status.usage_error) for status in statuses if status.usage_error)
    left = (_left(status, status.usage_left, _kept_out(status, facts)) for status in statuses if status.usage_left)
    return tuple(Found(finding) for finding in (*refused, *left) if finding)


def _kept_out(status: ModelsStatus, facts: CaseFacts) -> tuple[Window, ...]:
    """The provider's windows that were open when its usage was printed."""
    at = status.observed_at or facts.now
    return tuple(w for w in facts.windows if w.provider == status.entity and w.start <= at < (w.end or facts.now))


def _refused(status: ModelsStatus, error: str) -> Finding:
    scope = " A token of `claude setup-token` never carries that scope, a healthy one neither."
    return _finding(
        status, "usage_refused",
        f"Usage line only, no model call: {status.entity} {error.rstrip('.')}.{scope * ('user:profile' in error)} "
        "It does not tell whether models answer.",
        "Nothing to do for that line. Whether the login works for models is shown by a message that is answered, "
        "or by the gateway log.",
    )  # fmt: skip


def _left(status: ModelsStatus, left: str, windows: Iterable[Window]) -> Finding | None:
    """Nothing where the provider has no window: then both say the same."""
    window = max((w for w in windows if w.end), key=lambda w: w.end or w.start, default=None)
    if window is None or window.end is None:
        return None
    wait = between(status.observed_at or window.start, window.end)
    return _finding(
        status, "usage_left",
        f"{status.entity} reports {left}, but {window.profile} is not asked for another {wait}: the two disagree.",
        "Try one message on that profile before you wait: the limit may be over, and only OpenClaw's own mark stays.",
        *window.sources[:1],
    )  # fmt: skip


def _finding(status: ModelsStatus, verdict: str, summary: str, remedy: str, *evidence: str) -> Finding:
    return Finding(
        detector="usage_endpoint",
        severity="info" if verdict == "usage_refused" else "medium",
        confidence="high",
        verdict=verdict,
        owner="provider",
        summary=summary,
        first_time=status.observed_at,
        last_time=status.observed_at,
        evidence=(status.source("usage", "usage.left") or status.file, *evidence),
        remedy=remedy,
    )


def _fires() -> CaseFacts:
    """The usage line shows a 403 about a scope, which is no call of a model."""
    refusal = "HTTP 403: OAuth token does not meet scope requirement user:profile"
    return examples.facts(state=[examples.stored("models_status_text", "anthropic", {"usage": refusal})])


def _silent() -> CaseFacts:
    """Half of the week is left, and no profile is kept out of use."""
    left = {"usage.left": "5h 91% left ⏱3h 50m · Week 50% left ⏱6d 2h"}
    return examples.facts(state=[examples.stored("models_status_text", "openai-codex", left)])


DETECTOR = Detector(
    name="usage_endpoint",
    question="What did the usage endpoint of a provider say, and does it agree with what OpenClaw keeps out of use?",
    evidence="the usage lines of openclaw models status and openclaw status, the windows",
    blind="Calls of models: another address answers them, and other scopes are asked for.",
    section=None,
    sees=_sees,
    detect=_detect,
    fires=_fires,
    silent=_silent,
)
