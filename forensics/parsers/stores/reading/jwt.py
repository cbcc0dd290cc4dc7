"""What a token says of itself: the end of a JWT, which nobody verified, or of what stands for one in a bundle."""

from __future__ import annotations

import base64

from forensics.parsers.stores.reading.parse import parse_strict
from forensics.parsers.stores.reading.values import inside, whole
from forensics.secrets.fingerprints import stated_end


def end_of(token: str) -> int | None:
    """`exp`, in seconds since 1970; None for anything that is no token with one."""
    if (stated := stated_end(token)) is not None:
        return stated
    parts = token.split(".")
    try:
        payload = parse_strict(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, IndexError, RecursionError):
        return None
    return whole(inside(payload, "exp"))
