"""How this gateway is stopped and started: as a service, as a container, or in the terminal where it runs.

`openclaw gateway stop` and `start` act on the installed service only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple, Protocol

from forensics.detectors.questions import CaseFacts
from forensics.tables import Event, File

Supervisor = Literal["service", "container", "terminal", "unknown"]

_CONTAINER_PATH = re.compile(r"docker|compose|kubectl|podman|container|-json\.log", re.I)
_SERVICE_PATH = re.compile(r"journal|systemd|gateway\.err\.log|Library/Logs/openclaw", re.I)
_IMAGE_HOME = "/home/node/.openclaw"  # where the state lies in OpenClaw's own image


class Traces(Protocol):
    """Where a supervisor leaves traces."""

    @property
    def files(self) -> Sequence[File]: ...

    @property
    def events(self) -> Sequence[Event]: ...


class Control(NamedTuple):
    """Words for the middle of a sentence."""

    stop: str
    start: str
    restart: str


_WORDS: dict[Supervisor, Control] = {
    "service": Control(
        "stop the gateway (`openclaw gateway stop`)",
        "start the gateway (`openclaw gateway start`)",
        "restart the gateway (`openclaw gateway restart`)",
    ),
    "container": Control(
        "stop the gateway's container (`docker stop <container>`)",
        "start the gateway's container (`docker start <container>`)",
        "restart the gateway's container (`docker restart <container>`)",
    ),
    "terminal": Control(
        "stop the gateway in the terminal where it runs (Ctrl-C)",
        "start the gateway there again",
        "stop the gateway in the terminal where it runs (Ctrl-C) and start it again",
    ),
    "unknown": Control(
        "stop the gateway (`openclaw gateway stop` for the installed service; a container or a gateway in a terminal "
        "is stopped there)",
        "start the gateway (`openclaw gateway start`, or as it was started before)",
        "restart the gateway (`openclaw gateway restart` for the installed service, else where it runs)",
    ),
}


def control_of(facts: CaseFacts) -> Control:
    """The words for this gateway."""
    return _WORDS[supervisor(facts)]


def supervisor(facts: Traces) -> Supervisor:
    """What started the gateway, as far as the evidence tells."""
    paths = [file.path for file in facts.files]
    if any(_CONTAINER_PATH.search(path) for path in paths) or any(_IMAGE_HOME in e.text for e in facts.events):
        return "container"
    if any(e.kind == "gateway_restart_log" for e in facts.events) or any(_SERVICE_PATH.search(p) for p in paths):
        return "service"
    return "terminal" if any("SIGINT" in e.text for e in facts.events if e.role == "lifecycle") else "unknown"
