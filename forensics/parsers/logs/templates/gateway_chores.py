"""What a gateway complains of beside its work (facts 2.1): no matter of a provider, so its lines are only counted."""

from __future__ import annotations

import re

from forensics.parsers.disclosure import Disclosure
from forensics.parsers.logs.templates.template import LOUD, VERBOSE, Sample, Template, Wording

_ROOT = ("",)

TEMPLATES = (
    Template(  # the agent's own tools; what they were called with stays out
        kind="tool_failed",
        role="noise",
        disclosure=Disclosure(detail="word"),
        is_event=False,
        literals=("[tools] ",),
        subsystems=_ROOT,
        levels=LOUD,
        identity=("detail",),
        wordings=(Wording("all", re.compile(r"\[tools\]\ (?P<detail>[\w.-]+)\ failed:\ .*", VERBOSE)),),
        samples=(
            Sample(
                "2.9",
                "2026-02-11T09:07:23.255Z error [tools] read failed: ENOENT: no such file or directory, access "
                "'/home/u/notes/plan.md'",
                {"detail": "read"},
            ),
            Sample(
                "5.28",
                r'{"0":"[tools] exec failed: ls: no such file\n\nCommand exited with code 2 raw_params={\"a\":1}",'
                r'"_meta":{"runtime":"node","name":"openclaw","date":"2026-05-28T09:30:48.045Z","logLevelName":"ERROR"},'
                r'"time":"2026-05-28T09:30:48.045+00:00"}',
                {"detail": "exec"},
            ),
        ),
    ),
    Template(
        kind="pricing_failed",
        role="noise",
        disclosure=Disclosure("error"),
        is_event=False,
        literals=("pricing bootstrap failed: ", " pricing fetch failed: "),
        subsystems=("gateway/model-pricing",),
        levels=LOUD,
        wordings=(
            Wording("4.5+", re.compile(r"(?:pricing\ bootstrap|\w+\ pricing\ fetch)\ failed:\ (?P<text>.*)", VERBOSE)),
        ),
        samples=(
            Sample(
                "4.5",
                '2026-04-05T09:16:54.033+00:00 warn gateway/model-pricing {"subsystem":"gateway/model-pricing"} '
                "pricing bootstrap failed: Error: OpenRouter /models failed: HTTP 404",
                {"text": "Error: OpenRouter /models failed: HTTP 404"},
            ),
            Sample(
                "7.1",
                '{"time":"2026-07-20T10:33:59.539+01:00","level":"warn","subsystem":"gateway/model-pricing","message":'
                '"LiteLLM pricing fetch failed: TypeError: fetch failed"}',
                {"text": "TypeError: fetch failed"},
            ),
        ),
    ),
    Template(
        kind="cron_delivery_undecided",
        role="noise",
        disclosure=Disclosure("error"),
        is_event=False,
        literals=("cron: failed to resolve failure destination target",),
        subsystems=("cron-delivery",),
        levels=LOUD,
        wordings=(
            Wording(
                "5.28+",
                re.compile(r"cron:\ failed\ to\ resolve\ failure\ destination\ target", VERBOSE),
                keys={"text": "error"},
            ),
        ),
        samples=(
            Sample(
                "5.28",
                r'{"0":"{\"subsystem\":\"cron-delivery\"}","1":{"error":"Channel is required (no configured channels '
                r'detected)."},"2":"cron: failed to resolve failure destination target","_meta":{"runtime":"node",'
                r'"name":"{\"subsystem\":\"cron-delivery\"}","logLevelName":"WARN"},"time":'
                r'"2026-05-28T11:26:50.492+00:00"}',
                {"text": "Channel is required (no configured channels detected)."},
            ),
        ),
    ),
    Template(
        kind="url_blocked",
        role="noise",
        disclosure=Disclosure("own sentence", detail="word"),
        literals=("blocked URL fetch (",),
        routine=r'"1":"(blocked URL fetch \([^")]*\) target(?:Origin)?=[^" ]+ reason=[^"\\]*)"',
        subsystems=("security",),
        levels=LOUD,
        wordings=(
            Wording(
                "4.5+",
                re.compile(
                    r"""blocked\ URL\ fetch\ \((?P<detail>[^)]*)\)
                    \ target(?:Origin)?=\S+
                    \ reason=(?P<text>.*)""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "4.12",
                "2026-04-12T09:01:03.499+00:00 [security] blocked URL fetch (url-fetch) "
                "target=https://llm.lan/v1 reason=Blocked: resolves to private/internal/special-use IP address",
                {
                    "detail": "url-fetch",
                    "text": "Blocked: resolves to private/internal/special-use IP address",
                },
            ),
            Sample(
                "9.6",
                "2026-09-20T09:17:20.636+00:00 warn security blocked URL fetch (anthropic-model-discovery) "
                "targetOrigin=https://api.anthropic.com reason=Blocked: "
                "resolves to private/internal/special-use IP address",
                {
                    "detail": "anthropic-model-discovery",
                    "text": "Blocked: resolves to private/internal/special-use IP address",
                },
            ),
        ),
    ),
    Template(
        kind="orphaned_prompt_kept",
        role="noise",
        disclosure=Disclosure("own sentence", detail="word"),
        is_event=False,
        literals=("Preserved orphaned user message",),
        subsystems=("agent/embedded",),
        levels=LOUD,
        identity=("run",),
        wordings=(
            Wording(
                "9.6",
                re.compile(
                    r"""(?P<text>Preserved\ orphaned\ user\ message\ [^=]*?)
                    \ runId=(?P<run>\S+)
                    \ sessionId=(?P<session>\S+)
                    (?:\ trigger=(?P<detail>\S+))?""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "9.6",
                "10:15:30 [agent/embedded] Preserved orphaned user message without removing the active session leaf. "
                "runId=lab-7-1795 sessionId=bdbc66cb-fba4-4c9e-acd7-6d12d1dd7b3c trigger=user",
                {
                    "text": "Preserved orphaned user message without removing the active session leaf.",
                    "run": "lab-7-1795",
                    "session": "bdbc66cb-fba4-4c9e-acd7-6d12d1dd7b3c",
                    "detail": "user",
                },
            ),
        ),
    ),
    Template(
        kind="process_warning",
        role="noise",
        disclosure=Disclosure("own sentence"),
        is_event=False,
        literals=("(node:", "[openclaw] tightened permissions on temp dir: ", "Config write anomaly: "),
        subsystems=_ROOT,
        levels=("warn",),
        wordings=(
            Wording("all", re.compile(r"\(node:\d+\)\ (?:\[\w+\]\ )?(?P<text>\w*Warning:\ [^\n]*).*", VERBOSE)),
            Wording(
                "2.12+", re.compile(r"\[openclaw\]\ (?P<text>tightened\ permissions\ on\ temp\ dir:\ .*)", VERBOSE)
            ),
            Wording("4.5", re.compile(r"(?P<text>Config\ write\ anomaly:\ .*)", VERBOSE)),
        ),
        samples=(
            Sample(
                "9.6",
                r'{"0":"(node:74) MaxListenersExceededWarning: Possible EventEmitter memory leak detected.\n(Use `node '
                r'--trace-warnings ...` to show where the warning was created)","_meta":{"runtime":"node","name":'
                r'"openclaw","logLevelName":"WARN"},"time":"2026-09-20T09:17:18.485+00:00"}',
                {"text": "MaxListenersExceededWarning: Possible EventEmitter memory leak detected."},
            ),
            Sample(
                "9.6",
                "2026-09-20T08:56:39.303+00:00 warn [openclaw] tightened permissions on temp dir: /tmp/openclaw",
                {"text": "tightened permissions on temp dir: /tmp/openclaw"},
            ),
            Sample(
                "4.5",
                "2026-04-05T09:16:51.770+00:00 warn Config write anomaly: /home/u/.openclaw/openclaw.json "
                "(missing-meta-before-write)",
                {"text": "Config write anomaly: /home/u/.openclaw/openclaw.json (missing-meta-before-write)"},
            ),
        ),
    ),
    Template(
        kind="sdk_stream_chunk",
        role="noise",
        is_event=False,
        literals=("From chunk: [",),
        subsystems=_ROOT,
        levels=LOUD,
        identity=(),
        wordings=(Wording("1.29-4.x", re.compile(r"From\ chunk:\ \[.*", VERBOSE)),),
        samples=(
            Sample("3.11", "2026-03-12T12:00:39.924+00:00 error From chunk: [ 'event: content_block_start' ]", {}),
        ),
    ),
    Template(
        kind="owner_lease_stopped",
        role="noise",
        disclosure=Disclosure("own sentence"),
        is_event=False,
        literals=("Gateway owner lease heartbeat stopped",),
        subsystems=("gateway",),
        levels=LOUD,
        wordings=(
            Wording("9.6", re.compile(r"(?P<text>Gateway\ owner\ lease\ heartbeat\ stopped)(?:;\ .*)?", VERBOSE)),
        ),
        samples=(
            Sample(
                "9.6",
                "2026-09-20T09:17:18.787+00:00 warn gateway Gateway owner lease heartbeat stopped; process identity "
                "remains recorded",
                {"text": "Gateway owner lease heartbeat stopped"},
            ),
        ),
    ),
)
