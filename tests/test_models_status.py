"""`models status`, `doctor` and `status` in all their forms: every window they print is one, and nothing else is."""

from __future__ import annotations

import json
import os
import textwrap
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forensics.case import Case, open_case
from forensics.parsers.state_records import StateRecords
from forensics.parsers.stores import claim
from forensics.parsers.stores.reading.status_record import ModelsStatus
from forensics.parsers.stores.store import Source
from forensics.report.terminal import page

ASKED = datetime(2026, 6, 4, 14, 0, tzinfo=UTC)
UNITS = {"m": 60_000, "h": 3_600_000, "d": 86_400_000}
SECRETS = (
    "token:sk-ant-o...AAAA",
    "OAuth",
    "OAuth (kim@example.invalid)",
    "token:ref(env:ACME_TOKEN)",
    "sk-proj...BBBB",
)
QUIET = {"max_examples": 40, "deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}


class Printed(NamedTuple):
    """One profile as a page prints it."""

    profile: str
    secret: str
    kind: str | None  # None: it can be used
    reason: str | None
    left: int
    unit: str

    @property
    def label(self) -> str:
        reason = f":{self.reason}" if self.reason else ""
        window = f" [{self.kind}{reason} {self.left}{self.unit}]" if self.kind else ""
        return f"{self.profile}={self.secret}{window}"

    @property
    def remaining(self) -> int:
        return self.left * UNITS[self.unit]


PROVIDERS = st.sampled_from(["anthropic", "openai-codex", "google-gemini-cli", "zai", "acme.cloud", "o1ama_x"])
PROFILES = st.builds(
    "{}:{}".format,
    PROVIDERS,
    st.sampled_from(["default", "manual", "kim@example.invalid", "work-2", "team_b.eu"]),
)
PRINTED = st.builds(
    Printed,
    PROFILES,
    st.sampled_from(SECRETS),
    st.sampled_from(["cooldown", "disabled", None]),
    st.sampled_from([None, "billing", "auth_permanent"]),
    st.integers(1, 59),
    st.sampled_from("mhd"),
).map(lambda one: one if one.kind == "disabled" else one._replace(reason=None))
PAGES = st.lists(PRINTED, min_size=1, max_size=4, unique_by=lambda one: one.profile)


def overview(profiles: list[Printed]) -> str:
    """The whole text page."""
    rows = [
        f"- {provider} effective=profiles:~/.openclaw/agents/main/agent/auth-profiles.json | profiles="
        f"{len(labels)} (oauth=0, token={len(labels)}, api_key=0) | {', '.join(labels)}"
        for provider, labels in by_provider(profiles).items()
    ]
    head = [
        "Config        : ~/.openclaw/openclaw.json",
        "Default       : acme/one",
        "",
        "Auth overview",
        "Shell env     : off",
    ]
    logins = ["", "OAuth/token status", *(f"- {provider}" for provider in by_provider(profiles))]
    return "\n".join([*head, *rows, *logins]) + "\n"


def by_provider(profiles: list[Printed]) -> dict[str, list[str]]:
    labels: dict[str, list[str]] = {}
    for one in profiles:
        labels.setdefault(one.profile.partition(":")[0], []).append(one.label)
    return labels


def labels_alone(profiles: list[Printed]) -> str:
    return "\n".join(one.label for one in profiles) + "\n"


def doctor(profiles: list[Printed]) -> str:
    rows = [
        f"- {one.profile}: {one.kind}{f':{one.reason}' if one.reason else ''} ({one.left}{one.unit})"
        f" — Wait for cooldown or switch provider."
        for one in profiles
        if one.kind
    ]
    return "\n".join(["Auth overview", *rows]) + "\n"


def plain(text: str, _width: int) -> str:
    return text


def hard_wrapped(text: str, width: int) -> str:
    return "\n".join(
        "\n".join(line[n : n + width] for n in range(0, len(line) or 1, width)) for line in text.split("\n")
    )


def word_wrapped(text: str, width: int) -> str:
    wrapper = textwrap.TextWrapper(width, break_on_hyphens=False, break_long_words=False)
    return "\n".join("\n".join(wrapper.wrap(line)) for line in text.split("\n"))


DRESSES = {
    "bare": "{}",
    "quoted": "> {}",
    "quoted twice": "> > {}",
    "indented": "    {}",
    "boxed": "│ {} │",
    "list": "* {}",
    "numbered": "1. {}",
}
WRAPS = st.sampled_from([plain, hard_wrapped, word_wrapped])


def dressed(text: str, dress: str) -> str:
    lines = text.split("\n")
    widest = max(map(len, lines)) if dress == "boxed" else 0
    return "\n".join(DRESSES[dress].format(line.ljust(widest)) if line else line for line in lines)


def statuses(folder: Path, name: str, text: str) -> tuple[ModelsStatus, ...]:
    file = folder / name
    file.write_text(text, "utf-8")
    store = claim(name, file.read_bytes())
    assert store is not None, text
    return StateRecords(store.read(Source(name, file, ASKED, None)).state).of(ModelsStatus)


def windows(records: tuple[ModelsStatus, ...]) -> set[tuple[str, str | None, str | None, int | None]]:
    return {(r.entity, r.unusable_kind, r.unusable_reason, r.unusable_remaining_ms) for r in records if r.unusable_kind}


def expected(profiles: list[Printed]) -> set[tuple[str, str | None, str | None, int | None]]:
    return {(one.profile, one.kind, one.reason, one.remaining) for one in profiles if one.kind}


def opened(folder: Path, name: str, text: str) -> Case:
    file = folder / name
    file.write_text(text, "utf-8")
    os.utime(file, (ASKED.timestamp(),) * 2)
    return open_case(file)


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(profiles=PAGES, wrap=WRAPS, width=st.integers(70, 140), dress=st.sampled_from(sorted(DRESSES)))
def test_every_window_of_a_page_is_read_however_it_was_pasted(tmp_path, profiles, wrap, width, dress) -> None:
    text = dressed(wrap(overview(profiles), width), dress)
    records = statuses(tmp_path, "paste.txt", text)
    assert windows(records) == expected(profiles), text
    assert {r.entity for r in records} <= {one.profile for one in profiles}, text


def test_a_listed_piece_that_begins_like_an_item_is_no_item(tmp_path) -> None:
    page = [
        Printed(f"google-gemini-cli:{name}", "token:sk-ant-o...AAAA", "cooldown", None, 1, "m") for name in ("a", "kim")
    ]
    for width in range(70, 141):
        text = dressed(hard_wrapped(overview(page), width), "list")
        assert windows(statuses(tmp_path, "paste.txt", text)) == expected(page), text


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(profiles=PAGES, dress=st.sampled_from(sorted(DRESSES)), form=st.sampled_from([labels_alone, doctor]))
def test_labels_alone_and_the_notes_of_doctor_are_read(tmp_path, profiles, dress, form) -> None:
    profiles = [one if one.kind else one._replace(kind="cooldown") for one in profiles]
    text = dressed(form(profiles), dress)
    assert windows(statuses(tmp_path, "paste.txt", text)) == expected(profiles), text


def command_json(profiles: list[Printed]) -> str:
    unusable = [
        {
            "profileId": one.profile, "provider": one.profile.partition(":")[0], "kind": one.kind,
            **({"reason": one.reason} if one.reason else {}),
            "until": round(ASKED.timestamp() * 1000) + one.remaining, "remainingMs": one.remaining,
        }
        for one in profiles
        if one.kind
    ]  # fmt: skip
    auth = {"storePath": "~/.openclaw/agents/main/agent/auth-profiles.json", "unusableProfiles": unusable}
    return json.dumps(
        {"configPath": "~/.openclaw/openclaw.json", "resolvedDefault": "acme/one", "auth": auth}, indent=1
    )


@settings(**QUIET)
@given(
    profiles=PAGES,
    form=st.sampled_from([("out.json", command_json), ("paste.txt", overview), ("paste.txt", labels_alone)]),
)
def test_a_case_has_one_window_for_each_that_is_printed_and_no_provider_besides(tmp_path, profiles, form) -> None:
    name, write = form
    case = opened(tmp_path, name, write(profiles))
    told = {(w.profile, w.end) for w in case.window_rows}
    assert told == {(p.profile, ASKED + timedelta(milliseconds=p.remaining)) for p in profiles if p.kind}
    assert {i.provider for i in case.incidents} == {p.profile.partition(":")[0] for p in profiles if p.kind}
    assert {w.start for w in case.window_rows} <= {ASKED}
    assert case.now == ASKED or not told


def test_the_json_of_a_command_tells_its_own_moment_whatever_the_date_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "models-status.json"
    file.write_text(command_json([Printed("acme:default", "OAuth", "disabled", "billing", 3, "h")]))
    case = open_case(file)
    assert (case.now, case.asked.basis) == (ASKED, "newest state")
    (incident,) = case.incidents
    assert incident.recorded_reasons == ("billing",)


def test_a_page_beside_the_store_it_shows_adds_no_window(tmp_path: Path) -> None:
    until = round(ASKED.timestamp() * 1000) + 5 * UNITS["h"]
    stats = {"errorCount": 1, "lastFailureAt": until - 5 * UNITS["h"] - 90_000, "cooldownUntil": until}
    document = {"version": 1, "profiles": {}, "usageStats": {"acme:default": stats}}
    (tmp_path / "auth-profiles.json").write_text(json.dumps(document))
    alone = open_case(tmp_path).window_rows
    one = Printed("acme:default", "OAuth", "cooldown", None, 5, "h")
    both = opened(tmp_path, "models-status.json", command_json([one])).window_rows
    assert len(both) == 1
    (window,) = open_case(tmp_path).window_rows
    assert (window.start, window.end) == (alone[0].start, alone[0].end)
    assert [place.partition("#")[0] for place in window.sources] == ["auth-profiles.json", "models-status.json"]


REFUSAL = "HTTP 403: OAuth token does not meet scope requirement user:profile"


def test_a_refusal_of_the_usage_endpoint_is_no_refused_call(tmp_path: Path) -> None:
    for text in (
        f"Usage: Claude: {REFUSAL}\n",
        f"Usage:\n  Claude (pro): {REFUSAL}\n",
        f"- anthropic usage: {REFUSAL}\n",
    ):
        case = opened(tmp_path, "status.txt", text)
        assert case.incidents == ()
        (finding,) = case.answers.findings
        assert (finding.detector, finding.verdict, finding.severity) == ("usage_endpoint", "usage_refused", "info")
        assert "anthropic" in finding.summary
        assert "user:profile" in page(case, 120).plain


def test_what_is_left_of_a_limit_beside_a_block_is_a_contradiction(tmp_path: Path) -> None:
    forms = (
        "- openai-codex usage: 5h 91% left ⏱3h 50m · Week 38% left ⏱6d 2h\n",
        "📊 Usage: Codex 38% left (Week ⏱6d 2h)\n",
        "Usage:\n  Codex (plus)\n    Week: 38% left · resets 6d 2h\n",
    )
    for usage in forms:
        case = opened(tmp_path, "paste.txt", f"openai-codex:default=OAuth [cooldown 5d]\n{usage}")
        (finding,) = case.answers.findings
        assert (finding.verdict, finding.owner) == ("usage_left", "provider")
        assert "38% left" in finding.summary
        assert "another 5 d" in finding.summary


def test_a_profile_that_can_be_used_is_no_incident(tmp_path: Path) -> None:
    page_of_a_good_day = overview([Printed("acme:default", "OAuth", None, None, 1, "m")])
    assert opened(tmp_path, "paste.txt", page_of_a_good_day).incidents == ()
