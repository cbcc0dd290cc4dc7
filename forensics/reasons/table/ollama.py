"""Ollama, on this machine or in its cloud."""

from __future__ import annotations

from dataclasses import replace

from forensics.reasons.kinds import (
    BILLING,
    FILED_AS_AUTH,
    FILED_AS_LIMIT,
    FILED_AS_MODEL,
    FILED_AS_NOTHING,
    FORMAT,
    MODEL_NOT_FOUND,
    OVERLOADED,
    QUOTA,
    SERVER_ERROR,
)
from forensics.reasons.reason import words

ROWS = (
    replace(
        SERVER_ERROR,
        id="ollama.memory",
        provider="ollama",
        status=(500,),
        pattern=words(r"requires\ more\ system\ memory | CUDA\ (?:error:\ )?out\ of\ memory"),
        scope="local",
        owner="config",
        waiting_helps=False,
        cure="Choose a smaller model or context, or free memory on the machine that runs it.",
        recorded=FILED_AS_NOTHING,
        fact="4.3",
        samples=('500 {"error":"model requires more system memory (24.1 GiB) than is available (15.2 GiB)"}',),
    ),
    replace(
        SERVER_ERROR,
        id="ollama.runner",
        provider="ollama",
        status=(500,),
        pattern=words(r"llama\ runner\ process\ (?:has\ terminated|no\ longer\ running)"),
        scope="local",
        cure="Read the Ollama server's own log: its model process died.",
        samples=('500 {"error":"llama runner process has terminated: exit status 2"}',),
    ),
    replace(
        MODEL_NOT_FOUND,
        id="ollama.model",
        provider="ollama",
        status=(404,),
        pattern=words(r"^model\ .{1,80}not\ found"),
        cure="Pull the model (`ollama pull <model>`), or correct its name.",
        recorded=FILED_AS_MODEL,
        fact="4.3",
        samples=('404 {"error":"model \'invented:7b\' not found, try pulling it first"}',),
    ),
    replace(
        BILLING,
        id="ollama.subscription",
        provider="ollama",
        status=(402, 403),
        pattern=words(r"requires?\ a\ (?:\w+\ )?subscription"),
        scope="model",
        cure="Subscribe, or choose a model that the plan includes.",
        recorded=FILED_AS_AUTH,
        fact="4.3",
        samples=('403 {"error":"this model requires a subscription, upgrade for access"}',),
    ),
    replace(
        QUOTA,
        id="ollama.usage_limit",
        provider="ollama",
        status=(429,),
        pattern=words(r"reached\ your\ (?:\w+\ )?usage\ limit"),
        recorded=FILED_AS_LIMIT,
        samples=('429 {"error":"you (invented) have reached your weekly usage limit, please upgrade to continue"}',),
    ),
    replace(
        OVERLOADED,
        id="ollama.busy",
        provider="ollama",
        status=(503,),
        pattern=words(r"server\ busy | maximum\ pending\ requests"),
        scope="local",
        cure="Send fewer requests at a time to this server, or raise OLLAMA_MAX_QUEUE.",
        samples=('503 {"error":"server busy, please try again. maximum pending requests exceeded"}',),
    ),
    replace(
        FORMAT,
        id="ollama.no_tools",
        provider="ollama",
        status=(400,),
        pattern=words(r"does\ not\ support\ (?:tools|thinking|vision)"),
        scope="model",
        owner="config",
        cure="Choose a model that supports tools, or switch them off for this agent.",
        samples=('400 {"error":"registry.ollama.ai/library/invented:2b does not support tools"}',),
    ),
)
