"""What newer gateways complain of beside their work (facts 2.1): slow starts, deliveries left open, moved settings."""

from __future__ import annotations

import re

from forensics.parsers.disclosure import Disclosure
from forensics.parsers.logs.templates.template import LOUD, VERBOSE, Sample, Template, Wording

TEMPLATES = (
    Template(
        kind="auth_warmup_failed",
        role="noise",
        disclosure=Disclosure("error"),
        is_event=False,
        literals=("provider auth state rewarm failed: ",),
        subsystems=("gateway",),
        levels=LOUD,
        wordings=(Wording("6.11+", re.compile(r"provider\ auth\ state\ rewarm\ failed:\ (?P<text>.*)", VERBOSE)),),
        samples=(
            Sample(
                "6.11",
                "2026-06-11T09:29:15.870Z warn gateway provider auth state rewarm failed: Error: provider auth warm "
                "worker timed out",
                {"text": "Error: provider auth warm worker timed out"},
            ),
        ),
    ),
    Template(
        kind="run_start_traced",
        role="noise",
        disclosure=Disclosure(detail="word"),
        is_event=False,
        literals=("[trace:embedded-run] ",),
        subsystems=("agent/embedded",),
        levels=LOUD,
        identity=("run",),
        wordings=(
            Wording(
                "8.2+",
                re.compile(r"\[trace:embedded-run\]\ \w+\ stages:\ runId=(?P<run>\S+)\ .*", VERBOSE),
            ),
        ),
        samples=(
            Sample(
                "8.2",
                "2026-08-02T09:30:15.870Z warn agent/embedded [trace:embedded-run] startup stages: "
                "runId=3f0c9d1a-0000-4000-8000-000000000001 sessionId=s-1 phase=attempt-dispatch totalMs=5347",
                {"run": "3f0c9d1a-0000-4000-8000-000000000001"},
            ),
        ),
    ),
    Template(
        kind="config_moved",
        role="noise",
        disclosure=Disclosure(),
        is_event=False,
        literals=("Config warnings: ",),
        subsystems=("config",),
        levels=LOUD,
        identity=(),
        wordings=(Wording("9.3+", re.compile(r"Config\ warnings:\ .*", VERBOSE)),),
        samples=(
            Sample(
                "9.3",
                '{"time":"2026-09-03T09:56:31.808+00:00","level":"warn","subsystem":"config","message":'
                '"Config warnings: agents.entries: Moved agents.list to keyed agents.entries."}',
                {},
            ),
        ),
    ),
    Template(
        kind="delivery_left_open",
        role="noise",
        disclosure=Disclosure("error"),
        is_event=False,
        literals=("Delivery entry ", "Outbound delivery retry: retry failed for entry "),
        subsystems=("gateway/delivery-recovery",),
        levels=LOUD,
        wordings=(
            Wording(
                "9.3+",
                re.compile(
                    r"(?:Delivery\ entry|Outbound\ delivery\ retry:\ retry\ failed\ for\ entry)\ \S+?:+\ (?P<text>.*)",
                    VERBOSE,
                ),
            ),
        ),
        samples=(
            Sample(
                "9.3",
                "2026-09-03T09:55:55.579Z warn gateway/delivery-recovery Delivery entry "
                "cron-direct-delivery:v1:cron:j1:1796:telegram::t%3A1: delivery state is send_attempt_started; "
                "refusing blind replay without adapter reconciliation",
                {
                    "text": "delivery state is send_attempt_started; refusing blind replay without adapter "
                    "reconciliation"
                },
            ),
        ),
    ),
    Template(
        kind="cron_delivery_failed",
        role="noise",
        disclosure=Disclosure("error"),
        is_event=False,
        literals=("] delivery failed (",),
        subsystems=("",),
        levels=LOUD,
        wordings=(Wording("9.3+", re.compile(r"\[cron:[^\]]+\]\ delivery\ failed\ \(\w+\):\ (?P<text>.*)", VERBOSE)),),
        samples=(
            Sample(
                "9.3",
                "2026-09-03T09:55:55.707Z error [cron:j1] delivery failed (required): Telegram bot token missing for "
                'account "default".',
                {"text": 'Telegram bot token missing for account "default".'},
            ),
        ),
    ),
)
