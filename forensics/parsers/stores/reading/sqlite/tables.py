"""Every table that is read, whichever database it lies in: they moved from one to another, release by release."""

from __future__ import annotations

from collections.abc import Mapping

from forensics.parsers.disclosure import Disclosure
from forensics.parsers.stores.reading import cron_run, stability, subagent_run, trajectory, turns
from forensics.parsers.stores.reading.sqlite import (
    auth_tables,
    cron_tables,
    lifecycle_tables,
    run_tables,
    secret_tables,
    session_tables,
    transcript_tables,
)
from forensics.parsers.stores.reading.sqlite.row import Table
from forensics.parsers.stores.store import Entity

TABLES: tuple[Table, ...] = (
    *lifecycle_tables.TABLES,
    *auth_tables.TABLES,
    *session_tables.TABLES,
    *transcript_tables.TABLES,
    *cron_tables.TABLES,
    *run_tables.TABLES,
    *secret_tables.TABLES,
)

EVENTS: Mapping[str, Disclosure] = {
    **lifecycle_tables.EVENTS,
    **transcript_tables.EVENTS,
    **run_tables.EVENTS,
    **cron_run.EVENTS,
    **subagent_run.EVENTS,
    **trajectory.EVENTS,
    **turns.EVENTS,
    **stability.EVENTS,
}
ENTITIES: Mapping[str, Entity] = {
    "auth_profiles": "profile",
    "auth_state": "profile",
    "sessions": "session",
    "session_windows": "session",
    "cron_jobs": "job",
    "subagent_runs": "run",
    "sqlite_meta": "word",
    "machine_state": "word",
}
