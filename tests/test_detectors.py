"""Every detector answers its own examples, cites its evidence, keeps the contract and says when it could not look."""

from __future__ import annotations

import re
from datetime import datetime

import pytest

from forensics.detectors.questions import DETECTORS, CaseFacts, Detector, Found, examples
from forensics.detectors.run import run_detectors
from forensics.tables import Finding, frame
from forensics.triage import row_of

TIME = (datetime, type(None))
TEXT = (str, type(None))
CONTRACT = {
    "desync": {"provider": str, "kind": str, "agents": list, "start": datetime, "end": TIME, "evidence": list},
    "stale_overrides": {
        "session_key": str, "override": str, "source": str, "since": TIME, "healthy_alternative": TEXT,
        "evidence": list,
    },
    "stale_blocks": {"profile": str, "field": str, "until": datetime, "why": str, "evidence": list},
    "retry_loops": {"trigger": str, "provider": str, "count": int, "start": datetime, "end": TIME},
    "lost_results": {
        "run_id": TEXT, "child_session": TEXT, "requester": TEXT, "ended_at": TIME, "result_in": TEXT,
    },
    "restart_storms": {"start": datetime, "end": datetime, "count": int, "name": str, "evidence": list},
    "silence": {"what": str, "start": datetime, "end": datetime, "why": str, "evidence": list},
}  # fmt: skip
WORDS = {
    "kind": ("stale_copy", "refresh_race", "expired_external", "overwritten"),
    "source": ("auto", "user", "legacy"),
    "field": ("cooldownUntil", "disabledUntil", "blockedUntil", "authProfileOverride", "modelOverride"),
    "trigger": ("heartbeat", "cron", "message", "subagent"),
}
PLACE = re.compile(r".+(?::\d+|#\S*|!\S+)")

each = pytest.mark.parametrize("detector", DETECTORS, ids=lambda d: d.name)


def fired(detector: Detector) -> tuple[Found, ...]:
    return detector.detect(detector.fires())


@each
def test_it_fires_on_its_example_with_evidence_that_can_be_looked_up(detector: Detector) -> None:
    found = fired(detector)
    assert found
    for finding in (f.finding for f in found):
        assert finding.evidence
        assert [place for place in finding.evidence if not PLACE.fullmatch(place)] == []


@each
def test_it_has_something_to_look_at_in_both_examples_and_stays_silent_on_the_second(detector: Detector) -> None:
    assert detector.sees(detector.fires())
    assert detector.sees(detector.silent())
    assert detector.detect(detector.silent()) == ()


@each
def test_a_finding_is_a_sentence_with_a_remedy_and_known_words(detector: Detector) -> None:
    for finding in (f.finding for f in fired(detector)):
        assert finding.detector == detector.name
        assert finding.severity in ("high", "medium", "low", "info")
        assert finding.confidence in ("high", "medium", "low")
        assert finding.summary.endswith(".")
        assert finding.remedy
        assert finding.remedy.endswith(".")


@each
def test_its_rows_have_the_keys_and_types_of_the_contract(detector: Detector) -> None:
    assert detector.section is None or detector.section in CONTRACT
    rows = [row_of(f.answer) for f in fired(detector) if f.answer]
    assert bool(rows) == (detector.section is not None)
    for row in rows:
        expected = CONTRACT[detector.section or ""]
        assert {key for key, kind in expected.items() if not isinstance(row[key], kind)} == set()
        assert {key for key in row if key in WORDS and key in expected and row[key] not in WORDS[key]} == set()


@each
def test_it_says_what_it_asks_looks_at_and_cannot_see(detector: Detector) -> None:
    assert detector.question.endswith("?")
    assert detector.evidence
    assert detector.blind.endswith(".")


def test_every_section_of_the_contract_has_one_detector() -> None:
    assert sorted(d.section for d in DETECTORS if d.section) == sorted(CONTRACT)


def test_without_evidence_no_detector_claims_to_have_looked() -> None:
    answers = run_detectors(examples.facts())
    assert {c.detector: (c.status, c.findings) for c in answers.checks} == {d.name: ("no input", 0) for d in DETECTORS}
    assert answers.findings == ()
    assert set(answers.sections) == set(CONTRACT)


def test_a_finding_without_a_row_stays_out_of_the_contract() -> None:
    """A user's own pin to a profile that cannot be used is worth a word, but it is nobody's fault."""
    answers = run_detectors(own_choice())
    assert [(f.detector, f.severity) for f in answers.findings if f.detector == "stale_overrides"] == [
        ("stale_overrides", "info")
    ]
    assert answers.sections["stale_overrides"] == ()


def own_choice() -> CaseFacts:
    pin = {"sessionId": "5f0c", "authProfileOverride": examples.B, "authProfileOverrideSource": "user"}
    blocked = {"lastFailureAt": examples.at("11:00"), "disabledUntil": examples.at("16:00")}
    return examples.facts(
        state=[examples.stored("sessions", examples.MAIN, pin), examples.stored("auth_profiles", examples.B, blocked)],
        credentials=[examples.credential(examples.A), examples.credential(examples.B)],
    )


def test_the_findings_of_all_detectors_fit_their_table() -> None:
    found = [f.finding for d in DETECTORS for f in fired(d)]
    assert frame(Finding, found).height == len(found)
