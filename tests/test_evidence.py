from __future__ import annotations

import gzip
import hashlib
import io
import os
import socket
import stat
import struct
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forensics.errors import EvidenceError
from forensics.evidence import Evidence, Item, Limits, open_evidence

LOG = b'{"0":"hello","_meta":{"runtime":"node","logLevelName":"INFO"},"time":"2026-05-07T10:00:00.000Z"}\n'
WRITTEN = 1_778_148_000  # 2026-05-07T10:00:00Z


def tree(root: Path, files: Mapping[str, bytes]) -> Path:
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
        os.utime(root / path, (WRITTEN, WRITTEN))
    return root


def opened(*paths: Path, limits: Limits | None = None) -> Evidence:
    with open_evidence(paths, limits) as evidence:
        return evidence


def contents(*paths: Path, limits: Limits | None = None) -> dict[str, bytes]:
    with open_evidence(paths, limits) as evidence:
        return {item.path: item.real.read_bytes() for item in evidence.items}


def reasons(evidence: Evidence) -> dict[str, str]:
    return {reject.source: reject.why for reject in evidence.rejects}


def zipped(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def tarred(files: Mapping[str, bytes], *more: tarfile.TarInfo) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(content), WRITTEN
            archive.addfile(info, io.BytesIO(content))
        for info in more:
            archive.addfile(info)
    return out.getvalue()


def zst(content: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(content)


def gz(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


PACKERS: dict[str, Callable[[Mapping[str, bytes]], bytes]] = {
    "bundle.zip": zipped,
    "bundle.tar": tarred,
    "bundle.tar.gz": lambda files: gz(tarred(files)),
    "bundle.tgz": lambda files: gz(tarred(files)),
    "bundle.tar.zst": lambda files: zst(tarred(files)),
    "a name that tells nothing": zipped,
}
STATE = {
    ".openclaw/openclaw.json": b"{}",
    ".openclaw/logs/openclaw-2026-05-07.log": LOG,
    ".openclaw/logs/openclaw-2026-05-07.1.log": LOG * 2,
}


def test_an_item_says_what_lies_in_the_evidence(tmp_path: Path) -> None:
    root = tree(tmp_path / "bundle", {"logs/openclaw.log": LOG * 2000})
    assert opened(root).items == (
        Item(
            path="logs/openclaw.log",
            real=root / "logs/openclaw.log",
            bytes=len(LOG) * 2000,
            sha256=hashlib.sha256(LOG * 2000).hexdigest(),
            mtime=datetime(2026, 5, 7, 10, tzinfo=UTC),
            head=(LOG * 2000)[: 64 << 10],
        ),
    )


def test_a_single_file_is_shown_by_its_name(tmp_path: Path) -> None:
    tree(tmp_path, {"pasted.txt": b"10:00:00 [gateway] ready\n"})
    assert contents(tmp_path / "pasted.txt") == {"pasted.txt": b"10:00:00 [gateway] ready\n"}


def test_files_come_in_order_of_path_each_time(tmp_path: Path) -> None:
    root = tree(tmp_path, {**STATE, "b.zip": zipped({"z": b"1", "a": b"2"}), "a.log": LOG})
    first, second = opened(root), opened(root)
    assert [i.path for i in first.items] == sorted(i.path for i in first.items)
    assert [(i.path, i.sha256) for i in first.items] == [(i.path, i.sha256) for i in second.items]
    assert first.rejects == second.rejects


@pytest.mark.parametrize("name", PACKERS)
def test_an_archive_given_as_the_evidence_shows_its_members(tmp_path: Path, name: str) -> None:
    tree(tmp_path, {name: PACKERS[name](STATE)})
    assert contents(tmp_path / name) == STATE


@pytest.mark.parametrize("name", PACKERS)
def test_an_archive_in_a_folder_stands_before_its_members(tmp_path: Path, name: str) -> None:
    tree(tmp_path, {f"from/{name}": PACKERS[name](STATE), "other.log": LOG})
    assert contents(tmp_path) == {f"from/{name}/{path}": b for path, b in STATE.items()} | {"other.log": LOG}


def test_a_member_has_the_hash_of_its_bytes_and_keeps_its_name_on_disk(tmp_path: Path) -> None:
    tree(tmp_path, {"bundle.tar": tarred({"state/openclaw.sqlite": b"db", "state/openclaw.sqlite-wal": b"wal"})})
    with open_evidence([tmp_path / "bundle.tar"]) as evidence:
        database, wal = evidence.items
        assert (database.sha256, database.bytes) == (hashlib.sha256(b"db").hexdigest(), 2)
        assert database.mtime == datetime(2026, 5, 7, 10, tzinfo=UTC)
        assert database.real.with_name("openclaw.sqlite-wal") == wal.real


@pytest.mark.parametrize(("name", "pack"), [("openclaw-2026-05-07.log.gz", gz), ("openclaw.log.zst", zst)])
def test_a_compressed_file_is_read_plain_and_hashed_as_it_lies(
    tmp_path: Path, name: str, pack: Callable[[bytes], bytes]
) -> None:
    tree(tmp_path, {name: pack(LOG)})
    with open_evidence([tmp_path / name]) as evidence:
        (item,) = evidence.items
        assert (item.path, item.real.read_bytes(), item.head) == (name, LOG, LOG)
        assert (item.sha256, item.bytes) == (hashlib.sha256(pack(LOG)).hexdigest(), len(pack(LOG)))
        assert item.mtime == datetime(2026, 5, 7, 10, tzinfo=UTC)


def test_a_time_that_was_never_set_is_no_time(tmp_path: Path) -> None:
    times = zipfile.ZipInfo("with.log")
    times.extra = struct.pack("<HHBi", 0x5455, 5, 1, WRITTEN)
    with zipfile.ZipFile(tmp_path / "bundle.zip", "w") as archive:
        archive.writestr(times, LOG)
        archive.writestr("without.log", LOG)
    tree(tmp_path, {"packed.log.gz": gzip.compress(LOG, mtime=WRITTEN - 60), "epoch.log": LOG})
    os.utime(tmp_path / "epoch.log", (0, 0))
    assert {item.path: item.mtime for item in opened(tmp_path).items} == {
        "bundle.zip/with.log": datetime(2026, 5, 7, 10, tzinfo=UTC),
        "bundle.zip/without.log": None,
        "epoch.log": None,
        "packed.log.gz": datetime(2026, 5, 7, 9, 59, tzinfo=UTC),
    }


def test_nothing_of_the_evidence_changes_and_nothing_is_left_behind(tmp_path: Path) -> None:
    def snapshot() -> list[tuple[str, int, int, str]]:
        files = sorted(p for p in root.rglob("*") if p.is_file())
        return [(str(p), p.stat().st_mtime_ns, p.stat().st_mode, p.read_bytes().hex()) for p in files]

    root = tree(tmp_path / "home", {**STATE, "b.zip": zipped(STATE), "c.tar.gz": gz(tarred(STATE)), "d.gz": gz(LOG)})
    before = snapshot()
    with open_evidence([root]) as evidence:
        unpacked = [item.real for item in evidence.items if not item.real.is_relative_to(root)]
        assert len(unpacked) == 7
    assert snapshot() == before
    assert not any(path.exists() for path in unpacked)


HOME = {
    **STATE,
    ".openclaw-work/openclaw.json": b"{}",
    ".clawdbot/clawdbot.json": b"{}",
    ".claude/.credentials.json": b"{}",
    ".codex/auth.json": b"{}",
    ".gemini/oauth_creds.json": b"{}",
    "Library/Logs/openclaw/gateway.log": LOG,
    "tmp/openclaw/openclaw-2026-05-07.log": LOG,
    "notes/one/two/found.log": LOG,
}
NOT_EVIDENCE = {
    ".openclaw/skills/x/SKILL.md": b"",
    ".openclaw/workspace/AGENTS.md": b"",
    ".openclaw/media/in.png": b"",
    ".openclaw/plugins/p/node_modules/m/index.js": b"",
    ".openclaw/agents/main/agent/auth-profiles.json.lock/owner": b"",
    ".openclaw/picture.PNG": b"",
    ".claude/projects/x/session.jsonl": b"",
    ".claude/history.jsonl": b"",
    ".codex/sessions/y.jsonl": b"",
    ".ssh/id_ed25519": b"",
    ".cache/x": b"",
    "Library/Keychains/login.db": b"",
    "code/.git/config": b"",
    "code/server.py": b"",
    "code/.venv/lib/site-packages/x.py": b"",
    "notes/one/two/three/deep.log": LOG,
    "Pictures/2026/holiday.log": b"",
}


def test_of_a_home_directory_only_what_can_be_evidence_is_entered(tmp_path: Path) -> None:
    evidence = opened(tree(tmp_path, HOME | NOT_EVIDENCE))
    assert {item.path for item in evidence.items} == set(HOME)


def test_an_archive_of_a_home_directory_is_read_like_the_directory(tmp_path: Path) -> None:
    tree(tmp_path, {"home.tar": tarred({f"me/{path}": content for path, content in (HOME | NOT_EVIDENCE).items()})})
    assert set(contents(tmp_path / "home.tar")) == {f"me/{path}" for path in HOME}


def test_every_folder_left_out_is_named_once_per_reason(tmp_path: Path) -> None:
    left_out = {r.why: r.text for r in opened(tree(tmp_path, HOME | NOT_EVIDENCE)).rejects}
    assert left_out == {
        "not entered: hidden folder of a home directory": ".ssh",
        "not entered: lock folder": ".openclaw/agents/main/agent/auth-profiles.json.lock",
        "not entered: more than 3 folders deep in a home directory": "notes/one/two/three",
        "not entered: of another tool's folder only the credential file is read (2 of them)": (
            ".claude/projects, .codex/sessions"
        ),
        "not entered: other software and its caches (4 of them)": (
            ".openclaw/plugins/p/node_modules, .cache, code/.git, code/.venv"
        ),
        "not entered: pictures, sound and films (2 of them)": ".openclaw/media, Pictures",
        "not entered: skills and prompts": ".openclaw/skills",
        "not entered: what agents work on": ".openclaw/workspace",
        "not entered: Library, but for Library/Logs/openclaw": "Library/Keychains",
        "not read: of another tool's folder only the credential file is read": ".claude/history.jsonl",
        "not read: programs and their parts in a home directory": "code/server.py",
        "not read: pictures, sound and films": ".openclaw/picture.PNG",
    }


def test_a_folder_that_is_no_home_is_entered_to_the_bottom(tmp_path: Path) -> None:
    files = {"a/b/c/d/e/deep.log": LOG, ".hidden/x.log": LOG, "hosts/one/.openclaw/openclaw.json": b"{}"}
    assert set(contents(tree(tmp_path, files))) == set(files)


def test_a_folder_without_bottom_is_left_at_a_depth_and_named(tmp_path: Path) -> None:
    evidence = opened(tree(tmp_path, {"a.log": LOG, "/".join(["d"] * 60) + "/b.log": LOG}))
    assert [item.path for item in evidence.items] == ["a.log"]
    assert reasons(evidence) == {"/".join(["d"] * 40): "not entered: more than 40 folders deep"}


def test_links_are_not_followed_out_of_the_evidence(tmp_path: Path) -> None:
    tree(tmp_path, {"outside/secret.log": LOG, "in/a.log": LOG, "in/folder/b.log": LOG})
    (tmp_path / "in/out.log").symlink_to(tmp_path / "outside/secret.log")
    (tmp_path / "in/out").symlink_to("../outside")
    (tmp_path / "in/gone").symlink_to("nowhere")
    (tmp_path / "in/circle").symlink_to("circle")
    (tmp_path / "in/again.log").symlink_to("a.log")
    (tmp_path / "in/up").symlink_to("..")
    (tmp_path / "in/folder/self").symlink_to(".")
    evidence = opened(tmp_path / "in")
    assert [item.path for item in evidence.items] == ["a.log", "folder/b.log"]
    assert reasons(evidence) == {
        "circle": "a link that leads nowhere",
        "gone": "a link that leads nowhere",
        "out": "a link that leads out of the evidence: not followed",
        "out.log": "a link that leads out of the evidence: not followed",
        "up": "a link that leads out of the evidence: not followed",
    }


def test_a_state_directory_that_is_a_link_within_the_home_is_read_once(tmp_path: Path) -> None:
    tree(tmp_path, {"dot/files/claw/agents/main/agent/auth-profiles.json": b"{}", ".store/logs/x.log": LOG})
    (tmp_path / ".openclaw").symlink_to("dot/files/claw")
    (tmp_path / ".clawdbot").symlink_to(".openclaw")
    (tmp_path / "dot/files/claw/logs").symlink_to("../../../.store/logs")
    assert set(contents(tmp_path)) == {".openclaw/agents/main/agent/auth-profiles.json", ".openclaw/logs/x.log"}


@pytest.mark.skipif(os.name == "nt", reason="no such files there")
def test_what_is_no_file_is_a_reject_row(tmp_path: Path) -> None:
    tree(tmp_path, {"a.log": LOG})
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(tmp_path / "gateway.sock"))
        evidence = opened(tmp_path)
    assert [item.path for item in evidence.items] == ["a.log"]
    assert set(reasons(evidence)) == {"gateway.sock", "pipe"}


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is unreadable to root")
def test_an_unreadable_file_or_folder_hides_no_other(tmp_path: Path) -> None:
    tree(tmp_path, {"a.log": LOG, "locked.log": LOG, "locked/b.log": LOG})
    (tmp_path / "locked.log").chmod(0)
    (tmp_path / "locked").chmod(0)
    try:
        evidence = opened(tmp_path)
        with pytest.raises(EvidenceError, match="Permission denied"):
            opened(tmp_path / "locked")
    finally:
        (tmp_path / "locked").chmod(0o700)
    assert [item.path for item in evidence.items] == ["a.log"]
    assert set(reasons(evidence).values()) == {"cannot be read: Permission denied"}


def test_too_many_files_are_one_reject_row(tmp_path: Path) -> None:
    evidence = opened(tree(tmp_path, {f"{n:03}.log": LOG for n in range(20)}), limits=Limits(files=5))
    assert len(evidence.items) == 5
    (why,) = reasons(evidence).values()
    assert why == "more than 5 files: 15 with less telling names are not read; give a smaller folder"


def link(name: str, kind: bytes = tarfile.SYMTYPE) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, "/etc/passwd"
    return info


def zip_link(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo(name)
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
        archive.writestr("good.log", LOG)
    return out.getvalue()


GOOD = {"good.log": LOG}
INNER = {"deep.log": LOG}


OUT = "a path that leads out of the archive: not unpacked"
ABSOLUTE = "an absolute path: not unpacked"
LINK = "not a file: a socket, pipe or device, or a link: not unpacked"


@pytest.mark.parametrize(
    ("archive", "source", "why"),
    [
        (zipped({"../evil.log": b"x"} | GOOD), "../evil.log", OUT),
        (zipped({"a\\..\\..\\evil": b"x"} | GOOD), "a/../../evil", OUT),
        (tarred({"a/../../evil": b"x"} | GOOD), "a/../../evil", OUT),
        (zipped({"/etc/evil": b"x"} | GOOD), "etc/evil", ABSOLUTE),
        (zipped({"C:\\evil.log": b"x"} | GOOD), "C:/evil.log", ABSOLUTE),
        (tarred(GOOD, link("soft")), "soft", LINK),
        (tarred(GOOD, link("hard", tarfile.LNKTYPE)), "hard", LINK),
        (tarred(GOOD, link("null", tarfile.CHRTYPE)), "null", LINK),
        (tarred(GOOD, link("pipe", tarfile.FIFOTYPE)), "pipe", LINK),
        (zip_link("soft"), "soft", LINK),
        (zipped(GOOD | {"d/" * 30_000 + "x": b"y"}), "d/" * 30_000 + "x", "not entered: more than 40 folders deep"),
        (tarred(GOOD | {"./good.log": b"a second one"}), "good.log", "cannot be unpacked: File exists"),
        (zipped(GOOD | {"good.log/x": b"y"}), "good.log/x", "cannot be unpacked: File exists"),
        (zipped(GOOD | {"n" * 300: b"y"}), "n" * 300, "cannot be unpacked: File name too long"),
        (
            zipped(GOOD | {"bomb.log": bytes(900_000)}),
            "bomb.log",
            "unpacks from 889 to more than 500,000 bytes: not unpacked",
        ),
        (
            zipped(GOOD | {"one.zip": zipped({"two.zip": zipped(INNER)})}),
            "one.zip/two.zip",
            "an archive inside an archive inside an archive: not opened",
        ),
    ],
)
def test_a_member_that_is_refused_hides_no_other(tmp_path: Path, archive: bytes, source: str, why: str) -> None:
    tree(tmp_path, {"bundle": archive})
    evidence = opened(tmp_path / "bundle", limits=Limits(ratio_from=500_000))
    assert [(item.path, item.bytes) for item in evidence.items] == [("good.log", len(LOG))]
    assert reasons(evidence) == {source: why}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bundle"]


def test_an_archive_is_opened_inside_an_archive_once(tmp_path: Path) -> None:
    inner = {"one.zip": zipped(INNER), "two.tar.gz": gz(tarred({"log.gz": gz(LOG)})), "three.log.zst": zst(LOG)}
    tree(tmp_path, {"bundle.zip": zipped(inner)})
    assert contents(tmp_path / "bundle.zip") == {
        "one.zip/deep.log": LOG,
        "two.tar.gz/log.gz": LOG,
        "three.log.zst": LOG,
    }


def test_an_archive_of_too_many_or_too_big_members_is_read_up_to_the_limit(tmp_path: Path) -> None:
    tree(
        tmp_path,
        {
            "many.zip": zipped({f"{n}.log": LOG for n in range(9)}),
            "big.tar": tarred({"a": LOG, "b": LOG, "c.log": LOG}),
        },
    )
    many = opened(tmp_path / "many.zip", limits=Limits(members=4))
    assert ([i.path for i in many.items], reasons(many)) == (
        ["0.log", "1.log", "2.log", "3.log"],
        {"many.zip": "more than 4 files in it: the rest is not read"},
    )
    big = opened(tmp_path / "big.tar", limits=Limits(unpacked=len(LOG)))
    assert ([i.path for i in big.items], reasons(big)) == (
        ["c.log"],
        {"a": "no room to unpack more: this and 1 files with less telling names are not read"},
    )


def test_what_comes_before_the_damage_is_read(tmp_path: Path) -> None:
    text = os.urandom(300_000).hex().encode()
    files = {"a.log": LOG, "b.log": text}
    tree(
        tmp_path,
        {
            "cut.log.gz": gz(text)[:-200_000],
            "cut.log.zst": zst(text)[:-200_000],
            "cut.tar": tarred(files)[:-200_000],
            "cut.tgz": gz(tarred(files))[:-100_000],
            "cut.zip": zipped(files)[:-5],
            "tail.gz": gz(LOG) + b"rubbish",
            "good.log": LOG,
        },
    )
    evidence = opened(tmp_path)
    with open_evidence([tmp_path]) as again:
        read = {item.path: item.real.read_bytes() for item in again.items}
    assert {path for path in read if "cut" not in path} == {"good.log", "tail.gz"}
    assert all(read[path] == LOG for path in ("good.log", "tail.gz", "cut.tar/a.log", "cut.tgz/a.log"))
    assert all(text.startswith(read[path]) and read[path] for path in ("cut.log.gz", "cut.tar/b.log", "cut.tgz/b.log"))
    assert {reject.source.split("/")[0] for reject in evidence.rejects} >= {
        *("cut.log.gz", "cut.tar", "cut.tgz", "cut.zip", "tail.gz"),
    }


def test_an_encrypted_member_is_named(tmp_path: Path) -> None:
    data = bytearray(zipped({"secret.log": LOG, "good.log": LOG}))
    for header, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.index(header) + flags] |= 1
    tree(tmp_path, {"bundle.zip": bytes(data)})
    evidence = opened(tmp_path / "bundle.zip")
    assert [item.path for item in evidence.items] == ["good.log"]
    assert "is encrypted" in reasons(evidence)["secret.log"]


def test_names_show_what_is_invisible_in_them_and_stay_unique(tmp_path: Path) -> None:
    names = {"a\nb\x1b[2J.log": b"1", "right\u202eto left.log": b"2", "a⏎b␛[2J.log": b"3"}
    tree(tmp_path, {"in/bundle.zip": zipped(names)})
    assert contents(tmp_path / "in/bundle.zip") == {
        "a⏎b␛[2J.log": b"1",
        "right<U+202E>to left.log": b"2",
        "a⏎b␛[2J.log~": b"3",
    }


def test_a_name_that_is_no_utf8_is_shown(tmp_path: Path) -> None:
    try:
        (tmp_path / os.fsdecode(b"caf\xe9.log")).write_bytes(LOG)
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    assert contents(tmp_path) == {"caf<U+DCE9>.log": LOG}


def test_several_arguments_keep_their_paths_where_these_differ(tmp_path: Path) -> None:
    tree(tmp_path, {"one/a.log": b"1", "two/b.log": b"2"})
    assert contents(tmp_path / "one", tmp_path / "two") == {"a.log": b"1", "b.log": b"2"}


def test_several_arguments_are_told_apart_by_their_names(tmp_path: Path) -> None:
    tree(tmp_path, {"one/a.log": b"1", "two/a.log": b"2", "x/one/a.log": b"3"})
    (tmp_path / "two/gone").symlink_to("nowhere")
    arguments = (tmp_path / "one", tmp_path / "two", tmp_path / "x/one", tmp_path / "missing")
    assert contents(*arguments) == {"one/a.log": b"1", "two/a.log": b"2", "2/one/a.log": b"3"}
    assert set(reasons(opened(*arguments))) == {"two/gone", str(tmp_path / "missing")}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("endless.zip", "endless.zip: cannot be unpacked: its list of files is too long; give a state directory"),
        ("missing", "missing: cannot be read: No such file or directory; give a state directory"),
        ("empty", "There is no file in the evidence; give a state directory"),
        ("pipe", "pipe: not a file: a socket, pipe or device; give a state directory"),
        ("only_git", ".git: not entered: other software and its caches; give a state directory"),
        ("rubbish.zip", "rubbish.zip: cannot be unpacked: File is not a zip file; give a state directory"),
        ("a\0b", "not a path; give a state directory"),
    ],
)
def test_evidence_nothing_can_be_read_of_is_one_clear_line(tmp_path: Path, name: str, words: str) -> None:
    tree(tmp_path, {"only_git/.git/config": b"", "rubbish.zip": b"PK\3\4" + b"rubbish" * 9})
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 9, 9, 0x7FFFFFFF, 0, 0)
    tree(tmp_path, {"endless.zip": zipped({"a": b""})[:-22] + end})
    (tmp_path / "empty").mkdir()
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(EvidenceError) as caught:
        opened(tmp_path / name)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_without_a_byte_is_an_item(tmp_path: Path) -> None:
    assert contents(tree(tmp_path, {"empty.log": b"", "good.log": LOG})) == {"empty.log": b"", "good.log": LOG}


def test_a_row_about_a_file_claims_no_lines(tmp_path: Path) -> None:
    evidence = opened(tree(tmp_path, HOME | NOT_EVIDENCE | {"bad.gz": gz(LOG)[:-9]}))
    assert {reject.lines for reject in evidence.rejects} == {0}


ARCHIVES = [zipped(STATE), tarred(STATE), gz(tarred(STATE)), zst(tarred(STATE)), gz(LOG), zst(LOG)]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    archive=st.sampled_from(ARCHIVES),
    flips=st.lists(st.tuples(st.integers(0, 9999), st.integers(0, 255)), max_size=6),
    cut=st.integers(0, 2000),
)
def test_a_damaged_archive_is_never_an_error_and_never_hides_its_neighbour(
    tmp_path: Path, archive: bytes, flips: list[tuple[int, int]], cut: int
) -> None:
    data = bytearray(archive)
    for place, byte in flips:
        data[place % len(data)] = byte
    tree(tmp_path, {"bundle": bytes(data[: max(0, len(data) - cut)]), "good.log": LOG})
    assert contents(tmp_path)["good.log"] == LOG
