"""Which folders and files of a home directory are evidence, told by their names alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

from forensics.openclaw.home_layout import CREDENTIAL_FILES, STATE_DIR

HOME_DEPTH = 3
DEEPEST = 40

_SOFTWARE = {"node_modules", ".git", ".cache", ".npm", ".venv", "site-packages", "__pycache__", "__MACOSX"}
_PROMPTS = {"skills", "skills-prompts", "plugin-skills"}
_MEDIA = {"media", "Pictures", "Photos", "Music", "Movies", "Videos"}
_MEDIA_FILE = re.compile(
    r"\.(?:png|jpe?g|gif|webp|heic|tiff?|bmp|ico|svg|pdf|mp[34]|m4[av]|mov|mkv|avi|webm|wav|ogg|opus|oga|flac|woff2?|ttf)",
    re.I,
)
_PROGRAM_FILE = re.compile(
    r"\.(?:py[cod]?|[cm]?[jt]sx?|[ch](?:pp|xx|c|h)?|java|class|jar|go|rs|rb|php|swift|kt|cs|lua|pl|r|m|css|scss|html?|vue"
    r"|map|o|a|so|dylib|dll|exe|wasm|whl|egg|deb|rpm|dmg|iso|img|vmdk|qcow2|parquet|npy|npz|pt|onnx|gguf|safetensors)",
    re.I,
)
_WORK = re.compile(r"workspace(?:-.+)?|sandboxes|browser|canvas")  # directly below a state directory
_MAC_LOGS = ("Library", "Logs", "openclaw")

# Reasons, as reject rows say them.
_ON_PURPOSE = ("not entered: ", "not read: ")  # how each of the following begins
SOFTWARE = "not entered: other software and its caches"
LOCK = "not entered: lock folder"
PROMPTS = "not entered: skills and prompts"
MEDIA = "not entered: pictures, sound and films"
MEDIA_FILE = "not read: pictures, sound and films"
LIBRARY = "not entered: Library, but for Library/Logs/openclaw"
WORK = "not entered: what agents work on"
PROGRAM_FILE = "not read: programs and their parts in a home directory"
CREDENTIAL_DIR = "not entered: of another tool's folder only the credential file is read"
CREDENTIAL_FILE = "not read: of another tool's folder only the credential file is read"
HIDDEN = "not entered: hidden folder of a home directory"
DEEP_IN_HOME = f"not entered: more than {HOME_DEPTH} folders deep in a home directory"
TOO_DEEP = f"not entered: more than {DEEPEST} folders deep"


def is_left_out_on_purpose(why: str) -> bool:
    """Whether a reject row is about something that is no evidence."""
    return why.startswith(_ON_PURPOSE)


def folder_left_out(folder: Sequence[str], home: int | None = None) -> str | None:
    """Why a folder is not entered; None where it is.

    `folder` are the names that lead to it, `home` how many of them lead to the home directory around it: the
    innermost folder that holds a state directory. Its parents are taken as asked about before.
    """
    name, parents = folder[-1], folder[:-1]
    if any(parent in CREDENTIAL_FILES for parent in parents):
        return CREDENTIAL_DIR
    if len(folder) > DEEPEST:
        return TOO_DEEP
    if STATE_DIR.fullmatch(name) or name in CREDENTIAL_FILES:
        return None
    return _left_out_by_name(name, parents) or _left_out_of_library(folder) or _left_out_of_home(folder, home)


def path_left_out(folder: Sequence[str], home: int | None = None) -> str | None:
    """The first reason for which a folder, or one on the way to it, is not entered."""
    if len(folder) > DEEPEST:
        return TOO_DEEP
    reasons = (folder_left_out(folder[:n], home if home and home < n else None) for n in range(1, len(folder) + 1))
    return next(filter(None, reasons), None)


def file_left_out(folder: Sequence[str], name: str, home: int | None = None) -> str | None:
    """Why a file is not read; None where it is. `home` as for a folder."""
    tool = next((parent for parent in folder if parent in CREDENTIAL_FILES), None)
    if tool and not name.startswith(CREDENTIAL_FILES[tool]):
        return CREDENTIAL_FILE
    ending = name[name.rfind(".") :]
    if home and not any(map(STATE_DIR.fullmatch, folder)) and _PROGRAM_FILE.fullmatch(ending):
        return PROGRAM_FILE
    return MEDIA_FILE if _MEDIA_FILE.fullmatch(ending) else None


def _left_out_by_name(name: str, parents: Sequence[str]) -> str | None:
    if name in _SOFTWARE:
        return SOFTWARE
    if name.endswith(".lock"):
        return LOCK
    if name in _PROMPTS:
        return PROMPTS
    if name in _MEDIA:
        return MEDIA
    return WORK if parents and STATE_DIR.fullmatch(parents[-1]) and _WORK.fullmatch(name) else None


def _left_out_of_library(folder: Sequence[str]) -> str | None:
    if "Library" not in folder:
        return None
    below = tuple(folder[folder.index("Library") :])
    depth = min(len(below), len(_MAC_LOGS))
    return None if below[:depth] == _MAC_LOGS[:depth] else LIBRARY


def _left_out_of_home(folder: Sequence[str], home: int | None) -> str | None:
    below = folder[home:] if home else ()
    if not below or STATE_DIR.fullmatch(below[0]):
        return None
    if folder[-1].startswith("."):
        return HIDDEN
    return DEEP_IN_HOME if len(below) > HOME_DEPTH else None
