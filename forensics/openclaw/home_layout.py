"""Where OpenClaw and the tools whose logins it shares keep their files in a home directory, told by names alone."""

from __future__ import annotations

import re

STATE_DIR = re.compile(r"\.(?:openclaw|clawdbot|moltbot|moldbot)(?:-.+)?")

CREDENTIAL_FILES = {
    ".claude": ".credentials.json",
    ".codex": "auth.json",
    ".qwen": "oauth_creds.json",
    ".gemini": "oauth_creds.json",
    ".minimax": "oauth_creds.json",
}

_KNOWN = (
    re.compile(  # the logs and stores that OpenClaw names so itself
        r"(?:.*/)?(?:(?:openclaw|clawdbot|moltbot|moldbot|gateway)[\w.-]*\.(?:log|jsonl)[\w.-]*"
        r"|auth(?:-profiles|-state)?\.json|sessions\.json|(?:openclaw|clawdbot|moltbot)\.json|\.credentials\.json"
        r"|oauth_creds\.json|(?:jobs|runs|models-status)\.json|[\w.-]+\.sqlite)",
        re.I,
    ),
    re.compile(r"(?:.*/)?(?:sessions|runs|logs)/[^/]+", re.I),  # what lies where it keeps sessions, runs and logs
    re.compile(r".*\.(?:log|jsonl|ndjson|out|err|txt|zip|tar|tgz|t?gz|zst)(?:\.[\w.-]+)?", re.I),  # what may hold one
)
UNKNOWN_NAME = len(_KNOWN)


def name_rank(path: str) -> int:
    """How likely a file is to tell of failures, by its path alone: 0 the most, UNKNOWN_NAME not at all."""
    return next((rank for rank, known in enumerate(_KNOWN) if known.fullmatch(path)), UNKNOWN_NAME)
