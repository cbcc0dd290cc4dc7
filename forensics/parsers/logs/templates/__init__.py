"""The event kinds a log line can be, and the one function that tells which.

A file in this folder that exports `TEMPLATES` adds its kinds. A record is tried with the templates of its subsystem
and with those that know their sentence under any name, so a new component costs the others nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from forensics.parsers.logs.envelopes.envelope import Record
from forensics.parsers.logs.templates.fields import display_forms, read, read_here
from forensics.parsers.logs.templates.template import Fields, Template, templates_of
from forensics.registry import constants

_EMBEDDED = ("agent/embedded", "model-fallback/decision")  # what "any name" stands for
_Index = dict[str, tuple[Template, ...]]


def _walk() -> Iterator[Template]:
    for templates in constants(__name__, __path__, "TEMPLATES"):
        yield from templates_of(templates)


def _index(pairs: Iterator[tuple[str, Template]]) -> _Index:
    found: defaultdict[str, list[Template]] = defaultdict(list)
    for key, template in pairs:
        found[key].append(template)
    return {key: tuple(templates) for key, templates in found.items()}


def _prefilter(templates: tuple[Template, ...]) -> str:
    parts = {re.escape(literal) for t in templates for literal in t.literals}
    return "|".join(sorted(parts | {t.prefilter for t in templates if t.prefilter}))


TEMPLATES = tuple(sorted(_walk(), key=lambda template: template.kind))
PREFILTER = _prefilter(tuple(t for t in TEMPLATES if t.is_event))
"""One regular expression (Rust syntax, no look-around): every raw line that may be an event contains a match."""

ROUTINE = tuple((t.kind, t.routine, display_forms(t.subsystems) - {""}) for t in TEMPLATES if t.routine)
"""(kind, regular expression, subsystems) of what belongs to every day."""

SUBSYSTEMS = frozenset(name for t in TEMPLATES for name in display_forms(t.subsystems or _EMBEDDED)) - {""}
"""Subsystem names, in full and as consoles show them, that the templates speak of."""

SENTENCES = frozenset(w.event.replace("_", " ") for t in TEMPLATES for w in t.wordings if w.event)
"""What the structured events say beside their metadata, as far as it is their name."""

_BY_EVENT = _index((w.event, t) for t in TEMPLATES for w in t.wordings if w.event)
_BY_SUBSYSTEM = _index((name, t) for t in TEMPLATES for name in display_forms(t.subsystems))
_CHORES = tuple(t for t in TEMPLATES if not t.is_event)
_UNDER_ANY_NAME = tuple(t for t in TEMPLATES if not t.subsystems)


def match(record: Record) -> tuple[Template, Fields] | None:
    """The kind of event a record is and its columns, or None where no template needs it. Never raises."""
    event = record.meta.get("event")
    for template in _BY_EVENT.get(event, ()) if isinstance(event, str) else ():
        fields = read(template, record)
        if fields is not None:
            return template, fields
    return _match_text(record)


def is_chore(record: Record) -> bool:
    """True for a record that is known though no event comes of it. Asks no other template: for unpicked lines."""
    return any(read(template, record) is not None for template in _CHORES)


def _match_text(record: Record) -> tuple[Template, Fields] | None:
    named = _BY_SUBSYSTEM.get(record.subsystem, ())
    for template in named + (_UNDER_ANY_NAME if record.subsystem else ()):
        fields = read_here(template, record)
        if fields is not None:
            return template, fields
    return None


def match_sentence(record: Record) -> str | None:
    """The subsystem of the template that a text without one begins with a sentence of, "" for the root logger's.

    Only sentences that an event comes of, and that hold one of their template's literals; None for other texts.
    """
    for template in TEMPLATES:
        if not template.is_event or not any(literal in record.text for literal in template.literals):
            continue
        for subsystem in template.subsystems or _EMBEDDED[:1]:
            if template.role != "noise" and read_here(template, replace(record, subsystem=subsystem)) is not None:
                return subsystem
    return None
