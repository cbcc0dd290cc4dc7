"""Subagents and the announces that bring their results home (facts 2.8). Root lines with `[warn] ` in front."""

from __future__ import annotations

import re

from forensics.parsers.disclosure import Disclosure
from forensics.parsers.logs.envelopes.envelope import Record
from forensics.parsers.logs.templates.error_texts import with_error
from forensics.parsers.logs.templates.template import LOUD, VERBOSE, Fields, Sample, Template, Wording

_ROOT = ("",)
_WARNED = r"(?:\[warn\]\ )?"
_GIVE_UP = rf"""
    {_WARNED}Subagent\ announce\ give\ up\ \((?P<detail>[a-z-]+)\)
    \ run=(?P<run>\S+)
    \ child=(?P<child_session>\S+)
    \ requester=(?P<requester>\S+)
    \ retries=(?P<attempt>\d+)
    \ endedAgo=\S+
"""


def _loud(record: Record) -> bool:
    """OpenClaw says these at error, or at info behind `[warn] `; without either it is a reply quoting them."""
    return record.level is None or record.level in LOUD or record.text.startswith("[warn] ")


def _announced(record: Record, fields: Fields) -> Fields | None:
    return with_error({"trigger": "subagent"} | fields, otherwise="delivery") if _loud(record) else None


def _given_up(record: Record, fields: Fields) -> Fields | None:
    """The result is lost. What the last attempt said is told, but the line stays a matter of delivery."""
    ago = re.search(r"\bendedAgo=(\d{1,9})s", record.text)
    since = {"duration_ms": int(ago[1]) * 1000} if ago else {}
    told = _announced(record, since | fields)
    return None if told is None else told | {"role": "delivery", "detail": fields["detail"]}


def _pruned(record: Record, fields: Fields) -> Fields | None:
    return {"trigger": "subagent"} | fields if _loud(record) else None


TEMPLATES = (
    Template(
        kind="subagent_announce_given_up",
        role="delivery",
        disclosure=Disclosure("error", detail="word"),
        literals=("Subagent announce give up (",),
        subsystems=_ROOT,
        identity=("run", "detail"),
        refine=_given_up,
        wordings=(
            Wording(
                "5.22+",
                re.compile(rf"""{_GIVE_UP} \ deliveryError="?(?P<text>.*?)"?\Z""", VERBOSE),
            ),
            Wording("2.17+", re.compile(_GIVE_UP, VERBOSE)),
        ),
        samples=(
            Sample(
                "9.6",
                "13:00:57 [warn] Subagent announce give up (expiry) run=456f9a25-f0b5-4a13-a4f7-f0b47fb33110 "
                "child=agent:main:subagent:d12292bb-e463-4e16-861c-28b746967edc requester=agent:main:main retries=10 "
                'endedAgo=2069s deliveryError="delivery path none did not complete"',
                {
                    "trigger": "subagent",
                    "detail": "expiry",
                    "run": "456f9a25-f0b5-4a13-a4f7-f0b47fb33110",
                    "child_session": "agent:main:subagent:d12292bb-e463-4e16-861c-28b746967edc",
                    "requester": "agent:main:main",
                    "attempt": 10,
                    "duration_ms": 2069000,
                    "text": "delivery path none did not complete",
                },
            ),
            Sample(
                "3.11",
                "10:00:00 [warn] Subagent announce give up (retry-limit) run=r1 child=agent:main:subagent:c1 "
                "requester=agent:main:main retries=3 endedAgo=7s",
                {
                    "trigger": "subagent",
                    "detail": "retry-limit",
                    "run": "r1",
                    "child_session": "agent:main:subagent:c1",
                    "requester": "agent:main:main",
                    "attempt": 3,
                    "duration_ms": 7000,
                },
            ),
            Sample(
                "5.22",
                "10:00:00 [warn] Subagent announce give up (retry-limit) run=r1 child=agent:main:subagent:c1 "
                "requester=agent:main:main retries=3 endedAgo=31s deliveryError=FailoverError: HTTP 401 "
                "authentication_error: invalid x-api-key",
                {
                    "trigger": "subagent",
                    "detail": "retry-limit",
                    "run": "r1",
                    "child_session": "agent:main:subagent:c1",
                    "requester": "agent:main:main",
                    "attempt": 3,
                    "duration_ms": 31000,
                    "http_status": 401,
                    "error_type": "authentication_error",
                    "text": "HTTP 401 authentication_error: invalid x-api-key",
                },
            ),
        ),
    ),
    Template(
        kind="subagent_announce_failed",
        role="delivery",
        disclosure=Disclosure("error", detail="word"),
        literals=(
            "Subagent completion direct announce failed for ",
            "Subagent announce failed: ",
            "Subagent announce flow failed during cleanup for run ",
            " transient failure, retrying ",
        ),
        subsystems=_ROOT,
        identity=("run", "text"),
        refine=_announced,
        wordings=(
            Wording(
                "2.17+",
                re.compile(
                    rf"""{_WARNED}Subagent\ completion\ direct\ announce\ failed
                    \ for\ (?:run\ (?P<run>\S+)|(?P<detail>[^:\s]\S*)):
                    \ (?P<text>.*?)(?:;\ recovered\ via\ \w+)?\Z""",
                    VERBOSE,
                ),
            ),
            Wording(
                "2.26+",
                re.compile(
                    rf"""{_WARNED}Subagent\ announce\ (?P<detail>.{{1,100}}?)\ transient\ failure,
                    \ retrying\ (?P<attempt>\d+)/(?P<total>\d+)\ in\ \S+:
                    \ (?P<text>.*)""",
                    VERBOSE,
                ),
            ),
            Wording(
                "2.26+",
                re.compile(
                    rf"""{_WARNED}Subagent\ announce\ flow\ failed\ during\ cleanup\ for\ run\ (?P<run>\S+):
                    \ (?P<text>.*)""",
                    VERBOSE,
                ),
            ),
            Wording("all", re.compile(rf"{_WARNED}Subagent\ announce\ failed:\ (?P<text>.*)", VERBOSE)),
        ),
        samples=(
            Sample(
                "3.11",
                r'{"0":"Subagent completion direct announce failed for run 2ed59038-7138-4bf5-b19c-f7198e1b11db: '
                r"FailoverError: OAuth token refresh failed for anthropic: Failed to refresh OAuth token for "
                r'anthropic. Please try again or re-authenticate.","_meta":{"name":"openclaw",'
                r'"logLevelName":"ERROR"},"time":"2026-11-20T11:37:26.855+00:00"}',
                {
                    "role": "failure",
                    "trigger": "subagent",
                    "run": "2ed59038-7138-4bf5-b19c-f7198e1b11db",
                    "provider": "anthropic",
                    "error_type": "oauth_refresh",
                    "text": "OAuth token refresh failed for anthropic: Failed to refresh OAuth token for anthropic. "
                    "Please try again or re-authenticate.",
                },
            ),
            Sample(
                "3.11",
                "10:00:00 [warn] Subagent announce completion direct announce agent call transient failure, retrying "
                "1/4 in 5s: gateway timeout after 60000ms",
                {
                    "role": "noise",
                    "trigger": "subagent",
                    "detail": "completion direct announce agent call",
                    "attempt": 1,
                    "total": 4,
                    "text": "gateway timeout after 60000ms",
                },
            ),
            Sample(
                "2.26",
                "10:00:00 [warn] Subagent announce flow failed during cleanup for run r1: session store is closed",
                {"trigger": "subagent", "run": "r1", "text": "session store is closed"},
            ),
            Sample(
                "2.9",
                "10:00:00 Subagent announce failed: Error: gateway closed (1006)",
                {"role": "noise", "trigger": "subagent", "text": "gateway closed (1006)"},
            ),
        ),
    ),
    Template(
        kind="subagent_orphaned",
        role="delivery",
        disclosure=Disclosure("own sentence", detail="word"),
        literals=("Subagent orphan run pruned ", "found orphaned subagent session: ", "orphan recovery complete: "),
        identity=("run", "child_session", "text"),
        subsystems=("", "subagent-orphan-recovery"),
        refine=_pruned,
        wordings=(
            Wording(
                "2.23-9.3",
                re.compile(
                    rf"""{_WARNED}Subagent\ orphan\ run\ pruned\ source=(?P<stage>\S+)
                    \ run=(?P<run>\S+)
                    \ child=(?P<child_session>\S+)
                    \ reason=(?P<detail>\S+)""",
                    VERBOSE,
                ),
            ),
            Wording(
                "3.24-7.1",
                re.compile(
                    r"""found\ orphaned\ subagent\ session:
                    \ (?P<child_session>\S+)
                    \ \(run=(?P<run>[^)]+)\)""",
                    VERBOSE,
                ),
            ),
            Wording("3.24-7.1", re.compile(r"orphan\ recovery\ complete:\ (?P<text>recovered=\d+.*)", VERBOSE)),
        ),
        samples=(
            Sample(
                "3.11",
                "10:00:00 [warn] Subagent orphan run pruned source=restore run=r1 child=agent:main:subagent:c1 "
                "reason=missing-session-entry",
                {
                    "trigger": "subagent",
                    "stage": "restore",
                    "run": "r1",
                    "child_session": "agent:main:subagent:c1",
                    "detail": "missing-session-entry",
                },
            ),
            Sample(
                "5.28",
                "10:00:00 [subagent-orphan-recovery] found orphaned subagent session: agent:main:subagent:c1 (run=r1)",
                {"trigger": "subagent", "child_session": "agent:main:subagent:c1", "run": "r1"},
            ),
            Sample(
                "5.28",
                "10:00:00 [subagent-orphan-recovery] orphan recovery complete: recovered=1 failed=0 skipped=2",
                {"trigger": "subagent", "text": "recovered=1 failed=0 skipped=2"},
            ),
        ),
    ),
)
