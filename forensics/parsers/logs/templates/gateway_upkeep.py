"""What a gateway and its commands say around starts, stops and nights, and of their own timers: only counted."""

from __future__ import annotations

import re

from forensics.parsers.logs.templates.template import LOUD, VERBOSE, Sample, Template, Wording

TEMPLATES = (
    Template(  # what a router has to offer
        kind="model_list_failed",
        role="noise",
        is_event=False,
        literals=("OpenRouter models API returned ", "Failed to fetch OpenRouter models: "),
        subsystems=("openrouter-model-capabilities",),
        levels=LOUD,
        identity=(),
        wordings=(
            Wording(
                "4.5+",
                re.compile(r"(?:OpenRouter\ models\ API|Failed\ to\ fetch\ OpenRouter\ models:)\ .*", VERBOSE),
            ),
        ),
        samples=(
            Sample(
                "6.11",
                "2026-06-11T08:00:03.529+00:00 [openrouter-model-capabilities] OpenRouter models API returned 404",
                {},
            ),
        ),
    ),
    Template(
        kind="model_warmup_failed",
        role="noise",
        is_event=False,
        literals=("startup model warmup ",),
        subsystems=("gateway",),
        levels=LOUD,
        identity=(),
        wordings=(Wording("5.12+", re.compile(r"startup\ model\ warmup\ (?:failed|timed\ out|skipped)\b.*", VERBOSE)),),
        samples=(
            Sample(
                "6.11",
                "2026-06-11T08:00:20.529+00:00 [gateway] startup model warmup timed out after 5000ms; continuing "
                "without waiting",
                {},
            ),
        ),
    ),
    Template(
        kind="secrets_degraded",
        role="noise",
        is_event=False,
        literals=("[SECRETS_DEGRADED] ",),
        subsystems=("gateway/secrets",),
        levels=LOUD,
        identity=(),
        wordings=(Wording("9.1+", re.compile(r"\[SECRETS_DEGRADED\]\ \w+\ .*", VERBOSE)),),
        samples=(
            Sample(
                "9.3",
                "2026-09-03T08:00:17.118+00:00 [secrets] [SECRETS_DEGRADED] cold route:~/a.sqlite: secret resolution "
                "failed. Retry: openclaw secrets reload.",
                {},
            ),
        ),
    ),
    Template(  # of the sessions and runs that a stop left behind
        kind="leftovers_swept",
        role="noise",
        is_event=False,
        literals=("startup-orphaned main session", "subagent run sweep failed: "),
        subsystems=("main-session-restart-recovery", "agents/subagent-registry"),
        levels=LOUD,
        identity=(),
        wordings=(
            Wording("6.11+", re.compile(r"marked\ \d+\ startup-orphaned\ main\ session.*", VERBOSE)),
            Wording("8.1+", re.compile(r"subagent\ run\ sweep\ failed:\ .*", VERBOSE)),
        ),
        samples=(
            Sample(
                "6.11",
                "2026-06-11T11:00:30.118+00:00 [main-session-restart-recovery] marked 1 startup-orphaned main "
                "session(s) for restart recovery",
                {},
            ),
            Sample(
                "8.2",
                "2026-08-20T10:00:00.171+00:00 [agents/subagent-registry] subagent run sweep failed: gateway is "
                "draining for restart",
                {},
            ),
        ),
    ),
    Template(  # the nightly notes of the memory plugin: whatever fails with it has lines of its own
        kind="memory_dreaming",
        role="noise",
        is_event=False,
        literals=("memory-core: ",),
        subsystems=("plugins",),
        levels=LOUD,
        identity=(),
        wordings=(
            Wording(
                "5.12+",
                re.compile(r"memory-core:\ (?:narrative\ generation|managed\ dreaming\ cron)\b.*", VERBOSE),
            ),
        ),
        samples=(
            Sample(
                "8.2",
                "2026-08-20T03:00:00.171+00:00 [plugins] memory-core: narrative generation ended with status=timeout",
                {},
            ),
        ),
    ),
    Template(  # said by a command, not by the gateway
        kind="command_complained",
        role="noise",
        is_event=False,
        literals=(
            "Gateway call failed: ",
            "No --agent specified; ",
            "Doctor stopped because ",
            "unused run continuation: ",
        ),
        subsystems=("",),
        levels=LOUD,
        identity=(),
        wordings=(
            Wording(
                "6.1+",
                re.compile(
                    r"""(?:Gateway\ call\ failed:|No\ --agent\ specified;|Doctor\ stopped\ because
                    |\[cron:[^\]\s]+\]\ Failed\ to\ remove\ unused\ run\ continuation:)\ .*""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "6.11",
                '{"0":"Gateway call failed: GatewayClientRequestError: model not allowed: openai/gpt-5.1","_meta":'
                '{"name":"openclaw","date":"2026-06-11T08:20:05.889Z","logLevelName":"ERROR"},"time":'
                '"2026-06-11T08:20:05.889+00:00"}',
                {},
            ),
        ),
    ),
    Template(  # the request has a line of its own
        kind="fetch_timer",
        role="noise",
        is_event=False,
        literals=("fetch timeout reached; aborting operation",),
        subsystems=("fetch-timeout",),
        levels=LOUD,
        identity=("duration_ms",),
        wordings=(
            Wording(
                "5.12+",
                re.compile(r"fetch\ timeout\ reached;\ aborting\ operation.*", VERBOSE),
                keys={"duration_ms": "elapsedMs"},
            ),
        ),
        samples=(
            Sample(
                "5.12",
                r'{"0":"{\"subsystem\":\"fetch-timeout\"}","1":{"timeoutMs":30000,"elapsedMs":30001},'
                r'"2":"fetch timeout reached; aborting operation","_meta":{"name":'
                r'"{\"subsystem\":\"fetch-timeout\"}","logLevelName":"WARN"},"time":"2026-05-12T09:00:31.495+00:00"}',
                {"duration_ms": 30001},
            ),
        ),
    ),
    Template(
        kind="tool_schema_diagnostics",
        role="noise",
        is_event=False,
        literals=("provider tool schema diagnostics",),
        subsystems=("agent/embedded",),
        levels=LOUD,
        identity=(),
        wordings=(Wording("6.1+", re.compile(r"provider\ tool\ schema\ diagnostics\b.*", VERBOSE)),),
        samples=(
            Sample(
                "9.3",
                "2026-09-03T08:10:01.384+00:00 [agent/embedded] provider tool schema diagnostics: 1 finding for google",
                {},
            ),
        ),
    ),
    Template(
        kind="prompt_merged",
        role="noise",
        is_event=False,
        literals=("orphaned user message to prevent consecutive user turns",),
        subsystems=("agent/embedded",),
        levels=LOUD,
        identity=("run",),
        wordings=(
            Wording(
                "4.5+",
                re.compile(
                    r"""(?:Merged\ and\ removed|Removed)\ orphaned\ user\ message
                    \ to\ prevent\ consecutive\ user\ turns\.
                    \ runId=(?P<run>\S+)\ .*""",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "5.12",
                "2026-05-12T11:00:02.384+00:00 [agent/embedded] Merged and removed orphaned user message to prevent "
                "consecutive user turns. runId=r1 sessionId=s1 trigger=user",
                {"run": "r1"},
            ),
        ),
    ),
)
