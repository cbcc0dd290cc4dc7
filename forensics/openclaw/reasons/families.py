"""Provider ids of OpenClaw -> the family whose answers they give."""

from __future__ import annotations

_IDS = {
    "anthropic": "anthropic claude-cli claude-code",
    "openai": "openai openai-codex codex codex-cli chatgpt",
    "azure": "azure azure-openai azure-openai-responses microsoft-foundry",
    "google": "google google-vertex google-gemini-cli google-antigravity gemini gemini-cli",
    "bedrock": "amazon-bedrock bedrock aws-bedrock amazon-bedrock-mantle",
    "openrouter": "openrouter",
    "ollama": "ollama ollama-cloud",
    "server": "lmstudio lm-studio vllm llamacpp llama-cpp sglang",
    "zai": "zai z.ai z-ai zhipu bigmodel glm zai-coding-plan",
    "moonshot": "moonshot moonshotai kimi kimi-coding kimi-code",
    "qwen": "qwen qwen-portal qwen-token-plan dashscope bailian modelstudio alibaba",
    "xai": "xai grok",
    "mistral": "mistral",
    "deepseek": "deepseek",
    "groq": "groq",
    "copilot": "github-copilot copilot",
    "litellm": "litellm",
    "minimax": "minimax minimax-portal minimax-cn",
    "huggingface": "huggingface hf",
    "cohere": "cohere",
}
_FAMILY = {name: family for family, names in _IDS.items() for name in names.split()}

FAMILIES = frozenset(_IDS)

# They answer with the words of whoever stands behind them.
PASSING_ON = frozenset({"openrouter", "litellm", "copilot", "bedrock", "google", "azure"})


def family(provider: str | None) -> str | None:
    """`openai-codex` -> `openai`; None for a provider whose answers are not known to be of one family."""
    return _FAMILY.get(provider.strip().lower()) if provider else None
