import re
import struct
import subprocess
import sys
import tomllib
from pathlib import Path

import nbformat
import pytest

from forensics.cli import COMMANDS

ROOT = Path(__file__).parent.parent
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
HELPED = dict(re.findall(r"^([a-z]+):.*?## (.+)$", MAKEFILE, re.M))
SHELL = [line for block in re.findall(r"```sh\n(.*?)```", README, re.S) for line in block.splitlines()]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
SUBCOMMANDS = tuple(command.__name__ for command in COMMANDS)
TEXT = re.compile(r"<text[^>]*>([^<]*)</text>")


def run(*command):
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_make_alone_lists_every_target_people_may_want():
    assert set(HELPED) == {"help", "setup", "check", "quick", "test", "report", "lab", "bench", "fuzz", "clean"}
    listed = run("make").stdout
    assert all(f"make {target} " in listed and words in listed for target, words in HELPED.items())


def test_every_make_command_of_the_readme_is_a_target():
    used = re.findall(r"(?:^|`)make ([a-z]+)", README, re.M)
    assert set(used) <= set(HELPED)
    assert {"setup", "test", "report", "lab"} <= set(used)


def test_ci_runs_the_test_command_of_the_readme():
    assert "make test" in SHELL
    assert (ROOT / ".ci" / "run").read_text(encoding="utf-8").rstrip().endswith("make test")


def test_the_first_command_of_the_readme_gives_the_answer():
    (command,) = [line for line in SHELL if " triage " in line]
    done = run(sys.executable, "-m", "forensics", *command.split()[1:])
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("OVER: anthropic failed")


def test_the_share_command_of_the_readme_is_the_one_make_runs():
    (command,) = [line for line in SHELL if " report " in line and "--share" in line]
    assert any(line.startswith(command) for line in run("make", "--dry-run", "report").stdout.splitlines())


def test_options_named_in_the_readme_exist():
    helped = "".join(run(sys.executable, "-m", "forensics", name, "--help").stdout for name in SUBCOMMANDS)
    assert {option for option in re.findall(r"(--[a-z]+)", README) if option not in helped} == set()


def test_the_python_of_the_readme_runs():
    (code,) = re.findall(r"```python\n(.*?)```", README, re.S)
    assert run(sys.executable, "-c", code).stderr == ""


def test_the_pictures_of_the_readme_are_there_in_both_colours_and_of_one_size():
    pictures = [ROOT / name for name in re.findall(r'(?:src|srcset)="([^"]+)"', README)]
    sizes = {struct.unpack(">4x4x4x4xII", picture.read_bytes()[:24]) for picture in pictures}
    assert (len(pictures), len(sizes)) == (2, 1)


def test_links_of_the_documents_lead_somewhere():
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} -> {target}"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_thin_and_comes_without_outputs(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert len(code) <= 12
    assert code[0].metadata.get("tags") == ["parameters"]
    assert notebook.cells[0].source.startswith("# ")
    assert not any(cell.outputs or cell.execution_count for cell in code)
    assert not re.search(r"^\s*(?:def|class|lambda)\b", "\n".join(cell.source for cell in code), re.M)


def test_git_ignores_nothing_of_the_project():
    listed = run("git", "ls-files", "--others", "--ignored", "--exclude-standard", "forensics", "tests", "sample_data")
    assert [path for path in listed.stdout.splitlines() if "__pycache__" not in path] == []


def test_constraints_pin_names_and_versions_only():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").split()
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in lines)


def test_every_dependency_is_pinned():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *extras["fleet"], *extras["notify"], *extras["dev"]]
    pinned = {line.partition("==")[0].lower() for line in (ROOT / "constraints.txt").read_text().split()}
    assert {re.split(r"[<>=!~ ]", name)[0].lower() for name in wanted} - {"openclaw-forensics[fleet,notify]"} <= pinned
