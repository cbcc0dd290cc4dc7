"""What stays behind when the cause is gone: windows on disk, and sessions that a failover pinned elsewhere."""

from __future__ import annotations

import json
import shlex
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from forensics.detectors.credential_availability import WINDOWS, latest_stats
from forensics.detectors.questions import CaseFacts
from forensics.detectors.questions.stale_blocks import StaleBlock
from forensics.detectors.questions.stale_overrides import StaleOverride
from forensics.detectors.run import Findings
from forensics.detectors.session_entries import lasting_sessions
from forensics.incidents.incident import Incident
from forensics.openclaw import releases
from forensics.openclaw.providers import provider_of
from forensics.openclaw.releases import Release
from forensics.parsers.stores.reading.auth_record import ProfileStats
from forensics.parsers.stores.reading.session_entry import SessionEntry
from forensics.remediation import commands
from forensics.remediation.gateway_control import control_of
from forensics.remediation.json_patches import clear_pins, clear_window
from forensics.remediation.logins import INLINE, is_custom
from forensics.remediation.step import Step
from forensics.text import counted, moment

_MOST = 3
_ENTRY_KEYS = ("modelOverride", "providerOverride")


def left_over(incident: Incident, facts: CaseFacts, answers: Findings, release: Release | None) -> Iterator[Step]:
    """Steps for the windows and pins of this incident's provider, the most pressing first."""
    yield from list(_windows(incident, facts, answers, release))[:_MOST]
    pins = [
        pin
        for pin in answers.of(StaleOverride)
        if incident.provider in (_provider(pin.override), _provider(pin.healthy_alternative))
    ]
    yield from _pins(pins, facts, release)


def taken_at_its_word(incident: Incident, answers: Findings) -> bool:
    """Whether a profile of it is blocked until an end that nobody has put to the test: not a thing to wait for."""
    blocked = {block.profile for block in answers.of(StaleBlock) if block.field == "blockedUntil"}
    return bool(blocked & set(incident.profiles))


def _provider(target: str | None) -> str:
    """The provider of `anthropic:backup` or `anthropic/claude-opus-4-5`."""
    return (target or "").split("/")[0].split(":")[0]


def _windows(incident: Incident, facts: CaseFacts, answers: Findings, release: Release | None) -> Iterator[Step]:
    """Windows that outlive their cause: those found stale, and all of a cause that waiting does not cure."""
    stale = {(block.profile, block.field) for block in answers.of(StaleBlock)}
    for stats in latest_stats(facts.profiles):
        if facts.profiles.provider_of(stats.profile) != incident.provider:
            continue
        for field, _, _ in WINDOWS:
            own = incident.waiting_helps is False and stats.profile in incident.profiles
            end = stats.instant(field)
            if end and end > facts.now and (stats.profile, field) in stale and field == "blockedUntil":
                yield from _block(stats, facts, release)
            elif end and end > facts.now and (own or (stats.profile, field) in stale):
                yield _window(stats, field, facts, release, "Once the cause is gone, and not before,")


def _block(stats: ProfileStats, facts: CaseFacts, release: Release | None) -> Iterator[Step]:
    """The end that a usage endpoint named: ask once, then clear it, and watch for the next one."""
    yield Step(
        f"The account behind {stats.profile} may be usable now: ask once, past the block, with "
        f"`{_ask_once(stats, facts, release)}`."
    )
    yield _window(stats, "blockedUntil", facts, release, "If it answers, and not before,")
    yield Step(
        "Watch for the next one: `openclaw models status --json` lists such a profile with its `until` under "
        "auth.unusableProfiles; ask once when that is hours away."
    )


def _ask_once(stats: ProfileStats, facts: CaseFacts, release: Release | None) -> str:
    """The command of the release that really calls, whatever window is in force."""
    provider, config = facts.profiles.provider_of(stats.profile), facts.records.config
    named = [m for m in (config.primary, *(config.fallbacks or ())) if m and m.startswith(f"{provider}/")]
    line = f"openclaw infer model run --model {shlex.quote(named[0])} --prompt ping" if named else ""
    if line and commands.exists(line, release):
        return line
    only = f"--probe-provider {shlex.quote(provider)} --probe-profile {shlex.quote(stats.profile)}"
    return f"openclaw models status --probe {only}"


def _window(stats: ProfileStats, field: str, facts: CaseFacts, release: Release | None, when: str) -> Step:
    end = stats.instant(field)
    until = f"{field} of {stats.profile} (until {moment(end)})" if end else f"{field} of {stats.profile}"
    patch = clear_window(stats, field)
    if patch:
        edit = f"apply the JSON patch `{patch}`"
        return Step(f"{when} end {until}: {_around(patch.file, edit, facts)}.", patch)
    provider = provider_of(stats.profile)
    line = f"openclaw models auth login --provider {shlex.quote(provider)}"
    custom = is_custom(provider, facts.records.configs) or stats.profile.startswith(INLINE)
    clears = release is not None and releases.login_clears_windows(release) and not custom
    how = f"a new login (`{line}`) clears it, else it ends by itself" if clears else "it ends by itself"
    return Step(f"{until} lies in an SQLite store, which has no safe edit: {how}.")


def _around(file: str, edit: str, facts: CaseFacts) -> str:
    """An edit of a state file, with the gateway stopped and a copy kept."""
    control = control_of(facts)
    return f"{control.stop}, keep a copy of {file}, {edit}, {control.start}"


class _Pin(NamedTuple):
    answer: StaleOverride
    entry: SessionEntry | None

    @property
    def key(self) -> str:
        return self.answer.session_key

    @property
    def field(self) -> str:
        return self.answer.field


def _pins(stale: Sequence[StaleOverride], facts: CaseFacts, release: Release | None) -> Iterator[Step]:
    """One stop and one patch for each file, however many sessions; a command where it does for the only session."""
    entries = {entry.key: entry for entry in lasting_sessions(facts.records.sessions)}
    pins = [_Pin(answer, entries.get(answer.session_key)) for answer in stale]
    yield from (_chosen(pin) for pin in pins if pin.answer.own_choice)
    by_file: dict[str | None, list[_Pin]] = defaultdict(list)
    for pin in (pin for pin in pins if not pin.answer.own_choice):
        patch = clear_pins([(pin.entry, pin.field)]) if pin.entry else None
        by_file[patch.file if patch else None].append(pin)
    for file, group in by_file.items():
        if file is None or (len(group) == 1 and _has_command(group[0], release)):
            yield from _by_command(group, release)
        else:
            yield _by_patch(group, facts)


def _chosen(pin: _Pin) -> Step:
    other = pin.answer.healthy_alternative
    instead = f"choose {other} there" if other else "choose another one there once there is one"
    return Step(f"Session {pin.key} is on {pin.answer.override} by its user's choice: {instead} (`/model`).")


def _has_command(pin: _Pin, release: Release | None) -> bool:
    """Whether `sessions.patch` drops the pin, and no model that was chosen with it."""
    if pin.field == "modelOverride":
        return True
    drops = release is not None and releases.model_reset_drops_profile_pin(release)
    return drops and not (pin.entry and any(key in pin.entry.values for key in _ENTRY_KEYS))


def _by_command(group: Sequence[_Pin], release: Release | None) -> Iterator[Step]:
    yield from (Step(f"First set the order, or the pin comes back: `{order}`.") for order in _orders(group))
    for pin in group[:_MOST]:
        if _has_command(pin, release):
            yield Step(f"Take session {pin.key} off {pin.answer.override}: `{_reset(pin.key, None)}`.")
        else:
            yield Step(
                f"Session {pin.key} is in an SQLite store, which has no safe edit: choose "
                f"{pin.answer.healthy_alternative} in that session itself (`/model <provider>/<model>@<profile>`)."
            )
    if len(group) > _MOST:
        yield Step(f"The same for {len(group) - _MOST} more pinned sessions (see stale_overrides).")


def _by_patch(group: Sequence[_Pin], facts: CaseFacts) -> Step:
    patch = clear_pins([(pin.entry, pin.field) for pin in group if pin.entry])
    assert patch  # noqa: S101 - the group is that of a file that can be patched; tells mypy
    who = f"session {group[0].key}" if len(group) == 1 else f"{counted(len(group), 'session')} of {patch.file}"
    listed = f"`{patch}`" if len(group) == 1 else f"of {len(patch.operations)} operations (plan.patches in the JSON)"
    orders = "".join(f", set the order, or the pin comes back (`{order}`)" for order in _orders(group))
    targets = " and ".join(dict.fromkeys(pin.answer.override for pin in group))
    edit = f"apply the JSON patch {listed}{orders}"
    return Step(f"Take {who} off {targets}: {_around(patch.file, edit, facts)}.", patch)


def _orders(group: Sequence[_Pin]) -> Sequence[str]:
    return tuple(dict.fromkeys(order for pin in group if (order := pin.answer.set_order)))


def _reset(key: str, model: str | None) -> str:
    parameters = json.dumps({"key": key, "model": model}, ensure_ascii=False, separators=(",", ":"))
    return f"openclaw gateway call sessions.patch --params {shlex.quote(parameters)}"
