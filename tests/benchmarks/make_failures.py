"""Write a state directory in which call after call is refused, each seen in a transcript and in the gateway log.

    python tests/benchmarks/make_failures.py OUT [--failures N] [--every SECONDS] [--agents N]

The same arguments give the same bytes.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

START = datetime(2026, 5, 1, tzinfo=UTC)
MODEL = {"provider": "anthropic", "model": "claude-opus-4-7"}
META = {
    "runtime": "node",
    "logLevelId": 4,
    "logLevelName": "WARN",
    "name": '{"subsystem":"agent/embedded"}',
    "parentNames": ["openclaw"],
}


def body(number: int) -> str:
    said = {"type": "rate_limit_error", "message": "Number of requests has exceeded your rate limit"}
    return json.dumps({"type": "error", "error": said, "request_id": f"req_011CB{number:012x}"})


def entries(number: int, time: datetime) -> Iterator[dict[str, object]]:
    """A turn of a transcript: what was asked, and how it failed."""
    asked = {"role": "user", "content": [{"type": "text", "text": f"And {number}?"}]}
    failed = {"role": "assistant", "content": [], "stopReason": "error", "errorMessage": f"429 {body(number)}"}
    for name, message in (("a", asked), ("b", {**failed, **MODEL, "timestamp": int(time.timestamp() * 1000)})):
        yield {"type": "message", "id": f"{number:07x}{name}", "timestamp": stamp(time), "message": message}
        time += timedelta(milliseconds=30)


def record(number: int, time: datetime) -> dict[str, object]:
    """The same failure as the gateway logs it."""
    told = {
        "event": "embedded_run_agent_end",
        "runId": f"run-{number}",
        "isError": True,
        "failoverReason": "rate_limit",
    }
    told |= {"error": "LLM error rate_limit_error", "rawErrorPreview": body(number), **MODEL}
    meta = {**META, "date": stamp(time)}
    return {"0": META["name"], "1": told, "2": "embedded run agent end", "_meta": meta, "time": stamp(time)}


def stamp(time: datetime) -> str:
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def write(out: Path, failures: int, every: float, agents: int) -> None:
    sessions = [out / "agents" / f"agent-{n}" / "sessions" / f"{n:08x}.jsonl" for n in range(agents)]
    lines: dict[Path, list[dict[str, object]]] = {
        path: [{"type": "session", "version": 3, "id": path.stem, "timestamp": stamp(START)}] for path in sessions
    }
    log = lines[out / "logs" / "openclaw.log"] = []
    for number in range(failures):
        time = START + number * timedelta(seconds=every)
        lines[sessions[number % agents]] += entries(number, time)
        log.append(record(number, time + timedelta(milliseconds=35)))
    for path, rows in lines.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(json.dumps(row, separators=(",", ":")) + "\n" for row in rows), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--failures", type=int, default=20_000, metavar="N")
    parser.add_argument("--every", type=float, default=0.001, metavar="SECONDS")
    parser.add_argument("--agents", type=int, default=3, metavar="N")
    arguments = parser.parse_args()
    write(arguments.out, arguments.failures, arguments.every, arguments.agents)


if __name__ == "__main__":
    main()
