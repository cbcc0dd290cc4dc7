"""Which provider said it, where only the words of an answer tell."""

from __future__ import annotations

from forensics.openclaw.error_text import ErrorText, read_error_text
from forensics.openclaw.providers import id_of, spoken_by
from forensics.openclaw.reasons.classifier import classify
from forensics.openclaw.reasons.table import rows


def provider_in_words(text: str) -> str | None:
    """The provider that an error text names or whose own words it holds; None where it holds those of several."""
    error = read_error_text(text)
    if error.provider or error.voice not in ("provider", "refresh", "other"):
        return error.provider
    return spoken_by(error.text) or _only_one_that_says(error)


def _only_one_that_says(error: ErrorText) -> str | None:
    """The provider of the row that decides, where no other provider is known to say so."""
    decided = classify(error.text).reason.provider
    families = {
        one.provider
        for one in rows()
        if one.provider != "any" and one.said_by == "provider" and one.search(error.words)
        if not (one.status and error.http_status) or error.http_status in one.status
    }
    return id_of(decided) if families == {decided} else None
