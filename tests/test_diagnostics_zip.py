"""`openclaw-diagnostics-*.zip` as evidence, alone and beside the log it was made of.

data/diagnostics/openclaw-sanitized.jsonl is what the exporter of 2026.5.28 made of the openclaw.log beside it.
"""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import pytest

from forensics import open_case

DATA = Path(__file__).parent / "data" / "diagnostics"
NAME = "openclaw-diagnostics-2026-11-20T10-00-00-000Z-42.zip"
GENERATED = "2026-11-20T10:00:00.000Z"
BUNDLE = {
    "version": 1, "generatedAt": "2026-11-20T09:50:00.000Z", "reason": "uncaught_exception",
    "process": {"pid": 42, "platform": "linux", "arch": "x64", "node": "24.21.0", "uptimeMs": 3_300_000},
    "host": {"hostname": "<redacted-hostname>"}, "error": {"name": "Error", "code": "ERR_X", "message": "gave up"},
    "snapshot": {
        "generatedAt": "2026-11-20T09:50:00.000Z", "capacity": 1000, "count": 1, "dropped": 0,
        "events": [{"seq": 7, "ts": 1795168189000, "type": "queue.lane.enqueue", "source": "main"}],
        "summary": {"byType": {"queue.lane.enqueue": 1}},
    },
}  # fmt: skip
CONFIG = {
    "agents": {"defaults": {"model": {"fallbacks": [], "primary": "anthropic/claude-opus-4-7"}}},
    "auth": {"order": {"anthropic": ["anthropic:<redacted-email>"]}},
    "channels": {"telegram": {"allowFrom": {"redacted": True, "count": 1}, "botToken": "<redacted>"}},
    "gateway": {"auth": {"mode": "token", "token": "<redacted>"}, "bind": "loopback", "port": 18789},
    "meta": {"lastTouchedAt": "2026-11-20T08:50:00.000Z", "lastTouchedVersion": "2026.5.28"},
}
SHAPE = {"path": "$OPENCLAW_STATE_DIR/openclaw.json", "exists": True, "parseOk": True, "topLevelKeys": sorted(CONFIG)}
SUMMARY = f"# OpenClaw Diagnostics Export\n\n## Generated\n\nGenerated: {GENERATED}\nOpenClaw: 2026.5.28\n"
KINDS = {
    "manifest.json": "diagnostics_export",
    "diagnostics.json": "diagnostics_export",
    "config/shape.json": "diagnostics_export",
    "config/sanitized.json": "config",
    "status/gateway-status.json": "diagnostics_export",
    "health/gateway-health.json": "diagnostics_export",
    "stability/latest.json": "stability",
    "summary.md": "diagnostics_export",
    "logs/openclaw-sanitized.jsonl": "log",
}


def export(folder: Path, log: str = "openclaw-sanitized.jsonl", config: object = CONFIG) -> Path:
    about = {"generatedAt": GENERATED, "openclawVersion": "2026.5.28", "stateDir": "$OPENCLAW_STATE_DIR"}
    snapshot = {"status": "ok", "capturedAt": GENERATED, "data": {"service": {"loaded": True}}}
    documents = {
        "manifest.json": {"version": 1, **about, "platform": "linux", "contents": [], "privacy": {"payloadFree": True}},
        "diagnostics.json": {**about, "config": SHAPE, "logs": {"lineCount": 18, "truncated": False}},
        "config/shape.json": SHAPE,
        "config/sanitized.json": config,
        "status/gateway-status.json": snapshot,
        "health/gateway-health.json": snapshot | {"status": "failed", "error": "<redacted>"},
        "stability/latest.json": BUNDLE,
    }
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(folder / NAME, "w", zipfile.ZIP_DEFLATED) as packed:
        for path, document in documents.items():
            packed.writestr(path, json.dumps(document, indent=2) + "\n")
        packed.writestr("summary.md", SUMMARY)
        packed.write(DATA / log, "logs/openclaw-sanitized.jsonl")
    return folder / NAME


def test_every_member_is_known_and_every_line_counted(tmp_path: Path) -> None:
    case = open_case(export(tmp_path))
    assert {f.path.partition(".zip/")[2] or f.path: f.kind for f in case.timeline.files} == KINDS
    assert case.timeline.rejects == ()
    assert [f.lines - f.events - f.continuations - f.other for f in case.timeline.files if f.kind == "log"] == [0]
    assert case.releases == ("2026.5.28",)


def test_its_log_alone_tells_of_the_incident_with_what_was_left_of_it(tmp_path: Path) -> None:
    (incident,) = open_case(export(tmp_path)).incidents
    told = (incident.provider, incident.models, incident.first_failure.confidence, incident.end)
    assert told == ("anthropic", ("claude-opus-4-7",), "medium", None)
    assert incident.recorded_reasons == ("auth",)
    assert f"{incident.start:%H:%M:%S.%f}" == "09:40:22.377000"
    assert incident.true_reason in ("auth", "auth_permanent")


def test_beside_the_log_it_was_made_of_it_changes_nothing(tmp_path: Path) -> None:
    """It lies in the state directory by default; each of its lines is a further place of an event already known."""
    state = tmp_path / ".openclaw"
    (state / "logs").mkdir(parents=True)
    shutil.copy(DATA / "openclaw.log", state / "logs")
    (state / "openclaw.json").write_text(json.dumps(CONFIG))
    before = open_case(state)
    export(state / "logs" / "support")
    after = open_case(state)
    assert [i.sentence for i in after.incidents] == [i.sentence for i in before.incidents]
    assert len([e for e in after.timeline.events if not e.kind.startswith("stability")]) == len(before.timeline.events)
    assert [(i.failures, i.echoes, i.windows) for i in after.incidents] == [
        (i.failures, i.echoes, i.windows) for i in before.incidents
    ]


def test_a_call_that_failed_stands_in_every_bundle_and_is_one_failure(tmp_path: Path) -> None:
    """Each bundle holds the last thousand records, so two of them overlap, and the export copies the newest."""
    call = {"seq": 5, "ts": 1795168180000, "type": "model.call.error", "provider": "anthropic",
            "model": "claude-opus-4-7", "durationMs": 900, "reason": "TypeError"}  # fmt: skip
    snapshot = {**BUNDLE["snapshot"], "events": [call, *BUNDLE["snapshot"]["events"]]}  # type: ignore[dict-item, index]
    folder = tmp_path / ".openclaw/logs/stability"
    folder.mkdir(parents=True)
    for minute in (49, 50):
        bundle = {**BUNDLE, "generatedAt": f"2026-11-20T09:{minute}:00.000Z", "snapshot": snapshot}
        (folder / f"openclaw-stability-2026-11-20T09-{minute}-00-000Z-42-uncaught_exception.json").write_text(
            json.dumps(bundle, indent=1)
        )
    case = open_case(tmp_path)
    assert len([e for e in case.timeline.events if e.kind == "stability_call_error"]) == 2
    assert [len(a.failure.sources) for a in case.attempts] == [2]


def test_what_is_masked_names_nobody(tmp_path: Path) -> None:
    case = open_case(export(tmp_path))
    ids = {getattr(e, name) for e in case.timeline.events for name in ("run", "session", "profile", "request_id")}
    assert not [one for one in ids if one and "<redacted" in one]
    assert not [p for profiles in case.profiles.by_provider.values() for p in profiles if "<redacted" in p]


@pytest.mark.parametrize("line", ['{"omitted":"unparsed","bytes":80}', '{"omitted":"no-safe-fields","bytes":9}'])
def test_a_line_of_which_nothing_was_kept_is_counted_as_another(tmp_path: Path, line: str) -> None:
    lines = (DATA / "openclaw-sanitized.jsonl").read_text() + line + "\n"
    (tmp_path / "openclaw-sanitized.jsonl").write_text(lines)
    before = open_case(export(tmp_path / "zip")).timeline.files
    (file,) = open_case(tmp_path / "openclaw-sanitized.jsonl").timeline.files
    assert (file.other, file.rejects) == (next(f.other for f in before if f.kind == "log") + 1, 0)


def test_an_export_of_a_config_that_could_not_be_read_is_known_too(tmp_path: Path) -> None:
    case = open_case(export(tmp_path, config=None))
    assert {f.kind for f in case.timeline.files if f.path.endswith("sanitized.json")} == {"diagnostics_export"}
    assert case.timeline.rejects == ()
