"""How a new credential gets into OpenClaw: by which command of the release, into whose store, seen when."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator, Sequence

from forensics.detectors.desync import StoredLogin
from forensics.detectors.questions import CaseFacts
from forensics.incidents.incident import Incident
from forensics.openclaw import releases
from forensics.openclaw.providers import INLINE_KEY, family
from forensics.openclaw.releases import Release
from forensics.parsers.stores.reading.config_record import Config
from forensics.remediation import commands
from forensics.remediation.gateway_control import control_of
from forensics.remediation.json_patches import drop_copy
from forensics.remediation.step import Step
from forensics.tables import Credential

_MOST = 4
ASK = "openclaw configure --section model"  # asks for provider and credential
INLINE = f"{INLINE_KEY}:"  # how OpenClaw names the key that stands in the configuration
_HASHED = "sha256:"
_ID = "<profile id>"
_AGENT_STORE = re.compile(r"Auth store: (?P<store>\S+/agents/(?P<agent>[\w.-]+)/agent/[\w.-]+)")
_NAMED = re.compile(r'No credentials found for profile "(?P<profile>[^"]+)"')
_LACKING = re.compile(r"scope requirement (?P<scope>user:\w+)|missing (?:the )?scope (?P<other>user:\w+)", re.I)
_IN_SETUP_TOKENS = "user:inference"


def file_of(source: str) -> str:
    """`path.json#/pointer` or `path.sqlite!table/row` -> the file."""
    return re.split(r"[#!]", source, maxsplit=1)[0]


def store_key(provider: str, release: Release | None) -> str:
    """The command of the release that stores an API key of a provider."""
    return _line(provider, f"{provider}:default", "api_key", release)


def is_custom(provider: str, configs: Iterable[Config]) -> bool:
    """A provider that only the configuration defines: no plugin of OpenClaw knows how to log in to it."""
    return family(provider) is None and any(config.defines(provider) for config in configs)


def is_inline(incident: Incident, facts: CaseFacts) -> bool:
    """The refused key stands in the configuration, and no profile of the provider is stored."""
    if incident.profiles:
        return all(profile.startswith(INLINE) for profile in incident.profiles)
    mine = [c for c in facts.credentials if c.provider == incident.provider]
    return bool(mine) and all(c.profile.startswith("models.providers.") for c in mine)


def lacking_scope(incident: Incident) -> str | None:
    """The scope that no token of `claude setup-token` carries, where the provider asks for one."""
    named = _LACKING.search(incident.first_failure.text)
    scope = (named["scope"] or named["other"]) if named else None
    return scope if scope and scope.lower() != _IN_SETUP_TOKENS else None


def full_login(scope: str, provider: str, facts: CaseFacts, release: Release | None) -> Iterator[Step]:
    """A scope that an API key does not need, and that only a login of Claude Code itself carries."""
    yield from _before(facts, release)
    named = f"--provider {shlex.quote(provider)} --profile-id {shlex.quote(provider)}:default"
    line = f"openclaw models auth paste-api-key {named}"
    known = provider != "unknown"
    yield Step(
        f"Use an API key, which needs no scope: `{line if known and commands.exists(line, release) else ASK}`. Or log "
        f"in fully with Claude Code (`/login` in `claude`). A token of `claude setup-token` carries {_IN_SETUP_TOKENS} "
        f"only: a new one lacks {scope} too."
    )
    if known:  # tokens come before keys where no order says otherwise
        first = f"openclaw models auth order set --provider {shlex.quote(provider)} {shlex.quote(provider)}:default"
        yield Step(f"Have the key asked first: `{first}`.")
    yield from _seen(facts, release)


def stored_but_ended(incident: Incident, facts: CaseFacts, release: Release | None) -> Iterator[Step]:
    """OpenClaw says that a profile has no credentials; it stands in the store, and its login has ended."""
    named = _NAMED.search(incident.first_failure.text)
    ended = [
        c
        for c in facts.credentials
        if named and c.profile == named["profile"] and c.store.startswith("auth")
        if c.expires_at and (incident.first_failure.time is None or c.expires_at <= incident.first_failure.time)
    ]
    for login in ended[:1]:
        file, end = file_of(login.source), login.expires_at
        renewed = release is None or releases.can_renew(login.provider, release)
        cannot = "" if renewed else f", and {release} no longer renews such a login"
        yield Step(
            f"{login.profile} stands in {file}; its login ended at {end:%Y-%m-%d %H:%M} UTC{cannot}. Log in again: "
            f"`openclaw models auth login --provider {shlex.quote(login.provider)}`.",
            file=file,
            agent=login.agent,
        )


def never_there(incident: Incident) -> Iterator[Step]:
    """A credential that an agent never had: it goes into the store in which that agent looks."""
    store = _AGENT_STORE.search(incident.first_failure.text)
    agent = store["agent"] if store else next((a for a in incident.agents if a != "main"), "main")
    if agent == "main":
        yield Step(f"Put one in: `{ASK}` asks for provider and credential.", agent=agent)
        return
    place = f" ({store['store']})" if store else ""
    yield Step(
        f"Put one into the store of agent {agent}{place}: `openclaw agents add {shlex.quote(agent)}` asks for it, in a "
        f"terminal. `{ASK}` writes the default agent's store.",
        agent=agent,
        file=store["store"] if store else None,
    )


def new_credential(incident: Incident, facts: CaseFacts, release: Release | None) -> Iterator[Step]:
    """The steps that replace the refused credentials of an incident, in order."""
    yield from _before(facts, release)
    inline = f"models.providers.{incident.provider}.apiKey"
    if any(c.profile == inline for c in facts.credentials):
        yield Step(f"If the key in the configuration was refused, correct {inline} in openclaw.json.", edits=True)
    for line, login in _lines(incident, facts.credentials, release):
        yield _put_in(line, login)
    yield from _own_copies(incident, facts.credentials, release)
    yield from _seen(facts, release)


def left_behind(incident: Incident, credentials: Sequence[Credential], release: Release | None) -> Iterator[Step]:
    """Credentials of the provider in a file that the release, which found none, no longer reads."""
    if release is None or releases.reads_auth_json(release):
        return
    mine = [c for c in credentials if c.provider == incident.provider and c.store.startswith("auth")]
    files = {c.source.partition("#")[0] for c in mine}
    if not all(file.endswith("auth-profiles.json") for file in files):
        return
    for file in sorted(files)[:_MOST]:
        yield Step(
            f"First move over what is there: {file} holds a credential of {incident.provider}, but this release reads "
            "its database instead: `openclaw doctor --fix`.",
            file=file,
        )


def _put_in(line: str, login: Credential | None) -> Step:
    """The sentence around a command that asks for a credential."""
    made = (
        "Make a token with `claude setup-token` (in a terminal, with a browser), then put" if _is_token(line) else "Put"
    )
    where = f" of agent {login.agent}" if login and login.agent else ""
    unknown = (
        " The logs name the profile by a hash only: `openclaw models status` lists the ids." if _ID in line else ""
    )
    file = file_of(login.source) if login else None
    stored = f" into the store{where} ({file})" if file else ""
    return Step(
        f"{made} the new credential{stored} in: `{line}`.{unknown}", file=file, agent=login.agent if login else None
    )


def _is_token(line: str) -> bool:
    return "paste-token --provider anthropic" in line


def _lines(
    incident: Incident, credentials: Sequence[Credential], release: Release | None
) -> Iterator[tuple[str, Credential | None]]:
    """Each command once, with the stored credential that it replaces."""
    own = [c for c in credentials if c.store.startswith("auth") and c.agent in (None, "main")]
    stored = {c.profile: c for c in sorted(own, key=_is_read)}
    usual = "token" if family(incident.provider) else "api_key"
    printed: set[str] = set()
    for profile in _profiles(incident):
        login = stored.get(profile)
        line = _line(incident.provider, profile, login.type if login else usual, release)
        if line not in printed:
            printed.add(line)
            yield line, login


def _is_read(login: Credential) -> bool:
    """It lies where OpenClaw reads it, and is no archive of an older form."""
    return "auth-profiles.json#" in login.source or ".sqlite!" in login.source


def _profiles(incident: Incident) -> Sequence[str]:
    """The ids that a command may name. A hash is none; what the logs only hash is left open."""
    named = [p for p in incident.profiles if not p.startswith((_HASHED, INLINE))]
    if named:
        return named[:_MOST]
    return (_ID,) if incident.profiles else (f"{incident.provider}:default",)


def _line(provider: str, profile: str, kind: str, release: Release | None) -> str:
    if provider == "unknown":
        return ASK
    if kind == "oauth" and provider != "anthropic":  # Claude's tokens come from its own CLI and are pasted
        return _login(provider, release)
    command = "paste-api-key" if kind == "api_key" else "paste-token"
    named = f"--provider {shlex.quote(provider)} --profile-id {shlex.quote(profile)}"  # evidence may hold anything
    line = f"openclaw models auth {command} {named}"
    if commands.exists(line, release):
        return line
    return ASK if family(provider) else f"openclaw models auth paste-token {named}"  # only plugins look at its form


def _login(provider: str, release: Release | None) -> str:
    """Before 3.11 only plugins could log in."""
    if provider == "openai-codex" and (release is None or not releases.in_span(release, "3.11+")):
        return ASK
    return f"openclaw models auth login --provider {shlex.quote(provider)}"


def _own_copies(incident: Incident, credentials: Sequence[Credential], release: Release | None) -> Iterator[Step]:
    """Other agents with a copy of the profile keep the old credential: the commands write the main agent's store."""
    failing = (c for c in credentials if c.profile in incident.profiles and c.agent in (*incident.agents, "main"))
    refused = {token for c in failing for token in _tokens(c)}
    copies = {
        (c.agent, c.profile): c
        for c in credentials
        if c.store == "auth_profiles" and c.profile in incident.profiles and c.agent not in (None, "main")
        if c.agent in incident.agents
        or not refused
        or _tokens(c) & refused  # one with tokens of its own may be the one that works
    }
    for (agent, profile), copy in sorted(copies.items(), key=lambda pair: str(pair[0]))[:_MOST]:
        if release and releases.auth_commands_take_agent(release):
            line = _line(incident.provider, profile, copy.type, release).replace(
                "auth ", f"auth --agent {shlex.quote(str(agent))} ", 1
            )
            yield Step(f"Agent {agent} has a copy of its own: `{line}`.", agent=agent, file=file_of(copy.source))
        elif step := drop_own(copy):
            yield step


def drop_own(copy: Credential | StoredLogin) -> Step | None:
    """Takes an agent's old copy of a profile away, so that the agent reads the main agent's."""
    if (patch := drop_copy(copy.source)) is None:
        return None
    return Step(
        f"Agent {copy.agent} has an old copy of {copy.profile} of its own; with the gateway stopped and a backup made, "
        f"apply the JSON patch `{patch}` to {patch.file}, and it reads the main agent's.",
        patch,
        file=patch.file,
        agent=copy.agent,
    )


def _tokens(credential: Credential) -> set[str]:
    return {token for token in (credential.access, credential.refresh) if token}


def _overwrites(release: Release | None) -> bool:
    return release is not None and releases.frozen_snapshot(release)


def _before(facts: CaseFacts, release: Release | None) -> Iterator[Step]:
    if _overwrites(release):
        yield Step(
            f"First {control_of(facts).stop}: while it runs, this release writes the credentials it started with over "
            "any new ones."
        )


def _seen(facts: CaseFacts, release: Release | None) -> Iterator[Step]:
    if _overwrites(release):
        yield Step(f"Then {control_of(facts).start}.")
    elif commands.exists("openclaw secrets reload", release):
        yield Step("Have the gateway read it: `openclaw secrets reload`.")
    elif release is None or releases.keeps_auth_in_memory(release):
        yield Step(f"Only then have the gateway read it: {control_of(facts).restart}.")
