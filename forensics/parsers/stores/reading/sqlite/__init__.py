"""OpenClaw's SQLite databases: copied, opened read-only, and read table by table. No store lives here."""
