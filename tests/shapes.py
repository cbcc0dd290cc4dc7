"""What is planted: invented tokens of every family, and seven kinds of personal data, from a seed.

A pattern is text with pieces in braces: a letter for the alphabet, then how many characters. The random pieces are what
tells a value apart; no real token, person or machine stands here, only the outer form that each issuer gives its own.
"""

from __future__ import annotations

import base64
import json
import random
import re
import string
from dataclasses import dataclass

_LOWER, _UPPER, _DIGITS = string.ascii_lowercase, string.ascii_uppercase, string.digits
ALPHABETS = {
    "a": _LOWER + _UPPER + _DIGITS,
    "b": _LOWER + _UPPER + _DIGITS + "+/",
    "d": _DIGITS,
    "g": _LOWER + _DIGITS,
    "h": "0123456789abcdef",
    "l": _LOWER + _UPPER,
    "s": _UPPER + "234567",
    "u": _UPPER + _DIGITS,
    "w": _LOWER + _UPPER + _DIGITS + "-_",
}
_PIECE = re.compile(r"\{([a-z])(\d*)\}")
_SYLLABLES = [c + v for c in "bdfgklmnprstvz" for v in "aeiou"]
TELLING = 10  # characters of a random piece that nothing else has by chance


@dataclass(frozen=True, slots=True)
class Shape:
    """One form of one kind of value; `name` is what it usually stands behind where it cannot be told by its form."""

    label: str
    pattern: str
    kind: str = "token"
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Canary:
    """One planted value and the pieces of it that must not be found again."""

    shape: Shape
    place: str
    value: str = ""
    tells: tuple[str, ...] = ()
    named: bool = False  # something beside it says what it is

    @property
    def in_words(self) -> str:
        """As people and programs write it: behind its name, where its form alone says nothing."""
        return f"{self.shape.name}={self.value}" if self.shape.name else self.value


def grow(shape: Shape, rng: random.Random, place: str = "") -> Canary:
    """A new value of a shape."""
    tells: list[str] = []

    def piece(found: re.Match[str]) -> str:
        made = _PIECES.get(found[1], _run)(rng, found[1], int(found[2] or 0))
        tells.append(made[_OWNER] if found[1] == "j" else made)
        return made

    value = _PIECE.sub(piece, shape.pattern)  # where no piece is telling, the whole is
    return Canary(shape, place, value, tuple(t for t in tells if len(t) >= TELLING) or (value.partition("@")[0],))


def _run(rng: random.Random, alphabet: str, length: int) -> str:
    return "".join(rng.choices(ALPHABETS[alphabet], k=length))


_OWNER = slice(14, 48)  # of claims in base64: the random name of their owner; the rest is in every other token, too


def _claims(rng: random.Random, _alphabet: str, _length: int) -> str:
    """The middle of a JWT: it names its owner."""
    claims = {"sub": _run(rng, "a", 28), "email": f"{_name(rng, 'n', 12)}@mail.example", "exp": 1795176000}
    return base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")


def _pair(rng: random.Random, _alphabet: str, length: int) -> str:
    """User and password as Basic authentication sends them."""
    return base64.b64encode(f"kim:{_run(rng, 'a', length)}".encode()).decode()


def _name(rng: random.Random, _alphabet: str, length: int) -> str:
    return "".join(rng.choices(_SYLLABLES, k=length))[:length]


def _sentence(rng: random.Random, _alphabet: str, length: int) -> str:
    return " ".join(_name(rng, "n", rng.randint(5, 9)) for _ in range(length))


def _uuid(rng: random.Random, _alphabet: str, _length: int) -> str:
    h = _run(rng, "h", 30)
    return f"{h[:8]}-{h[8:12]}-4{h[12:15]}-a{h[15:18]}-{h[18:30]}"


def _area(rng: random.Random, _alphabet: str, _length: int) -> str:
    return f"{rng.randint(2, 9)}{rng.randint(0, 99):02}"


def _octet(rng: random.Random, _alphabet: str, _length: int) -> str:
    return str(rng.randint(1, 254))


_PIECES = {"j": _claims, "p": _pair, "n": _name, "t": _sentence, "i": _uuid, "o": _octet, "r": _area}


def _pem(label: str, *lines: str) -> str:
    return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----"])


TOKENS = tuple(
    Shape(label, pattern, name=name)
    for label, pattern, name in (
        ("Anthropic API key", "sk-ant-api03-{w93}AA", None),
        ("Anthropic OAuth access", "sk-ant-oat01-{w86}-{w6}AA", None),
        ("Anthropic OAuth refresh", "sk-ant-ort01-{w86}-{w6}AA", None),
        ("Anthropic admin key", "sk-ant-admin01-{w86}AA", None),
        ("OpenAI key", "sk-{a20}T3BlbkFJ{a20}", None),
        ("OpenAI project key", "sk-proj-{w74}T3BlbkFJ{w74}", None),
        ("OpenAI service account key", "sk-svcacct-{w58}T3BlbkFJ{w58}", None),
        ("Codex access JWT", "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.{j}.{w86}", None),
        ("Codex refresh token", "rt_{w43}.{w43}", None),
        ("OpenRouter key", "sk-or-v1-{h64}", None),
        ("DeepSeek key", "sk-{h32}", None),
        ("Google API key", "AIzaSy{w33}", None),
        ("Google access token", "ya29.a0{w140}", None),
        ("Google refresh token", "1//0{d1}{w60}", None),
        ("Google client secret", "GOCSPX-{w28}", None),
        ("Groq key", "gsk_{a52}", None),
        ("xAI key", "xai-{a80}", None),
        ("Perplexity key", "pplx-{a48}", None),
        ("Hugging Face token", "hf_{l34}", None),
        ("Replicate token", "r8_{a37}", None),
        ("Cerebras key", "csk-{g48}", None),
        ("NVIDIA key", "nvapi-{w64}", None),
        ("Fireworks key", "fw_{a24}", None),
        ("Tavily key", "tvly-dev-{a32}", None),
        ("Z.AI key", "{h32}.{a16}", "ZAI_API_KEY"),
        ("Mistral key", "{a32}", "MISTRAL_API_KEY"),
        ("GitHub personal token", "ghp_{a36}", None),
        ("GitHub OAuth token", "gho_{a36}", None),
        ("GitHub user token", "ghu_{a36}", None),
        ("GitHub server token", "ghs_{a36}", None),
        ("GitHub refresh token", "ghr_{a76}", None),
        ("GitHub fine-grained token", "github_pat_{a22}_{a59}", None),
        ("Copilot token", "tid={h32};exp=1795176000;sku=free_limited_copilot;proxy-ep=x;8kp=1:{h64}", None),
        ("GitLab token", "glpat-{w20}", None),
        ("npm token", "npm_{a36}", None),
        ("PyPI token", "pypi-AgEIcHlwaS5vcmc{w80}", None),
        ("AWS key id", "AKIA{s16}", None),
        ("AWS session key id", "ASIA{s16}", None),
        ("AWS secret key", "{b40}", "AWS_SECRET_ACCESS_KEY"),
        ("Bedrock key", "ABSK{b108}", None),
        ("Azure OpenAI key", "{a52}JQQJ99BK{a24}", "AZURE_OPENAI_API_KEY"),
        ("Azure client secret", "{a3}8Q~{w34}", None),
        ("Azure storage key", "AccountKey={b86}==", None),
        ("Azure SAS", "https://kim.blob.core.windows.net/c?sv=2024-11-04&sig={a43}%3D", None),
        ("ElevenLabs key", "sk_{h48}", None),
        ("ElevenLabs old key", "{h32}", "ELEVENLABS_API_KEY"),
        ("Brave Search key", "BSA{w28}", "BRAVE_API_KEY"),
        ("Deepgram key", "{h40}", "DEEPGRAM_API_KEY"),
        ("Telegram bot token", "{d10}:AA{w33}", None),
        ("Slack bot token", "xoxb-{d12}-{d13}-{a24}", None),
        ("Slack user token", "xoxp-{d12}-{d12}-{d13}-{h32}", None),
        ("Slack app token of a workspace", "xoxa-2-{d12}-{d12}-{h32}", None),
        ("Slack refresh token", "xoxr-{d12}-{a32}", None),
        ("Slack session token", "xoxs-{d12}-{d12}-{d12}-{h32}", None),
        ("Slack app-level token", "xapp-1-A0{u9}-{d13}-{h64}", None),
        ("Slack webhook", "https://hooks.slack.com/services/T0{u9}/B0{u9}/{a24}", None),
        ("Discord bot token", "MT{a24}.G{w5}.{w38}", None),
        ("Discord webhook", "https://discord.com/api/webhooks/{d18}/{w68}", None),
        ("Matrix access token", "syt_{a12}_{a20}_{a6}", None),
        ("LINE channel token", "{b160}/{b10}=", "LINE_CHANNEL_ACCESS_TOKEN"),
        ("Gateway token", "{h48}", "OPENCLAW_GATEWAY_TOKEN"),
        ("Hooks token", "{w32}", "hooks.token"),
        ("Device token", "{w43}", "deviceToken"),
        ("VAPID private key", "{w43}", "vapidPrivateKey"),
        ("Password", "{l9}-{a6}-{l5}", "password"),
        ("Private key PEM", _pem("PRIVATE KEY", "MC4CAQAwBQYDK2Vw{b48}", "{b64}"), None),
        ("OpenSSH private key", _pem("OPENSSH PRIVATE KEY", "{b70}", "{b70}"), None),
        ("Age secret key", "AGE-SECRET-KEY-1{s58}", None),
        ("Stripe key", "sk_live_{a99}", None),
        ("Stripe webhook secret", "whsec_{a32}", None),
        ("SendGrid key", "SG.{w22}.{w43}", None),
        ("Twilio key", "SK{h32}", "TWILIO_API_KEY"),
        ("DigitalOcean token", "dop_v1_{h64}", None),
        ("Notion token", "ntn_{a46}", None),
        ("Linear key", "lin_api_{a40}", None),
        ("Vault token", "hvs.{w92}", None),
        ("Tailscale key", "tskey-auth-{a17}-{a32}", None),
        ("Database URL", "postgres://kim:{a24}@db.example:5432/claw", None),
        ("Redis URL", "redis://:{a24}@cache.example:6379/0", None),
        ("Basic authentication", "Authorization: Basic {p18}", None),
        ("Bearer authentication", "Authorization: Bearer {w40}", None),
        ("Cookie", "Cookie: sessionKey={w64}; theme=dark", None),
        ("JWT", "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.{j}.{w43}", None),
    )
)  # fmt: skip

PERSONAL = tuple(
    Shape(label, pattern, kind, name)
    for kind, label, pattern, name in (
        ("mail address", "mail", "{n7}.{n11}@{n8}.example", None),
        ("mail address", "mail with a tag", "{n11}+claw@mail.{n6}.example", None),
        ("phone number", "E.164", "+1{r}55501{d2}", None),  # numbers that are kept free for fiction
        ("phone number", "WhatsApp", "1{r}55501{d2}@s.whatsapp.net", None),
        ("phone number", "German", "+49 30 23125 {d3}", None),
        ("phone number", "with brackets", "({r}) 555-01{d2}", None),
        ("chat id", "Telegram chat", "6{d9}", "chatId"),
        ("chat id", "Telegram group", "-100{d10}", None),
        ("chat id", "WhatsApp group", "120363{d12}@g.us", None),
        ("chat id", "Slack channel", "C0{u9}", "channel"),
        ("chat id", "Discord channel", "1{d18}", None),
        ("chat id", "Matrix room", "!{a18}:{n8}.example", None),
        ("session id", "UUID", "{i}", None),
        ("user name", "Linux home", "/home/{n11}/work", None),
        ("user name", "macOS home", "/Users/{n11}/Library", None),
        ("user name", "Windows home", "C:\\Users\\{n11}\\AppData", None),
        ("host name", "bare name", "{n11}-laptop", "hostname"),
        ("host name", "local name", "{n11}-mbp.local", None),
        ("host name", "Tailscale name", "{n11}.tail{h5}.ts.net", None),
        ("IP address", "IPv4", "198.18.{o}.{o}", None),
        ("IP address", "private IPv4", "10.{o}.{o}.{o}", None),
        ("IP address", "IPv6", "2001:db8:{h4}:{h4}::{h4}", None),
    )
)  # fmt: skip

BODIES = (Shape("chat message", "{t6}", "message body"),)
EVERY = (*TOKENS, *PERSONAL, *BODIES)
