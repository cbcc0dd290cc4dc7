"""The file that `forensics record` keeps: what is in it, for those who write it and those who read it.

One SQLite database. `document` holds each state of a store once, `snapshot` says when which store held it (no document:
it was gone), `line` the log lines. Texts and tokens are never in it: of a token its fingerprint.
"""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_data_path

APPLICATION_ID = 0x4F43_4652  # bytes 68 to 71 of the file
VERSION = 1  # `user_version`; a later one is refused by an earlier program
NAME = "record.sqlite"
FOLDER = "recorded"  # above all that is in it, in what readers show

SCHEMA = """
CREATE TABLE document (id INTEGER PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE, body TEXT NOT NULL);
CREATE TABLE snapshot (id INTEGER PRIMARY KEY, taken_ms INTEGER NOT NULL, path TEXT NOT NULL, document INTEGER);
CREATE INDEX snapshot_path ON snapshot (path, taken_ms);
CREATE TABLE line (id INTEGER PRIMARY KEY, taken_ms INTEGER NOT NULL, log TEXT NOT NULL, sha256 TEXT NOT NULL UNIQUE,
    text TEXT NOT NULL);
CREATE TABLE log (path TEXT PRIMARY KEY, inode INTEGER NOT NULL, read_to INTEGER NOT NULL);
"""


def record_file() -> Path:
    """Where a record is kept unless `--out` says otherwise; `FORENSICS_RECORD` names another file."""
    return Path(os.environ.get("FORENSICS_RECORD") or user_data_path("openclaw-forensics") / NAME)
