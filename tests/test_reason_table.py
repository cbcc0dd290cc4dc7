"""The table of reasons as files: what an entry may say, what a fault in one reads like, and the user's own rules."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from forensics.cli import app
from forensics.errors import ParameterError
from forensics.openclaw import reasons
from forensics.openclaw.reasons import classifier, table
from forensics.openclaw.reasons.reason import compiled

PROVIDERS = Path(table.__file__).parent / "providers"
GOOD = """
[[reason]]
id = "my-proxy.wallet"
like = "billing"
provider = "my-proxy"
pattern = 'wallet\\ is\\ empty'
cure = "Top up the wallet of the proxy."
samples = ["429 Your wallet is empty, friend."]
"""


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A path for a user's rules; whatever they add is gone after the test."""
    monkeypatch.setattr(table, "_own_rules", [])
    classifier.forget()
    yield tmp_path / "rules.toml"
    classifier.forget()


def test_every_pattern_of_the_package_is_a_regular_expression() -> None:
    assert [one.id for one in reasons.rows() if one.pattern and not compiled(one.pattern)] == []
    assert len(reasons.rows()) > 230


def test_no_file_of_the_table_compiles_a_pattern_before_a_text_asks_for_it() -> None:
    compiled.cache_clear()
    table._package_rows.cache_clear()
    reasons.rows()
    assert compiled.cache_info().currsize == 0


def test_a_row_of_a_provider_stands_in_a_file_that_holds_its_name_or_in_the_file_of_the_few() -> None:
    lost = [
        (path.stem, one)
        for path in PROVIDERS.glob("*.toml")
        for one in re.findall(r'^provider = "([\w-]+)"', path.read_text(), re.M)
        if path.stem not in (one, "others")
    ]
    assert lost == []


def test_a_rule_of_the_user_comes_before_every_row_of_the_package(rules: Path) -> None:
    text = "429 Your wallet is empty, friend."
    assert reasons.classify(text, provider="my-proxy").reason.true_reason == "rate_limit"
    rules.write_text(GOOD)
    reasons.add_own_rules(rules)
    assert reasons.classify(text, provider="my-proxy").reason.id == "my-proxy.wallet"
    assert reasons.classify(text, provider="anthropic").reason.id == "any.status_429"


@pytest.mark.parametrize(
    ("fault", "where", "why"),
    [
        (GOOD.replace('like = "billing"', 'like = "money"'), 2, "like = 'money': it is like one of auth, "),
        (GOOD.replace('cure = "Top up the wallet of the proxy."', "cure = 3"), 2, "Expected `str`, got `int`"),
        (GOOD + 'owner = "nobody"\n', 2, "Invalid enum value 'nobody'"),
        (GOOD + 'colour = "red"\n', 2, "unknown field `colour`"),
        (GOOD.replace("wallet\\ is", "(wallet"), 2, "pattern: missing )"),
        (GOOD.replace("pattern", "fact"), 2, "it needs a pattern, a status or types"),
        (GOOD + GOOD, 10, "this id is there already"),
        (GOOD.replace("my-proxy.wallet", "any.status_429"), 2, "this id is there already"),
        (GOOD + 'recorded = "as_luck"\n', 2, "as_luck"),
        (GOOD + "status = [400\n", 10, "Unclosed array"),
        (GOOD + "status == 400\n", 9, "Invalid value"),
    ],
)
def test_a_fault_in_a_users_rules_names_the_file_the_line_and_what_is_wrong(
    rules: Path, fault: str, where: int, why: str
) -> None:
    rules.write_text(fault)
    with pytest.raises(ParameterError, match=re.escape(f"{rules}:{where}: ") + ".*" + re.escape(why)):
        reasons.add_own_rules(rules)
    assert not [one for one in reasons.rows() if one.is_own_rule]


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"reasons = 1\n", b'parts = "x"\n'])
def test_a_file_that_holds_no_rules_is_refused_in_one_line(rules: Path, content: bytes) -> None:
    rules.write_bytes(content)
    with pytest.raises(ParameterError) as caught:
        reasons.add_own_rules(rules)
    assert str(rules) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_rules_that_are_not_there_are_refused(rules: Path) -> None:
    with pytest.raises(ParameterError, match="No such file"):
        reasons.add_own_rules(rules)


def test_the_command_asks_the_users_rules_first(rules: Path, tmp_path: Path) -> None:
    paste = tmp_path / "paste.txt"
    paste.write_text(
        "2026-09-04T11:00:09.310Z [agent/embedded] embedded run agent end: runId=run-0 isError=true model=m-1 "
        "provider=my-proxy error=⚠️ API rate limit reached. rawError=429 Your wallet is empty, friend.\n"
        "2026-09-04T11:00:09.410Z Embedded agent failed before reply: 429 Your wallet is empty, friend.\n"
    )
    rules.write_text(GOOD)
    answer = CliRunner().invoke(app, ["triage", "--json", "--rules", str(rules), str(paste)])
    assert [one["true_reason"] for one in json.loads(answer.stdout)["incidents"]] == ["billing"]
