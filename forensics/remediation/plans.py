"""What to do about an incident, first thing first: what helps, what does not, what to leave alone, how it shows.

Commands are printed only where the release at hand has them (see `commands`).
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from forensics.detectors.questions import CaseFacts
from forensics.detectors.run import Findings
from forensics.incidents.incident import Incident, next_chance
from forensics.openclaw import reasons, releases
from forensics.openclaw.releases import Release
from forensics.parsers.stores.reading.config_record import Config
from forensics.remediation.json_patches import Patch, Step
from forensics.remediation.logins import ASK, left_behind, new_credential, store_key
from forensics.remediation.stale_state import left_over, taken_at_its_word
from forensics.text import clock, counted

_MOST = 5  # lines of the short form
_REFUSED = ("auth", "auth_permanent")
_LIMITS = ("quota", "rate_limit")
_CLEARED = {
    True: "The provider goes on refusing until its own limit ends.",
    False: "OpenClaw calls sooner, and the call fails as long as the cause lasts.",
}
_SHARED = ("credential", "account", "provider", "network")  # what every model of a provider has in common


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Sentences, each list in order. `patches` are those that the sentences of `steps` print."""

    steps: tuple[str, ...]
    does_not_help: tuple[str, ...] = ()
    do_not_touch: tuple[str, ...] = ()
    check: tuple[str, ...] = ()
    patches: tuple[Patch, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """All of it as one list, as the contract's `remedy` and the report show it."""
        return (
            *self.steps,
            *(f"Does not help: {sentence}" for sentence in self.does_not_help),
            *(f"Do not touch: {sentence}" for sentence in self.do_not_touch),
            *(f"It worked when {sentence}" for sentence in self.check),
        )

    @property
    def brief(self) -> tuple[str, ...]:
        """The five sentences that matter first; one of them says what does not help."""
        rest = [f"Does not help: {s}" for s in self.does_not_help[:1]]
        rest += [f"It worked when {s}" for s in self.check[:1]]
        return (*self.steps[: _MOST - len(rest)], *rest)


def make_plans(facts: CaseFacts, answers: Findings, release: Release | None) -> dict[str, Plan]:
    """A plan for every incident. `release` None: not known, so only what every release has is printed."""
    return {incident.id: plan(incident, facts, answers, release) for incident in facts.incidents}


def plan(incident: Incident, facts: CaseFacts, answers: Findings, release: Release | None) -> Plan:
    """The plan of one incident, from its cause, its windows, and what the detectors found left behind."""
    over = incident.end is not None and incident.end <= facts.now
    unasked = taken_at_its_word(incident, answers)
    cure = _cure(incident, facts, release, may_wait=not unasked)
    first = [] if over else [*cure, *_meanwhile(incident, facts)]
    after = list(left_over(incident, facts, answers, release))
    later = [*_cure(incident, facts, release, may_wait=False)] if over and not incident.waiting_helps else []
    steps = [*first, *after, *later]
    if incident.end and over:
        steps.insert(0, _over(incident, incident.end, more=bool(steps)))
    return Plan(
        steps=tuple(step.sentence for step in steps),
        does_not_help=tuple(_useless(incident, release, may_clear=unasked)),
        do_not_touch=tuple(_untouchable(incident, release)),
        check=tuple(_signs(incident)),
        patches=tuple(step.patch for step in steps if step.patch),
    )


def _over(incident: Incident, end: datetime, *, more: bool) -> Step:
    """`more`: steps follow. What waiting cured needs none."""
    rest = "what follows is for where the old cause still stands, and for the next time" if more else "nothing is left"
    return Step(f"Over since {clock(end)} UTC, when {incident.provider} answered again; {rest}.")


def _cure(incident: Incident, facts: CaseFacts, release: Release | None, *, may_wait: bool) -> Iterator[Step]:
    """The cure of the reasons table first, then the commands for it.

    `may_wait`: False where it is over, or where nobody has put the end of its block to the test.
    """
    if not incident.remedy:
        yield from left_behind(incident, facts.credentials, release)
        yield Step("Find the first failure: collect the evidence named as missing, then ask again.")
    yield from (Step(sentence) for sentence in incident.remedy)
    if _from_environment(incident):
        yield Step("The restart, after that and not before: `openclaw gateway restart`.")
        yield Step(
            f"Or store a credential, which comes before the variable: `{store_key(incident.provider, release)}`."
        )
    elif incident.owner == "credential" and incident.true_reason in _REFUSED:
        yield from new_credential(incident, facts.credentials, release)
    elif incident.rule == "local.missing_key":
        yield from left_behind(incident, facts.credentials, release)
        yield Step(f"Put one in: `{ASK}` asks for provider and credential.")
    elif incident.true_reason == "model_not_found":
        listed = f"openclaw models list --all --provider {shlex.quote(incident.provider)}"
        yield Step(f"See what there is with `{listed}`, and choose with `openclaw models set <model>`.")
    elif incident.waiting_helps and may_wait:
        yield from _wait(incident, facts.now)


def _from_environment(incident: Incident) -> bool:
    """A refused key that no store holds: see `owners`."""
    return incident.owner == "config" and incident.because is not None and incident.true_reason in _REFUSED


def _wait(incident: Incident, now: datetime) -> Iterator[Step]:
    chance = next_chance(incident)
    if chance and chance > now:
        ends = "the provider's own limit" if chance == incident.resets_at else "the last window"
        yield Step(f"Wait until {clock(chance, now)} UTC: that is when {ends} ends.")
    elif chance is None and incident.true_reason == "quota":
        yield Step("The provider does not tell when its limit ends; the windows only say when OpenClaw tries again.")


def _meanwhile(incident: Incident, facts: CaseFacts) -> Iterator[Step]:
    """Another provider to fall back on, and no more runs that can only fail."""
    if _scope(incident) in _SHARED and not _other_fallbacks(incident, facts):
        yield Step(
            f"Until then, add a model of another provider: `openclaw models fallbacks add <provider>/<model>`; "
            f"there is none besides {incident.provider}."
        )
    if incident.impact.cron_runs > 1 and incident.waiting_helps is not None:
        yield Step(
            f"{counted(incident.impact.cron_runs, 'cron run')} failed meanwhile: see `openclaw cron list`, pause with "
            "`openclaw cron disable <id>`."
        )


def _other_fallbacks(incident: Incident, facts: CaseFacts) -> bool:
    """Whether any configured model belongs to another provider; also true where no configuration is at hand."""
    named = [model for config in facts.records.of(Config) for model in config.models]
    return not named or any(model.partition("/")[0] != incident.provider for model in named if "/" in model)


def _scope(incident: Incident) -> str | None:
    return reasons.row(incident.rule).scope if incident.rule else None


def _useless(incident: Incident, release: Release | None, *, may_clear: bool) -> Iterator[str]:
    """What people try first and what comes of it."""
    if incident.owner != "gateway":
        yield _restarting(incident, release)
    if incident.waiting_helps is False:
        yield "waiting. The cause does not end by itself."
        if incident.windows:
            yield "clearing every cooldown. The next call opens them anew, and what the counters told is gone."
    elif incident.waiting_helps and incident.windows and not may_clear:
        yield f"clearing the windows early. {_CLEARED[incident.true_reason in _LIMITS]}"
    if release is not None and incident.windows and releases.extends_active_window(release):
        yield "trying again and again. In this release every failed call prolongs the window."
    if _scope(incident) in ("credential", "account"):
        yield f"another model of {incident.provider}. It is called with the same {_scope(incident)}."


def _restarting(incident: Incident, release: Release | None) -> str:
    ignored = release is not None and releases.ignores_own_cooldowns(release)
    if _from_environment(incident):
        return "restarting the gateway with the environment as it is. It reads the same key again."
    if not incident.windows:
        return "restarting the gateway. The cause is not in it."
    kept = "and this gateway heeds them only after a start" if ignored else "and outlive it"
    return f"restarting the gateway. The windows are on disk {kept}; the cause is not in it."


def _untouchable(incident: Incident, release: Release | None) -> Iterator[str]:
    yield "the auth stores as a whole. Deleting one loses every login, not just the window."
    if release is not None and releases.frozen_snapshot(release):
        yield "auth-profiles.json while the gateway runs. This release writes its frozen copy over any edit."
    if incident.owner != "session":
        yield "the sessions. No session is at fault, and their transcripts hold the provider's own words."


def _signs(incident: Incident) -> Iterator[str]:
    """How one sees that it worked."""
    only = "" if incident.provider == "unknown" else f" --probe-provider {shlex.quote(incident.provider)}"
    line = f"openclaw models status --probe{only}"
    yield f"`{line}` says ok, for each profile (it really calls the provider)."
    yield f"a turn with {incident.provider} is answered, and `errorCount` of its profile is 0 with a new `lastUsed`."
