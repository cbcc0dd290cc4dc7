"""Names of models: those that everybody can call stay; a deployment, a tuned or a local one is somebody's."""

from __future__ import annotations

import re
from functools import lru_cache

from forensics.openclaw.providers import providers
from forensics.sharing.redact.vocabulary import words

FAMILIES = words(
    """
    gpt o1 o3 o4 chatgpt codex davinci babbage claude opus sonnet haiku gemini gemma palm llama codellama qwen
    qwq qvq deepseek kimi moonshot minimax abab glm chatglm grok mistral mixtral codestral ministral magistral
    devstral pixtral nova titan command aya sonar phi yi ernie doubao hunyuan nemotron granite jamba lfm reka
    step mimo whisper embedding dall veo imagen olmo falcon starcoder smollm
    """
)
_QUALIFIERS = words(
    """
    mini nano micro lite small medium large xlarge max ultra pro plus turbo flash fast slow high low air scout
    maverick instruct chat coder code codex it base preview latest exp experimental beta alpha stable free
    thinking think reasoner reasoning deep research search vision vl omni audio realtime image tts transcribe
    embedding embed text versatile instant scaled next oss distill highspeed lightning e sonar r k m us eu apac
    global jp au nitro exacto extended online cloud coding agent computer use customtools turbos dev a3b a22b
    moe gguf awq gptq fp8 fp16 bf16 int4 int8 mlx q4 q5 q6 q8 0 s l xl
    """
)
_PUBLISHERS = words(
    """
    anthropic openai google meta llama mistral mistralai qwen alibaba deepseek ai moonshotai minimax zai z x xai
    amazon aws microsoft nvidia cohere perplexity openrouter azure bedrock vertex models publishers ollama
    together fireworks groq huggingface cerebras accounts github copilot auto
    """
)
_PART = re.compile(r"\d{1,4}|20\d{6}|\d{1,3}[bkm]|v?\d{1,2}[a-z]?|[rkmvo]\d{1,2}|a\d{1,3}b|e\d{1,2}b?")
_STEM = re.compile(r"([a-z]+)\d{0,2}")


@lru_cache(maxsize=4096)
def is_public_model(name: str) -> bool:
    """`openrouter/anthropic/claude-opus-4.5`, `us.anthropic.claude-sonnet-4-20250514-v1:0`: nobody's own."""
    *above, last = name.lower().split("/")
    return all(segment in _PUBLISHERS or _is_model(segment) or _is_provider(segment) for segment in above) and (
        _is_model(last) or last == "auto"
    )


def _is_provider(segment: str) -> bool:
    return any(segment in provider.ids for provider in providers().values())


def _is_model(name: str) -> bool:
    parts = re.split(r"[-._:@]", name)
    return any(_is_family(part) for part in parts) and all(map(_is_part, parts))


def _is_family(part: str) -> bool:
    stem = _STEM.fullmatch(part)
    return part in FAMILIES or bool(stem and stem[1] in FAMILIES)


def _is_part(part: str) -> bool:
    return part in _QUALIFIERS or part in _PUBLISHERS or _is_family(part) or bool(_PART.fullmatch(part))
