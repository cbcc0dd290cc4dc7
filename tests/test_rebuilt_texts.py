"""An error text that leaves is made of what is known: the provider's sentences stay, everything else does not."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.openclaw import reasons
from forensics.openclaw.reasons import classify
from forensics.sharing.redact import texts
from forensics.sharing.redact.models import is_public_model
from forensics.sharing.redact.numbers import stays
from forensics.sharing.redact.pseudonyms import Pseudonyms

SAMPLES = [sample for row in reasons.rows() for sample in row.samples]
INVENTED = re.compile(r"(?i)\b\w*(?:invented|inve|nted|nothing)\w*\b")


def rebuilt(text: str) -> str:
    return texts.scrub(text, Pseudonyms(), texts.Known(), lambda label, original: None, rebuilt=True)


def test_a_known_sentence_of_a_provider_means_the_same_in_other_hands() -> None:
    before, after = [classify(text) for text in SAMPLES], [classify(rebuilt(text)) for text in SAMPLES]
    assert [(c.reason.id, c.until, c.retry_after_s, c.certainty, c.http_status) for c in after] == [
        (c.reason.id, c.until, c.retry_after_s, c.certainty, c.http_status) for c in before
    ]


def test_a_known_sentence_keeps_its_words() -> None:
    known = [INVENTED.sub("", text) for text in SAMPLES]
    lost = [text for text in known if re.search(r"\b[xX]{3,}\b", rebuilt(text))]
    assert len(lost) <= len(known) // 50, lost


@given(st.sampled_from(SAMPLES), st.text(st.characters(categories=["Ll", "Lu"]), min_size=5, max_size=20))
def test_an_unknown_word_never_leaves(sentence: str, word: str) -> None:
    name = f"{word}qzvk"  # no word of any language ends so
    assert "qzvk" not in rebuilt(f"{sentence} for {name}").lower()


@given(st.text(st.characters(exclude_characters="@#!"), max_size=80))  # a masked handle is a handle again
def test_rebuilding_twice_changes_nothing(text: str) -> None:
    once = rebuilt(text)
    assert rebuilt(once) == once


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ('Organization "Merrin GmbH" is suspended', 'Organization "Xxxxxx XxxX" is suspended'),
        ("acme_quota_error: out of credits", "xxxx_quota_error: out of credits"),
        ("AcmeException: rate limit", "XxxxException: rate limit"),
        ("card 4111 1111 1111 1111 was declined", "card xxxx xxxx xxxx xxxx was declined"),
        ("Your PIN 4711 is wrong", "Your PIN *** is wrong"),
        ("prompt is too long: 203456 tokens > 200000", "prompt is too long: 203456 tokens > 200000"),
        ("try again in 6m0s, at 2026-11-20T09:18:00Z", "try again in 6m0s, at 2026-11-20T09:18:00Z"),
        ("resets 3pm (Europe/Berlin)", "resets 3pm (Europe/Berlin)"),
        ("born 1980-03-04", "xxxx xxxx-xx-xx"),
        ("at 52.52001, 13.40495", "at xx.xxxxx, xx.xxxxx"),
        ("connect ECONNREFUSED 127.0.0.1:11434", "connect ECONNREFUSED 127.0.0.1:11434"),
        ("model gpt-4o-mini-2024-07-18 not found", "model gpt-4o-mini-2024-07-18 not found"),
        ("model ft:gpt-4o:merrin::ab not found", "model xx:gpt-4o:xxxxxx::xx not found"),
        ("Пользователь Марина не найден", "xxxxxxxxxxxx xxxxxx xx xxxxxx"),
        ("\\u0434\\u0430 refused", "xxxxxxxxxxxx refused"),
    ],
)
def test_what_is_unknown_becomes_its_length(text: str, clean: str) -> None:
    assert rebuilt(text) == clean


@pytest.mark.parametrize(
    "text",
    [
        "he never told her about the second apartment by the sea",
        "please transfer four thousand to my sister before the weekend",
    ],
)
def test_what_reads_as_no_error_does_keeps_few_words(text: str) -> None:
    left = re.findall(r"\b(?![xX]+\b)\w+", rebuilt(f'could not parse "{text}"').partition('"')[2])
    assert len(left) <= len(text.split()) // 2


@pytest.mark.parametrize(
    ("name", "is_public"),
    [
        ("claude-opus-4-5-20251101", True),
        ("openrouter/anthropic/claude-sonnet-4.5", True),
        ("us.anthropic.claude-sonnet-4-20250514-v1:0", True),
        ("gemini-2.5-flash-preview-05-20", True),
        ("qwen3-coder-30b-a3b-instruct", True),
        ("kims-gpt-4", False),
        ("ft:gpt-4o-mini:merrin::ab12", False),
        ("merrin/llama-3.3-70b", False),
        ("prod-chat", False),
    ],
)
def test_a_model_that_everybody_can_call_keeps_its_name(name: str, is_public: bool) -> None:
    assert is_public_model(name) is is_public


@pytest.mark.parametrize("number", ["429", "1,234,567", "12:30:05", "2026.11.20", "3.5"])
def test_a_count_a_moment_and_a_version_stay(number: str) -> None:
    assert stays(number, 0, len(number))


@pytest.mark.parametrize(
    "number", ["030 1234567", "0151-234567", "123-45-6789", "725.569.380-64", "123456789", "52.52001"]
)
def test_a_number_that_may_be_somebodys_does_not(number: str) -> None:
    assert not stays(number, 0, len(number))
