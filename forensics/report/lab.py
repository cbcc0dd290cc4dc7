"""A working folder for one body of evidence: its own notebooks, opened in JupyterLab; run again, it goes on."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import msgspec
import nbformat
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook
from platformdirs import user_data_path

from forensics.errors import ParameterError, ReportError
from forensics.fleet.dataset import is_fleet
from forensics.report.notebooks import FOLDER, check_parameters, find_notebook

START = "0_start.ipynb"
_FLEET = "7_fleet"
_ABOUT = ".lab.json"
_JUPYTER = ".jupyter"
_SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/notebook-extension:tracker": {"autoStartDefaultKernel": True},
}


class About(msgspec.Struct, frozen=True):
    """Whose working folder it is."""

    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lab:
    """A working folder that is ready. `goes_on`: somebody worked in it before."""

    folder: Path
    goes_on: bool

    def command(self, port: int | None = None, *, browser: bool = True) -> list[str]:
        """JupyterLab of this very interpreter over the folder; it asks no server for news or extensions."""
        start = START if (self.folder / START).exists() else f"{_FLEET}.ipynb"
        last = any((self.folder / _JUPYTER / "workspaces").glob("*"))
        return [
            sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={self.folder}",
            f"--LabApp.default_url={'/lab' if last else f'/lab/tree/{start}'}",
            f"--LabApp.workspaces_dir={self.folder / _JUPYTER / 'workspaces'}",
            "--LabApp.extension_manager=readonly", "--LabApp.news_url=None", "--ServerApp.answer_yes=True",
            *([f"--ServerApp.port={port}"] if port else []),
            *([] if browser else ["--no-browser"]),
            *(["--allow-root"] if _is_root() else []),
        ]  # fmt: skip

    def environment(self, given: Mapping[str, str]) -> dict[str, str]:
        """The same with this interpreter's kernel first, whatever kernels are registered under its name."""
        ours = self.folder / _JUPYTER
        return {
            **given,
            "JUPYTER_PATH": os.pathsep.join(filter(None, [str(ours), given.get("JUPYTER_PATH")])),
            "JUPYTER_CONFIG_PATH": os.pathsep.join(filter(None, [str(ours), given.get("JUPYTER_CONFIG_PATH")])),
        }


def prepare(evidence: Sequence[Path], folder: Path | None = None) -> Lab:
    """Make the working folder, or add what is missing in it: a notebook that is there is never written again.

    Raises ParameterError for a folder inside of the evidence or of other evidence, ReportError where it cannot be
    written.
    """
    places = [path.absolute() for path in evidence]
    folder = (folder or _default(places)).absolute()
    if folder != _aside(places) and _inside(folder, places):
        raise ParameterError(f"{folder} lies inside the evidence, which is only read; give another folder with -o")
    about = About(tuple(map(str, places)))
    known = _read_about(folder)
    if known and known != about:
        raise ParameterError(f"{folder} holds work on {', '.join(known.evidence)}; give another folder with -o")
    try:
        _write(folder, about)
    except OSError as error:
        raise ReportError(f"{folder}: cannot be written ({error.strerror}); give another folder with -o") from error
    return Lab(folder, known is not None)


def _is_root() -> bool:
    """In a container one often is; JupyterLab wants it said."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _default(evidence: Sequence[Path]) -> Path:
    """Beside where one is; where that is inside the evidence, a folder of ours, which no evidence is read from."""
    here = Path.cwd() / f"lab-{_name(evidence)}"
    return _aside(evidence) if _inside(here, evidence) else here


def _aside(evidence: Sequence[Path]) -> Path:
    mark = sha256("\0".join(map(str, evidence)).encode()).hexdigest()[:8]
    return user_data_path("openclaw-forensics") / "lab" / f"{_name(evidence)}-{mark}"


def _name(evidence: Sequence[Path]) -> str:
    path = evidence[0].resolve()
    name = path.parent.name if path.name == "evidence" else path.name
    return name.lstrip(".") or "case"


def _inside(folder: Path, evidence: Sequence[Path]) -> bool:
    return any(folder.resolve().is_relative_to(path.resolve()) for path in evidence)


def _read_about(folder: Path) -> About | None:
    try:
        return msgspec.json.decode((folder / _ABOUT).read_bytes(), type=About)
    except (OSError, msgspec.DecodeError):
        return None


def _write(folder: Path, about: About) -> None:
    ours = folder / _JUPYTER
    _write_json(ours / "kernels" / "python3" / "kernel.json", _kernel())
    _write_json(ours / "labconfig" / "default_setting_overrides.json", _SETTINGS)
    (ours / "workspaces").mkdir(exist_ok=True)
    for path in sorted(FOLDER.glob("*.ipynb")):
        if (path.stem == _FLEET) == is_fleet(Path(about.evidence[0])) and not (folder / path.name).exists():
            (folder / path.name).write_text(_parameterised(path.stem, about), encoding="utf-8")
    (folder / _ABOUT).write_bytes(msgspec.json.encode(about))


def _parameterised(name: str, about: About) -> str:
    notebook = find_notebook(name)
    place = about.evidence[0] if len(about.evidence) == 1 else list(about.evidence)
    given: dict[str, object] = {"fleet" if name == _FLEET else "evidence": place}
    check_parameters(notebook, given)
    made = parameterize_notebook(load_notebook_node(str(notebook.path)), given)
    for cell in made.cells:
        cell.metadata.pop("papermill", None)
    made.metadata.pop("papermill", None)
    return str(nbformat.writes(nbformat.from_dict(made)))


def _kernel() -> dict[str, object]:
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    return {"argv": argv, "display_name": "Python 3 (ipykernel)", "language": "python"}


def _write_json(path: Path, document: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=1), encoding="utf-8")
