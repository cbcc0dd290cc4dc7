"""Folders of evidence, damaged at random in the ways that disks, tools, people and attackers damage them."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import re
import shutil
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random

import zstandard

from forensics import open_case
from forensics.case import Case
from forensics.errors import EvidenceError
from forensics.text import visible

ROOT = Path(__file__).resolve().parents[1]
BASES = (
    *sorted((ROOT / "sample_data").glob("*/evidence")),
    *sorted((ROOT / "tests/data/captures").glob("*/*/evidence")),
    *sorted((ROOT / "tests/data/stores").glob("2*")),
)
Damage = Callable[[Path, Random], None]

NUMBERS = (b"0", b"-1", b"1e308", b"-1e999", b"NaN", b"9223372036854775808", b"99999999999999999999", b"1.5", b"true")
VALUES = (b"null", b"[]", b"{}", b'""', b"[[[[]]]]", b'{"":{"":0}}', b'"\\ud800"', b'"\\u0000"', b"tru", b"'x'")
STRAY = (
    b"\0",
    b"\xff",
    b"\xed\xa0\x80",
    b"\xc0\x80",
    b"\x1b[2K",
    b"\x1b]0;x\x07",
    b"\r",
    b"\x85",
    "\u2028".encode(),
    b"\x0c",
)
YEARS = (b"0000-", b"0001-", b"1969-", b"1970-", b"2999-", b"9999-", b"20x6-")
NAMES = (
    b"\xff\xfe.log",
    b"a\nb.jsonl",
    "‮gol.txt".encode(),
    b"x" * 250,
    b"-rf",
    b" ",
    b"CON.log",
    "é\u0301.log".encode(),
)


def some_file(folder: Path, chance: Random) -> Path:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    if not files:  # all of them were damaged away
        files = [folder / "openclaw.log"]
        files[0].touch()
    return chance.choice([path for path in files if path.stat().st_size] or files)


def edited(edit: Callable[[bytes, Random], bytes]) -> Damage:
    """A damage that makes new bytes of a file's."""

    def damage(folder: Path, chance: Random) -> None:
        file = some_file(folder, chance)
        file.write_bytes(edit(file.read_bytes(), chance))

    return damage


def _place(data: bytes, chance: Random) -> int:
    return chance.randrange(len(data) + 1)


def _flipped(data: bytes, chance: Random) -> bytes:
    changed = bytearray(data or b"x")
    for _ in range(chance.choice((1, 1, 3, 40, 400))):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _cut_out(data: bytes, chance: Random) -> bytes:
    start = _place(data, chance)
    return data[:start] + data[start + chance.choice((1, 7, 400, 5_000)) :]


def _doubled(data: bytes, chance: Random) -> bytes:
    start = _place(data, chance)
    piece = data[start : start + chance.choice((30, 3_000, 60_000))]
    return data[:start] + piece * chance.choice((2, 9)) + data[start:]


def _permuted(data: bytes, chance: Random) -> bytes:
    lines = data.split(b"\n")
    chance.shuffle(lines)
    return b"\n".join(lines)


def _two_writers(data: bytes, chance: Random) -> bytes:
    """Lines torn by another that was written into them."""
    lines = data.split(b"\n")
    for n in chance.sample(range(len(lines)), min(len(lines), 5)):
        cut = chance.randrange(len(lines[n]) + 1)
        lines[n] = lines[n][:cut] + chance.choice(lines) + lines[n][cut:]
    return b"\n".join(lines)


def _replaced(pattern: bytes, others: tuple[bytes, ...]) -> Callable[[bytes, Random], bytes]:
    def edit(data: bytes, chance: Random) -> bytes:
        share = chance.choice((0.02, 0.2, 1.0))
        return re.sub(pattern, lambda m: chance.choice(others) if chance.random() < share else m[0], data)

    return edit


def _strayed(data: bytes, chance: Random) -> bytes:
    for _ in range(chance.choice((1, 5, 60))):
        at = _place(data, chance)
        data = data[:at] + chance.choice(STRAY) * chance.choice((1, 1, 9)) + data[at:]
    return data


def _recoded(data: bytes, chance: Random) -> bytes:
    text = data.decode("utf-8", "replace")
    codec = chance.choice(("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig", "latin-1", "utf-7", "cp037"))
    return text.encode(codec, "replace")


def _half_recoded(data: bytes, chance: Random) -> bytes:
    at = data.find(b"\n", _place(data, chance)) + 1
    return data[:at] + data[at:].decode("utf-8", "replace").encode("utf-16-le")


def _with_ends(data: bytes, chance: Random) -> bytes:
    return data.replace(b"\n", chance.choice((b"\r", b"\r\n", b"\n\n", b"\r\r\n", b"\x0b", "\u2028".encode(), b"")))


def _on_one_line(data: bytes, chance: Random) -> bytes:
    return data.replace(b"\n", b" ") * chance.choice((1, 20))


def _nested(data: bytes, chance: Random) -> bytes:
    """Deeper than any reader's stack."""
    depth, (opens, closes) = chance.choice((600, 100_000)), chance.choice(((b"[", b"]"), (b'{"a":', b"}")))
    at = _place(data, chance)
    return data[:at] + opens * depth + b"1" + closes * chance.choice((0, depth)) + data[at:]


def _hole(folder: Path, chance: Random) -> None:
    file = some_file(folder, chance)
    data = file.read_bytes()
    cut = chance.choice((0, len(data), _place(data, chance)))
    with file.open("wb") as out:
        out.write(data[:cut])
        out.seek(chance.choice((100, 4_096, 3 << 20, 40 << 20)), os.SEEK_CUR)
        out.write(data[cut:] or b"\0")


def _renamed(folder: Path, chance: Random) -> None:
    file = some_file(folder, chance)
    name = chance.choice((*NAMES, os.fsencode(some_file(folder, chance).name)))
    target = os.fsencode(file.parent) + b"/" + name
    if not os.path.lexists(target):
        file.rename(os.fsdecode(target))


def _made_other(folder: Path, chance: Random) -> None:
    """A folder, pipe, link, or nothing where a file was, or one of these beside a database."""
    file = some_file(folder, chance)
    if chance.random() < 0.3:
        file = file.with_name(file.name + chance.choice(("-wal", "-shm", "-journal", ".1", ".lock")))
    file.unlink(missing_ok=True)
    kind = chance.choice(("folder", "pipe", "loop", "out", "nowhere", "empty", "gone"))
    if kind == "folder":
        file.mkdir()
        (file / "inside.log").write_bytes(b"x")
    elif kind == "pipe":
        os.mkfifo(file)
    elif kind in ("loop", "out", "nowhere"):
        file.symlink_to({"loop": file.name, "out": "/etc/hostname", "nowhere": "/nowhere/at/all"}[kind])
    elif kind == "empty":
        file.touch()


def _aged(folder: Path, chance: Random) -> None:
    moment = chance.choice((0, 1, -1, 315_532_800, 2**31, 2**32, 253_402_300_799, 10**10))
    os.utime(some_file(folder, chance), (moment, moment))


def zipped(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return packed.getvalue()


def _archived(folder: Path, chance: Random) -> None:
    """A part of the evidence in an archive that is whole or not."""
    part = some_file(folder, chance).parent
    files = [path for path in sorted(part.rglob("*")) if path.is_file() and not path.is_symlink()]
    named = {visible(str(path.relative_to(part))): path.read_bytes() for path in files}
    kind, packed = chance.choice(("zip", "tar", "tgz", "gz", "zst", "zip in zip")), io.BytesIO()
    if kind.startswith("zip"):
        with zipfile.ZipFile(packed, "w", chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as archive:
            for name, data in named.items():
                archive.writestr(name, data)
    elif kind in ("tar", "tgz"):
        with tarfile.open(fileobj=packed, mode="w:gz" if kind == "tgz" else "w") as tar:
            for name, data in named.items():
                info = tarfile.TarInfo(name)
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
    else:
        data = next(iter(named.values()), b"")
        packed.write(gzip.compress(data) if kind == "gz" else zstandard.compress(data))
    data = packed.getvalue()
    if kind == "zip in zip":
        with zipfile.ZipFile(packed := io.BytesIO(), "w") as archive:
            archive.writestr("inner.zip", data)
        data = packed.getvalue()
    data = chance.choice(
        (lambda d, _: d, _flipped, _cut_out, lambda d, c: d[: _place(d, c)], lambda d, _: b"junk" + d)
    )(data, chance)
    (folder / f"packed.{kind.rpartition(' ')[2]}").write_bytes(data)


DAMAGES: Mapping[str, Damage] = {
    "bits flipped": edited(_flipped),
    "cut off": edited(lambda data, chance: data[: _place(data, chance)]),
    "the beginning gone": edited(lambda data, chance: data[_place(data, chance) :]),
    "a piece gone": edited(_cut_out),
    "a piece again": edited(_doubled),
    "lines permuted": edited(_permuted),
    "lines torn": edited(_two_writers),
    "other numbers": edited(_replaced(rb"(?<=[:, ])\d+(?=[,}\]\s])", NUMBERS)),
    "other values": edited(_replaced(rb'(?<=:)\s?("[^"]*"|\d+|\{|\[)', VALUES)),
    "other years": edited(_replaced(rb"\b20\d\d-", YEARS)),
    "other moments": edited(_replaced(rb"\b17\d{11}\b", (b"0", b"1", b"9999999999999", b"-17", b"253402300799999"))),
    "stray bytes": edited(_strayed),
    "another encoding": edited(_recoded),
    "another encoding behind": edited(_half_recoded),
    "other line ends": edited(_with_ends),
    "one line": edited(_on_one_line),
    "deep nesting": edited(_nested),
    "noise": edited(lambda data, chance: chance.randbytes(min(len(data), 50_000))),
    "a hole": _hole,
    "another name": _renamed,
    "no file": _made_other,
    "another age": _aged,
    "archived": _archived,
}


def damaged(folder: Path, seed: int) -> Path:
    """A copy of some evidence with one to four damages."""
    chance = Random(seed)
    base = chance.choice(BASES)
    target = folder / f"evidence-{seed}"
    shutil.copytree(base, target, symlinks=True)
    for _ in range(chance.choice((1, 1, 2, 4))):
        DAMAGES[chance.choice([*DAMAGES])](target, chance)
    return target


def listing(folder: Path) -> dict[str, str]:
    """Every file that is one, by the name it is shown with, and the hash of its bytes."""
    return {
        visible(str(path.relative_to(folder))): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


def opened(folder: Path) -> Case | None:
    """The case, looked through; None where it is refused."""
    try:
        case = open_case(folder, cache=False)
    except EvidenceError:
        return None
    case.triage()
    return case


def losses(folder: Path, case: Case) -> list[str]:
    """Files that are neither read nor named, and files whose lines do not add up."""
    sources = {reject.source for reject in case.timeline.rejects} | {file.path for file in case.timeline.files}
    said = " ".join(reject.text for reject in case.timeline.rejects)
    whole = {path: file for path in listing(folder) for file in (path.split("/"),)}
    lost = [
        path
        for path, parts in whole.items()
        if path not in said
        and not any("/".join(parts[:n]) in sources for n in range(1, len(parts) + 1))
        and not any(source.startswith((f"{path}/", f"{path}~")) for source in sources)
    ]
    files = case.timeline.files
    uneven = [f.path for f in files if f.lines != f.events + f.continuations + f.other + f.rejects]
    return [*lost, *uneven]
