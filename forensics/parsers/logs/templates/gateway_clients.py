"""Clients the gateway turned away (facts 2.1, 2.10): no provider is involved, so all of it is noise."""

from __future__ import annotations

import re

from forensics.parsers.disclosure import Disclosure
from forensics.parsers.logs.templates.template import LOUD, VERBOSE, Sample, Template, Wording

_WS = ("gateway/ws",)

TEMPLATES = (
    Template(
        kind="client_unauthorized",
        role="noise",
        disclosure=Disclosure(detail="word"),
        literals=("unauthorized conn=",),
        subsystems=_WS,
        identity=("detail",),
        wordings=(Wording("all", re.compile(r"unauthorized\ conn=\S+\ .*?reason=(?P<detail>\S+).*", VERBOSE)),),
        samples=(
            Sample(
                "2.9",
                "11:44:09 [ws] unauthorized conn=02a2aee2-f81f-42de-b98d-c519858de542 remote=127.0.0.1 client=cli cli "
                "vdev reason=token_mismatch",
                {"detail": "token_mismatch"},
            ),
        ),
    ),
    Template(
        kind="client_closed_early",
        role="noise",
        disclosure=Disclosure(detail="sentence"),
        literals=("closed before connect conn=",),
        routine=r'"2":"closed before connect conn=[^"]* reason=([A-Za-z/ :_-]+)[^"]*"',
        subsystems=_WS,
        identity=("detail",),
        wordings=(
            Wording(
                "all",
                re.compile(
                    r"""closed\ before\ connect\ conn=\S+
                    \ .*?\ code=\d+
                    \ reason=(?P<detail>.*?)(?=\ \w+=|\s*\Z|\n)""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "4.5",
                "2026-11-20T13:06:22.353+01:00 [ws] closed before connect conn=78bcd999-b79d-4752-ad00-eaae7b0b98d8 "
                "remote=127.0.0.1 fwd=n/a origin=n/a host=127.0.0.1:18789 ua=n/a code=1008 reason=pairing required",
                {"detail": "pairing required"},
            ),
            Sample(
                "7.1",
                "2026-11-20T10:11:07.753+00:00 [ws] closed before connect conn=a38abc09-8d3a-4af7-bf9c-5c3b4993adcf "
                "peer=127.0.0.1:59304->127.0.0.1:18789 remote=127.0.0.1 fwd=n/a origin=n/a host=127.0.0.1:18789 "
                "ua=node code=1006 reason=n/a phase=ws_upgrade_started",
                {},
            ),
        ),
    ),
    Template(
        kind="request_handler_failed",
        role="noise",
        disclosure=Disclosure("error"),
        literals=("request handler failed: ",),
        subsystems=("gateway",),
        wordings=(Wording("all", re.compile(r"request\ handler\ failed:\ (?P<text>.*)", VERBOSE)),),
        samples=(
            Sample(
                "2.9",
                "10:15:23 [gateway] request handler failed: Error: unknown cron job id: no-such-job",
                {"text": "Error: unknown cron job id: no-such-job"},
            ),
        ),
    ),
    Template(
        kind="client_connect_failed",
        role="noise",
        disclosure=Disclosure("error"),
        literals=("gateway connect failed: ",),
        subsystems=("",),
        levels=LOUD,
        wordings=(Wording("all", re.compile(r"gateway\ connect\ failed:\ (?P<text>.*)", VERBOSE)),),
        samples=(
            Sample(
                "2.9",
                "11:44:09 gateway connect failed: Error: unauthorized: gateway token mismatch (set "
                "gateway.remote.token to match gateway.auth.token)",
                {
                    "text": "Error: unauthorized: gateway token mismatch (set gateway.remote.token to match "
                    "gateway.auth.token)",
                },
            ),
        ),
    ),
    Template(
        kind="client_access_upgrade",
        role="noise",
        disclosure=Disclosure(detail="word"),
        literals=("security audit: device access upgrade requested",),
        subsystems=("gateway",),
        identity=("detail",),
        wordings=(
            Wording(
                "3.11+",
                re.compile(r"security\ audit:\ device\ access\ upgrade\ requested\ reason=(?P<detail>\S+).*", VERBOSE),
            ),
        ),
        samples=(
            Sample(
                "4.5",
                "2026-11-20T13:06:22.340+01:00 [gateway] security audit: device access upgrade requested "
                "reason=scope-upgrade device=096bc4a38696 ip=unknown-ip auth=token roleFrom=operator",
                {"detail": "scope-upgrade"},
            ),
        ),
    ),
)
