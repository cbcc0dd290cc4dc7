"""Evidence that is broken, foreign or not there: one clear line, or a row that says so; never a traceback."""

from __future__ import annotations

import shutil
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from running import run

from forensics import open_case
from forensics.errors import EvidenceError

SAMPLE = Path(__file__).resolve().parents[1] / "sample_data" / "scope403-2026.2.9" / "evidence"
LOG = SAMPLE / ".openclaw" / "logs" / "openclaw.log"
FILES = sorted(p for p in SAMPLE.rglob("*") if p.is_file())

NGINX = '203.0.113.7 - - [20/Nov/2026:09:18:58 +0000] "GET / HTTP/1.1" 429 162 "-" "curl/8.5.0"\n'
POSTGRES = "2026-11-20 09:18:58.123 UTC [412] ERROR:  canceling statement due to statement timeout\n"
OTHER_JSON = '{"time":"2026-11-20T09:18:58.123Z","level":"error","msg":"upstream rate limit 429"}\n'


def triage(*arguments: str) -> CompletedProcess[str]:
    return run("triage", *arguments)


def good_and(tmp_path: Path, name: str, content: bytes) -> Path:
    """A folder with the sample's log and one more file."""
    shutil.copy(LOG, tmp_path / "openclaw.log")
    (tmp_path / name).write_bytes(content)
    return tmp_path


@pytest.mark.parametrize("content", [NGINX, POSTGRES, OTHER_JSON, "hello\n", "\x00\x01\x02" * 100, "\n\n\n"])
def test_files_of_other_programs_are_refused_in_one_line(tmp_path: Path, content: str) -> None:
    (tmp_path / "some.log").write_text(content)
    done = triage(str(tmp_path))
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "nothing of OpenClaw was found" in done.stderr


def test_an_empty_folder_is_refused_in_one_line(tmp_path: Path) -> None:
    done = triage(str(tmp_path))
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


def test_a_missing_path_is_refused_with_its_name(tmp_path: Path) -> None:
    done = triage(str(tmp_path / "nowhere"))
    assert done.returncode == 2
    assert "nowhere" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("--since", "the other day"),
        ("--provider", "no-such-provider"),
        ("--agent", "nobody"),
        ("--now", "12"),
        ("--timezone", "Mars/Olympus"),
        ("--timezone", "../../etc/passwd"),
        ("--nonsense",),
        ("--until",),
    ],
)
def test_a_wrong_option_is_refused_in_one_line(arguments: tuple[str, ...]) -> None:
    done = triage(str(SAMPLE), *arguments)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("zero.log", b""),
        ("binary.bin", bytes(range(256)) * 64),
        ("other.log", NGINX.encode()),
        ("auth-profiles.json", b'{"version":1,"profiles":{"anthropic:default":{"type":"tok'),
        ("broken.zip", b"PK\x03\x04 this is no archive"),
        ("broken.gz", b"\x1f\x8b\x08\x00 nor is this"),
        ("utf16.log", "\ufeff[gateway] ready".encode("utf-16-le")),
    ],
)
def test_one_broken_file_never_hides_the_others(tmp_path: Path, name: str, content: bytes) -> None:
    alone = open_case(LOG).triage()["incidents"]
    case = open_case(good_and(tmp_path, name, content))
    assert len(case.incidents) == len(alone) == 1  # type: ignore[arg-type]
    told = {f.path for f in case.timeline.files} | {r.source for r in case.timeline.rejects}
    assert name in told


def test_a_dangling_link_is_told_and_not_followed(tmp_path: Path) -> None:
    shutil.copy(LOG, tmp_path / "openclaw.log")
    (tmp_path / "gone.log").symlink_to(tmp_path / "nothing")
    (tmp_path / "outside.log").symlink_to("/etc/hostname")
    case = open_case(tmp_path)
    assert {f.path for f in case.timeline.files} == {"openclaw.log"}
    assert {r.source for r in case.timeline.rejects} >= {"gone.log", "outside.log"}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_file_cut_at_any_byte_is_counted_in_full_or_refused(tmp_path: Path, data: st.DataObject) -> None:
    source = data.draw(st.sampled_from(FILES))
    content = source.read_bytes()
    cut = data.draw(st.integers(0, min(len(content), 40_000)))
    target = tmp_path / source.name
    target.write_bytes(content[:cut])
    try:
        (file,) = open_case(target).timeline.files
    except EvidenceError:
        return
    lines = content[:cut].count(b"\n") + (cut > 0 and content[cut - 1 : cut] != b"\n")
    assert file.lines == lines == file.events + file.continuations + file.other + file.rejects


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_flipped_bytes_never_raise(tmp_path: Path, data: st.DataObject) -> None:
    source = data.draw(st.sampled_from(FILES))
    content = bytearray(source.read_bytes()[:60_000])
    for _ in range(data.draw(st.integers(1, 20))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    target = tmp_path / source.name
    target.write_bytes(bytes(content))
    try:
        files = open_case(target).timeline.files
    except EvidenceError:
        return
    assert all(f.lines == f.events + f.continuations + f.other + f.rejects for f in files)


def test_the_evidence_is_not_changed(tmp_path: Path) -> None:
    shutil.copytree(SAMPLE, tmp_path / "evidence")
    before = {p: (p.stat().st_mtime_ns, p.read_bytes()) for p in (tmp_path / "evidence").rglob("*") if p.is_file()}
    open_case(tmp_path / "evidence").triage()
    after = {p: (p.stat().st_mtime_ns, p.read_bytes()) for p in (tmp_path / "evidence").rglob("*") if p.is_file()}
    assert before == after
