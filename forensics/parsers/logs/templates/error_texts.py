"""The columns an error text fills, and the role of its record.

The same text reaches lanes, replies, websocket answers, announces and cron alike; `error_text` takes it apart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from forensics.openclaw.error_text import ErrorText, Voice, read_error_text
from forensics.parsers.logs.envelopes.envelope import Record
from forensics.parsers.logs.templates.template import Fields

_ROLES: Mapping[Voice, str] = {  # a text of any other voice leaves the role to its template
    "echo": "echo",
    "refresh": "failure",
    "no call": "failure",
    "local": "failure",
    "client": "noise",
    "own words": "failure",
    "provider": "failure",
}
_COLUMNS = (
    *("provider", "model", "profile", "recorded_reason", "recorded_status"),
    *("http_status", "error_type", "request_id"),
)


def spoken(otherwise: str = "failure") -> Callable[[Record, Fields], Fields]:
    """A template's `refine` that reads the error text of its records."""
    return lambda _record, fields: with_error(fields, otherwise)


def with_error(fields: Fields, otherwise: str = "failure") -> Fields:
    """`fields` and what their error text settles. What the record itself states wins over the text.

    `otherwise` is the role of a text that neither speaks of a provider nor is known to be the gateway's own.
    """
    text = fields.get("text")
    if not isinstance(text, str):
        return fields
    return error_fields(text, otherwise) | {column: value for column, value in fields.items() if column != "text"}


def error_fields(text: str, otherwise: str = "failure") -> Fields:
    """Role, text, text_cut and every column that the text alone tells. Never raises."""
    error = read_error_text(text)
    role = _ROLES.get(error.voice, otherwise)
    columns = {column: getattr(error, column) for column in _COLUMNS if role == "failure" or column != "http_status"}
    columns |= {"role": role, "text": error.text, "text_cut": error.is_cut or None, "detail": _detail(error)}
    return {column: value for column, value in columns.items() if value is not None}


def _detail(error: ErrorText) -> str | None:
    if error.voice == "no call":
        return "no call made"
    return "local" if error.is_local else None
