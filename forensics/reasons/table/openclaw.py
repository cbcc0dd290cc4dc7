"""OpenClaw's own sentences (facts 2.9): they say what it thought, not what the provider said."""

from __future__ import annotations

from dataclasses import replace

from forensics.reasons.kinds import (
    AUTH,
    BILLING,
    CONTEXT_OVERFLOW,
    FILED_AS_NOTHING,
    FORMAT,
    LOCAL,
    NETWORK,
    OVERLOADED,
    RATE_LIMIT,
    SERVER_ERROR,
    TIMEOUT,
    UNKNOWN,
)
from forensics.reasons.reason import words

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
            r"^LLM\ request\ failed:\ .{0,30}(?:network\ connection|DNS\ lookup|connection\ (?:refused|was))"
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
        pattern=words(r"\bprovider\ rejected\ the\ request\ schema"),
        said_by="openclaw",
        samples=("LLM request failed: provider rejected the request schema or tool payload.",),
    ),
    replace(
        SERVER_ERROR,
        id="openclaw.malformed",
        pattern=words(r"^LLM\ streaming\ response\ contained\ a\ malformed"),
        said_by="openclaw",
        samples=("LLM streaming response contained a malformed fragment. Please try again.",),
    ),
    replace(
        AUTH,
        id="openclaw.auth",
        pattern=words(r"^authentication\ failed\ at\ the\ provider | \brequest\ failed\ \(authentication\ failed\b"),
        said_by="openclaw",
        samples=("⚠️ Authentication failed at the provider. Re-authenticate and verify your credentials.",),
    ),
    replace(
        LOCAL,
        id="openclaw.generic",
        pattern=words(r"^something\ went\ wrong\b | ^\S+\ request\ failed\ \(provider\b"),
        said_by="openclaw",
        samples=("⚠️ Something went wrong while processing your request. Please try again.",),
    ),
)
