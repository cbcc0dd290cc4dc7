"""What systemd says of the gateway's unit, behind journald's prefix: the process itself never tells of its restarts."""

from __future__ import annotations

import re

from forensics.parsers.logs.envelopes.envelope import Envelope, Record, Sample

NAME = "service-manager"
_UNIT = re.compile(r"[a-z][\w@.-]*\.service: (?P<text>[A-Z].*)", re.S)


def read(line: str) -> Record | None:
    """`<unit>.service: text`, without a time of its own."""
    parts = _UNIT.match(line)
    return Record(NAME, parts["text"], subsystem="systemd") if parts else None


_SCHEDULED = "Scheduled restart job, restart counter is at 45."

SHAPE = Envelope(
    name=NAME,
    rank=7,
    read=read,
    samples=(
        Sample(f"openclaw-gateway.service: {_SCHEDULED}", {"text": _SCHEDULED, "subsystem": "systemd"}),
        Sample(f"clawdbot-gateway.service: {_SCHEDULED}", {"text": _SCHEDULED, "subsystem": "systemd"}),
        Sample(f"moltbot-gateway.service: {_SCHEDULED}", {"text": _SCHEDULED, "subsystem": "systemd"}),
    ),
)
