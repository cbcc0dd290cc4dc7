"""A folder that appears as a whole or not at all, and replaces an older one of its kind only then."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from forensics.errors import ReportError
from forensics.report.outputs import OUTPUTS

_OURS = tuple(output.path for output in OUTPUTS)
_OUR_ENDINGS = (".html", ".ipynb")


def write_whole(folder: Path, files: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Write `files` (relative path -> bytes) as `folder`; their paths, in the same order.

    They are written beside it first and moved into place last. Raises ReportError where that cannot be done, or
    where `folder` holds what no report has written; then nothing has changed.
    """
    try:
        _refuse_foreign(folder)
        folder.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".share-", dir=folder.parent, ignore_cleanup_errors=True) as beside:
            made, older = Path(beside, "made"), Path(beside, "older")
            for name, data in files.items():
                made.joinpath(name).parent.mkdir(parents=True, exist_ok=True)
                made.joinpath(name).write_bytes(data)
            swap(made, folder, older)
    except OSError as error:
        raise ReportError(f"{folder}: cannot be written ({error.strerror}); give another folder with -o") from error
    return tuple(folder / name for name in files)


def _refuse_foreign(folder: Path) -> None:
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise ReportError(f"{folder}: is there already and is no folder; give another folder with -o")
    there = sorted(path.name for path in folder.iterdir()) if folder.exists() else []
    foreign = [name for name in there if name not in _OURS and not name.endswith(_OUR_ENDINGS)]
    if there and _OURS[0] not in there:
        foreign = there
    if foreign:
        raise ReportError(f"{folder}: holds {foreign[0]!r}, which is not of a report; give another folder with -o")


def swap(made: Path, folder: Path, older: Path) -> None:
    """Move `made` to where `folder` is, and what was there to `older`; all is as before where that fails."""
    if folder.exists():
        folder.rename(older)
    try:
        made.rename(folder)
    except BaseException:
        if older.exists():
            older.rename(folder)
        raise
