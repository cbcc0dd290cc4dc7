"""What every command has: help with examples that parse, a version, and no work that is lost."""

from __future__ import annotations

import shlex
from importlib.metadata import version
from pathlib import Path

import nbformat
import polars as pl
import pytest
import typer.main
from nbformat.v4 import new_markdown_cell, new_notebook
from typer.testing import CliRunner

from forensics.cli import COMMANDS, app
from forensics.cli.examples import EXAMPLES
from forensics.errors import ReportError
from forensics.report.earlier_notebook import refuse_to_lose, refuse_unwritable, sealed

SAMPLE = Path(__file__).parent.parent / "sample_data" / "healthy-2026.2.9" / "evidence"
GROUP = typer.main.get_command(app)


def test_the_version_is_one_line() -> None:
    done = CliRunner().invoke(app, ["--version"])
    assert (done.exit_code, done.stdout) == (0, f"openclaw-forensics {version('openclaw-forensics')}\n")


@pytest.mark.parametrize("command", [command.__name__ for command in COMMANDS])
def test_every_help_ends_with_an_example_that_parses(command: str) -> None:
    assert "Example: forensics" in CliRunner().invoke(app, [command, "-h"]).stdout
    for line in EXAMPLES[command]:
        words = shlex.split(line.partition(" > ")[0])[2:]
        GROUP.commands[command].make_context(command, words)  # type: ignore[attr-defined] # a group has commands


def test_tables_are_csv_and_parquet_of_the_same_rows(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["tables", str(SAMPLE), "-o", str(tmp_path / "out")])
    assert done.exit_code == 0
    files = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"events.csv", "events.parquet", "findings.csv", "windows.parquet"} <= files
    parquet = pl.read_parquet(tmp_path / "out" / "files.parquet")
    assert pl.read_csv(tmp_path / "out" / "files.csv").height == parquet.height > 0


def written(folder: Path) -> Path:
    path = folder / "postmortem.ipynb"
    nbformat.write(sealed(new_notebook(cells=[new_markdown_cell("# A report")])), path)
    return path


def test_a_notebook_as_it_was_written_may_be_replaced(tmp_path: Path) -> None:
    refuse_to_lose(tmp_path / "none.ipynb", force=False)
    refuse_to_lose(written(tmp_path), force=False)


@pytest.mark.parametrize("kept", [True, False], ids=["edited", "not of a report"])
def test_a_notebook_in_which_somebody_worked_is_kept_unless_forced(tmp_path: Path, kept: bool) -> None:
    path = written(tmp_path)
    if kept:
        edited = nbformat.read(path, as_version=4)
        edited.cells.append(new_markdown_cell("my note"))
        nbformat.write(edited, path)
    else:
        path.write_text("{}", encoding="utf-8")
    with pytest.raises(ReportError, match="--force"):
        refuse_to_lose(path, force=False)
    refuse_to_lose(path, force=True)


def test_an_edited_notebook_is_refused_before_any_evidence_is_read(tmp_path: Path) -> None:
    path = written(tmp_path)
    nbformat.write(new_notebook(cells=[new_markdown_cell("my note")]), path)
    done = CliRunner().invoke(app, ["report", str(tmp_path / "no such evidence"), "-o", str(tmp_path)])
    assert isinstance(done.exception, ReportError)
    assert "--force" in str(done.exception)


def test_an_output_that_cannot_be_written_is_refused_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    for out in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(ReportError, match="no folder"):
            refuse_unwritable(out)
    refuse_unwritable(tmp_path / "new" / "deeper")
    assert not (tmp_path / "new").exists()
