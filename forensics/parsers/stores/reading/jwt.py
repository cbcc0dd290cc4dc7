"""What a token says of itself: begin and end of a JWT, which nobody verified, or of what stands for one in a bundle."""

from __future__ import annotations

import base64

from forensics.parsers.stores.reading.parse import parse_strict
from forensics.parsers.stores.reading.values import inside, whole
from forensics.secrets.fingerprints import stated_end


def end_of(token: str) -> int | None:
    """`exp`, in seconds since 1970; None for anything that is no token with one."""
    if (stated := stated_end(token)) is not None:
        return stated
    return _claim(token, "exp")


def issue_of(token: str) -> int | None:
    """`iat`, in seconds since 1970; None for anything that is no token with one."""
    return _claim(token, "iat")


def _claim(token: str, name: str) -> int | None:
    parts = token.split(".")
    try:
        payload = parse_strict(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, IndexError, RecursionError):
        return None
    return whole(inside(payload, name))
