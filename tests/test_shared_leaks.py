"""Nothing that is planted in evidence leaves: not in a shared report, and of tokens and messages not in a bundle."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess

import msgspec
import pytest
import recall
from canaries import SAMPLES, Garden, plant_sample
from canary_databases import plant_databases
from hunting import Found, Hunt, label
from running import run_bytes
from shapes import BODIES, EVERY, PERSONAL, TOKENS, Canary

from forensics import open_case

pytestmark = pytest.mark.slow

SCOPE, DESYNC, DATABASES = "scope403-2026.2.9", "desync-2026.3.11", "databases-2026.9.6"
SHAPES = {
    SCOPE: (*TOKENS[0::2], *PERSONAL, *BODIES),
    DESYNC: (*TOKENS[1::2], *PERSONAL, *BODIES),
    DATABASES: (*TOKENS[0::2], *PERSONAL, *BODIES),
}
"""More than 40 forms of tokens and every kind of personal data, each in every place; all of them in two cases."""
SOME = "some"
FEW = (*TOKENS[::9], *PERSONAL[::5], *BODIES)  # for every run of the tests


@dataclass(frozen=True)
class Planted:
    """One case with everything planted in it."""

    name: str
    evidence: Path
    canaries: list[Canary]
    out: Path


@pytest.fixture(scope="module", params=[SOME, *(pytest.param(name, marks=pytest.mark.planted) for name in SHAPES)])
def planted(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Planted:
    folder, garden = tmp_path_factory.mktemp("planted"), Garden(seed=7, shapes=SHAPES.get(request.param, FEW))
    name = SCOPE if request.param == SOME else request.param
    evidence = plant_databases(folder, garden) if name == DATABASES else plant_sample(name, folder, garden)
    return Planted(name, evidence, garden.planted, folder / "out")


def run(*arguments: str | Path) -> CompletedProcess[bytes]:
    done = run_bytes(*arguments)
    assert done.returncode in (0, 1), done.stderr.decode()[-3000:]
    return done


def left_behind(done: CompletedProcess[bytes], out: Path) -> dict[str, bytes]:
    """Everything that a command printed or wrote; only names below `out`, so that the path of the test is not told."""
    files = [out] if out.is_file() else [path for path in sorted(out.rglob("*")) if path.is_file()]
    return {
        "stdout": done.stdout,
        "stderr": done.stderr,
        **{str(path.relative_to(out.parent)): path.read_bytes() for path in files},
    }


def told(found: list[Found]) -> str:
    """One line for each: the shape, where it had been planted, and where it was seen."""
    return "\n".join(f"{leak.label} planted in {leak.place}: left in {leak.artefact}" for leak in found)


def test_the_planting_is_as_wide_as_promised() -> None:
    for name, shapes in SHAPES.items():
        assert sum(shape in TOKENS for shape in shapes) >= 40, name
        assert {shape.kind for shape in shapes} >= {shape.kind for shape in PERSONAL}, name
    assert {shape for shapes in SHAPES.values() for shape in shapes} == set(EVERY)


def test_the_hunt_finds_what_is_there(planted: Planted) -> None:
    """A hunt that finds nothing anywhere would pass everything: in the evidence itself it finds all of it."""
    if planted.name != DATABASES:
        pytest.skip("once is enough, where files of every kind are")
    files = {str(p.relative_to(planted.evidence)): p.read_bytes() for p in planted.evidence.rglob("*") if p.is_file()}
    found = Hunt(planted.canaries).in_files(files)
    seen = {leak.text for leak in found}, {(leak.label, leak.place) for leak in found}
    assert len(planted.canaries) > 4000
    assert [c for c in planted.canaries if c.value not in seen[0] and (label(c), c.place) not in seen[1]] == []


def test_a_shared_report_holds_nothing_that_was_planted_and_still_answers(planted: Planted) -> None:
    done = run("report", planted.evidence, "-o", planted.out, "--share")
    artefacts = left_behind(done, planted.out)
    assert {Path(name).suffix for name in artefacts} >= {
        ".html",
        ".md",
        ".ipynb",
        ".json",
        ".csv",
        ".parquet",
        ".jsonl",
    }
    assert told(Hunt(planted.canaries).in_files(artefacts)) == ""
    answer = msgspec.json.decode(artefacts["out/share/triage.json"])
    assert main_points(planted.name) in [points(incident) for incident in answer["incidents"]]


def points(incident: dict[str, object]) -> tuple[object, ...]:
    """What must survive: when it began, what it was, what it was filed under."""
    first = incident["first_failure"]
    assert isinstance(first, dict)
    return first["time"], first["http_status"], first["error_type"], incident["true_reason"], incident["verdict"]


def main_points(name: str) -> tuple[object, ...]:
    """The answer of the case before anything was planted in it."""
    if name == DATABASES:
        return "2026-11-20T08:56:41.000Z", 401, "authentication_error", "auth", "undecidable"
    answer = msgspec.json.decode(msgspec.json.encode(open_case(SAMPLES / name / "evidence").triage()))
    return points(answer["incidents"][0])


def test_a_bundle_holds_no_token_and_no_message(planted: Planted) -> None:
    """Names stay in a bundle; a token that looks like any other name, with nothing beside it, is one of them."""
    bundle = planted.out.parent / "case.zip"
    done = run("collect", planted.evidence, "-o", bundle)
    wanted = [c for c in planted.canaries if c.shape.kind == "message body" or (c.shape.kind == "token" and c.named)]
    assert told(Hunt(wanted).in_files(left_behind(done, bundle))) == ""
    assert main_points(planted.name) in [
        points(incident) for incident in msgspec.json.decode(run("triage", bundle, "--json").stdout)["incidents"]
    ]


def test_the_recall_in_the_documentation_is_that_of_the_program() -> None:
    doc = recall.DOC.read_text(encoding="utf-8")
    assert recall.written(recall.section(), doc) == doc
