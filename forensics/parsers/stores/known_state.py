"""Files of OpenClaw that say nothing about a failure, so that they are known and not "unknown".

Nothing is read from them but the secrets they hold (device tokens, private keys, tokens on command lines), for the
redactor. Lock files would say more: a store of their own takes them from here.
"""

from __future__ import annotations

from forensics.parsers.stores.reading.document import count_lines, load
from forensics.parsers.stores.reading.recognise import ANY, Outline, claimed
from forensics.parsers.stores.reading.unreadable import unreadable_file
from forensics.parsers.stores.store import Contents, Sample, Source, Store
from forensics.secrets.detect import secrets_in

_MARKS: tuple[tuple[tuple[str, ...], ...], ...] = (
    (("traceSchema",), ("runtimeFile",)),  # pointers to trajectories
    ((ANY, "deviceId"), (ANY, "publicKey")),  # devices/paired.json
    (("deviceId",), ("privateKeyPem",)),  # identity/device.json
    (("deviceId",), ("tokens",)),  # identity/device-auth.json
    (("socket", "token"), ("defaults",)),  # exec-approvals.json
    (("entries", ANY, "lastKnownGood"),),  # logs/config-health.json
    (("event",), ("configPath",), ("source",)),  # logs/config-audit.jsonl
    (("action",), ("sessionKey",), ("senderId",)),  # logs/commands.log
    (("generatedBy",), ("providers",)),  # plugins/<id>/catalog.json
    (("providers", ANY, "models"),),  # agent/models.json
    (("schema",), ("proposals",)),  # skill-workshop/proposals.json
    (("lastCheckedAt",),),  # update-check.json
    (("pid",), ("createdAt",)),  # *.lock
)
_NAMES = "|".join(
    (
        r"devices[/\\](?:paired|pending)\.json",
        r"identity[/\\]device(?:-auth)?\.json",
        r"exec-approvals\.json",
        r"config-(?:health\.json|audit\.jsonl)",
        r"logs[/\\]commands\.log",
        r"agent[/\\]models\.json|plugins[/\\][^/\\]+[/\\]catalog\.json",
        r"[^/\\]+\.trajectory-path\.json",
        r"update-check\.json|restart-sentinel\.json|proposals\.json",
        r"skills-prompts[/\\].+\.txt",
        r"config-journal-fingerprint\.key|auth-profile-secret-key",
        r"[^/\\]+\.lock|delivery-queue[/\\][^/\\]+\.json",
        r"credentials[/\\](?!oauth\.json).+\.json",
    )
)


def _looks(outline: Outline) -> bool:
    return any(all(outline.has(*path) for path in marks) for marks in _MARKS)


def _read(source: Source) -> Contents:
    text, why = load(source)
    lines = count_lines(text)
    if why and why != "empty":
        return Contents(rejects=(unreadable_file(source, lines, why),), lines=lines)
    return Contents(lines=lines, other=lines, secrets=secrets_in(text))


STORE = Store(
    name="known_state",
    releases="all",
    claims=claimed(_looks, _NAMES),
    read=_read,
    samples=(
        Sample(
            "identity/device.json",
            '{"version": 1, "deviceId": "0461", "publicKeyPem": "public", '
            '"privateKeyPem": "-----BEGIN PRIVATE KEY-----\\nCANARY-0027\\n-----END PRIVATE KEY-----\\n"}\n',
            {"lines": 1, "other": 1},
        ),
        Sample(
            "logs/config-audit.jsonl",
            '{"ts":"2026-02-11T08:00:00.000Z","source":"config-io","event":"config.write","configPath":"/c","argv":'
            '["node","openclaw","config","set","gateway.auth.token","CANARY-0028-gateway-token"]}\n',
            {"lines": 1, "other": 1},
        ),
        Sample("devices/pending.json", "{}", {"lines": 1, "other": 1}),
    ),
)
