"""Copies: every login that renews itself, as each store held it, snapshot by snapshot (facts 3.7, 7).

Whoever renews a login gets a new refresh token and thereby kills all other copies of the old one. So what matters of
a copy is its pair of tokens (by the refresh token's fingerprint), since when that pair exists, and until when a store
is known to have held it. Several folders with the same stores in them are several moments of one history.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from forensics.detectors.desync.snapshots import Snapshots, last_taken
from forensics.openclaw.providers import login_server
from forensics.parsers.state_records import StateRecords
from forensics.parsers.stores.reading.auth_record import LoginFacts
from forensics.parsers.stores.reading.status_record import ModelsStatus
from forensics.parsers.stores.reading.values import moment_ms
from forensics.tables import Credential, File

TOOLS = {"claude_credentials": "Claude Code", "codex_auth": "Codex CLI", "cli_oauth": "the provider's own CLI"}
CLI_PROFILES = (":claude-cli", ":codex-cli", ":qwen-cli", ":minimax-cli")  # what an import from a tool is called
CLI_BACKENDS = ("claude-cli", "codex-cli", "google-gemini-cli")  # providers that run a tool with its own login

_LIFETIMES = {"anthropic": timedelta(hours=8)}  # of an access token, where it is always the same
_STORED_EARLY = {"anthropic": timedelta(minutes=5)}  # so long before its end OpenClaw stores that a token ends
_NO_TIME = 9999
_SAME_END = timedelta(seconds=1)
_ARCHIVE = re.compile(r"\.json\.[^/]+$|/agent/auth\.json$|/credentials/oauth\.json$")
_ARCHIVED_MS = re.compile(r"\.(\d{13})\b")
_ARCHIVED_ISO = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)(?:[.-]\d+)?Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredLogin:
    """One login in one store at one moment. `tool` is None in OpenClaw's own stores."""

    service: str  # whose login server renews it
    provider: str
    agent: str | None
    profile: str
    tool: str | None
    current: bool  # False: an archive or backup, or an earlier snapshot
    shown: bool = False  # only its expiry is known, from a status command
    fenced: bool = False  # 9.5+: a refresh is under way or was refused
    refresh: str | None
    expires_at: datetime | None
    issued: datetime | None = None
    issued_from: str | None = None  # last_refresh, token, expiry
    written: datetime | None = None  # mtime, where it can be believed
    seen: datetime | None = None  # the latest moment the store is known to have held it
    accounts: frozenset[str] = frozenset()  # hashes
    imported: bool = False  # OpenClaw took it over from a tool
    source: str

    @property
    def file(self) -> str:
        return _path(self.source)

    @property
    def began(self) -> tuple[datetime, str] | None:
        """Since when this pair exists and what tells so. Only a tool's own file is written for nothing else."""
        if self.issued and self.issued_from:
            return self.issued, self.issued_from
        return (self.written, "mtime") if self.written and self.tool else None

    def same_pair(self, other: StoredLogin) -> bool:
        """The same tokens; where one of both shows only its expiry, the same expiry."""
        if self.refresh and other.refresh:
            return self.refresh == other.refresh
        if self.expires_at is None or other.expires_at is None or self.fenced or other.fenced:
            return False
        return abs(self.expires_at - other.expires_at) <= _SAME_END

    def older(self, other: StoredLogin) -> bool:
        """True where the other pair is known to be a later one of the same login server."""
        if self.same_pair(other):
            return False
        if self.issued and other.issued:
            return self.issued < other.issued
        return bool(self.expires_at and other.expires_at and self.expires_at < other.expires_at)


def lifetime_of(service: str) -> timedelta | None:
    """How long an access token lives, where that is always the same."""
    return _LIFETIMES.get(service)


def read_copies(
    credentials: Iterable[Credential], records: StateRecords, files: Sequence[File], now: datetime
) -> tuple[StoredLogin, ...]:
    """Every renewable login of the evidence, in order of when it was seen; `now` is the last moment of the events.

    Logins that a provider does not renew (API keys, setup tokens) are no copies of anything.
    """
    rows, beside = [row for row in credentials if _renewable(row)], _beside(records.of(LoginFacts))
    stores = Snapshots(files, {_path(row.source) for row in rows}, last_moment(records, files, now))
    copies = _as_the_tool_says([_copy(row, beside, stores) for row in rows])
    found = [*copies, *_shown(records.of(ModelsStatus))]
    latest = datetime.max.replace(tzinfo=UTC)
    return tuple(sorted(_with_one_current(found), key=lambda c: (c.seen or latest, c.source)))


def _as_the_tool_says(copies: Sequence[StoredLogin]) -> list[StoredLogin]:
    """A pair that a tool holds too was issued when the tool says: a copy of it has no end stored early."""
    tools = {f"{c.service} {c.refresh}": c for c in copies if c.tool and c.refresh and c.issued}
    as_held = ((c, c if c.tool else tools.get(f"{c.service} {c.refresh}", c)) for c in copies)
    return [replace(c, issued=tool.issued, issued_from=tool.issued_from) for c, tool in as_held]


def last_moment(records: StateRecords, files: Sequence[File], now: datetime) -> datetime | None:
    """Until when the stores are known to be as they are; without any event (then `now` is no time) as of the files."""
    shown = [login.seen for login in _shown(records.of(ModelsStatus))]
    known = [time for time in (*shown, last_taken(files), now if now.year < _NO_TIME else None) if time]
    return max(known or [file.mtime for file in files if file.mtime], default=None)


def _renewable(row: Credential) -> bool:
    return bool(row.refresh) or row.type == "oauth:fenced"


def _copy(row: Credential, beside: Mapping[tuple[str, str], LoginFacts], stores: Snapshots) -> StoredLogin:
    path = _path(row.source)
    facts = beside.get((path, row.profile))
    archive = bool(_ARCHIVE.search(path))
    copy = StoredLogin(
        service=login_server(row.provider),
        provider=row.provider,
        agent=row.agent,
        profile=row.profile,
        tool=TOOLS.get(row.store),
        current=not archive,
        fenced=row.type.endswith(":fenced"),
        refresh=row.refresh,
        expires_at=row.expires_at,
        written=stores.written(path),
        accounts=frozenset(hash_ for hash_ in (facts.account, facts.email) if hash_) if facts else frozenset(),
        imported=row.profile.endswith(CLI_PROFILES) or (facts is not None and facts.imported),
        source=row.source,
    )
    copy = _dated(copy, facts)
    since = _archived(path) or copy.written or copy.issued
    return replace(copy, seen=since if archive else stores.moment(path))


def _dated(copy: StoredLogin, facts: LoginFacts | None = None) -> StoredLogin:
    """When the pair was issued: as its tool wrote down, as the token says, else its end minus the lifetime."""
    if facts and facts.last_refresh:
        return replace(copy, issued=facts.last_refresh, issued_from="last_refresh")
    if facts and facts.issued:
        return replace(copy, issued=facts.issued, issued_from="token")
    lifetime = lifetime_of(copy.service)
    if lifetime and copy.expires_at:
        early = timedelta() if copy.tool or copy.imported else _STORED_EARLY.get(copy.service, timedelta())
        return replace(copy, issued=copy.expires_at + early - lifetime, issued_from="expiry")
    return copy


def _beside(logins: Iterable[LoginFacts]) -> dict[tuple[str, str], LoginFacts]:
    """(file, profile) -> what the store says beside the tokens."""
    kept = (n for n in logins if n.account or n.email or n.last_refresh or n.imported or n.issued)
    return {(_path(login.file), login.entity): login for login in kept}


def _shown(statuses: Iterable[ModelsStatus]) -> Iterable[StoredLogin]:
    """Logins as `models status` listed them: the expiry, at the moment of the command."""
    for status in statuses:
        dated = status.login_remaining_ms is not None and status.store == "models_status"
        if dated and status.login_expires and status.login_type == "oauth":
            provider = status.entity.partition(":")[0]
            yield _dated(
                StoredLogin(
                    service=login_server(provider), provider=provider, agent=status.agent, profile=status.entity,
                    tool=None, current=False, shown=True, refresh=None, expires_at=status.login_expires,
                    seen=status.observed_at, source=status.sources["oauth.expiresAt"],
                )
            )  # fmt: skip


def _with_one_current(copies: Sequence[StoredLogin]) -> Iterable[StoredLogin]:
    """Of the same store in several snapshots only the last is current; SQLite beside JSON wins over it (facts 3.1)."""
    last: dict[tuple[object, ...], StoredLogin] = {}
    for copy in copies:
        key = (copy.tool, copy.agent, copy.profile, copy.service)
        if copy.current and (key not in last or _rank(copy) >= _rank(last[key])):
            last[key] = copy
    kept = {id(copy) for copy in last.values()}
    return (replace(copy, current=copy.current and id(copy) in kept) for copy in copies)


def _rank(copy: StoredLogin) -> tuple[bool, datetime, str]:
    return "!" in copy.source, copy.seen or datetime.min.replace(tzinfo=UTC), copy.source


def _path(source: str) -> str:
    return re.split(r"[#!]", source, maxsplit=1)[0]


def _archived(path: str) -> datetime | None:
    """When an archive was made, where its name tells."""
    if match := _ARCHIVED_MS.search(path):
        return moment_ms(int(match[1]))
    if match := _ARCHIVED_ISO.search(path):
        return datetime.fromisoformat(f"{match[1]}T{match[2]}:{match[3]}:{match[4]}+00:00")
    return None
