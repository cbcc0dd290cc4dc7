"""What stays behind when the cause is gone: windows on disk, and sessions that a failover pinned elsewhere."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping, Sequence

from forensics.detectors.credential_availability import WINDOWS, latest_stats
from forensics.detectors.questions import CaseFacts
from forensics.detectors.session_entries import lasting_sessions
from forensics.incidents.incident import Incident
from forensics.openclaw import releases
from forensics.openclaw.releases import Release
from forensics.parsers.stores.reading.auth_record import ProfileStats
from forensics.parsers.stores.reading.session_entry import SessionEntry
from forensics.remediation.json_patches import Patch, Step, clear_pin, clear_window
from forensics.remediation.logins import is_custom
from forensics.text import moment

_MOST = 3
_ENTRY_KEYS = ("modelOverride", "providerOverride")
_AROUND = (
    "stop the gateway (`openclaw gateway stop`), keep a copy of {file}, apply the JSON patch `{patch}`, "
    "start the gateway (`openclaw gateway start`)"
)
_Rows = Mapping[str, Sequence[Mapping[str, object]]]


def left_over(incident: Incident, facts: CaseFacts, rows: _Rows, release: Release | None) -> Iterator[Step]:
    """Steps for the windows and pins of this incident's provider, the most pressing first."""
    yield from list(_windows(incident, facts, rows, release))[:_MOST]
    pins = [
        r
        for r in rows.get("stale_overrides", ())
        if incident.provider in (_of(r, "override"), _of(r, "healthy_alternative"))
    ]
    yield from [_pin(row, facts, release) for row in pins[:_MOST]]
    if len(pins) > _MOST:
        yield Step(f"The same for {len(pins) - _MOST} more pinned sessions (see stale_overrides).")


def _of(row: Mapping[str, object], key: str) -> str:
    """The provider of `anthropic:backup` or `anthropic/claude-opus-4-5`."""
    return str(row.get(key) or "").split("/")[0].split(":")[0]


def _windows(incident: Incident, facts: CaseFacts, rows: _Rows, release: Release | None) -> Iterator[Step]:
    """Windows that outlive their cause: those found stale, and all of a cause that waiting does not cure."""
    stale = {(row["profile"], row["field"]) for row in rows.get("stale_blocks", ())}
    for stats in latest_stats(facts.profiles):
        if facts.profiles.provider_of(stats.profile) != incident.provider:
            continue
        for field, _, _ in WINDOWS:
            own = incident.waiting_helps is False and stats.profile in incident.profiles
            end = stats.instant(field)
            if end and end > facts.now and (own or (stats.profile, field) in stale):
                yield _window(stats, field, facts, release)


def _window(stats: ProfileStats, field: str, facts: CaseFacts, release: Release | None) -> Step:
    end = stats.instant(field)
    until = f"{field} of {stats.profile} (until {moment(end)})" if end else f"{field} of {stats.profile}"
    patch = clear_window(stats, field)
    if patch:
        return Step(f"Once the cause is gone, and not before, end {until}: {_around(patch)}.", patch)
    provider = stats.profile.partition(":")[0]
    line = f"openclaw models auth login --provider {shlex.quote(provider)}"
    custom = is_custom(provider, facts.records.configs)
    clears = release is not None and releases.login_clears_windows(release) and not custom
    how = f"a new login (`{line}`) clears it, else it ends by itself" if clears else "it ends by itself"
    return Step(f"{until} lies in an SQLite store, which has no safe edit: {how}.")


def _around(patch: Patch) -> str:
    return _AROUND.format(file=patch.file, patch=patch)


def _pin(row: Mapping[str, object], facts: CaseFacts, release: Release | None) -> Step:
    """A command where one drops the pin, a patch where none does, the session's own choice where nothing is safe."""
    key, field = str(row["session_key"]), str(row.get("field"))
    entry = next((e for e in lasting_sessions(facts.records.sessions) if e.key == key), None)
    drops = field == "modelOverride" or (release is not None and releases.model_reset_drops_profile_pin(release))
    if drops and (field == "modelOverride" or not (entry and _has_model(entry))):
        return Step(f"Take session {key} off {row['override']}: `{_reset(key, None)}`.")
    if entry and (patch := clear_pin(entry, field)):
        return Step(f"Take session {key} off {row['override']}: {_around(patch)}.", patch)
    return Step(
        f"Session {key} is in an SQLite store, which has no safe edit: choose {row.get('healthy_alternative')} in that "
        "session itself (`/model <provider>/<model>@<profile>`)."
    )


def _has_model(entry: SessionEntry) -> bool:
    return any(key in entry.values for key in _ENTRY_KEYS)


def _reset(key: str, model: str | None) -> str:
    parameters = json.dumps({"key": key, "model": model}, ensure_ascii=False, separators=(",", ":"))
    return f"openclaw gateway call sessions.patch --params {shlex.quote(parameters)}"
