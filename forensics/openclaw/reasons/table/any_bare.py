"""Answers of which only status and message are left: OpenAI's client drops the type that other rows go by."""

from __future__ import annotations

from dataclasses import replace

from forensics.openclaw.reasons.kinds import AUTH_PERMANENT, CONTEXT_OVERFLOW, MODEL_NOT_FOUND, NETWORK, OVERLOADED
from forensics.openclaw.reasons.reason import words

ROWS = (
    replace(
        MODEL_NOT_FOUND,
        id="any.model_retired",
        status=(400, 404, 410),
        pattern=words(
            r"""\bmodel\b .{0,80}
            \b(?:has\ been\ (?:decommissioned|retired|removed) | is\ no\ longer\ (?:supported|available))\b"""
        ),
        samples=("400 The model `invented` has been decommissioned and is no longer supported.",),
    ),
    replace(
        OVERLOADED,
        id="any.engine_overloaded",
        status=(429,),
        pattern=words(r"\bengine\ is\ currently\ overloaded\b"),
        samples=("429 The engine is currently overloaded, please try again later",),
    ),
    replace(
        CONTEXT_OVERFLOW,
        id="any.prompt_length",
        status=(400,),
        pattern=words(
            r"\bprompt\ exceeds\ max\ length\b | \binitial\ prompt\ is\ greater\ than\ the\ context\ length\b"
        ),
        samples=(
            "400 Prompt exceeds max length",
            "400 The number of tokens to keep from the initial prompt is greater than the context length.",
        ),
    ),
    replace(
        AUTH_PERMANENT,
        id="any.bare_key",
        status=(401,),
        pattern=words(r"^(?:invalid\ authentication|authentication\ failed)\W*$"),
        samples=("401 Invalid Authentication",),
    ),
    replace(
        NETWORK,
        id="any.address_not_authorized",
        status=(401, 403),
        pattern=words(r"\byour\ IP(?:\ address)?\ is\ not\ (?:authorized|allowed)\b"),
        waiting_helps=False,
        other_credential_helps=True,
        cure="Add this machine's address to the project's allow list.",
        samples=("401 Your IP address is not authorized for this project",),
    ),
)
