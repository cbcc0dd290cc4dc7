"""What may leave of each kind of event and each store's rows: as their own files say, gathered from the registries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from forensics.parsers.disclosure import Disclosure
from forensics.parsers.logs.templates import TEMPLATES
from forensics.parsers.logs.templates.template import Template
from forensics.parsers.stores import STORES
from forensics.parsers.stores.store import Entity, Store

CLOSED = Disclosure()


def events_of(templates: Iterable[Template], stores: Iterable[Store]) -> Mapping[str, Disclosure]:
    """Event kind -> what of it may leave."""
    said = {template.kind: template.disclosure for template in templates if template.disclosure}
    return {**said, **{kind: disclosure for store in stores for kind, disclosure in store.events.items()}}


def entities_of(stores: Iterable[Store]) -> Mapping[str, Entity]:
    """Store -> what its entities name."""
    return {name: entity for store in stores for name, entity in store.entities.items()}


EVENTS = events_of(TEMPLATES, STORES)
ENTITIES = entities_of(STORES)
