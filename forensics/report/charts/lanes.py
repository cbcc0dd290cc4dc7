"""The lanes of the timeline from top to bottom, and where each stands in pixels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from forensics.report.charts.view import View, Who, of_attempt, of_window
from forensics.tables import Event
from forensics.text import counted, shorten_middle

LANE_HEIGHT = 42
_MOST_PROFILES = 24
_MOST_AGENTS = 4
_NAME_LENGTH = 30


@dataclass(frozen=True, slots=True)
class Lane:
    """One row of the picture; `note` says in small print what is in it. `top` in pixels."""

    key: str
    name: str
    note: str
    top: float

    @property
    def middle(self) -> float:
        return self.top + LANE_HEIGHT / 2


def lay_out(view: View, top: float) -> dict[str, Lane]:
    """Answers, one lane per profile in order of first trouble, echoes, the gateway; empty ones left out."""
    lanes = [
        *_agent_lanes("answered", view.answers, "answer"),
        *_profile_lanes(view),
        *_agent_lanes("echoes", view.echoes, "refusal"),
        *([("gateway", "gateway", _said(view))] if view.turns else []),
    ]
    return {
        key: Lane(key, shorten_middle(name, _NAME_LENGTH), note, top + n * LANE_HEIGHT)
        for n, (key, name, note) in enumerate(lanes)
    }


def profile_key(who: Who, view: View) -> str:
    """The lane of a credential: the agent is named only where several agents are concerned."""
    profile = who.profile or f"{who.provider}, profile not known"
    return f"{who.agent} · {profile}" if who.agent and view.several_agents else profile


def agent_keys(kind: str, events: Sequence[Event]) -> list[str]:
    """The lane of each answer or echo: one per agent where there are a few, else one for all."""
    agents = [event.agent for event in events]
    if not 1 < len(set(agents) - {None}) <= _MOST_AGENTS:
        return [kind] * len(agents)
    return [f"{kind} · {agent}" if agent else kind for agent in agents]


def _agent_lanes(kind: str, events: Sequence[Event], noun: str) -> list[tuple[str, str, str]]:
    counts = Counter(agent_keys(kind, events))
    return [(key, key, counted(count, noun)) for key, count in sorted(counts.items())]


def _profile_lanes(view: View) -> list[tuple[str, str, str]]:
    failed = [(a.failure.time, of_attempt(a)) for a in view.attempts]
    waited = [(w.start, of_window(w)) for w in view.windows]
    troubled = [who for _, who in sorted(failed + waited, key=lambda found: found[0])]
    providers = list(dict.fromkeys(who.provider for who in troubled))
    seen = {who.profile for who in troubled}
    calm = [who for who in view.profiles if who.provider in providers and who.profile not in seen]
    everyone = sorted(troubled + calm, key=lambda who: providers.index(who.provider))
    failures = Counter(profile_key(who, view) for _, who in failed)
    windows = Counter(profile_key(who, view) for _, who in waited)
    keys = list(dict.fromkeys(profile_key(who, view) for who in everyone))
    return [(key, key, _note(failures[key], windows[key])) for key in keys[:_MOST_PROFILES]]


def _note(failures: int, windows: int) -> str:
    if not failures and not windows:
        return "no trouble"
    return f"{counted(failures, 'failure')}, {counted(windows, 'window')}"


def _said(view: View) -> str:
    counts = Counter(turn.what for turn in view.turns)
    return ", ".join(counted(counts[what], what) for what in sorted(counts))
