"""A bare HTTP status, from anybody, with nothing else to go by."""

from __future__ import annotations

from dataclasses import replace

from forensics.openclaw.reasons.kinds import (
    AUTH,
    BILLING,
    CONTEXT_OVERFLOW,
    FORMAT,
    LOCAL,
    MODEL_NOT_FOUND,
    NETWORK,
    OVERLOADED,
    RATE_LIMIT,
    SERVER_ERROR,
    TIMEOUT,
)

ROWS = (
    replace(FORMAT, id="any.status_400", status=(400, 422), fact="4.2", samples=("400 status code (no body)",)),
    replace(AUTH, id="any.status_401", status=(401,), fact="4.2", samples=("401 status code (no body)",)),
    replace(BILLING, id="any.status_402", status=(402,), fact="4.2", samples=("402 Payment Required",)),
    replace(
        AUTH,
        id="any.status_403",
        status=(403,),
        cure="Find out what the account or network may not do: a 403 does not pass by itself.",
        fact="4.2",
        samples=("403 status code (no body)",),
    ),
    replace(
        MODEL_NOT_FOUND,
        id="any.status_404",
        status=(404, 410),
        cure="Check the base URL and the model id: nothing answers at this address.",
        fact="4.2",
        samples=("404 status code (no body)",),
    ),
    replace(
        NETWORK,
        id="any.status_407",
        status=(407,),
        waiting_helps=False,
        cure="Give the proxy its credentials: the request never left the network.",
        samples=("407 Proxy Authentication Required",),
    ),
    replace(TIMEOUT, id="any.status_408", status=(408, 504, 524), fact="4.2", samples=("504 Gateway Timeout",)),
    replace(CONTEXT_OVERFLOW, id="any.status_413", status=(413,), fact="4.2", samples=("413 Payload Too Large",)),
    replace(RATE_LIMIT, id="any.status_429", status=(429,), fact="4.2", samples=("429 status code (no body)",)),
    replace(
        NETWORK,
        id="any.status_451",
        status=(451,),
        waiting_helps=False,
        cure="Send requests from a country where the provider may serve.",
        fact="4.2",
        samples=("451 Unavailable For Legal Reasons",),
    ),
    replace(
        LOCAL,
        id="any.status_499",
        status=(499,),
        cure="Find out who closed the connection on this side: a stop, a restart or a timer.",
        fact="4.2",
        samples=("499 Client Closed Request",),
    ),
    replace(
        SERVER_ERROR,
        id="any.status_5xx",
        status=(500, 501, 502, 503, 505, 507, *range(520, 524), 525, 526, 527, 530),
        issues=(29030, 141843),
        fact="4.2",
        samples=("502 Bad Gateway", "500 status code (no body)"),
    ),
    replace(OVERLOADED, id="any.status_529", status=(529,), fact="4.2", samples=("529 status code (no body)",)),
)
