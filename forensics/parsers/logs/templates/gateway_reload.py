"""Configuration that changed under a running gateway (facts 2.10): `gateway/reload`, `gateway`, root."""

from __future__ import annotations

import re

from forensics.parsers.disclosure import Disclosure
from forensics.parsers.logs.templates.template import LOUD, VERBOSE, Sample, Template, Wording

_HERE = ("gateway/reload",)

TEMPLATES = (
    Template(
        kind="config_changed",
        role="lifecycle",
        disclosure=Disclosure("own sentence", detail="settings"),
        literals=("config change detected; evaluating reload ",),
        routine=r'"1":"(config change detected; evaluating reload \([^"\\]*)"',
        subsystems=_HERE,
        identity=("detail",),
        wordings=(
            Wording(
                "1.29-9.6",
                re.compile(r"(?P<text>config\ change\ detected;\ evaluating\ reload\ \((?P<detail>[^\n]*)\))", VERBOSE),
            ),
        ),
        samples=(
            Sample(
                "5.28",
                "10:00:00 [reload] config change detected; evaluating reload (messages.responsePrefix)",
                {
                    "text": "config change detected; evaluating reload (messages.responsePrefix)",
                    "detail": "messages.responsePrefix",
                },
            ),
        ),
    ),
    Template(
        kind="config_applied",
        role="lifecycle",
        disclosure=Disclosure("own sentence", detail="settings"),
        literals=("config change applied (dynamic reads: ", "config hot reload applied ("),
        subsystems=_HERE,
        identity=("detail",),
        wordings=(
            Wording(
                "all",
                re.compile(
                    r"""(?P<text>config\ (?:change\ applied\ \(dynamic\ reads:\ |hot\ reload\ applied\ \()
                    (?P<detail>[^\n]*)\))""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "3.11",
                "10:00:00 [reload] config change applied (dynamic reads: agents.defaults.model, messages)",
                {
                    "text": "config change applied (dynamic reads: agents.defaults.model, messages)",
                    "detail": "agents.defaults.model, messages",
                },
            ),
            Sample(
                "2.9",
                "10:00:00 [reload] config hot reload applied (cron, hooks)",
                {"text": "config hot reload applied (cron, hooks)", "detail": "cron, hooks"},
            ),
        ),
    ),
    Template(
        kind="config_needs_restart",
        role="lifecycle",
        disclosure=Disclosure("own sentence", detail="settings"),
        literals=("config change requires gateway restart ",),
        subsystems=_HERE,
        identity=("detail",),
        wordings=(
            Wording(
                "all",
                re.compile(r"(?P<text>config\ change\ requires\ gateway\ restart\ \((?P<detail>[^\n]*)\))", VERBOSE),
            ),
        ),
        samples=(
            Sample(
                "2.9",
                "10:00:00 [reload] config change requires gateway restart (gateway.port)",
                {"text": "config change requires gateway restart (gateway.port)", "detail": "gateway.port"},
            ),
        ),
    ),
    Template(
        kind="config_reload_skipped",
        role="lifecycle",
        disclosure=Disclosure("error"),
        literals=("config reload skipped (invalid config): ",),
        subsystems=_HERE,
        wordings=(
            Wording(
                "all",
                re.compile(r"config\ reload\ skipped\ \(invalid\ config\):\ (?P<text>.*)", VERBOSE),
            ),
        ),
        samples=(
            Sample(
                "2.9",
                "10:00:00 [reload] config reload skipped (invalid config): auth.order: expected object",
                {"text": "auth.order: expected object"},
            ),
        ),
    ),
    Template(
        kind="config_patched",
        role="lifecycle",
        disclosure=Disclosure("own sentence", detail="sentence"),
        literals=("config.patch write ",),
        subsystems=("gateway",),
        identity=("detail",),
        wordings=(
            Wording(
                "2.21+",
                re.compile(r"(?P<text>config\.patch\ write\ [^\n]*?changedPaths=(?P<detail>\S+)[^\n]*)", VERBOSE),
            ),
        ),
        samples=(
            Sample(
                "2.21",
                "2026-02-22T10:00:00.000+00:00 [gateway] config.patch write actor=control-ui "
                "changedPaths=agents.defaults.model.primary restartReason=config.patch",
                {
                    "text": "config.patch write actor=control-ui changedPaths=agents.defaults.model.primary "
                    "restartReason=config.patch",
                    "detail": "agents.defaults.model.primary",
                },
            ),
        ),
    ),
    Template(
        kind="config_overwritten",
        role="lifecycle",
        disclosure=Disclosure("own sentence", detail="path"),
        literals=("Config overwrite: ",),
        subsystems=("",),
        levels=LOUD,
        identity=("detail",),
        wordings=(Wording("4.5", re.compile(r"(?P<text>Config\ overwrite:\ (?P<detail>\S+)\ \([^\n]*\))", VERBOSE)),),
        samples=(
            Sample(
                "4.5",
                r'{"0":"Config overwrite: /home/kim/.openclaw/openclaw.json (sha256 8a1f -> 4c1f, '
                r'backup=/home/kim/.openclaw/openclaw.json.bak)","_meta":{"name":"openclaw","logLevelName":"WARN"},'
                r'"time":"2026-11-20T10:00:00.000+01:00"}',
                {
                    "text": "Config overwrite: /home/kim/.openclaw/openclaw.json (sha256 8a1f -> 4c1f, "
                    "backup=/home/kim/.openclaw/openclaw.json.bak)",
                    "detail": "/home/kim/.openclaw/openclaw.json",
                },
            ),
        ),
    ),
)
