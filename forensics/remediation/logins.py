"""How a new credential gets into OpenClaw: by which command of the release, into whose store, seen when."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Sequence

from forensics.incidents.incident import Incident
from forensics.openclaw import releases
from forensics.openclaw.reasons.families import family
from forensics.openclaw.releases import Release
from forensics.parsers.stores.reading.config_record import Config
from forensics.remediation import commands
from forensics.remediation.json_patches import Step, drop_copy
from forensics.tables import Credential

_MOST = 4
ASK = "openclaw configure --section model"  # asks for provider and credential


def store_key(provider: str, release: Release | None) -> str:
    """The command of the release that stores an API key of a provider."""
    return _line(provider, f"{provider}:default", "api_key", release)


def is_custom(provider: str, configs: Iterable[Config]) -> bool:
    """A provider that only the configuration defines: no plugin of OpenClaw knows how to log in to it."""
    return family(provider) is None and any(config.defines(provider) for config in configs)


def new_credential(incident: Incident, credentials: Sequence[Credential], release: Release | None) -> Iterator[Step]:
    """The steps that replace the refused credentials of an incident, in order."""
    frozen = release is not None and releases.frozen_snapshot(release)
    if frozen:
        yield Step(
            "Stop the gateway first (`openclaw gateway stop`): while it runs, this release writes the credentials it "
            "started with over any new ones."
        )
    inline = f"models.providers.{incident.provider}.apiKey"
    if any(c.profile == inline for c in credentials):
        yield Step(f"If the key in the configuration was refused, correct {inline} in openclaw.json.")
    for line in dict.fromkeys(_lines(incident, credentials, release)):
        yield Step(f"Put the new credential in: `{line}`.")
    yield from _own_copies(incident, credentials, release)
    yield from _seen(release, frozen=frozen)


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
            "its database instead: `openclaw doctor --fix`."
        )


def _lines(incident: Incident, credentials: Sequence[Credential], release: Release | None) -> Iterator[str]:
    types = {c.profile: c.type for c in credentials if c.store.startswith("auth")}
    usual = "token" if family(incident.provider) else "api_key"
    for profile in incident.profiles[:_MOST] or (f"{incident.provider}:default",):
        yield _line(incident.provider, profile, types.get(profile, usual), release)


def _line(provider: str, profile: str, kind: str, release: Release | None) -> str:
    if provider == "unknown":
        return ASK
    if kind == "oauth":
        return _login(provider, release)
    command = "paste-api-key" if kind == "api_key" else "paste-token"
    named = f"--provider {shlex.quote(provider)} --profile-id {shlex.quote(profile)}"  # evidence may hold anything
    line = f"openclaw models auth {command} {named}"
    if commands.exists(line, release):
        return line
    return ASK if family(provider) else f"openclaw models auth paste-token {named}"  # only plugins look at its form


def _login(provider: str, release: Release | None) -> str:
    """Anthropic's subscription tokens come from its own CLI; before 3.11 only plugins could log in."""
    if provider == "anthropic":
        return "openclaw models auth setup-token --provider anthropic"
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
            yield Step(f"Agent {agent} has a copy of its own: `{line}`.")
        elif patch := drop_copy(copy):
            yield Step(
                f"Agent {agent} has an old copy of {profile} of its own; with the gateway stopped and a backup made, "
                f"apply the JSON patch `{patch}` to {patch.file}, and it reads the main agent's.",
                patch,
            )


def _tokens(credential: Credential) -> set[str]:
    return {token for token in (credential.access, credential.refresh) if token}


def _seen(release: Release | None, *, frozen: bool) -> Iterator[Step]:
    if frozen:
        yield Step("Start the gateway again: `openclaw gateway start`.")
    elif commands.exists("openclaw secrets reload", release):
        yield Step("Have the gateway read it: `openclaw secrets reload`.")
    elif release is None or releases.keeps_auth_in_memory(release):
        yield Step("Only then have the gateway read it: `openclaw gateway restart`.")
