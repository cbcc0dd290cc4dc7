"""Names with a structure of their own: what is personal in them becomes a pseudonym, the structure stays.

Reasoning reads that structure (`agent:<id>:subagent:<id>`, `announce:v1:…`, `probe-…`), so it must not be lost.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from forensics.secrets.fingerprints import is_fingerprint
from forensics.sharing.redact import vocabulary
from forensics.sharing.redact.models import is_public_model
from forensics.sharing.redact.pseudonyms import Pseudonyms
from forensics.sharing.redact.secret_spans import is_random
from forensics.sharing.redact.words import own_words

_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE = re.compile(r"\+\d[\d ().-]{6,}|\+?\d{6,15}@(?:s\.whatsapp\.net|c\.us|lid)")
_EPOCH_MS = re.compile(r"1\d{12}")
_HASH = re.compile(r"sha256:[0-9a-f]{12}")
_BETWEEN = re.compile(
    r"(?<![^:]fp)(?<!^fp):(?!//)"
)  # a fingerprint or an address that somebody is called after is one part
_OPEN_SET = re.compile(r"\*|default|auto|gateway-injected|delivery-mirror|<synthetic>|unknown|")
_SHORT = 20
_WORD = re.compile(r"[a-z][a-z0-9]{0,15}(?:[_-][a-z0-9]{1,15}){0,4}")
_FIELD = re.compile(r"[a-z]{1,24}(?:[A-Z][a-z0-9]{0,23}){1,6}|[a-z]{1,24}(?:_[a-z]{1,24}){1,5}")
_INDEX = 2  # digits
_PREFIXES = ("probe-", "session:", "announce:v1:", "announce:")


def agent(names: Pseudonyms, name: str) -> str:
    """`main` is everybody's first agent; any other id was given by a person."""
    return name if name in vocabulary.AGENTS else names.of("agent", name)


def profile(names: Pseudonyms, name: str) -> str:
    """`anthropic:kim@example.org` -> `anthropic:user-1`."""
    provider, colon, local = name.partition(":")
    if not colon:
        known = name in vocabulary.STORED_LOGINS or re.fullmatch(r"models\.providers\.[\w-]{1,40}\.apiKey", name)
        renamed = name if known else names.of("user", name)
    else:
        renamed = f"{word(names, provider)}:{person(names, local)}"
    names.note(name, renamed, "profile ids")
    return renamed


def model(names: Pseudonyms, name: str, providers: Collection[str]) -> str:
    """`azure/kims-gpt` -> `azure/model-1`: a model that not everybody can call has somebody's name."""
    above, slash, last = name.rpartition("/")
    known = not above or above in providers or is_public_model(f"{above}/auto")
    shown = last if is_public_model(last) or _OPEN_SET.fullmatch(last) else names.of("model", last)
    return (above if known else names.of("name", above)) + slash + shown


def word(names: Pseudonyms, name: str) -> str:
    """A provider or another short word of a configuration; anything longer may be somebody's."""
    return name if _WORD.fullmatch(name) and not is_random(name) else names.of("name", name)


def person(names: Pseudonyms, local: str) -> str:
    """The part of a profile id that a person chose, often a mail address."""
    if local.rstrip("0123456789") in vocabulary.PROFILES and len(local) < _SHORT:  # backup2
        return local
    return names.of("user", local, "mail addresses" if _MAIL.fullmatch(local) else None)


def session(names: Pseudonyms, name: str) -> str:
    """A session key keeps its structure; a bare id becomes `session-N`."""
    if _HASH.fullmatch(name):
        return names.hash_of(name, keep=True)
    if prefix := next((p for p in _PREFIXES if name.startswith(p) and name != p), None):
        renamed = prefix + session(names, name.removeprefix(prefix))
    elif ":" in name:
        renamed = _key(names, name)
    else:
        renamed = name if name in vocabulary.SESSIONS else names.of("session", name)
    names.note(name, renamed, "session ids")
    return renamed


def _key(names: Pseudonyms, key: str) -> str:
    parts = _parts(key)
    renamed: list[str] = []
    for n, part in enumerate(parts):
        before = parts[n - 1] if n else ""
        if n == 1 and before == "agent":
            renamed.append(agent(names, part))
        elif (
            part in vocabulary.SESSIONS
            or not part
            or is_fingerprint(part)
            or (_EPOCH_MS.fullmatch(part) and parts[0] == "cron")
        ):
            renamed.append(part)
        else:
            renamed.append(_member(names, part, before, len(parts)))
    return ":".join(renamed)


def _parts(key: str) -> list[str]:
    """What stands between the colons of a key; an address in it is one part."""
    before, mark, address = key.partition("://")
    *parts, last = _BETWEEN.split(before)
    return [*parts, last + mark + address]


def _member(names: Pseudonyms, part: str, before: str, length: int) -> str:
    """An id inside a session key; which kind it is tells the word before it."""
    if kind := vocabulary.IDENTIFIED_BY.get(before):
        return names.of(kind, part)
    if _PHONE.fullmatch(part):
        return names.of("phone", part)
    return names.of("chat", part)


def run(names: Pseudonyms, name: str) -> str:
    """`announce:v1:<child session>:<run>` and `cron:<job>:<time>` keep their structure."""
    if name.startswith(("announce:", "cron:", "agent:")):
        head, _, last = name.rpartition(":")
        known = last if _EPOCH_MS.fullmatch(last) and name.startswith("cron:") else names.of("run", last)
        renamed = f"{session(names, head)}:{known}"
    elif name.startswith("probe-") and name != "probe-":
        renamed = "probe-" + names.of("run", name.removeprefix("probe-"))
    else:
        renamed = names.of("run", name)
    names.note(name, renamed, "run ids")
    return renamed


def lane(names: Pseudonyms, name: str) -> str:
    """`session:<key>` and the lanes OpenClaw has itself."""
    if name.startswith(("session:", "agent:")):
        return session(names, name)
    return name if name in vocabulary.LANES else names.of("lane", name)


def request(names: Pseudonyms, name: str) -> str:
    """The provider's own id of one request; its hash where that is all there is."""
    return names.hash_of(name, keep=True) if _HASH.fullmatch(name) else names.of("request", name)


def subsystem(names: Pseudonyms, name: str) -> str:
    """`gateway/channels/telegram`: what is made of OpenClaw's own words stays, all else may be an account's."""
    parts = name.split("/")
    return "/".join(part if all(map(_is_own, part.split("-"))) else names.of("subsystem", part) for part in parts)


def setting(names: Pseudonyms, name: str) -> str:
    """`channels.telegram.groups.-100…` -> `channels.telegram.groups.key-1`: OpenClaw's own words at both ends stay."""
    parts = name.split(".")
    odd = [n for n in range(len(parts)) if not _is_setting(parts, n)]
    if not odd:
        return name
    first, last = odd[0], odd[-1] + 1
    given = ".".join(parts[first:last])
    return ".".join([*parts[:first], names.get(given) or names.of("key", given), *parts[last:]])


def settings(names: Pseudonyms, text: str) -> str:
    """Several of them, with commas between."""
    return ", ".join(setting(names, name) for name in text.split(", "))


def _is_setting(parts: Sequence[str], n: int) -> bool:
    if parts[n].isdecimal():  # the place in a list, not a part of an address
        return len(parts[n]) <= _INDEX and not any(part.isdecimal() for part in (parts[n - 1], *parts[n + 1 : n + 2]))
    if parts[n] in vocabulary.SECTIONS or parts[n] in vocabulary.SESSIONS or is_field(parts[n]):
        return True
    return parts[n - 1] not in vocabulary.COLLECTIONS and all(map(_is_own, parts[n].split("-")))


def is_field(word: str) -> bool:
    """A member of OpenClaw's documents, as far as its look tells: `usageStats`, `order`."""
    return word in vocabulary.FIELDS or (bool(_FIELD.fullmatch(word)) and not is_random(word))


def _is_own(word: str) -> bool:
    return not word or (word.isalpha() and word.islower() and (word in vocabulary.SUBSYSTEMS or word in own_words()))
