"""What was read of big evidence, kept for the next look at it: rows only, under the hashes of every file.

An entry holds what a `Timeline` holds, sealed as it is, but no secret: those that redaction needs are looked up in
their files again. It counts for the very same files, read by the very same program; a broken one counts as none.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path

import msgspec
import zstandard
from platformdirs import user_cache_path

from forensics.evidence import Evidence
from forensics.openclaw.reasons import rows
from forensics.parsers.read_items import Progress, read_items
from forensics.parsers.timeline import Timeline, read_timeline
from forensics.tables import Activity, Credential, Drift, Event, File, Reject, StateValue

WORTH = 8 << 20  # bytes of evidence: less is read in no time
_MOST = 256 << 20  # bytes of all entries together
_DIGEST = 32
_OFF = "FORENSICS_NO_CACHE"  # an environment variable: what a command starts inherits it
_ENDING = ".rows"
_PROGRAM = Path(__file__).parent.parent


class _Entry(msgspec.Struct, frozen=True):
    files: tuple[File, ...]
    events: tuple[Event, ...]
    rejects: tuple[Reject, ...]
    activity: tuple[Activity, ...]
    state: tuple[StateValue, ...]
    credentials: tuple[Credential, ...]
    chunks: dict[str, int]
    drift: tuple[Drift, ...]
    secret_files: tuple[str, ...]
    secret_count: int


def folder() -> Path:
    """Where the entries are: in the user's folder for caches."""
    return user_cache_path("openclaw-forensics", appauthor=False) / "timelines"


def clear() -> tuple[int, int]:
    """Remove all entries; how many there were, and their bytes. Raises OSError."""
    sizes = []
    for entry in _entries():
        sizes.append(entry.stat().st_size)
        entry.unlink()
    return len(sizes), sum(sizes)


@contextmanager
def cache_off(*, chosen: bool) -> Iterator[None]:
    """While it lasts nothing is looked up or kept, also by notebooks and workers that are started, if `chosen`."""
    before = os.environ.get(_OFF)
    if chosen:
        os.environ[_OFF] = "1"
    try:
        yield
    finally:
        if chosen:
            os.environ.pop(_OFF) if before is None else os.environ.update({_OFF: before})


def cached_timeline(evidence: Evidence, timezone: str | None = None, progress: Progress | None = None) -> Timeline:
    """The same as `read_timeline`, from an earlier look where there was one."""
    if os.environ.get(_OFF) or sum(item.bytes for item in evidence.items) < WORTH:
        return read_timeline(evidence, timezone, progress)
    place = folder() / f"{_key(evidence, timezone)}{_ENDING}"
    known = _load(place)
    timeline = _timeline(known, evidence) if known else None
    if timeline is None:
        timeline = read_timeline(evidence, timezone, progress)
        _store(place, timeline)
    return timeline


def _key(evidence: Evidence, timezone: str | None) -> str:
    """Of the evidence, the sentences that the program knows, and the program itself."""
    files = [(item.path, item.bytes, item.sha256, item.mtime) for item in evidence.items]
    identity = repr((files, evidence.rejects, timezone, rows(), sorted(_program())))
    return blake2b(identity.encode(errors="surrogatepass"), digest_size=_DIGEST).hexdigest()


def _program() -> Iterator[tuple[str, int, int]]:
    """Every file of this program, as it is installed: a changed one may read otherwise."""
    for above, _, names in os.walk(_PROGRAM):
        for name in names:
            if not name.endswith(".pyc"):
                stat = os.stat(os.path.join(above, name))  # noqa: PTH116, PTH118 - some hundreds of files
                yield os.path.relpath(above, _PROGRAM) + "/" + name, stat.st_size, stat.st_mtime_ns


def _load(place: Path) -> _Entry | None:
    try:
        stored = place.read_bytes()
        digest, packed = stored[:_DIGEST], stored[_DIGEST:]
        if blake2b(packed, digest_size=_DIGEST).digest() != digest:
            return None
        os.utime(place)  # the oldest go first
        return msgspec.msgpack.decode(zstandard.decompress(packed), type=_Entry)
    except (OSError, ValueError, msgspec.MsgspecError, zstandard.ZstdError):
        return None


def _timeline(entry: _Entry, evidence: Evidence) -> Timeline | None:
    """None where its secrets cannot be found again."""
    secrets = _secrets([item.path for item in evidence.items if item.path in entry.secret_files], evidence)
    if len(secrets) != entry.secret_count:
        return None
    return Timeline(
        files=entry.files,
        events=entry.events,
        rejects=entry.rejects,
        activity=entry.activity,
        state=entry.state,
        credentials=entry.credentials,
        chunks=Counter(entry.chunks),
        secrets=secrets,
        drift=entry.drift,
        secret_files=entry.secret_files,
    )


def _secrets(paths: Sequence[str], evidence: Evidence) -> frozenset[str]:
    read = read_items([item for item in evidence.items if item.path in set(paths)])
    return frozenset().union(*(one.contents.secrets for one in read if one.contents))


def _store(place: Path, timeline: Timeline) -> None:
    """A cache that cannot be written is none: nobody asked for it."""
    entry = _Entry(
        files=timeline.files,
        events=timeline.events,
        rejects=timeline.rejects,
        activity=timeline.activity,
        state=timeline.state,
        credentials=timeline.credentials,
        chunks=dict(timeline.chunks),
        drift=timeline.drift,
        secret_files=timeline.secret_files,
        secret_count=len(timeline.secrets),
    )
    with suppress(OSError, UnicodeEncodeError, msgspec.MsgspecError):
        packed = zstandard.compress(msgspec.msgpack.encode(entry), 1)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _replace(place, blake2b(packed, digest_size=_DIGEST).digest() + packed)
        _make_room()


def _replace(place: Path, content: bytes) -> None:
    """Whole or not at all, and for nobody else's eyes."""
    handle, name = tempfile.mkstemp(dir=place.parent, suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        part.replace(place)
    finally:
        part.unlink(missing_ok=True)


def _make_room() -> None:
    used = 0
    for entry in sorted(_entries(), key=lambda entry: entry.stat().st_mtime, reverse=True):
        used += entry.stat().st_size
        if used > _MOST:
            entry.unlink()


def _entries() -> list[Path]:
    return [entry for ending in (_ENDING, ".part") for entry in folder().glob(f"*{ending}")]
