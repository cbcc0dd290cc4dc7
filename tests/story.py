"""A case written by hand: two tokens lose a scope, the gateway calls it a rate limit, a restart does not help.

The people, keys and times are invented; the order of things is that of a real gateway of release 2026.2.9.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from forensics.case import Case
from forensics.case.scope import Moment
from forensics.detectors.run import Findings
from forensics.incidents.attempts import AttributedFailure
from forensics.incidents.auth_profiles import Profiles
from forensics.incidents.causal_chain import Link
from forensics.incidents.failures import merge_failures
from forensics.incidents.impact import Impact
from forensics.incidents.incident import FirstFailure, Incident
from forensics.openclaw.releases import Release, Running
from forensics.parsers.release_detection import Detected
from forensics.parsers.timeline import Timeline
from forensics.tables import Activity, Check, Credential, Event, File, Reject, Window

LOG = ".openclaw/logs/openclaw.log"
SCRIPT = ".openclaw/agents/main/sessions/5f0c.jsonl"
STORE = ".openclaw/agents/main/agent/auth-profiles.json"
BODY = (
    '403 {"type":"error","error":{"type":"permission_error","message":"OAuth token does not meet scope requirement '
    'user:profile"},"request_id":"req_011LABe5e56ce5718430b279"}'
)
ECHO = (
    "All models failed (2): "
    "anthropic/claude-opus-4-5: Provider anthropic is in cooldown (all profiles unavailable) (rate_limit) | "
    "anthropic/claude-sonnet-4-5: Provider anthropic is in cooldown (all profiles unavailable) (rate_limit)"
)
DAY = datetime(2026, 11, 20, tzinfo=UTC)
A, B = "anthropic:default", "anthropic:backup"


def at(clock: str) -> datetime:
    """`09:18:58.877` on the day of the story."""
    hours, minutes, seconds = clock.split(":")
    return DAY + timedelta(hours=int(hours), minutes=int(minutes), seconds=float(seconds))


def answer(clock: str, line: int, **more: object) -> Event:
    return Event(
        kind="transcript_answer", role="answer", source=SCRIPT, line=line, time=at(clock), agent="main",
        provider="anthropic", model="claude-opus-4-5", text="", **more,
    )  # fmt: skip


def failure(clock: str, line: int, profile: str, **more: object) -> Event:
    facts = {
        "kind": "transcript_error", "role": "failure", "source": SCRIPT, "line": line, "time": at(clock),
        "agent": "main", "provider": "anthropic", "model": "claude-opus-4-5", "profile": profile,
        "http_status": 403, "error_type": "permission_error", "text": BODY,
    }  # fmt: skip
    return Event(**facts | more)


def echo(clock: str, line: int, **more: object) -> Event:
    return Event(
        kind="embedded_agent_failed", role="echo", source=LOG, line=line, time=at(clock), provider="anthropic",
        text=ECHO, recorded_reason="rate_limit", **more,
    )  # fmt: skip


def lifecycle(clock: str, line: int, kind: str, text: str) -> Event:
    return Event(kind=kind, role="lifecycle", source=LOG, line=line, time=at(clock), text=text)


def link(clock: str, role: str, text: str, source: str, profile: str | None = None) -> Link:
    return Link(time=at(clock), role=role, text=text, source=source, profile=profile)


def window(start: str, end: str, profile: str, line: int, **more: object) -> Window:
    facts = {
        "kind": "cooldown", "provider": "anthropic", "agent": "main", "profile": profile, "start": at(start),
        "end": at(end), "reason_recorded": "auth", "opened_by": f"{SCRIPT}:{line}", "start_basis": "computed",
    }  # fmt: skip
    return Window(**facts | more)


ANSWERED = ("08:34:02", "08:44:31", "08:50:06", "08:53:40", "08:57:51", "09:04:58", "09:07:30",
            "11:01:05", "11:31:09", "11:38:58", "11:44:05")  # fmt: skip
FAILED = (("09:18:58.877", A), ("09:18:58.936", B), ("09:20:04.664", A), ("09:20:04.728", B),
          ("09:28:48.209", A), ("09:28:48.268", B), ("09:57:10.629", A), ("09:57:10.688", B))  # fmt: skip
ECHOED = ("09:19:19.137", "09:22:05.845", "09:34:28.681", "09:58:15.640", "09:58:45.928", "10:03:48.219",
          "10:29:09.999", "10:35:30.508", "10:37:01.344")  # fmt: skip
WINDOWS = tuple(
    window(start, end, profile, 32 + 3 * n)
    for n, (start, end, profile) in enumerate((
        ("09:18:58.881", "09:19:58.881", A), ("09:18:58.939", "09:19:58.939", B),
        ("09:20:04.667", "09:25:04.667", A), ("09:20:04.730", "09:25:04.730", B),
        ("09:28:48.213", "09:53:48.213", A), ("09:28:48.271", "09:53:48.271", B),
        ("09:57:10.632", "10:57:10.632", A), ("09:57:10.695", "10:57:10.695", B),
    ))
)  # fmt: skip
LIFECYCLE = (
    lifecycle("08:33:56.362", 3, "gateway_listening", "listening on ws://127.0.0.1:18789 (PID 22)"),
    lifecycle("09:58:13.122", 53, "gateway_signal", "signal SIGTERM received"),
    lifecycle("09:58:15.378", 58, "gateway_listening", "listening on ws://127.0.0.1:18789 (PID 92)"),
)
FIRST = FirstFailure(
    time=at("09:18:58.827"),
    time_basis="transcript",
    profile=A,
    model="claude-opus-4-5",
    http_status=403,
    error_type="permission_error",
    text=BODY,
    source=f"{SCRIPT}:32",
    confidence="high",
    why="the transcript holds the provider's own answer, and the cooldown began 4 ms after it",
    sources=(f"{SCRIPT}:32", f"{LOG}:21", f"{STORE}#usageStats.{A}.lastFailureAt"),
)
CHAIN = (
    link("09:07:30", "answer", "anthropic still answered", f"{SCRIPT}:29"),
    link("09:18:58.827", "failure", f"first real failure ({A}): {BODY}", f"{SCRIPT}:32", A),
    link("09:18:58.890", "failure", f"the same on another profile ({B}): {BODY}", f"{SCRIPT}:35", B),
    link("09:19:19.137", "echo", ECHO, f"{LOG}:28"),
    link("09:57:10.632", "window", f"cooldown of {A} until 10:57:10, filed as auth", f"{SCRIPT}:50", A),
    link("09:58:15.378", "lifecycle", "listening on ws://127.0.0.1:18789 (PID 92)", f"{LOG}:58"),
    link("11:01:05", "recovery", "anthropic answers again", f"{SCRIPT}:56"),
)
INCIDENT = Incident(
    id="I1",
    provider="anthropic",
    agents=("main",),
    profiles=(A, B),
    models=("claude-opus-4-5",),
    first_failure=FIRST,
    true_reason="auth_permanent",
    recorded_reasons=("auth", "rate_limit"),
    misfiled=("rate_limit",),
    verdict="misclassified",
    owner="credential",
    waiting_helps=False,
    windows=WINDOWS,
    failures=8,
    echoes=9,
    start=at("09:18:58.827"),
    end=at("11:01:05"),
    impact=Impact(sessions=1, runs_failed=13, longest_silence_s=6815),
    sentence="anthropic refused both tokens with HTTP 403 from 09:18:58: they lack the scope user:profile. "
    "OpenClaw put them into cooldown and showed rate_limit.",
    chain=CHAIN,
    remedy=("Sign in again so that the new token has the scope user:profile.", "Do not wait: no cooldown heals this."),
)


FILES = (
    File(
        path=LOG, kind="log", release="2026.2.9", sha256="c0ffee" * 10 + "c0de", bytes=48_213, lines=78,
        events=44, continuations=16, other=17, rejects=1, first_time=at("08:33:56"), last_time=at("11:44:14.4"),
    ),
    File(
        path=SCRIPT, kind="transcripts", bytes=61_020, lines=66, events=35, other=31,
        first_time=at("08:33:56"), last_time=at("11:44:05"),
    ),
)  # fmt: skip
PROFILES = Profiles({"anthropic": (A, B)}, (), {})
CHECKS = (
    Check(detector="stale_override", status="ran", looked_at="session stores", findings=0),
    Check(detector="lost_results", status="no input", looked_at="subagent runs", findings=0),
)


def attempts_of(failures: Iterable[Event], *, absorbed: bool = False) -> tuple[AttributedFailure, ...]:
    """Failures with the profile they name, each a turn of its own."""
    return tuple(
        AttributedFailure(
            failure=f,
            profile=f.profile,
            profile_from="event",
            turn=f.source,
            trigger="message",
            last_of_turn=True,
            absorbed=absorbed,
        )
        for f in merge_failures(failures)
    )


def timeline(events: Iterable[Event], **parts: object) -> Timeline:
    """Events in order of time, and the files and lines around them."""
    facts = {
        "files": FILES,
        "events": tuple(sorted(events, key=lambda e: (e.time, e.source, e.line))),
        "rejects": (Reject(source=LOG, line=70, why="cut off in the middle", text='{"0":"half a li'),),
        "activity": tuple(
            Activity(source=LOG, minute=at(f"{clock[:5]}:00"), level=level, subsystem="diagnostic", lines=lines)
            for clock in (*ANSWERED, *ECHOED)
            for level, lines in (("info", 4), ("error", 2))
        ),
        "state": (),
        "credentials": tuple(
            Credential(
                source=f"{STORE}#profiles.{profile}", store="auth_profiles", agent="main", profile=profile,
                provider="anthropic", type="token", access="fp:0011aabbccdd",
            )
            for profile in (A, B)
        ),
        "chunks": Counter(),
        "secrets": frozenset(),
    }  # fmt: skip
    return Timeline(**facts | parts)


FAILURES = tuple(failure(clock, 32 + 3 * n, profile) for n, (clock, profile) in enumerate(FAILED))
ANSWERS = tuple(answer(clock, 7 + 3 * n) for n, clock in enumerate(ANSWERED))
ECHOES = tuple(echo(clock, 28 + n) for n, clock in enumerate(ECHOED))


def tell(**changes: object) -> Case:
    """The story as a case; `changes` replaces single parts of it."""
    parts = {
        "name": "scope403",
        "timeline": timeline((*FAILURES, *ANSWERS, *ECHOES, *LIFECYCLE)),
        "release": Detected(Running(Release(2026, 2, 9)), ("2026.2.9",), "openclaw.json", True),
        "asked": Moment(at("11:44:14.4"), "last event"),
        "profiles": PROFILES,
        "attempts": attempts_of(FAILURES),
        "window_rows": WINDOWS,
        "incidents": (INCIDENT,),
        "answers": Findings((), {}, CHECKS),
    }
    if "now" in changes:
        changes["asked"] = Moment(changes.pop("now"), "given")  # type: ignore[arg-type] # a time or None
    return Case(**parts | changes)


def healthy() -> Case:
    """A day on which every turn was answered."""
    calm = timeline((LIFECYCLE[0], *ANSWERS))
    return tell(timeline=calm, window_rows=(), incidents=(), attempts=())
