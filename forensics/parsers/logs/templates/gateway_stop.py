"""The gateway goes down or around (facts 2.10): `gateway`, `gateway/shutdown`."""

from __future__ import annotations

import re

from forensics.parsers.disclosure import Disclosure
from forensics.parsers.logs.templates.template import VERBOSE, Sample, Template, Wording

_HERE = ("gateway",)

TEMPLATES = (
    Template(
        kind="signal_received",
        role="lifecycle",
        disclosure=Disclosure("own sentence", detail="word"),
        literals=("signal SIG",),
        subsystems=_HERE,
        wordings=(Wording("all", re.compile(r"(?P<text>signal\ (?P<detail>SIG[A-Z0-9]+)\ received)", VERBOSE)),),
        samples=(
            Sample(
                "2.9",
                "10:00:00 [gateway] signal SIGTERM received",
                {"text": "signal SIGTERM received", "detail": "SIGTERM"},
            ),
        ),
    ),
    Template(
        kind="gateway_signal",  # the line every release has at info: what the gateway does about a signal
        role="lifecycle",
        disclosure=Disclosure("own sentence", detail="word"),
        literals=("; shutting down", "; restarting"),
        subsystems=_HERE,
        wordings=(
            Wording("all", re.compile(r"(?P<text>received\ (?P<detail>\S+);\ (?:restarting|shutting\ down))", VERBOSE)),
        ),
        samples=(
            Sample(
                "9.6",
                "09:57:17 [gateway] received SIGTERM; shutting down",
                {"text": "received SIGTERM; shutting down", "detail": "SIGTERM"},
            ),
            Sample(
                "2.9",
                "10:00:00 [gateway] received SIGUSR1; restarting",
                {"text": "received SIGUSR1; restarting", "detail": "SIGUSR1"},
            ),
        ),
    ),
    Template(
        kind="gateway_draining",
        role="lifecycle",
        disclosure=Disclosure("own sentence"),
        literals=(
            " before restart (timeout ",
            "all active tasks drained",
            "all active work drained",
            "drain timeout reached",
        ),
        subsystems=_HERE,
        wordings=(
            Wording(
                "2.12+",
                re.compile(
                    r"""(?P<text>draining\ \d+\ active\ task[^\n]*\ before\ restart\ \(timeout\ \d+ms\)
                    |all\ active\ (?:tasks|work)\ drained
                    |drain\ timeout\ reached;\ proceeding\ with\ restart)""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "3.11",
                "2026-03-12T10:00:00.000+00:00 [gateway] draining 2 active task(s) and 1 active embedded run(s) before "
                "restart (timeout 90000ms)",
                {
                    "text": "draining 2 active task(s) and 1 active embedded run(s) before restart (timeout 90000ms)",
                },
            ),
            Sample(
                "2.12",
                "2026-02-13T10:00:00.000+00:00 [gateway] drain timeout reached; proceeding with restart",
                {"text": "drain timeout reached; proceeding with restart"},
            ),
        ),
    ),
    Template(
        kind="gateway_restarted",
        role="lifecycle",
        disclosure=Disclosure("own sentence", detail="sentence"),
        literals=("restart mode: ",),
        subsystems=_HERE,
        identity=("detail",),
        wordings=(
            Wording(
                "2.17+",
                re.compile(
                    r"(?P<text>restart\ mode:\ (?P<detail>(?:full|in)[- ]process\ restart\ \([^\n]*\)))", VERBOSE
                ),
            ),
        ),
        samples=(
            Sample(
                "2.17",
                "2026-02-18T10:00:00.000+00:00 [gateway] restart mode: in-process restart (OPENCLAW_NO_RESPAWN)",
                {
                    "text": "restart mode: in-process restart (OPENCLAW_NO_RESPAWN)",
                    "detail": "in-process restart (OPENCLAW_NO_RESPAWN)",
                },
            ),
        ),
    ),
    Template(
        kind="gateway_shutdown",
        role="lifecycle",
        disclosure=Disclosure("own sentence", detail="own words"),
        literals=(
            "shutdown started: ",
            "[shutdown] started: ",
            "completed cleanly in ",
            "timed out; exiting without full",
        ),
        subsystems=("gateway", "gateway/shutdown"),
        identity=("stage",),
        wordings=(
            Wording(
                "4.29+",
                re.compile(r"(?:shutdown\ )?(?P<text>(?P<stage>started):\ (?P<detail>[^\n]+))", VERBOSE),
            ),
            Wording(
                "4.29+",
                re.compile(
                    r"(?:shutdown\ )?(?P<text>(?P<stage>completed)\ cleanly\ in\ (?P<duration_ms>\d+)ms)", VERBOSE
                ),
            ),
            Wording(
                "4.29+",
                re.compile(
                    r"(?:shutdown\ )?(?P<text>(?P<stage>timed\ out);\ exiting\ without\ full\ cleanup)", VERBOSE
                ),
            ),
        ),
        samples=(
            Sample(
                "5.28",
                "10:00:00 [shutdown] started: gateway stopping",
                {"text": "started: gateway stopping", "stage": "started", "detail": "gateway stopping"},
            ),
            Sample(
                "7.1",
                r'{"0":"{\"subsystem\":\"gateway/shutdown\"}","1":"shutdown completed cleanly in 38ms",'
                r'"_meta":{"logLevelName":"INFO"},"time":"2026-11-20T10:00:00.000+00:00"}',
                {"text": "completed cleanly in 38ms", "stage": "completed", "duration_ms": 38},
            ),
            Sample(
                "5.2",
                "2026-05-03T10:00:00.000+00:00 [shutdown] timed out; exiting without full cleanup",
                {"text": "timed out; exiting without full cleanup", "stage": "timed out"},
            ),
        ),
    ),
)
