"""What people see of a wrong reason: tables, sentences, and that every reason names the line that holds it."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import captures
import pytest
import story
from opening import opened

from forensics.case import Case
from forensics.incidents.failures import place
from forensics.incidents.recorded_reasons import RecordedReason
from forensics.openclaw.releases import Release, detour, eras, in_words
from forensics.report import misfiled, tables
from forensics.report.terminal import page
from forensics.report.text.incident import how_filed, known_issues

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = sorted((ROOT / "sample_data").glob("*/evidence"))
CAPTURES = sorted(captures.CAPTURES.glob("*/*/evidence"))
here = pytest.mark.skipif(not CAPTURES, reason="the captures are not at hand: ../shared/captures does not exist")

AUTH = (("1.29-2.26", "auth"), ("3.2-4.2", "auth_permanent"), ("4.5+", "auth"))
ECHOED = RecordedReason("rate_limit", "echo", f"{story.LOG}:28", "misclassified", 9)
COUNTED = RecordedReason("auth", "failureCounts", f"{story.STORE}#/usageStats/{story.A}/failureCounts", "agrees", 2)
WRONG = replace(story.INCIDENT, filings=(COUNTED, ECHOED), counterfactual=AUTH, rule="anthropic.scope")
RIGHT = replace(WRONG, filings=(COUNTED,), misfiled=(), verdict="agrees")
OLD, NEW = Release(2026, 2, 9), Release(2026, 5, 28)


def words(shown: Any) -> str:
    """The text of a table or a sentence, without its markup."""
    return " ".join(re.sub(r"<style.*?</style>|<[^>]+>", " ", shown._repr_html_(), flags=re.S).split())


def test_the_sentence_tells_the_place_the_skips_the_releases_and_the_issues() -> None:
    assert how_filed(WRONG, OLD) == (
        f"Recorded as rate_limit at {story.LOG}:28. "
        "2026.2.9 says rate_limit of every credential it skips; from 2026.2.23 it says what it counted. "
        "The answer itself is filed as auth by 2026.2.9, as auth_permanent from 2026.3.2, as auth from 2026.4.5. "
        "Known at openclaw/openclaw: #5240, #13909, #23996."
    )


def test_a_later_release_is_not_told_of_the_constant() -> None:
    assert how_filed(WRONG, NEW) == (
        f"Recorded as rate_limit at {story.LOG}:28. The answer itself is filed as auth by 2026.5.28 "
        "and every later release."
    )


def test_nothing_is_said_where_nothing_was_misfiled() -> None:
    assert how_filed(RIGHT, OLD) is None
    assert words(misfiled.conclusion(story.tell(incidents=(RIGHT,)))) == (
        "Nothing was filed under a wrong reason; 2 places recorded one."
    )
    assert words(misfiled.conclusion(story.healthy())) == "There is no incident, so nothing was filed under any reason."


@pytest.mark.parametrize(
    ("filed", "told"),
    [
        ((("all", "rate_limit"),), "filed as rate_limit by 2026.5.28 and every later release"),
        ((("1.29-2.26", None), ("3.2+", "timeout")), "filed as timeout by 2026.5.28 and every later release"),
        ((("2.12-9.5", "timeout"), ("9.6", None)), "filed as timeout by 2026.5.28, under no reason from 2026.9.6"),
    ],
)
def test_the_releases_after_this_one_are_told(filed: tuple[tuple[str, str | None], ...], told: str) -> None:
    assert f"The answer itself is {told}." in str(how_filed(replace(WRONG, counterfactual=filed), NEW))


def test_eras_join_what_the_releases_treat_alike() -> None:
    assert [(str(era), era.filed, era.skip, OLD in era) for era in eras(AUTH)] == [
        ("2026.1.29 to 2026.2.21", "auth", "constant rate_limit", True),
        ("2026.2.23 to 2026.2.26", "auth", "counters", False),
        ("2026.3.2 to 2026.4.2", "auth_permanent", "counters", False),
        ("2026.4.5 to 2026.7.1", "auth", "counters", False),
        ("from 2026.8.1", "auth", "cooldownReason", False),
    ]


@pytest.mark.parametrize(
    ("span", "told"),
    [
        ("1.29-2.21", "2026.1.29 to 2026.2.21"),
        ("3.11+", "from 2026.3.11"),
        ("9.5", "2026.9.5"),
        ("all", "every release"),
    ],
)
def test_spans_are_told_in_words(span: str, told: str) -> None:
    assert in_words(span) == told


@pytest.mark.parametrize(
    ("release", "where", "reason", "says"),
    [
        (OLD, "echo", "rate_limit", "the constant rate_limit; nobody looks"),
        (OLD, "echo", "auth", None),
        (Release(2026, 3, 2), "echo", "rate_limit", "a run without any usable profile"),
        (NEW, "echo", "billing", "the reason counted most often"),
        (NEW, "cron", "rate_limit", "reads the whole summary"),
        (NEW, "failure", "rate_limit", None),
    ],
)
def test_the_ways_past_the_classifier_are_known_by_release(
    release: Release, where: str, reason: str, says: str | None
) -> None:
    way = detour(release, where, reason)
    assert (way is None) == (says is None)
    assert (says or "") in (way.what if way else "")


def test_the_matrix_counts_places_with_their_verdict() -> None:
    told = words(misfiled.matrix(story.tell(incidents=(WRONG, replace(RIGHT, id="I2", filings=())))))
    assert "Truly auth rate_limit nothing" in told
    assert "auth_permanent 2 ✓ 9 ✗ 1 incident" in told


def test_a_filing_is_shown_with_the_raw_answer_and_both_places() -> None:
    told = words(misfiled.filings(story.tell(incidents=(WRONG,))))
    assert "OAuth token does not meet scope requirement" in told
    assert f"{story.SCRIPT}:32" in told
    assert "echo, 9× rate_limit ✗ misclassified HTTP 403 permission_error with these words is auth_permanent" in told
    assert f"{story.LOG}:28" in told


def test_a_maintainer_sees_the_rule_its_releases_and_its_issues() -> None:
    told = words(misfiled.rules(story.tell(incidents=(WRONG,))))
    assert "every skip of a provider in cooldown carries the constant rate_limit" in told
    assert "2026.1.29 to 2026.2.21 #5240, #13909, #23996" in told


@pytest.mark.parametrize(
    ("filing", "filed", "rule"),
    [
        (
            RecordedReason("timeout", "window", "log:1", "misclassified"),
            (("1.29-2.9", None), ("2.12-9.5", "timeout"), ("9.6", "server_error")),
            ("the classifier makes timeout of HTTP 403 permission_error", "2026.2.12 to 2026.9.5"),
        ),
        (
            RecordedReason("timeout", "echo", "log:1", "misclassified"),
            (("2.12-9.5", "timeout"),),
            ("the classifier makes timeout of HTTP 403 permission_error", "2026.2.12 to 2026.9.5"),
        ),
        (
            RecordedReason("billing", "failure", "log:1", "misclassified"),
            (("all", "auth"),),
            ("not known: the classifier of 2026.5.28 does not make billing of HTTP 403 permission_error", "2026.5.28"),
        ),
    ],
)
def test_the_rule_is_the_classifier_where_it_says_the_same(
    filing: RecordedReason, filed: tuple[tuple[str, str | None], ...], rule: tuple[str, str]
) -> None:
    assert misfiled.filed_by(replace(WRONG, counterfactual=filed), filing, NEW) == rule


def test_known_issues_are_those_of_the_answer_and_of_the_way() -> None:
    both = replace(WRONG, known_issues=("#26322",))
    assert known_issues(both, OLD) == ("#26322", "#5240", "#13909", "#23996")
    assert known_issues(both, OLD, [COUNTED]) == ("#26322",)


def test_the_owner_is_told_with_its_reason_and_what_waiting_would_do() -> None:
    because = "The machine stood still while the call was open (openclaw.log:7): the provider may well have answered."
    frozen = replace(WRONG, owner="gateway", because=because, waiting_helps=None)
    told = words(misfiled.owners(story.tell(incidents=(frozen,))))
    assert "this machine or the gateway on it, not the provider" in told
    assert because in told


def test_the_page_shows_what_was_said_how_it_was_filed_and_why_it_is_somebody_elses() -> None:
    because = "The refused key is none of the stored profiles: ANTHROPIC_API_KEY overrides them (status.out#/auth)."
    text = " ".join(page(story.tell(incidents=(replace(WRONG, because=because),))).plain.split())
    assert "anthropic said: HTTP 403 permission_error: OAuth token does not meet scope" in text
    assert f"Recorded as rate_limit at {story.LOG}:28." in text
    assert because in text


@pytest.mark.parametrize(
    "show", [misfiled.filings, misfiled.owners, misfiled.rules, misfiled.matrix, misfiled.conclusion]
)
def test_evidence_reaches_these_tables_only_as_text(show: Any) -> None:
    hostile = "<script>alert(1)</script><img src=x>\x1b[31m\u202e"
    first = replace(story.FIRST, text=hostile, source=hostile, error_type=hostile)
    filing = RecordedReason(hostile, hostile, hostile, "misclassified")
    bad = replace(
        WRONG, first_failure=first, filings=(filing,), misfiled=(hostile,), true_reason=hostile, because=hostile
    )
    html = show(story.tell(incidents=(bad,)))._repr_html_()
    assert "<script" not in html
    assert "<img" not in html
    assert not {"\x1b", "\u202e"} & set(html)


# Every reason names the line it rests on.


def held(evidence: Path, source: str) -> str:
    """The text that a place of the evidence holds: a line, the value of a JSON pointer, or a row of a database."""
    if "!" in source:
        return row(evidence, *source.split("!", 1))
    if "#" in source:
        name, _, pointer = source.partition("#")
        return json.dumps(pointed(json.loads((evidence / name).read_text()), pointer))
    name, _, number = source.rpartition(":")
    return (evidence / name).read_text(encoding="utf-8", errors="replace").split("\n")[int(number) - 1]


def pointed(value: Any, pointer: str) -> Any:
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        value = value[int(key)] if isinstance(value, list) else value[key]
    return value


def row(evidence: Path, name: str, place: str) -> str:
    """A row as text: `table:row`, or `table/row#/pointer` into a document that it holds."""
    table, number, pointer = re.fullmatch(r"(\w+)[:/]([^#]+)#?(.*)", place).groups()  # type: ignore[union-attr]
    session, _, sequence = number.rpartition(":")
    which, keys = ("session_id = ? and seq = ?", (session, sequence)) if session else ("rowid = ?", (number,))
    base = sqlite3.connect(f"file:{evidence / name}?immutable=1", uri=True)  # leaves nothing beside the capture
    cells = base.execute(f"select * from {table} where {which}", keys).fetchone()
    if not pointer:
        return json.dumps([str(cell) for cell in cells])
    documents = [json.loads(cell) for cell in cells if isinstance(cell, str) and cell.startswith("{")]
    return json.dumps(next(pointed(d, pointer) for d in documents if pointer.split("/")[1] in d))


def bare(text: str) -> str:
    """Letters and digits only: the same words whatever JSON quoting and escapes lie around them."""
    return re.sub(r"[^a-z0-9]", "", text.replace("\\n", "").replace("\\t", "").lower())


def reasons_shown(case: Case) -> Iterator[tuple[str, str, str]]:
    """(incident, reason, place) for every recorded reason of the triage document."""
    for incident in case.triage()["incidents"]:  # type: ignore[union-attr]
        filed = incident["filed"]  # type: ignore[index]
        assert set(incident["recorded_reasons"]) == {f["reason"] for f in filed}  # type: ignore[index]
        assert set(incident["misfiled"]) <= {f["reason"] for f in filed}  # type: ignore[index]
        yield from ((incident["id"], f["reason"], f["source"]) for f in filed)  # type: ignore[index]


def check_places(evidence: Path) -> None:
    case = opened(evidence)
    filings = words(misfiled.filings(case))
    mirrors = {place(event): event.sources for event in case.timeline.events}
    for name, reason, source in reasons_shown(case):
        # one record in two files: the console also prints an absent reason as unknown
        places = mirrors.get(source, (source,)) if reason == "unknown" else (source,)
        assert any(reason in held(evidence, s) for s in places), (name, reason, source)
        assert source in filings
    for incident in case.incidents:
        first = incident.first_failure
        told = bare(first.text.rstrip("…"))[:60]
        if told:
            assert told in bare(held(evidence, first.source)), first.source
        assert first.source in filings
        assert first.source in words(tables.first_failures(case))
    if case.incidents:
        text, headline = page(case).plain, case.headline_first[0]
        assert headline.first_failure.source in text.replace("\n", "")
        for reason in headline.misfiled:
            sources = [f.source for f in headline.filings if f.reason == reason]
            assert any(f"{reason} at {source}" in " ".join(text.split()) for source in sources)


@pytest.mark.parametrize("evidence", SAMPLES, ids=lambda p: p.parts[-2])
def test_every_reason_of_a_sample_stands_where_it_is_said_to(evidence: Path) -> None:
    check_places(evidence)


@here
@pytest.mark.parametrize("evidence", CAPTURES, ids=lambda p: "-".join(p.parts[-3:-1]))
def test_every_reason_of_a_capture_stands_where_it_is_said_to(evidence: Path) -> None:
    check_places(evidence)


@here
@pytest.mark.parametrize("evidence", CAPTURES, ids=lambda p: "-".join(p.parts[-3:-1]))
def test_what_the_truth_calls_misclassified_is_called_so(evidence: Path) -> None:
    truth = json.loads((evidence.parent / "truth.json").read_text())
    found = {(i.provider, f"{i.first_failure.time:%H:%M}"): i.verdict for i in opened(evidence).incidents}
    for expected in truth["incidents"]:
        key = (expected["provider"], expected["first_failure"]["time"][11:16])
        if key in found and expected["misclassified"]:
            assert found[key] == "misclassified", key


@here
@pytest.mark.parametrize("evidence", [p for p in CAPTURES if "env_override" in p.parts[-2]])
def test_a_key_of_the_environment_is_the_configurations_problem(evidence: Path) -> None:
    first = opened(evidence).incidents[0]
    assert (first.owner, first.waiting_helps) == ("config", False)
    assert "the key came from ANTHROPIC_API_KEY" in (first.because or "")


@here
@pytest.mark.parametrize("evidence", CAPTURES, ids=lambda p: "-".join(p.parts[-3:-1]))
def test_no_sentence_stumbles(evidence: Path) -> None:
    case = opened(evidence)
    said = [i.sentence for i in case.incidents] + [page(case).plain, words(misfiled.conclusion(case))]
    assert not [text for text in said if ".:" in text or ".." in text.replace("...", "")]
