"""OpenClaw's own sentences (facts 2.9): they say what it thought, not what the provider said."""

from __future__ import annotations

from dataclasses import replace

from forensics.openclaw.reasons.kinds import (
    AUTH,
    BILLING,
    CONTEXT_OVERFLOW,
    FILED_AS_NOTHING,
    FORMAT,
    LOCAL,
    MODEL_NOT_FOUND,
    NETWORK,
    OVERLOADED,
    RATE_LIMIT,
    SERVER_ERROR,
    TIMEOUT,
    TLS,
    UNKNOWN,
)
from forensics.openclaw.reasons.reason import words

ROWS = (
    replace(
        UNKNOWN,
        id="openclaw.echo",
        pattern=words(r"\bis\ in\ cooldown\b"),
        said_by="openclaw",
        recorded=FILED_AS_NOTHING,
        fact="4.4",
        samples=("Provider anthropic is in cooldown (all profiles unavailable)",),
    ),
    replace(
        RATE_LIMIT,
        id="openclaw.rate_limit",
        pattern=words(r"^API\ rate\ limit\ reached\.\ Please\ try\ again\ later"),
        said_by="openclaw",
        fact="2.9",
        samples=("⚠️ API rate limit reached. Please try again later.",),
    ),
    replace(
        OVERLOADED,
        id="openclaw.overloaded",
        pattern=words(r"^the\ AI\ service\ is\ temporarily\ overloaded"),
        said_by="openclaw",
        fact="2.9",
        samples=("The AI service is temporarily overloaded. Please try again in a moment.",),
    ),
    replace(
        BILLING,
        id="openclaw.billing",
        pattern=words(r"\breturned\ a\ billing\ error\b"),
        said_by="openclaw",
        fact="2.9",
        samples=(
            (
                "⚠️ API provider returned a billing error — your API key has run out of credits or has an insufficient "
                "balance. Check your provider's billing dashboard."
            ),
        ),
    ),
    replace(
        TIMEOUT,
        id="openclaw.timeout",
        pattern=words(r"^LLM\ request\ timed\ out\b | ^request\ timed\ out\ before\ a\ response"),
        said_by="openclaw",
        fact="2.9",
        samples=("LLM request timed out.",),
    ),
    replace(
        NETWORK,
        id="openclaw.network",
        pattern=words(
            r"""^LLM\ request\ failed:\ .{0,40}
            (?:network\ (?:connection|error)|DNS\ lookup|connection\ (?:refused|was)|unreachable|proxy\ or\ tunnel)"""
        ),
        said_by="openclaw",
        issues=(64092,),
        samples=("LLM request failed: network connection was interrupted.",),
    ),
    replace(
        UNKNOWN,
        id="openclaw.unknown",
        pattern=words(r"^LLM\ request\ failed(?:\ with\ an\ unknown\ error)?\.?$"),
        said_by="openclaw",
        recorded=FILED_AS_NOTHING,
        issues=(100617,),
        fact="4.3",
        samples=("LLM request failed with an unknown error.",),
    ),
    replace(
        CONTEXT_OVERFLOW,
        id="openclaw.context",
        pattern=words(r"^context\ overflow:\ prompt\ too\ large"),
        said_by="openclaw",
        issues=(13735,),
        fact="2.9",
        samples=("Context overflow: prompt too large for the model. Try /new.",),
    ),
    replace(
        FORMAT,
        id="openclaw.format",
        pattern=words(
            r"""\bprovider\ rejected\ the\ (?:request\ schema|conversation\ state) | ^message\ ordering\ conflict\b
            | ^session\ history\ (?:looks\ corrupted|or\ replay\ state)\b | ^reasoning\ is\ required\ for\b"""
        ),
        said_by="openclaw",
        samples=(
            "LLM request failed: provider rejected the request schema or tool payload.",
            "Message ordering conflict - please try again. If this persists, use /new to start a fresh session.",
        ),
    ),
    replace(
        SERVER_ERROR,
        id="openclaw.malformed",
        pattern=words(
            r"""^LLM\ streaming\ response\ contained\ a\ malformed
            | \bprovider\ returned\ an\ invalid\ streaming\ response"""
        ),
        said_by="openclaw",
        samples=("LLM streaming response contained a malformed fragment. Please try again.",),
    ),
    replace(
        SERVER_ERROR,
        id="openclaw.server_error",
        pattern=words(
            r"""\b(?:provider|service)
            \ (?:is\ temporarily\ unavailable | returned\ an?\ (?:temporary\ )?internal\ error)\b"""
        ),
        said_by="openclaw",
        samples=("The AI service returned an internal error. Please try again in a moment.",),
    ),
    replace(
        NETWORK,
        id="openclaw.page",
        pattern=words(r"^the\ provider\ returned\ an\ HTML\ error\ page"),
        waiting_helps=None,
        said_by="openclaw",
        samples=("The provider returned an HTML error page instead of an API response.",),
    ),
    replace(
        AUTH,
        id="openclaw.auth",
        pattern=words(
            r"""^authentication\ (?:failed|refresh\ failed|is\ missing)\b
            | \brequest\ failed\ \(authentication\ failed\b"""
        ),
        said_by="openclaw",
        samples=(
            "⚠️ Authentication failed at the provider. Re-authenticate and verify your credentials.",
            "Authentication refresh failed. Re-authenticate this provider and try again.",
        ),
    ),
    replace(
        LOCAL,
        id="openclaw.refresh_lock",
        pattern=words(r"^authentication\ refresh\ (?:is\ already\ in\ progress|timed\ out)"),
        waiting_helps=True,
        said_by="openclaw",
        samples=("Authentication refresh is already in progress elsewhere and this attempt timed out.",),
    ),
    replace(
        TLS,
        id="openclaw.tls",
        pattern=words(r"^LLM\ request\ failed:\ TLS\ certificate\ validation"),
        said_by="openclaw",
        samples=("LLM request failed: TLS certificate validation rejected the provider endpoint.",),
    ),
    replace(
        MODEL_NOT_FOUND,
        id="openclaw.model",
        pattern=words(
            r"^the\ (?:selected|configured)\ model\ (?:was\ not\ found\ by|is\ unavailable\ from)\ the\ provider"
        ),
        said_by="openclaw",
        samples=("The selected model was not found by the provider. Check the model id.",),
    ),
    replace(
        LOCAL,
        id="openclaw.generic",
        pattern=words(r"^something\ went\ wrong\b | ^\S+\ request\ failed\ \(provider\b"),
        said_by="openclaw",
        samples=("⚠️ Something went wrong while processing your request. Please try again.",),
    ),
)
