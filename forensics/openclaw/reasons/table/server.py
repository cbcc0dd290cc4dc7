"""Model servers of one's own: LM Studio, vLLM, llama.cpp, SGLang."""

from __future__ import annotations

from dataclasses import replace

from forensics.openclaw.reasons.kinds import CONTEXT_OVERFLOW, MODEL_NOT_FOUND, OVERLOADED
from forensics.openclaw.reasons.reason import words

ROWS = (
    replace(
        OVERLOADED,
        id="server.loading",
        provider="server",
        status=(503,),
        pattern=words(r"^loading\ model"),
        scope="local",
        cure="Wait until the server has loaded the model.",
        samples=('503 {"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}',),
    ),
    replace(
        MODEL_NOT_FOUND,
        id="server.no_model",
        provider="server",
        status=(400, 404),
        pattern=words(r"no\ models?\ loaded | failed\ to\ load\ model"),
        scope="local",
        cure="Load the model in the server, or correct its name.",
        samples=('400 {"error":"No models loaded. Please load a model in the developer page."}',),
    ),
    replace(
        CONTEXT_OVERFLOW,
        id="server.context",
        provider="server",
        status=(400, 413, 500),
        types=("exceed_context_size_error",),
        pattern=words(r"available\ context\ size | keep\ the\ first\ \d+\ tokens | context\ (?:the\ )?overflows"),
        cure="Raise the server's context size, or compact the session.",
        samples=(
            (
                '400 {"error":{"code":400,"message":"request (9041 tokens) exceeds the available context size '
                '(8192 tokens)","type":"exceed_context_size_error"}}'
            ),
        ),
    ),
)
