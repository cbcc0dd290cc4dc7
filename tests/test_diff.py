"""`forensics diff`: what went, came and stayed between two bodies of evidence, and what could not be looked for."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from subprocess import CompletedProcess

import pytest
import running
import story

from forensics import open_case
from forensics.case import Case
from forensics.errors import EvidenceError
from forensics.incidents.incident import Incident
from forensics.openclaw import reasons
from forensics.report.diff import compare, contract
from forensics.report.diff.changes import Change, changes
from forensics.report.diff.pairing import pair_up
from forensics.report.diff.words import answer, page

SAMPLES = Path(__file__).parent.parent / "sample_data"
SCOPE, HEALTHY, OVERRIDE, DESYNC = (
    SAMPLES / f"{name}/evidence"
    for name in ("scope403-2026.2.9", "healthy-2026.2.9", "override-2026.2.9", "desync-2026.3.11")
)


def relations(a: Case, b: Case) -> list[tuple[str, str]]:
    return [(pair.relation, pair.incident.true_reason) for pair in compare(a, b).incidents]


def moved(incident: Incident, hours: float, **parts: object) -> Incident:
    """The same kind of incident, some hours later."""
    by = timedelta(hours=hours)
    first = replace(incident.first_failure, time=incident.first_failure.time + by)
    end = incident.end + by if incident.end else None
    return replace(incident, **{"start": incident.start + by, "end": end, "first_failure": first, **parts})


def seen(evidence: Path, *names: str, folder: Path) -> Case:
    """A case of some files of the evidence only."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(evidence / name, folder / name, dirs_exist_ok=True)
    return open_case(folder)


@pytest.mark.parametrize(
    ("a", "b", "found", "worse", "sentence"),
    [
        (SCOPE, HEALTHY, [("went", "auth_permanent")], False, "Nothing new in B: 1 incident went."),
        (HEALTHY, SCOPE, [("came", "auth_permanent")], True, "New in B: 1 incident came, 1 more finding."),
        (HEALTHY, HEALTHY, [], False, "A and B are the same evidence, file by file, with no incidents."),
        (
            SCOPE,
            SCOPE,
            [("same", "auth_permanent")],
            False,
            "A and B are the same evidence, file by file, with 1 incident.",
        ),
        (
            SCOPE,
            OVERRIDE,
            [("came", "rate_limit"), ("went", "auth_permanent")],
            True,
            "New in B: 1 incident came, 1 went.",
        ),
    ],
    ids=["healed", "fell ill", "healthy", "itself", "another"],
)
def test_two_real_cases(a: Path, b: Path, found: list[tuple[str, str]], worse: bool, sentence: str) -> None:
    comparison = compare(open_case(a), open_case(b))
    assert [(pair.relation, pair.incident.true_reason) for pair in comparison.incidents] == found
    assert (comparison.worse, answer(comparison)) == (worse, sentence)


def test_the_page_begins_with_the_answer_and_says_what_its_absence_rests_on() -> None:
    lines = page(compare(open_case(SCOPE), open_case(HEALTHY))).splitlines()
    assert lines[0] == "Nothing new in B: 1 incident went."
    assert "      In B, anthropic answered 82× and failed in no such way." in lines
    assert "  retry_loops, retry loop: 1 → none" in lines
    assert max(map(len, lines)) <= 100


def test_a_provider_that_was_never_called_was_not_put_to_the_test() -> None:
    healed = story.tell(timeline=story.timeline(story.LIFECYCLE), incidents=(), window_rows=(), attempts=())
    healed = replace(healed, timeline=replace(healed.timeline, files=story.FILES))
    (pair,) = compare(story.tell(), healed).incidents
    assert (pair.relation, pair.note) == ("went", "B holds no answer of anthropic, so it was not put to the test")


def test_one_incident_seen_in_two_places_is_not_a_second_one(tmp_path: Path) -> None:
    log = seen(SCOPE, ".openclaw/logs", folder=tmp_path)
    comparison = compare(open_case(SCOPE), log)
    (pair,) = comparison.incidents
    assert pair.relation == "same"
    assert pair.note == "B lacks the session transcripts and the auth state, so it shows less than there was"
    assert Change("over", "yes", "no") in pair.changes  # not worse: the answers stand in the transcripts
    assert not comparison.worse


def test_what_one_side_sees_better_is_not_worse(tmp_path: Path) -> None:
    log = seen(SCOPE, ".openclaw/logs", folder=tmp_path)
    (pair,) = compare(log, open_case(SCOPE)).incidents
    assert {change.what for change in pair.changes} >= {"windows", "calls that failed", "longest silence"}
    assert not pair.worse


def test_an_incident_known_from_its_window_only_is_the_one_whose_cause_the_other_side_saw(tmp_path: Path) -> None:
    state = seen(SCOPE, ".openclaw/agents/main/agent", folder=tmp_path)
    assert relations(open_case(SCOPE), state) == [("same", "auth_permanent")]


def test_what_b_could_not_show_has_not_gone(tmp_path: Path) -> None:
    only_log = replace(story.tell(), timeline=replace(story.tell().timeline, events=story.ECHOES))
    told = replace(story.INCIDENT, first_failure=replace(story.FIRST, sources=(story.FIRST.source,)), chain=())
    comparison = compare(story.tell(incidents=(told,)), replace(only_log, incidents=()))
    assert answer(comparison) == "Nothing can be said about B: 1 incident could not be looked for."
    assert comparison.incidents[0].note == "B lacks the session transcripts, where it would stand"
    assert "Could not look for it in B" in page(comparison)


def test_evidence_in_which_no_incident_could_show_is_refused() -> None:
    with pytest.raises(EvidenceError, match=r"B .* lacks the gateway log, the session transcripts, the auth state"):
        compare(open_case(SCOPE), open_case(SCOPE / ".openclaw" / "openclaw.json"))


AGAIN = moved(story.INCIDENT, 30)


@pytest.mark.parametrize(
    ("a", "b", "found"),
    [
        ((story.INCIDENT,), (AGAIN,), ["again"]),
        ((story.INCIDENT,), (story.INCIDENT, AGAIN), ["same", "came"]),
        ((story.INCIDENT, AGAIN), (moved(AGAIN, 30),), ["again", "went"]),
        ((story.INCIDENT,), (replace(story.INCIDENT, id="I7"),), ["same"]),
        ((story.INCIDENT,), (moved(story.INCIDENT, 4 / 3600),), ["same"]),
        ((story.INCIDENT,), (moved(story.INCIDENT, 0.5),), ["again"]),
        ((story.INCIDENT,), (replace(AGAIN, provider="openai"),), ["went", "came"]),
        ((story.INCIDENT,), (replace(AGAIN, true_reason="billing"),), ["went", "came"]),
        ((story.INCIDENT,), (replace(AGAIN, profiles=("anthropic:other",), rule="anthropic.scope"),), ["went", "came"]),
        ((story.INCIDENT,), (replace(AGAIN, profiles=()),), ["again"]),
        ((), (), []),
    ],
)  # fmt: skip
def test_a_kind_is_provider_reason_and_credential_and_neither_id_nor_time(
    a: tuple[Incident, ...], b: tuple[Incident, ...], found: list[str]
) -> None:
    ruled = [tuple(replace(i, rule="anthropic.scope") for i in side) for side in (a, b)]
    assert [pair.relation for pair in pair_up(*ruled)] == found


def test_whose_credential_it_was_does_not_matter_where_the_provider_is_at_fault() -> None:
    down = next(row.id for row in reasons.rows() if row.scope == "provider")
    before = replace(story.INCIDENT, rule=down)
    after = moved(before, 30, profiles=("anthropic:other",))
    assert [pair.relation for pair in pair_up((before,), (after,))] == ["again"]


def test_changes_name_what_differs_and_what_is_worse() -> None:
    after = moved(
        story.INCIDENT, 30, failures=20, echoes=10, verdict="agrees", windows=story.WINDOWS[:2], end=None,
    )  # fmt: skip
    assert changes(story.INCIDENT, after) == (
        Change("over", "yes", "no", worse=True),
        Change("verdict", "misclassified", "agrees"),
        Change("windows", 8, 2),
        Change("out of use", 10920, 120, unit="s"),
        Change("calls that failed", 8, 20, worse=True),
        Change("echoes", 9, 10),
    )


@pytest.mark.parametrize(("after", "worse"), [(8, False), (10, False), (11, True), (2, False)])
def test_a_quarter_more_is_not_worse(after: int, worse: bool) -> None:
    assert any(c.worse for c in changes(story.INCIDENT, replace(story.INCIDENT, failures=after))) is worse


def run(*arguments: str) -> CompletedProcess[str]:
    return running.run("diff", *arguments)


@pytest.mark.parametrize(
    ("a", "b", "code"),
    [(SCOPE, HEALTHY, 0), (HEALTHY, SCOPE, 1), (SCOPE, SCOPE, 0), (DESYNC, SCOPE / ".openclaw" / "openclaw.json", 2)],
)
def test_the_exit_code_tells_programs(a: Path, b: Path, code: int) -> None:
    done = run(str(a), str(b))
    assert done.returncode == code
    assert bool(done.stderr) == (code == 2)
    assert len(done.stderr.splitlines()) <= 1


def test_json_says_the_same_as_the_page() -> None:
    told = json.loads(run(str(SCOPE), str(HEALTHY), "--json").stdout)
    comparison = compare(open_case(SCOPE), open_case(HEALTHY))
    assert told == json.loads(json.dumps(contract(comparison, answer(comparison))))
    assert told["schema"] == "openclaw-forensics/diff/1"
    assert told["answer"] == page(comparison).splitlines()[0]
    (went,) = told["incidents"]
    assert (went["relation"], went["provider"], went["b"], went["changes"]) == ("went", "anthropic", None, [])
    assert told["a"]["has"] == ["gateway_log", "session_transcripts", "auth_state"]
    (loops,) = told["findings"]
    assert (loops["detector"], loops["a"], loops["b"], loops["worse"]) == ("retry_loops", 1, 0, False)


def test_hostile_names_do_nothing_on_the_page() -> None:
    evil = "\x1b[31m\u202eevil\x00\n"
    case = story.tell(name=evil, incidents=(replace(story.INCIDENT, provider=evil),))
    shown = page(compare(case, story.tell(incidents=())))
    assert not {"\x1b", "\u202e", "\x00"} & set(shown)
