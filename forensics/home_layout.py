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
