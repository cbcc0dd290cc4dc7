"""logs/gateway-restart.log (4.21+): who restarted the gateway, and how that went (facts 1.1, 8.3).

`[<time>] openclaw gateway lifecycle source=… action=…` and `[<time>] openclaw restart attempt|done|failed source=…`;
between them stands whatever systemctl, launchctl or schtasks printed. Windows writes its local date: no instant.
"""

from __future__ import annotations

import re

from forensics.parsers.disclosure import Disclosure
from forensics.parsers.stores.reading.lines import Line, Rows, line_reader
from forensics.parsers.stores.reading.recognise import Outline, claimed
from forensics.parsers.stores.reading.values import moment_iso
from forensics.parsers.stores.store import Sample, Store
from forensics.tables import Event

_LINE = re.compile(r"\[(?P<time>[^\]]+)\] (?P<text>openclaw (?:gateway lifecycle|restart (?P<step>\w+))\b.*)")
_ACTION = re.compile(r"\baction=(\S+)")
_SOURCE = re.compile(r"\bsource=(\S+)")


def _looks(outline: Outline) -> bool:
    return outline.share(_LINE) >= 1 / 3


def _rows(line: Line) -> Rows:
    match = _LINE.match(line.value) if isinstance(line.value, str) else None
    if not match:
        return ()
    time, text = moment_iso(match["time"]), match["text"]
    action, source = _ACTION.search(text), _SOURCE.search(text)
    return (
        Event(
            kind="gateway_restart_log", role="lifecycle",
            source=line.source.path, line=line.number, sources=(line.place,),
            time=time, time_basis="exact" if time else "none", text=text,
            decision=action[1] if action else match["step"], detail=source[1] if source else None,
        ),
    )  # fmt: skip


STORE = Store(
    name="restart_log",
    releases="4.21+",
    claims=claimed(_looks, r"gateway-restart\.log"),
    read=line_reader("restart_log", _rows, parse=str),
    line_oriented=True,
    events={"gateway_restart_log": Disclosure("own sentence", detail="word")},
    samples=(
        Sample(
            "logs/gateway-restart.log",
            "[2026-04-22T08:00:00.123Z] openclaw gateway lifecycle source=cli action=restart mode=kickstart pid=42\n"
            "[2026-04-22T08:00:02Z] openclaw restart attempt source=update target=openclaw-gateway.service\n"
            "Environment=KEY=sk-ant-api03-CANARY-0008-AAAA\n"
            "[2026-04-22T08:00:09Z] openclaw restart failed source=update status=1\n"
            "[Wed 04/22/2026  9:46:06.43] openclaw restart log initialized\n",
            {
                "events": [
                    {
                        "kind": "gateway_restart_log",
                        "role": "lifecycle",
                        "time": "2026-04-22T08:00:00.123000+00:00",
                        "text": "openclaw gateway lifecycle source=cli action=restart mode=kickstart pid=42",
                        "decision": "restart",
                        "detail": "cli",
                    },
                    {
                        "kind": "gateway_restart_log",
                        "role": "lifecycle",
                        "time": "2026-04-22T08:00:02+00:00",
                        "text": "openclaw restart attempt source=update target=openclaw-gateway.service",
                        "decision": "attempt",
                        "detail": "update",
                    },
                    {
                        "kind": "gateway_restart_log",
                        "role": "lifecycle",
                        "time": "2026-04-22T08:00:09+00:00",
                        "text": "openclaw restart failed source=update status=1",
                        "decision": "failed",
                        "detail": "update",
                    },
                    {
                        "kind": "gateway_restart_log",
                        "role": "lifecycle",
                        "time_basis": "none",
                        "text": "openclaw restart log initialized",
                        "decision": "log",
                    },
                ],
                "lines": 5,
                "other": 1,
            },
        ),
    ),
)
