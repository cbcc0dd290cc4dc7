"""What a whole case may be called: nobody is cleared by evidence in which a failure would not have shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from forensics import open_case
from forensics.cli import main
from forensics.report.terminal import page

CONFIG = json.dumps({"meta": {"lastTouchedVersion": "2026.5.12"}, "agents": {"defaults": {"model": "openai/gpt-5.4"}}})
CLEARED = "nothing in the evidence kept a credential from being used"
STORE = {
    "version": 1,
    "profiles": {"anthropic:default": {"type": "token", "provider": "anthropic", "token": "sk-ant-oat01-INVENTED0000"}},
}
STATS = {"usageStats": {"anthropic:default": {"errorCount": 0, "lastUsed": 1773309000000}}}
ANSWERED = "2026-03-12T09:20:00.000Z [agent/embedded] embedded run agent end: runId=r1 isError=false\n"
SIGNAL = "2026-03-12T09:20:00.000Z [gateway] signal SIGTERM received\n"
MISMATCH = (
    "2026-03-12T09:25:58.349Z [ws] unauthorized conn=c-1 remote=127.0.0.1 client=openclaw-control-ui webchat vdev "
    "reason=token_mismatch\n"
)
PAIRING = (
    "2026-03-12T09:25:58.360Z [ws] closed before connect conn=c-1 remote=127.0.0.1 fwd=n/a origin=n/a "
    "host=127.0.0.1:18789 ua=n/a code=1008 reason=pairing required\n"
)
DEVICE = (
    "2026-03-12T09:25:58.360Z gateway connect failed: Error: unauthorized: device token mismatch (rotate/reissue "
    "device token)\n"
)


def written(tmp_path: Path, files: dict[str, object]) -> Path:
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content))
    return tmp_path


@pytest.mark.parametrize(
    ("files", "verdict", "code"),
    [
        ({"openclaw.json": CONFIG}, "cannot tell", 1),
        ({"gateway.log": SIGNAL}, "cannot tell", 1),
        ({"auth-profiles.json": STORE}, "cannot tell", 1),
        ({"auth-profiles.json": STORE | STATS}, "no incident", 0),
        ({"gateway.log": SIGNAL + ANSWERED}, "no incident", 0),
        ({"openclaw.json": CONFIG, "agents/main/agent/auth-profiles.json": STORE | STATS}, "cannot tell", 1),
        ({"gateway.log": MISMATCH}, "client refused", 1),
        ({"gateway.log": MISMATCH + ANSWERED}, "no incident", 0),
    ],
    ids=["configuration", "a log without answers", "a store without marks", "a store with marks", "a log with answers",
         "a state directory without its log", "a client was refused", "a client was refused on a good day"],
)  # fmt: skip
def test_only_evidence_that_could_show_a_failure_clears(
    tmp_path: Path, files: dict[str, object], verdict: str, code: int
) -> None:
    case = open_case(written(tmp_path, files))
    assert (case.verdict.verdict, case.verdict.exit_code) == (verdict, code)
    assert case.triage()["case_verdict"]["answer"] == verdict  # type: ignore[index]
    words = " ".join(page(case).plain.split())
    assert (CLEARED in words) == (verdict == "no incident")
    assert ("To know, send" in words) == (verdict in ("cannot tell", "client refused"))


def test_the_exit_code_of_the_command_is_that_of_the_verdict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["forensics", "triage", str(written(tmp_path, {"openclaw.json": CONFIG}))])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    assert "cannot show whether a provider failed" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "reason"),
    [(MISMATCH, "gateway token mismatch"), (PAIRING, "pairing required"), (DEVICE, "device token mismatch")],
)
def test_a_client_that_was_turned_away_is_the_gateways_matter(tmp_path: Path, line: str, reason: str) -> None:
    case = open_case(written(tmp_path, {"paste.txt": line * 2}))
    (refusal,) = case.triage()["client_refusals"]  # type: ignore[misc, attr-defined]
    assert (refusal["reason"], refusal["owner"], refusal["evidence"][0]) == (reason, "gateway", "paste.txt:1")
    assert f"turned its own client away: {reason}" in " ".join(page(case).plain.split())
    assert "No provider is involved" in " ".join(page(case).plain.split())
