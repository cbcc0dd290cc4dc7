"""One addition is one file: each kind is written into a package made for it, and found by the walk that finds ours."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module, invalidate_caches
from pathlib import Path
from textwrap import dedent

import pytest
import story

from forensics.detectors.questions import detectors_of
from forensics.detectors.run import run_detectors
from forensics.openclaw.reasons.table import RowsFile, rows_of
from forensics.parsers.logs.envelopes import read_line
from forensics.parsers.logs.templates.fields import read
from forensics.parsers.logs.templates.template import templates_of
from forensics.parsers.state_records import StateRecords
from forensics.parsers.stores import Source, stores_of
from forensics.registry import constants
from forensics.report.charts import charts_of, to_svg
from forensics.report.outputs import outputs_of
from forensics.sharing.redact import redact
from forensics.sharing.redact.disclosures import entities_of, events_of
from forensics.triage import row_of

FILES = {
    "template": """
        import re
        from forensics.parsers.disclosure import Disclosure
        from forensics.parsers.logs.templates.template import Sample, Template, Wording

        TEMPLATES = (
            Template(
                kind="kettle_boiled_over", role="health", literals=("kettle boiled over",), subsystems=("kettle",),
                disclosure=Disclosure("own sentence", detail="word"),
                wordings=(Wording("9.6+", re.compile(r"(?P<text>kettle boiled over: (?P<detail>[a-z]+))")),),
                samples=(
                    Sample(
                        "9.6", "2026-11-20T09:32:43.044+00:00 [kettle] kettle boiled over: milk",
                        {"text": "kettle boiled over: milk", "detail": "milk"},
                    ),
                ),
            ),
        )
        """,
    "store": """
        from forensics.parsers.disclosure import Disclosure
        from forensics.parsers.stores.reading.document import Document, document_reader
        from forensics.parsers.stores.reading.recognise import claimed
        from forensics.parsers.stores.reading.record import Record, truth
        from forensics.parsers.stores.store import Contents, Sample, Store

        class Kettle(Record):
            stores = ("kettles",)
            hot = truth("hot")

        def _contents(document: Document) -> Contents:
            return Contents(state=tuple(document.observe_fields((), "kettle", ("hot",), None)))

        STORE = Store(
            name="kettles", releases="9.6+", claims=claimed(lambda outline: outline.has("hot"), r"kettles[.]json"),
            read=document_reader("kettles", _contents), events={"kettle_seen": Disclosure("closed")},
            entities={"kettles": "word"},
            samples=(Sample("kettles.json", '{"hot": true}', {"state": {"kettle hot": "true"}}),),
        )
        """,
    "question": """
        from dataclasses import dataclass
        from forensics.detectors.questions import examples
        from forensics.detectors.questions.detector import CaseFacts, Detector, Found
        from forensics.tables import Finding

        @dataclass(frozen=True, slots=True)
        class ColdKettle:
            agent: str
            evidence: tuple[str, ...]

        def _detect(facts: CaseFacts) -> tuple[Found, ...]:
            finding = Finding(
                detector="cold_kettle", severity="low", confidence="high", verdict="cold", owner=None,
                summary="The kettle is cold.", evidence=("kettles.json#/hot",), remedy="Switch it on.",
            )
            return (Found(finding, ColdKettle("main", finding.evidence)),) if facts.events else ()

        DETECTOR = Detector(
            name="cold_kettle", question="Is the kettle cold?", evidence="kettles", blind="Nothing.",
            section="cold_kettles", rank=60, sees=lambda facts: True, detect=_detect,
            fires=lambda: examples.facts(events=[examples.turn("09:00")]), silent=examples.facts,
        )
        """,
    "chart": """
        import altair as alt
        from forensics.report.charts.chart import Chart

        def _draw(case):
            points = alt.Chart(alt.Data(values=[{"x": len(case.incidents)}])).mark_point().encode(x="x:Q")
            return alt.layer(points)

        CHART = Chart(name="kettles", draw=_draw, describe=lambda case: f"{len(case.incidents)} kettles.")
        """,
    "output": """
        from forensics.report.outputs.output import Output

        def _write(redacted):
            yield "kettles.txt", f"{len(redacted.case.incidents)}".encode()

        OUTPUT = Output(path="kettles.txt", what="how many kettles", write=_write)
        """,
}
REASONS = """
    [[reason]]
    id = "kettle.dry"
    like = "billing"
    provider = "kettle"
    status = [402]
    pattern = 'kettle\\ is\\ dry'
    cure = "Pour in some water."
    samples = ["402 The kettle is dry."]
    """


@pytest.fixture(scope="module")
def addition(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of a package with one file of each kind, importable while the tests run."""
    root = tmp_path_factory.mktemp("additions")
    package = root / "invented_additions"
    package.mkdir()
    (package / "__init__.py").touch()
    for name, text in FILES.items():
        (package / f"{name}.py").write_text(dedent(text), encoding="utf-8")
    (root / "kettle.toml").write_text(dedent(REASONS), encoding="utf-8")
    sys.path.insert(0, str(root))
    invalidate_caches()
    yield package.name
    sys.path.remove(str(root))
    for name in [name for name in sys.modules if name.split(".")[0] == package.name]:
        del sys.modules[name]


def found(package: str, constant: str) -> tuple[object, ...]:
    return tuple(constants(package, import_module(package).__path__, constant))


def test_a_log_line_is_read_and_says_what_of_it_may_leave(addition: str) -> None:
    (template,) = (one for constant in found(addition, "TEMPLATES") for one in templates_of(constant))
    record = read_line(template.samples[0].line)
    assert record is not None
    assert read(template, record) == template.samples[0].fields
    said = events_of([template], [])["kettle_boiled_over"]
    assert (said.text, said.detail) == ("own sentence", "word")


def test_a_store_is_claimed_read_and_typed(addition: str, tmp_path: Path) -> None:
    (store,) = stores_of(found(addition, "STORE"))
    sample = store.samples[0]
    real = tmp_path / sample.path
    real.write_text(sample.content, encoding="utf-8")
    assert store.claims(sample.path, sample.content.encode())
    contents = store.read(Source(sample.path, real, None, None))
    (kettle,) = StateRecords(contents.state).of(import_module(f"{addition}.store").Kettle)
    assert (kettle.hot, kettle.source("hot")) == (True, "kettles.json#/hot")
    assert entities_of([store]) == {"kettles": "word"}
    assert events_of([], [store])["kettle_seen"].text == "closed"


def test_a_provider_answer_becomes_a_row_and_its_sample_fits_it(addition: str) -> None:
    path = Path(next(iter(import_module(addition).__path__))).parent / "kettle.toml"
    (reason,) = rows_of(RowsFile(path.name, path.read_text(encoding="utf-8")))
    assert (reason.id, reason.cure) == ("kettle.dry", "Pour in some water.")


def test_a_question_brings_its_own_section_of_the_contract(addition: str) -> None:
    detectors = detectors_of(found(addition, "DETECTOR"))
    answers = run_detectors(detectors[0].fires(), detectors=detectors)
    (row,) = map(row_of, answers.sections["cold_kettles"])
    assert row == {"agent": "main", "evidence": ["kettles.json#/hot"]}
    assert [(check.detector, check.status, check.findings) for check in answers.checks] == [("cold_kettle", "ran", 1)]
    assert run_detectors(detectors[0].silent(), detectors=detectors).findings == ()


def test_a_chart_is_drawn_and_described(addition: str) -> None:
    (chart,) = charts_of(found(addition, "CHART"))
    assert "<svg" in to_svg(chart.draw(story.tell()))
    assert chart.describe(story.tell()) == "1 kettles."


def test_an_output_is_written_of_a_case_that_may_leave(addition: str) -> None:
    (output,) = outputs_of(found(addition, "OUTPUT"))
    redacted = redact(story.tell())
    assert dict(output.write(redacted)) == {"kettles.txt": str(len(redacted.case.incidents)).encode()}


@pytest.mark.parametrize("constant", ["TEMPLATES", "STORE", "DETECTOR", "CHART", "OUTPUT"])
def test_the_walk_skips_modules_that_have_no_such_constant(addition: str, constant: str) -> None:
    assert len(found(addition, constant)) == 1
