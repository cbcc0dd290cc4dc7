"""Where the live state and logs of a home lie (facts 1.1, 3.1, 7.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from forensics.evidence.selection import HOME_DEPTH
from forensics.openclaw.home_layout import CREDENTIAL_FILES, STATE_DIR
from forensics.parsers.stores.reading.parse import decode, parse_document
from forensics.parsers.stores.reading.values import inside, word
from forensics.sharing.bundle.originals import Place

_CONFIGS = ("openclaw.json", "clawdbot.json", "moltbot.json", "moldbot.json")
_MAC_LOGS = ("Library", "Logs", "openclaw")
_TEMPORARY = re.compile(r"openclaw(?:-\d+)?")
_MOST = 8 << 20  # bytes of a configuration


def find_places(home: Path, temporary: Sequence[Path] = ()) -> list[Place]:
    """State directories, the default and configured log files, and the logins of other tools.

    `temporary` are the folders in which a live gateway puts its logs; none for a home that was copied from elsewhere.
    """
    states = _states(home)
    found = [
        *((state, f"{state.name}/") for state in states),
        *_logins(home),
        *[(home.joinpath(*_MAC_LOGS), "/".join(_MAC_LOGS) + "/")],
        *((folder, _above(folder)) for parent in dict.fromkeys(temporary) for folder in _log_folders(parent)),
    ]
    there = [(path, above) for path, above in found if path.exists()]
    roots = [path.resolve() for path, _ in there]
    logs = [log for state in states for log in _configured(state, home)]
    outside = dict.fromkeys(log for log in logs if not any(log.resolve().is_relative_to(root) for root in roots))
    return [Place((path,), above) for path, above in [*there, *((log, _above(log.parent)) for log in outside)]]


def units(home: Path) -> list[str]:
    """The systemd units under which the gateways of a home run."""
    profiles = [state.name.partition("-")[2] for state in _states(home)]
    return [f"openclaw-gateway{f'-{profile}' if profile else ''}.service" for profile in dict.fromkeys(profiles)]


def journal_place(file: Path) -> Place:
    """A file that holds what journald has of a unit."""
    return Place((file,), "journald/")


def _states(home: Path) -> list[Path]:
    try:
        return sorted(path for path in home.iterdir() if STATE_DIR.fullmatch(path.name) and path.is_dir())
    except OSError:
        return []


def _logins(home: Path) -> Iterator[tuple[Path, str]]:
    for tool, name in CREDENTIAL_FILES.items():
        for file in sorted((home / tool).glob(f"{name}*")):
            yield file, f"{tool}/"


def _log_folders(parent: Path) -> list[Path]:
    try:
        return sorted(path for path in parent.iterdir() if _TEMPORARY.fullmatch(path.name) and path.is_dir())
    except OSError:
        return []


def _configured(state: Path, home: Path) -> Iterator[Path]:
    """`logging.file` of a configuration, with the files that were rotated away from it."""
    for name in _CONFIGS:
        stated = _logging_file(state / name)
        if stated is None:
            continue
        file = home / stated.removeprefix("~/") if stated.startswith("~/") else Path(stated)
        if file.is_absolute():
            yield from (found for found in [file, *_rotated(file)] if found.is_file())


def _rotated(file: Path) -> list[Path]:
    return [file.with_name(f"{file.stem}.{n}{file.suffix}") for n in range(1, 6)]


def _logging_file(config: Path) -> str | None:
    try:
        with config.open("rb") as file:
            return word(inside(parse_document(decode(file.read(_MOST))), "logging", "file"))
    except (OSError, ValueError, RecursionError):
        return None


def _above(folder: Path) -> str:
    """A folder outside of the home as one of the bundle: such that it is entered when the bundle is read."""
    parts = [part for part in folder.resolve().parts if part != folder.anchor]
    plain = len(parts) <= HOME_DEPTH and not any(part.startswith(".") for part in parts)
    return "/".join(parts if plain else ("outside", "-".join(part.strip(".") for part in parts))) + "/"
