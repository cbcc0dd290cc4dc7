"""`forensics fix`: the printed script, run on copies of state directories with stand-ins for what it calls."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import story
from opening import opened

from forensics.errors import ReportError
from forensics.remediation.gateway_control import Supervisor, supervisor
from forensics.remediation.json_patches import Patch
from forensics.remediation.plan import KEEP, Plan
from forensics.remediation.step import Step
from forensics.report.fix_script import fix_script, in_state

STORE = "agents/main/agent/auth-profiles.json"
STATS = {
    "a:b/c~d": {"errorCount": 2, "disabledUntil": 1795688899994, "disabledReason": "billing"},
    "x": {"lastUsed": 1},
}
POINTER = "/usageStats/a:b~1c~0d/disabledUntil"
TEST = {"op": "test", "path": POINTER, "value": 1795688899994}
REMOVE = {"op": "remove", "path": POINTER}
ORDER = "openclaw models auth order set --provider a 'a:it'\"'\"'s'"
PATCHED = Step(
    f"Once the cause is gone, end the window: stop the gateway, set the order, or it comes back (`{ORDER}`).",
    Patch(f".openclaw/{STORE}", (TEST, REMOVE)),
)
BY_HAND = Step("Choose one of `openclaw models list --all`; it's `$(touch owned)` \n#")
PLAN = Plan(actions=(KEEP, BY_HAND, PATCHED), check=("`errorCount` is 0",))
CAPTURES = sorted(Path(__file__).parents[2].glob("shared/captures/*/*/evidence"))
TOOLS = ("node", "python3")
NEEDED = ("sh", "cp", "date", "cat", "mv", "rm")


def script(plan: Plan = PLAN, how: Supervisor = "service") -> str:
    return fix_script(story.INCIDENT, plan, how, "anthropic failing")


def machine(folder: Path, *tools: str) -> Path:
    """A PATH of stand-ins that write down how they are called, and the tools that patch."""
    path = folder / "bin"
    path.mkdir()
    for name in ("openclaw", "docker", "forensics"):
        (path / name).write_text(f'#!/bin/sh\necho {name} "$@" >> "{folder}/calls"\n')
        (path / name).chmod(0o755)
    real = {"python3": os.path.realpath(sys.executable)}
    for name in (*NEEDED, *tools):
        if found := real.get(name) or shutil.which(name):
            (path / name).symlink_to(found)
    return path


def state(folder: Path, stats: object = STATS) -> Path:
    store = folder / "state" / STORE
    store.parent.mkdir(parents=True)
    store.write_text(json.dumps({"version": 1, "profiles": {"é": {}}, "usageStats": stats}), encoding="utf-8")
    store.chmod(0o600)
    return store


ENTERS = "\n" * 20  # somebody who does what is to be done by hand


def ran(text: str, folder: Path, tool: str = "python3", typed: str = ENTERS, **more: str) -> tuple[int, list[str], str]:
    """Exit code, calls in order, and all that it said."""
    environment = {"PATH": str(machine(folder, tool)), "OPENCLAW_STATE_DIR": str(folder / "state"), "YES": "1"}
    (folder / "fix.sh").write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["/bin/sh", "fix.sh"],
        cwd=folder,
        env=environment | more,
        input=typed,
        capture_output=True,
        text=True,
        check=False,
    )
    calls = folder / "calls"
    return done.returncode, calls.read_text().splitlines() if calls.exists() else [], done.stdout + done.stderr


@pytest.mark.parametrize("tool", [tool for tool in TOOLS if shutil.which(tool)])
def test_it_collects_stops_backs_up_patches_starts_and_checks_in_this_order(tmp_path: Path, tool: str) -> None:
    store = state(tmp_path)
    before = store.read_bytes()
    code, calls, said = ran(script(), tmp_path, tool)
    assert (code, [call.split(" -o")[0] for call in calls]) == (0, [
        "forensics collect", "openclaw gateway stop", "openclaw gateway start",
        "openclaw models auth order set --provider a a:it's", "openclaw models status",
    ])  # fmt: skip
    after = json.loads(store.read_text(encoding="utf-8"))
    assert after == json.loads(before) | {
        "usageStats": {"a:b/c~d": {"errorCount": 2, "disabledReason": "billing"}, "x": {"lastUsed": 1}}
    }
    (copy,) = store.parent.glob("*.before-fix-*")
    assert copy.read_bytes() == before
    assert store.stat().st_mode & 0o777 == 0o600
    assert "By hand: Choose one of openclaw models list --all" in said


def test_a_yes_to_every_change_is_none_to_what_is_done_by_hand(tmp_path: Path) -> None:
    """Nobody is there to do it: nothing that comes after it is done."""
    store = state(tmp_path)
    before = store.read_bytes()
    by_hand = Step("Log in at the provider.")
    code, calls, said = ran(script(Plan(actions=(by_hand, PATCHED))), tmp_path, typed="")
    assert (code, [call.split(" -o")[0] for call in calls]) == (1, ["forensics collect"])
    assert "Log in at the provider." in said
    assert said.endswith("Stopped.\n")
    assert store.read_bytes() == before


@pytest.mark.parametrize("tool", [tool for tool in TOOLS if shutil.which(tool)])
@pytest.mark.parametrize("stats", [{"a:b/c~d": {"disabledUntil": 5}}, {"a:b/c~d": {}}, {}, None, [1]])
def test_a_store_that_has_changed_since_is_left_alone_and_the_gateway_started_again(
    tmp_path: Path, tool: str, stats: object
) -> None:
    store = state(tmp_path, stats)
    before = store.read_bytes()
    code, calls, said = ran(script(), tmp_path, tool)
    assert (code, store.read_bytes()) == (1, before)
    assert "has changed since" in said
    assert calls[-2:] == ["openclaw gateway stop", "openclaw gateway start"]


def test_a_container_is_stopped_as_one_and_must_be_named(tmp_path: Path) -> None:
    state(tmp_path)
    text = script(how="container")
    code, calls, said = ran(text, tmp_path)
    assert (code, calls) == (1, [])
    assert "CONTAINER=NAME" in said
    shutil.rmtree(tmp_path / "bin")
    code, calls, _ = ran(text, tmp_path, CONTAINER="claw")
    assert code == 0
    assert [call for call in calls if call.startswith("docker")] == ["docker stop claw", "docker start claw"]


def test_where_nothing_tells_how_the_gateway_runs_it_asks_before_anything_is_done(tmp_path: Path) -> None:
    state(tmp_path)
    assert ran(script(how="unknown"), tmp_path)[:2] == (1, [])


def test_a_no_changes_nothing(tmp_path: Path) -> None:
    store = state(tmp_path)
    before = store.read_bytes()
    code, calls, _ = ran(script(Plan(actions=(PATCHED,))), tmp_path, YES="0")
    assert (code, store.read_bytes()) == (0, before)
    assert not [call for call in calls if "order set" in call]


def test_words_of_the_evidence_stay_words(tmp_path: Path) -> None:
    state(tmp_path)
    assert ran(script(), tmp_path)[0] == 0
    assert not (tmp_path / "owned").exists()


@pytest.mark.parametrize(
    ("file", "below"),
    [
        (f".openclaw/{STORE}", STORE),
        (f"home/kim/.openclaw-work/{STORE}", STORE),
        (STORE, STORE),
        (f"bundle/{STORE}", STORE),
    ],
)
def test_a_file_of_the_evidence_is_found_below_the_state_directory(file: str, below: str) -> None:
    assert in_state(file) == below


def test_no_script_leaves_the_state_directory() -> None:
    with pytest.raises(ReportError):
        in_state(".openclaw/../../etc/passwd")


@pytest.mark.slow
@pytest.mark.skipif(not CAPTURES, reason="the captures are not beside the project")
def test_the_scripts_of_all_captures_are_posix_and_their_patches_fit_their_own_stores(tmp_path: Path) -> None:
    patches = 0
    for number, evidence in enumerate(CAPTURES):
        case = opened(evidence)
        for incident in case.incidents:
            plan = case.plans[incident.id]
            text = fix_script(incident, plan, supervisor(case.timeline), "x")
            assert subprocess.run(["sh", "-n"], input=text, text=True, check=False).returncode == 0
            if not plan.patches:
                continue
            patches += 1
            folder = tmp_path / f"{number}-{incident.id}"
            shutil.copytree(evidence / ".openclaw", folder / "state")
            code, _, said = ran(text, folder, GATEWAY="service")
            assert code == 0, said
            for patch in plan.patches:
                pointers = [str(o["path"]) for o in patch.operations if o["op"] == "remove"]
                document = json.loads((folder / "state" / in_state(patch.file)).read_text(encoding="utf-8"))
                assert not any(present(document, pointer) for pointer in pointers)
    assert patches


def present(document: object, pointer: str) -> bool:
    for key in pointer.split("/")[1:]:
        name = key.replace("~1", "/").replace("~0", "~")
        if not isinstance(document, dict) or name not in document:
            return False
        document = document[name]
    return True


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="shellcheck is not here")
@pytest.mark.parametrize("how", ["service", "container", "terminal", "unknown"])
def test_shellcheck_has_nothing_to_say(how: Supervisor) -> None:
    done = subprocess.run(
        ["shellcheck", "-"], input=script(how=how), capture_output=True, text=True, check=False, env=dict(os.environ)
    )
    assert done.stdout == ""
