"""What to do about an incident, first thing first: what helps, what does not, what to leave alone, how it shows.

Commands are printed only where the release at hand has them (see `commands`).
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from datetime import datetime

from forensics.detectors.credential_availability import charged_elsewhere
from forensics.detectors.desync import Desync
from forensics.detectors.questions import CaseFacts
from forensics.detectors.run import Findings
from forensics.incidents.incident import Incident, next_chance
from forensics.openclaw import reasons, releases
from forensics.openclaw.releases import Release
from forensics.parsers.stores.reading.config_record import Config
from forensics.remediation import commands
from forensics.remediation.gateway_control import control_of
from forensics.remediation.logins import (
    full_login,
    is_inline,
    lacking_scope,
    left_behind,
    never_there,
    new_credential,
    store_key,
    stored_but_ended,
)
from forensics.remediation.outdated_logins import desync_behind, from_the_good_pair
from forensics.remediation.plan import KEEP, Plan
from forensics.remediation.stale_state import left_over, taken_at_its_word
from forensics.remediation.step import Step
from forensics.text import clock, counted

_MOST_TYPED = 5
_REFUSED = ("auth", "auth_permanent")
_VARIABLE = re.compile(r",? and look for [A-Z_]+(?: or [A-Z_]+)* that overrides it")
_LIMITS = ("quota", "rate_limit")
_CLEARED = {
    True: "The provider goes on refusing until its own limit ends.",
    False: "OpenClaw calls sooner, and the call fails as long as the cause lasts.",
}
_SHARED = ("credential", "account", "provider", "network")  # what every model of a provider has in common


def make_plans(facts: CaseFacts, answers: Findings, release: Release | None) -> dict[str, Plan]:
    """A plan for every incident. `release` None: not known, so only what every release has is printed."""
    return {incident.id: plan(incident, facts, answers, release) for incident in facts.incidents}


def plan(incident: Incident, facts: CaseFacts, answers: Findings, release: Release | None) -> Plan:
    """The plan of one incident, from its cause, its windows, and what the detectors found left behind."""
    over = incident.end is not None and incident.end <= facts.now
    unasked = taken_at_its_word(incident, answers)
    cure = (
        [] if over and incident.waiting_helps else _cure(incident, facts, answers, release, wait=not (over or unasked))
    )
    after = list(left_over(incident, facts, answers, release))
    if incident.end and over:
        left = [*after, *cure]
        steps = [_over(incident, incident.end, more=bool(left)), *left]
    else:
        steps = [*_charged(incident, facts), *cure, *_meanwhile(incident, facts), *after]
    changing = any(step.changes_evidence for step in steps)
    return Plan(
        actions=(*([KEEP] if changing else []), *steps),
        does_not_help=(*_useless(incident, release, may_clear=unasked), *_never_existed(facts, release)),
        do_not_touch=tuple(_untouchable(incident, release)),
        check=tuple(_signs(incident, release)),
    )


def _over(incident: Incident, end: datetime, *, more: bool) -> Step:
    """`more`: steps follow. What waiting cured needs none."""
    rest = "what follows is for where the old cause still stands, and for the next time" if more else "nothing is left"
    served = "at the latest, when its profile was last used with success"
    how = served if incident.end_basis == "store" else f"when {incident.provider} answered again"
    return Step(f"Over since {clock(end)} UTC, {how}; {rest}.", tells_state=True)


def _cure(
    incident: Incident, facts: CaseFacts, answers: Findings, release: Release | None, *, wait: bool
) -> Iterator[Step]:
    """What the evidence itself knows of the cause first, else the cure of the reasons table with its commands.

    `wait`: False where it is over, or where nobody has put the end of its block to the test.
    """
    if known := list(_from_the_evidence(incident, facts, answers, release)):
        yield from known
        return
    if not incident.remedy:
        yield from left_behind(incident, facts.credentials, release)
        yield Step("Find the first failure: collect the evidence named as missing, then ask again.")
    yield from (Step(sentence) for sentence in _still_true(incident, facts, wait=wait))
    if is_inline(incident, facts) and not _from_environment(incident):
        yield _inline(incident)
    elif _from_environment(incident):
        yield Step(f"After that and not before, {control_of(facts).restart}.")
        yield Step(
            f"Or store a credential, which comes before the variable: `{store_key(incident.provider, release)}`."
        )
    elif incident.owner == "credential" and incident.true_reason in _REFUSED:
        yield from new_credential(incident, facts, release)
    elif incident.rule == "local.missing_key":
        yield from left_behind(incident, facts.credentials, release)
        yield from never_there(incident)
    elif incident.true_reason == "model_not_found":
        of_provider = "" if incident.provider == "unknown" else f" --provider {shlex.quote(incident.provider)}"
        listed = f"openclaw models list --all{of_provider}"
        yield Step(f"See what there is with `{listed}`, and choose with `openclaw models set <model>`.")
    elif incident.waiting_helps and wait:
        yield from _wait(incident, facts.now)


def _from_the_evidence(
    incident: Incident, facts: CaseFacts, answers: Findings, release: Release | None
) -> Iterator[Step]:
    """Steps for a cause that the stores explain: they replace the cure that the provider's words alone suggest."""
    if desync := desync_behind(incident, answers.of(Desync)):
        yield from from_the_good_pair(desync, facts, release)
    yield from stored_but_ended(incident, facts, release)
    if incident.true_reason in _REFUSED and (scope := lacking_scope(incident)):
        yield from full_login(scope, incident.provider, facts, release)


def _still_true(incident: Incident, facts: CaseFacts, *, wait: bool) -> Iterator[str]:
    """The cure of the reasons table, without what the evidence rules out: waiting, and variables that override."""
    stored = any(c.profile in incident.profiles and c.store.startswith("auth") for c in facts.credentials)
    for cure in incident.remedy:
        sentence = _VARIABLE.sub("", cure) if stored else cure
        if wait or not sentence.startswith("Wait"):
            yield sentence


def _inline(incident: Incident) -> Step:
    return Step(
        f"The key stands in openclaw.json (models.providers.{incident.provider}.apiKey): correct it there, if the key "
        "is at fault. No login ends the window of such a key: it ends by itself, or by hand in the auth store.",
        file="openclaw.json",
    )


def _charged(incident: Incident, facts: CaseFacts) -> Iterator[Step]:
    """Whose login was used, where that is another agent's than the one whose call failed."""
    moments = [a.failure.time for a in facts.attempts if a.failure.provider == incident.provider]
    for stats in charged_elsewhere(facts.profiles, incident.agents, incident.provider, moments)[:1]:
        file = stats.file
        yield Step(
            f"The login of agent {stats.agent} was used ({file}: its counters moved with the failure), and not one of "
            f"agent {' or '.join(incident.agents)}: that store counts.",
            file=file,
            agent=stats.agent,
        )


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
            yield "ending a window before the cause is gone. The next call opens it anew, and the counters are lost."
    elif incident.waiting_helps and incident.windows and not may_clear:
        yield f"clearing the windows early. {_CLEARED[incident.true_reason in _LIMITS]}"
    if incident.windows and not _proves(release):
        yield (
            "`openclaw models status --probe` as a proof. Up to 2026.4.21 it says ok for a refused credential where no "
            "fallbacks are configured, and wipes its counters and windows."
        )
    if release is not None and incident.windows and releases.extends_active_window(release):
        yield "trying again and again. In this release every failed call prolongs the window."
    if _scope(incident) in ("credential", "account") and incident.provider != "unknown":
        yield f"another model of {incident.provider}. It is called with the same {_scope(incident)}."


def _never_existed(facts: CaseFacts, release: Release | None) -> Iterator[str]:
    """Commands that somebody was told to type, and that no release has."""
    history = (event.text for event in facts.events if event.kind == "typed_command")
    typed = dict.fromkeys((*commands.typed_in(reject.text for reject in facts.rejects), *history))
    for line in [line for line in typed if commands.never_existed(line)][:_MOST_TYPED]:
        answer = commands.look_up(line, release)
        instead = f" The nearest one is `{answer.nearest[0]}`." if answer.nearest else ""
        yield f'"{line}", which was typed. No release of OpenClaw that was read has that command.{instead}'


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


def _proves(release: Release | None) -> bool:
    """Whether a probe that says ok proves anything; not where a refused call throws nothing (facts 3.8)."""
    return release is not None and not releases.failed_run_marks_good(release)


def _signs(incident: Incident, release: Release | None) -> Iterator[str]:
    """How one sees that it worked."""
    whose = "the provider" if incident.provider == "unknown" else incident.provider
    yield f"a turn with {whose} is answered in words, and `errorCount` of its profile is 0 with a new `lastUsed`."
    if _proves(release):
        only = "" if incident.provider == "unknown" else f" --probe-provider {shlex.quote(incident.provider)}"
        first = ", with the gateway stopped" if release and releases.in_span(release, "9.6") else ""
        yield f"`openclaw models status --probe{only}` says ok, for each profile (it really calls the provider{first})."
