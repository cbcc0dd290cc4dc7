"""The files of the evidence, what each is, and every secret in any of them: known before the first is copied."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from forensics.errors import EvidenceError
from forensics.evidence import Evidence, Item, open_evidence
from forensics.parsers import stores
from forensics.parsers.log_reader import is_log
from forensics.parsers.stores.store import Contents, Source, Store
from forensics.secrets.detect import is_token
from forensics.sharing.bundle.manifest import LeftOut
from forensics.tables import Reject
from forensics.text import visible

_VERSIONS = ("meta.lastTouchedVersion", "runtimeVersion", "gateway.self.version", "app_version")
_ENVIRONMENT = re.compile(r"(?:^|/)\.env(?:\.[\w.-]+)?$")
_VARIABLE = re.compile(r"^\s*(?:export\s+)?([A-Za-z_]\w{0,100})\s*=\s*[\"']?([^\"'\s]{1,4096})", re.M)
_NOTHING = "Nothing of OpenClaw was found there; give another --home, or the folders and files to collect."
_MOST = 1 << 20  # bytes of a file of variables that are looked at


@dataclass(frozen=True, slots=True)
class Place:
    """Where evidence lies, and the folder of the bundle that it goes into ("" or ending with a slash)."""

    paths: Sequence[Path]
    above: str = ""


@dataclass(frozen=True, slots=True)
class Original:
    """One file of the evidence. `live` says that its bytes are not ours: somebody may be writing them."""

    item: Item
    shown: str  # where it lies, the home as ~
    live: bool
    store: Store | None = None
    log: bool = False

    @property
    def source(self) -> Source:
        return Source(self.item.path, self.item.real, self.item.mtime, None, self.item.size)


@dataclass(frozen=True, slots=True)
class Originals:
    """All there is, in order of path."""

    files: tuple[Original, ...]
    left_out: tuple[LeftOut, ...]
    secrets: frozenset[str]
    versions: tuple[str, ...]


@contextmanager
def originals(places: Sequence[Place], home: Path) -> Iterator[Originals]:
    """Open every place; the files live as long as the context. Raises EvidenceError where all of them are empty."""
    with ExitStack() as stack:
        files: list[Original] = []
        left_out: list[LeftOut] = []
        for place in places:
            try:
                evidence = stack.enter_context(open_evidence(place.paths))
            except EvidenceError as error:
                left_out.append(LeftOut(", ".join(_shown(path, home) for path in place.paths), None, str(error)))
                continue
            files += _files(evidence, place, home)
            left_out += [_left_out(reject, place) for reject in evidence.rejects]
        if not files:
            raise EvidenceError(left_out[0].why if left_out else _NOTHING)
        yield _looked_at(sorted(files, key=lambda file: file.item.path), left_out)


def _files(evidence: Evidence, place: Place, home: Path) -> Iterator[Original]:
    roots = [path.resolve() for path in place.paths]
    for item in evidence.items:
        live = any(item.real.is_relative_to(root) for root in roots)
        beside = [root / item.path for root in roots if (root / item.path).exists()]
        shown = _shown(item.real if live else beside[0] if beside else Path(place.above + item.path), home)
        yield Original(replace(item, path=place.above + item.path), shown, live)


def _shown(path: Path, home: Path) -> str:
    for known in (home, home.resolve()):
        if path.is_relative_to(known):
            return visible("/".join(("~", *path.relative_to(known).parts)))
    return visible(str(path))


def _left_out(reject: Reject, place: Place) -> LeftOut:
    more = f": {reject.text}" if reject.text and reject.text != reject.source else ""
    return LeftOut(place.above + reject.source, None, reject.why + more)


def _looked_at(files: Sequence[Original], left_out: Sequence[LeftOut]) -> Originals:
    known, secrets, versions = [], set[str](), dict[str, None]()
    for file in files:
        told, contents = _told(file)
        known.append(told)
        secrets |= contents.secrets
        versions |= {o.value.strip('"'): None for o in contents.state if o.key in _VERSIONS}
    return Originals(tuple(known), tuple(left_out), frozenset(secrets), tuple(filter(None, versions)))


def _told(file: Original) -> tuple[Original, Contents]:
    item = file.item
    if item.bytes == 0:
        return file, Contents()
    if is_log(item):
        return replace(file, log=True), Contents()
    if store := stores.claim(item.path, item.head):
        return replace(file, store=store), store.read(file.source)
    return file, Contents(secrets=frozenset(_variables(item)))


def _variables(item: Item) -> Iterator[str]:
    """The secrets of a `.env`: the gateway that read it may have logged them."""
    if _ENVIRONMENT.search(item.path):
        for name, value in _VARIABLE.findall(item.head[:_MOST].decode("utf-8", "replace")):
            if is_token(name, value):
                yield value
