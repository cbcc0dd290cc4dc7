"""What was named on the command line -> the cases in it: folders of cases, globs, lists, and fsspec URLs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forensics.errors import EvidenceError

_LISTS = (".list", ".lst")
_ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.zst")
_SIGNS_OF_ONE_CASE = (
    ".openclaw", "openclaw.json", "agents", "auth-profiles.json", "manifest.json", "logs", "console", "cli", "evidence",
)  # fmt: skip
_WILD = "*["
_USER = re.compile(r"(?<=://)[^/@\s]*@")
_QUERY = re.compile(r"(://[^?\s]*)\?[^\s'\"]*")


@dataclass(frozen=True, slots=True)
class Source:
    """One case: where it lies, and the name it goes by in the results."""

    url: str  # a local path, or an fsspec URL such as s3://bucket/case-17.zip
    name: str

    @property
    def is_remote(self) -> bool:
        """Whether it has to be fetched before it can be read."""
        return "://" in self.url and not self.url.startswith(("file://", "local://"))


def find_sources(given: Iterable[str]) -> tuple[Source, ...]:
    """Every case below what is given, once, in order of its name. Raises EvidenceError for what holds none.

    A folder is a folder of cases unless it looks like one itself (`.openclaw`, `openclaw.json`, logs …); of a glob each
    match is a case; a `.list` file names one of these a line, relative to where it lies.
    """
    urls: dict[str, None] = {}
    for text in given:
        cases = list(_cases(text))
        if not cases:
            raise EvidenceError(
                f"{without_credentials(text)}: no case is in it; give a folder of cases, a glob, a .list file or a URL"
            )
        urls.update(dict.fromkeys(cases))
    plain = {url: without_credentials(url) for url in urls}
    common = _common_folder(plain.values())
    named = (Source(url, name[len(common) :]) for url, name in plain.items())
    return tuple(sorted(named, key=lambda source: source.name))


def without_credentials(text: str) -> str:
    """The same words, but no user, password or query of a URL in them: these must not be kept."""
    return _QUERY.sub(r"\1", _USER.sub("", text))


def _cases(text: str) -> Iterator[str]:
    if text.endswith(_LISTS):
        yield from _listed(Path(text))
        return
    files, path = _file_system(text)
    if _is_glob(text):
        yield from (_url(files, match) for match in sorted(map(str, files.glob(path))))
    elif not files.exists(path):
        raise EvidenceError(f"{without_credentials(text)}: not there")
    elif files.isdir(path) and not _is_one_case(files, path):
        yield from (_url(files, child) for child in _children(files, path))
    else:
        yield _url(files, path)


def _is_glob(text: str) -> bool:
    """A question mark in a web address begins its query."""
    return any(sign in text for sign in _WILD) or ("?" in text and not text.startswith(("http://", "https://")))


def _listed(path: Path) -> Iterator[str]:
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as error:
        raise EvidenceError(f"{path}: cannot be read ({error.strerror})") from error
    for line in (line.strip() for line in lines):
        if line and not line.startswith("#"):
            yield from _cases(line if "://" in line else str(path.absolute().parent / line))


def _file_system(text: str) -> tuple[Any, str]:
    try:
        import fsspec  # an extra: a report needs none of it

        files, path = fsspec.core.url_to_fs(text)
    except (ImportError, ValueError) as error:
        raise EvidenceError(without_credentials(f"{text}: cannot be opened ({error})")) from error
    return files, path


def _url(files: Any, path: str) -> str:
    return path if files.protocol in ("file", ("file", "local")) else str(files.unstrip_protocol(path))


def _is_one_case(files: Any, path: str) -> bool:
    names = {_name(child) for child in files.ls(path, detail=False)}
    return not names.isdisjoint(_SIGNS_OF_ONE_CASE)


def _children(files: Any, path: str) -> list[str]:
    """The folders and archives in a folder, and its single logs; hidden files and lists are no cases."""
    rows = files.ls(path, detail=True)
    return sorted(row["name"] for row in rows if _may_be_a_case(_name(row["name"]), row["type"]))


def _may_be_a_case(name: str, kind: str) -> bool:
    return not name.startswith(".") and not name.endswith(_LISTS) and (kind == "directory" or "." in name)


def _name(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]


def _common_folder(urls: Iterable[str]) -> str:
    """As far as all names agree, in whole folders: what stands in front of every name and tells nothing."""
    shared: list[str] | None = None
    for url in urls:
        folders = url.rstrip("/").split("/")[:-1]
        shared = folders if shared is None else _agreeing(shared, folders)
    return "".join(f"{folder}/" for folder in shared or [])


def _agreeing(one: list[str], other: list[str]) -> list[str]:
    length = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return one[:length]
