"""Evidence with invented secrets and persons in every place where real evidence has them, and the same without."""

from __future__ import annotations

import json
import random
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import canary_logs
import canary_places as places
from shapes import EVERY, Canary, Shape, grow

SAMPLES = Path(__file__).resolve().parents[1] / "sample_data"
STATE = ".openclaw"
BODIES = frozenset({
    "log: reply", "log: cli stdout", "log: raw_params", "transcript: user", "transcript: thinking",
    "transcript: tool call", "transcript: tool result", "transcript: assistant", "session: skills", "session: prompt",
    "subagent: task", "subagent: result", "cron: payload", "cron run: summary", "trajectory: prompt", "queue: text",
    "sqlite: task",
})  # fmt: skip
"""Places that hold what people and models said; elsewhere a sentence is an error's text, which is the answer."""
SECRETS = frozenset({
    "auth: access", "auth: refresh", "auth: key", "config: env", "config: gateway token", "config: password",
    "config: hooks token", "config: bot token", "config: userinfo", "argv: value", "argv: option", "env file",
    "device: token", "identity: key", "identity: token", "credentials: key", "log: URL fragment", "log: URL userinfo",
    "sqlite: device token", "sqlite: secret", "sqlite: blob", "status: label",
})  # fmt: skip
"""Places whose key or file says that they hold a secret, whatever it looks like."""


@dataclass
class Garden:
    """Grows values and remembers them. A barren one gives a harmless word instead: for the case to compare with."""

    seed: int
    shapes: Sequence[Shape] = EVERY
    barren: bool = False
    planted: list[Canary] = field(default_factory=list)
    shape: Shape = EVERY[0]

    def __post_init__(self) -> None:
        self._rng = random.Random(self.seed)
        self._words = 0
        self._known: set[str] = set()

    def _grow(self, place: str, *, named: bool = False) -> Canary:
        self._words += 1
        canary = grow(self.shape, self._rng, place)
        while (known := _digits_of(canary) or canary.value) in self._known:
            canary = grow(self.shape, self._rng, place)
        self._known.add(known)
        if self.barren or not fits(self.shape, place):
            return Canary(Shape("word", "", ""), place, f"word-{self._words:05}")
        self.planted.append(replace(canary, named=named or self.shape.name is None or place in SECRETS))
        return self.planted[-1]

    def __call__(self, place: str) -> str:
        return self._grow(place, named=True).in_words

    def bare(self, place: str) -> str:
        return self._grow(place).value

    def file_name(self, place: str) -> str:
        """A value as part of a file's name, where a file's name can hold it at all."""
        canary = self._grow(place)
        if "/" not in canary.value and "\n" not in canary.value and len(canary.value) < 180:
            return canary.value
        self.planted = [other for other in self.planted if other is not canary]
        return f"word-{self._words:05}"


def fits(shape: Shape, place: str) -> bool:
    """Whether a place really holds such things: messages are only in bodies, and no model is called as a person is."""
    if shape.kind == "message body":
        return place in BODIES
    return not place.endswith(("model", "model override")) or (shape.kind == "token" and shape.name is None)


def _digits_of(canary: Canary) -> str:
    """The same number is one person's, however it is written."""
    return re.sub(r"\D", "", canary.value)[-10:] if canary.shape.kind == "phone number" else ""


def each_shape(garden: Garden) -> Iterator[Garden]:
    """The garden, once for each of its shapes, which it then grows."""
    for shape in garden.shapes:
        garden.shape = shape
        yield garden


def plant_sample(sample: str, folder: Path, garden: Garden) -> Path:
    """A copy of a sample's evidence with values of every shape in every place, also in its own first failure."""
    evidence = folder / "evidence"
    shutil.copytree(SAMPLES / sample / "evidence", evidence)
    said = [w("the first failure") for n, w in enumerate(each_shape(garden)) if n % _SOME == 0]
    taint(evidence, sample, " ".join(said))
    plant(evidence, garden)
    return evidence


_SOME = 5  # a provider's answer is not longer than that
_SAID = {
    "scope403-2026.2.9": "does not meet scope requirement user:profile",
    "desync-2026.3.11": "Failed to refresh OAuth token for anthropic",
}
_UNSAFE = re.compile(r'[\x00-\x1f"\\\ud800-\udfff]')  # not without an escape inside JSON


def taint(evidence: Path, sample: str, words: str) -> None:
    """Let the provider say these words too, in the failure that the sample is about: letter by letter in the
    transcripts, without what would need an escape in the logs."""
    said = _SAID[sample]
    for path in filter(Path.is_file, evidence.rglob("*")):
        text = path.read_text(encoding="utf-8")
        if path.parent.name == "sessions" and ".jsonl" in path.name:
            _write(path, "\n".join(_told_again(line, said, words) for line in text.splitlines()) + "\n")
        else:
            _write(path, text.replace(said, f"{said} ({_UNSAFE.sub(' ', words)})"))


def _told_again(line: str, said: str, words: str) -> str:
    entry = json.loads(line)
    told = entry.get("message", {}).get("errorMessage", "")
    if said in told:
        inner = json.dumps(words)[1:-1] if "{" in told else words
        entry["message"]["errorMessage"] = told.replace(said, f"{said} ({inner})")
    return json.dumps(entry)


def plant(evidence: Path, v: Garden) -> None:
    state = evidence / STATE
    agent = state / "agents/main"
    _logs(evidence, v)
    for n, w in enumerate(each_shape(v)):
        _named_files(state, n, w)
        _write(state / f"logs/stability/openclaw-stability-2026-11-20-{n}-x.json", json.dumps(places.stability(w)))
    _into(agent / "agent/auth-profiles.json", "profiles", _all(v, _profile), {"version": 1, "profiles": {}})
    _into(agent / "sessions/sessions.json", None, _all(v, places.session), {})
    _into(state / "openclaw.json", "planted", [places.config(w) for w in each_shape(v)], {})
    _into(state / "subagents/runs.json", "runs", _all(v, _run), {"version": 2, "runs": {}})
    _into(state / "cron/jobs.json", "jobs", [places.cron_job(w) for w in each_shape(v)], {"version": 1, "jobs": []})
    _lines(state / "logs/config-audit.jsonl", [places.audit(w) for w in each_shape(v)])
    _lines(state / "cron/runs/18a0ada5.jsonl", [places.cron_run(w) for w in each_shape(v)])
    statuses = [places.status_row(w) for w in each_shape(v)]
    _write(evidence / "cli/models-status-9.out", json.dumps(places.models_status(statuses), indent=2))
    for name, make in places.OTHER_FILES.items():
        _write(state / name, "\n".join(make(w) for w in each_shape(v)))


def _named_files(state: Path, n: int, v: Garden) -> None:
    """A transcript or trajectory whose name has the value, and the folder of an agent that is called so."""
    sessions, name = state / "agents/main/sessions", v.file_name("file name")
    start = {"type": "session", "version": 3, "id": f"s{n}", "cwd": f"/home/{v.bare('transcript: cwd')}"}
    _lines(sessions / f"{name}.jsonl", [start, *places.transcript(v, minute(n).isoformat())])
    _lines(sessions / f"{name}.trajectory.jsonl", places.trajectory(v))
    folder = state / "agents" / v.file_name("folder name") / "agent"
    _write(folder / "auth-profiles.json", json.dumps({"version": 1, "profiles": _profile(v)}))


def minute(n: int) -> datetime:
    """One minute for each shape: what happens together is taken for one thing."""
    return datetime(2026, 11, 20, 12, 40, tzinfo=UTC) + timedelta(minutes=n)


def _logs(evidence: Path, v: Garden) -> None:
    """The same kinds of records as file log and on three consoles; each with values of its own."""
    written: dict[str, list[str]] = {name: [] for name in _ENVELOPES}
    for at, w in enumerate(each_shape(v)):
        for name, line in _ENVELOPES.items():
            for n, record in enumerate(canary_logs.log_records(w)):
                written[name].append(line(w, record, minute(at) + timedelta(seconds=n)))
            written[name] += canary_logs.junk(w)
    for name, lines in written.items():
        _write(evidence / name, "".join(f"{line}\n" for line in lines), more=True)


def _file_line(v: Garden, record: canary_logs.Record, time: datetime) -> str:
    return canary_logs.log_line(v, record, f"{time:%Y-%m-%dT%H:%M:%S}.000Z")


def _compact_line(_v: Garden, record: canary_logs.Record, time: datetime) -> str:
    return f"{time:%Y-%m-%dT%H:%M:%S}.000Z {_tagged(record)}"


def _pretty_line(_v: Garden, record: canary_logs.Record, time: datetime) -> str:
    return f"{time:%H:%M:%S} {_tagged(record)}"


def _journal_line(v: Garden, record: canary_logs.Record, time: datetime) -> str:
    host = v.bare("journal: host").replace("\n", "")
    return f"{time:%b %d %H:%M:%S} {host} openclaw[22]: {time:%Y-%m-%dT%H:%M:%S}.000Z {_tagged(record)}"


def _tagged(record: canary_logs.Record) -> str:
    subsystem, _, text = record
    return f"[{subsystem.removeprefix('gateway/')}] {text}" if subsystem else text


_ENVELOPES = {
    f"{STATE}/logs/openclaw.log": _file_line,
    "console/console-7.compact.txt": _compact_line,
    "console/console-8.pretty.txt": _pretty_line,
    "console/journal.txt": _journal_line,
}


def _all(v: Garden, make: Callable[[Garden], dict[str, object]]) -> dict[str, object]:
    return {key: value for w in each_shape(v) for key, value in make(w).items()}


def _profile(v: Garden) -> dict[str, object]:
    return {f"openai:{v.bare('auth: profile id')}": places.credential(v)}


def _run(v: Garden) -> dict[str, object]:
    return {v.bare("subagent: key"): places.subagent(v)}


def _into(path: Path, key: str | None, more: Any, empty: dict[str, Any]) -> None:
    """Add entries to a JSON file, under a key of it or at its top."""
    held = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else empty
    if key is None:
        held |= more
    elif isinstance(more, list):
        held[key] = [*held.get(key, []), *more]
    else:
        held[key] = {**held.get(key, {}), **more}
    _write(path, json.dumps(held, indent=2))


def _lines(path: Path, records: Iterable[object], *, more: bool = False) -> None:
    _write(path, "".join(f"{json.dumps(record)}\n" for record in records), more=more)


def _write(path: Path, text: str, *, more: bool = False) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a" if more else "w", encoding="utf-8", errors="surrogatepass") as file:
        file.write(text)
