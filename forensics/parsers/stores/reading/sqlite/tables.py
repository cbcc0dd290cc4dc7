"""Every table that is read, whichever database it lies in: they moved from one to another, release by release."""

from __future__ import annotations

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

TABLES: tuple[Table, ...] = (
    *lifecycle_tables.TABLES,
    *auth_tables.TABLES,
    *session_tables.TABLES,
    *transcript_tables.TABLES,
    *cron_tables.TABLES,
    *run_tables.TABLES,
    *secret_tables.TABLES,
)
