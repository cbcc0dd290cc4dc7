"""Restart storms: starts in a rhythm, each of which looks planned or like a crash of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from forensics.detectors.questions import examples
from forensics.detectors.questions.detector import CaseFacts, Detector, Found
from forensics.detectors.restart_storms import RestartStorm, restart_storms
from forensics.tables import Event, Finding
from forensics.text import clip, duration, in_figures

_WORDS = 120
_BY_SIGNAL = {
    "SIGTERM": (
        "two supervisors fighting over one gateway (a service beside a second start, a watchdog, a container policy)",
        "See who starts it: `openclaw gateway status --deep`; leave one of them on and stop the others.",
    ),
    "SIGUSR1": (
        "restarts that OpenClaw was asked for, again and again",
        "See what asks for them (a cron job, a change of openclaw.json, a plugin), and stop that first.",
    ),
}
_ASKERS = {
    "cron_asked_for_restart": (
        "cron, whose isolated runs time out while they are set up: each asks for a safe restart",
        "Pause the jobs with an isolated session (`openclaw cron list`, `openclaw cron disable <id>`) until one runs.",
    ),
    "gateway_restart_log": ("commands that restart it (see gateway-restart.log)", "Stop what runs those commands."),
    "config_needs_restart": ("changes of openclaw.json that need a restart", "Find what keeps writing openclaw.json."),
    "config_patched": ("changes of openclaw.json that need a restart", "Find what keeps writing openclaw.json."),
}
_CRASHES = (
    "a gateway that ends right after its start, and a service manager that starts it again",
    "Stop the service, run `openclaw doctor`, and read the last lines before an end.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Storm:
    """One restart storm, as the contract shows it."""

    start: datetime
    end: datetime
    count: int
    every_s: float | None  # null: without a rhythm
    ended_by: str | None  # the signal of most ends; null: they say nothing
    name: str  # what it looks like
    evidence: tuple[str, ...]


def _sees(facts: CaseFacts) -> bool:
    return facts.seen.gateway_log


def _detect(facts: CaseFacts) -> tuple[Found, ...]:
    return tuple(_found(storm) for storm in restart_storms(facts.events))


def _found(storm: RestartStorm) -> Found:
    signal = _signal(storm)
    name, remedy = _name(storm, signal)
    finding = Finding(
        detector="restart_storms",
        severity="high",
        confidence="high" if storm.every else "medium",
        verdict="restart_storm",
        owner="gateway",
        summary=_sentence(storm, signal, name),
        first_time=storm.start,
        last_time=storm.end,
        evidence=storm.places,
        remedy=remedy,
    )
    answer = Storm(
        start=storm.start,
        end=storm.end,
        count=storm.count,
        every_s=storm.every.total_seconds() if storm.every else None,
        ended_by=signal,
        name=name,
        evidence=storm.places,
    )
    return Found(finding, answer)


def _signal(storm: RestartStorm) -> str | None:
    """The signal that ended most of the runs; None where most said nothing."""
    signal, times = next(iter(storm.signals.most_common(1)), (None, 0))
    return signal if 2 * times >= storm.count - 1 else None


def _name(storm: RestartStorm, signal: str | None) -> tuple[str, str]:
    if storm.asked_by:
        return _ASKERS[storm.asked_by]
    return _BY_SIGNAL.get(signal, _BY_SIGNAL["SIGTERM"]) if signal else _CRASHES


def _sentence(storm: RestartStorm, signal: str | None, name: str) -> str:
    lasted = duration((storm.end - storm.start).total_seconds())
    rhythm = f", one every {duration(storm.every.total_seconds())}" if storm.every else ""
    ended = f"most ended by {signal}" if signal else "most ended without a word"
    counter = f" The service manager counts {storm.counter} restarts." if storm.counter else ""
    words = f" Last words: {clip(storm.last_words, _WORDS)}" if storm.last_words else ""
    return (
        f"{storm.count} starts of the gateway in {lasted} from {in_figures(storm.start)}{rhythm}, {ended}: "
        f"it looks like {name}.{counter}{words}".rstrip(".")
        + "."
    )


def _restarts(clocks: list[str], signal: str = "SIGTERM") -> list[Event]:
    """A start and its end half a minute later."""
    lines = []
    for clock in clocks:
        later = examples.at(clock) + timedelta(seconds=21)
        lines += [
            examples.event(clock, "agent_model", "lifecycle", text="agent model: anthropic/claude-opus-4-5"),
            examples.event(f"{later:%H:%M:%S}", "signal_received", "lifecycle", detail=signal),
        ]
    return lines


def _fires() -> CaseFacts:
    """Twelve starts in six minutes, every one stopped by SIGTERM."""
    return examples.facts(events=_restarts([f"09:{n // 2:02}:{30 * (n % 2):02}" for n in range(12)]))


def _silent() -> CaseFacts:
    """Somebody restarts it four times while trying things out."""
    return examples.facts(events=_restarts(["09:00:00", "09:04:10", "09:05:00", "09:21:00"]))


DETECTOR = Detector(
    name="restart_storms",
    question="Who keeps restarting the gateway?",
    evidence="start and stop lines of the gateway, the service manager's restart counter in the journal",
    blind="A start that wrote no line, and who sent a signal: the name is what the rhythm looks like, no proof.",
    section="restart_storms",
    sees=_sees,
    detect=_detect,
    fires=_fires,
    silent=_silent,
    rank=7,
)
