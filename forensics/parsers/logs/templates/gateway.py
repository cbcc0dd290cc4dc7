"""The gateway comes up and tells what it runs with (facts 2.10): `gateway`."""

from __future__ import annotations

import re

from forensics.parsers.disclosure import Disclosure
from forensics.parsers.logs.templates.template import VERBOSE, Sample, Template, Wording

_HERE = ("gateway",)

TEMPLATES = (
    Template(
        kind="service_restart_scheduled",
        role="lifecycle",
        literals=("Scheduled restart job, restart counter is at",),
        subsystems=("systemd",),
        identity=("attempt",),
        wordings=(
            Wording(
                "all",
                re.compile(r"Scheduled\ restart\ job,\ restart\ counter\ is\ at\ (?P<attempt>\d+)\.?", VERBOSE),
            ),
        ),
        samples=(
            Sample(
                "2.9",
                "2026-04-02T10:00:06+0000 host systemd[812]: openclaw-gateway.service: Scheduled restart job, "
                "restart counter is at 45.",
                {"attempt": 45},
            ),
        ),
    ),
    Template(
        kind="gateway_starting",
        role="lifecycle",
        disclosure=Disclosure("own sentence"),
        literals=(
            "loading configuration",
            "resolving authentication",
            "starting...",
            "starting HTTP server...",
            "starting channels and sidecars...",
        ),
        routine=r'"1":"(loading configuration|resolving authentication|starting[A-Za-z ]*)(?:…|\.\.\.)',
        subsystems=_HERE,
        wordings=(
            Wording(
                "4.5+",
                re.compile(
                    r"""(?P<text>loading\ configuration|resolving\ authentication
                    |starting(?:\ HTTP\ server|\ channels\ and\ sidecars)?)
                    (?:…|\.\.\.)""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(Sample("5.28", "08:55:03 [gateway] loading configuration…", {"text": "loading configuration"}),),
    ),
    Template(
        kind="agent_model",
        role="lifecycle",
        disclosure=Disclosure("own sentence", detail="word"),
        literals=("agent model: ",),
        routine=r'"1":"(agent model: [^"\\]*)"',
        subsystems=_HERE,
        identity=("provider", "model"),
        wordings=(
            Wording(
                "all",
                re.compile(
                    r"(?P<text>agent\ model:\ (?P<provider>[^\s/]+)/(?P<model>\S+)(?:\ \((?P<detail>[^)]*)\))?)",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "2.9",
                "08:33:56 [gateway] agent model: anthropic/claude-opus-4-5",
                {
                    "text": "agent model: anthropic/claude-opus-4-5",
                    "provider": "anthropic",
                    "model": "claude-opus-4-5",
                },
            ),
            Sample(
                "7.1",
                "2026-11-20T09:32:33.950+00:00 [gateway] agent model: anthropic/claude-sonnet-4-6 (thinking=adaptive, "
                "fast=off)",
                {
                    "text": "agent model: anthropic/claude-sonnet-4-6 (thinking=adaptive, fast=off)",
                    "provider": "anthropic",
                    "model": "claude-sonnet-4-6",
                    "detail": "thinking=adaptive, fast=off",
                },
            ),
        ),
    ),
    Template(
        kind="log_file",
        role="lifecycle",
        disclosure=Disclosure("own sentence", detail="path"),
        literals=("log file: ",),
        routine=r'"1":"(log file: [^"\\]*)"',
        subsystems=_HERE,
        identity=("detail",),
        wordings=(Wording("all", re.compile(r"(?P<text>log\ file:\ (?P<detail>[^\n]+))", VERBOSE)),),
        samples=(
            Sample(
                "2.9",
                "08:33:56 [gateway] log file: /home/kim/.openclaw/logs/openclaw.log",
                {
                    "text": "log file: /home/kim/.openclaw/logs/openclaw.log",
                    "detail": "/home/kim/.openclaw/logs/openclaw.log",
                },
            ),
        ),
    ),
    Template(
        kind="gateway_listening",
        role="lifecycle",
        disclosure=Disclosure("own sentence", detail="sentence"),
        literals=("listening on ws://", "http server listening ("),
        subsystems=_HERE,
        identity=("detail",),
        wordings=(
            Wording("1.29-4.2", re.compile(r"(?P<text>listening\ on\ (?P<detail>ws://[^\n]+))", VERBOSE)),
            Wording("4.27+", re.compile(r"(?P<text>http\ server\ listening\ \((?P<detail>[^\n]+)\))", VERBOSE)),
        ),
        samples=(
            Sample(
                "3.11",
                "2026-11-20T09:31:38.450+00:00 [gateway] listening on ws://127.0.0.1:18789, ws://[::1]:18789 (PID 23)",
                {
                    "text": "listening on ws://127.0.0.1:18789, ws://[::1]:18789 (PID 23)",
                    "detail": "ws://127.0.0.1:18789, ws://[::1]:18789 (PID 23)",
                },
            ),
            Sample(
                "7.1",
                "2026-11-20T09:32:33.950+00:00 [gateway] http server listening (3 plugins: canvas, memory-core, "
                "ollama; 1.2s)",
                {
                    "text": "http server listening (3 plugins: canvas, memory-core, ollama; 1.2s)",
                    "detail": "3 plugins: canvas, memory-core, ollama; 1.2s",
                },
            ),
        ),
    ),
    Template(
        kind="gateway_ready",
        role="lifecycle",
        disclosure=Disclosure("own sentence", detail="sentence"),
        literals=(),
        prefilter=r"gateway ready|\[gateway\] ready|ready \([0-9]+ plugin",
        subsystems=_HERE,
        identity=(),
        wordings=(
            Wording("4.27+", re.compile(r"(?P<text>(?:gateway\ )?ready)", VERBOSE)),
            Wording("4.5-4.24", re.compile(r"(?P<text>ready\ \((?P<detail>[^)]*)\))", VERBOSE)),
        ),
        samples=(
            Sample("5.28", "08:55:07 [gateway] ready", {"text": "ready"}),
            Sample(
                "4.5",
                "2026-11-20T10:16:55.168+01:00 [gateway] ready (5 plugins, 3.1s)",
                {"text": "ready (5 plugins, 3.1s)", "detail": "5 plugins, 3.1s"},
            ),
        ),
    ),
    Template(
        kind="update_available",
        role="lifecycle",
        disclosure=Disclosure("own sentence", detail="word"),
        literals=("update available (",),
        subsystems=_HERE,
        identity=("release",),
        wordings=(
            Wording(
                "all",
                re.compile(
                    r"""(?P<text>update\ available\ \([^)]*\):
                    \ v(?P<detail>\S+)
                    \ \(current\ v(?P<release>[^)]+)\))\.[^\n]*""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "3.11",
                "2026-03-12T10:00:00.000+00:00 [gateway] update available (latest): v2026.3.13 (current v2026.3.11). "
                "Run: openclaw update",
                {
                    "text": "update available (latest): v2026.3.13 (current v2026.3.11)",
                    "detail": "2026.3.13",
                    "release": "2026.3.11",
                },
            ),
        ),
    ),
    Template(
        kind="gateway_startup_failed",
        role="lifecycle",
        disclosure=Disclosure("error"),
        literals=("startup failed: ",),
        subsystems=_HERE,
        wordings=(
            Wording(
                "3.8+",
                re.compile(
                    r"""(?:gateway\ )?startup\ failed:\ (?P<text>.*)\.
                    \ Process\ will\ stay\ alive;\ fix\ the\ issue\ and\ restart\.""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "3.11",
                "2026-03-12T10:00:00.000+00:00 [gateway] startup failed: Error: listen EADDRINUSE. Process will stay "
                "alive; fix the issue and restart.",
                {"text": "Error: listen EADDRINUSE"},
            ),
        ),
    ),
)
