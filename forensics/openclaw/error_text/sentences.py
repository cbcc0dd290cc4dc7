"""Sentences by which a text shows whose words it is, and what they name (facts 2.3, 2.6, 2.9, 4.5).

The same sentences reach lanes, replies, websocket answers, announces and cron alike.
"""

from __future__ import annotations

import re

from forensics.openclaw.providers import INLINE_KEY

_ECHO = re.compile(
    r"""
      Provider\ (?P<p1>\S+)\ (?:is\ in\ cooldown\b | has\ (?P<r1>[a-z_]+)\ issue\ \(skipping\ all\ models\))
    | No\ available\ auth\ profile\ for\ (?P<p2>\S+)\ \(all\ in\ cooldown\ or\ unavailable\)
    | Skipping\ (?P<p3>[^\s/]+)/(?P<m3>\S+):\ recent\ (?P<r3>[a-z_]+)\ failure\ in\ this\ session
    | Prepared\ auth\ profiles\ are\ temporarily\ unavailable\ for\b(?:\ (?P<p4>[^\s/]+)/(?P<m4>\S+)\.)?
    | Auth\ profile\ "(?P<profile>[^"]+)"\ is\ temporarily\ unavailable\ for\b
      (?:\ (?P<p5>[^\s/]+)(?:/(?P<m5>\S+))?\.)?
    | Explicit\ auth\ order\ for\ (?P<p6>\S+)\ has\ no\ usable\ profiles
    | Inline\ API\ key\ for\ provider\ "(?P<p7>[^"]+)"\ is\ temporarily\ disabled\ after\b
    """,
    re.X,
)
_INSTEAD_OF_AN_ECHO = re.compile(  # 6.1+: instead of "No available auth profile …"; the parenthesis holds the cause
    r"""(?:(?P<p1>[\w.-]+)\ (?:is\ asking\ us\ to\ slow\ down\.
    | isn't\ accepting\ your\ saved\ login(?:\ anymore)?\.
    | rejected\ the\ request\ —\ looks\ like\ a\ billing\ issue
    | is\ overloaded\ right\ now\.
    | hasn't\ been\ responding\.
    | can't\ find\ the\ model\ you're\ using
    | is\ having\ issues\ right\ now\.)
    | Couldn't\ sign\ in\ to\ (?P<p2>[\w.-]+)\.
    | Couldn't\ reach\ (?P<p3>[\w.-]+)\ with\ any\ of\ your\ saved\ logins)""",
    re.X,
)
_BECAUSE = re.compile(r"[^(]*\((?P<cause>.+?)\)?\Z", re.S)  # behind such a sentence and its hint
_REFRESH = re.compile(
    r"""
      OAuth\ token\ refresh\ failed\ for\ (?P<p1>[^\s:]+):
    | OAuth\ refresh\ failed\ \(refresh_contention\):\ another\ process\ is\ already\ refreshing\ (?P<p2>\S+)
    | OAuth\ refresh\ call\ "[^"]*"\ exceeded\ hard\ timeout
    """,
    re.X,
)
_REFRESH_TYPE = re.compile(
    r"\b(invalid_grant|refresh_token_reused|invalid_refresh_token|token_invalidated|invalid_client|sign_in_again)\b"
)
_REFRESH_IS_LOCAL = re.compile(r"Failed to persist refreshed OAuth credential|refresh_contention|exceeded hard timeout")
_NO_CALL = re.compile(
    r"""
      (?P<key>No\ API\ key\ found\ for\ provider\ "(?P<p1>[^"]+)")
    | The\ selected\ auth\ profile\ is\ unavailable\ in\ this\ agent's
    | No\ credentials\ found\ for\ profile\ "(?P<profile>[^"]+)"
    | No\ (?:[\w-]+\ ){0,3}(?:auth(?:entication)?|credentials?|API\ keys?)\ (?:[\w-]+\ ){0,2}?
      (?:is\ |are\ )?(?:found|configured|resolved|available)\ for
      \ (?:provider\ )?"?(?!(?:the|this|any|profile)\b)(?P<p2>[\w-]+(?:\.[\w-]+)*)
    | (?P<unknown>Unknown\ model:)\ (?P<p3>[^\s/]+)/(?P<m3>\S+)
    """,
    re.X,
)
_REFUSED_BY_ITSELF = re.compile(  # its own limits and state: nobody was called, and no credential is missing
    r"""
      (?:Model\ )?context\ window\ too\ small\b
    | (?:OpenClaw\ )?workspace\ [^\n]{0,200}?appears\ to\ have\ disappeared\b
    """,
    re.X | re.I,
)
_LOCAL = re.compile(
    r"""
      session\ file\ locked\b | file\ lock\ timeout\b | Live\ session\ model\ switch\ requested\b
    | Command\ lane\ \S+\ task\ timed\ out
    """,
    re.X,
)
_CLIENT = re.compile(
    r"""
      unknown\ (?:cron\ job|method|session|agent)\b | Automation\ not\ found | invalid\ \S+\ params\b
    | Channel\ is\ required | missing\ scope:\ operator | pairing\ required | device\ (?:identity|token)\b
    | unauthorized:\ gateway | gateway\ (?:timeout\ after|closed|not\ connected|is\ (?:draining|restarting))
    | Gateway\ is\ draining | Command\ lane\ \S+\ cleared
    """,
    re.X | re.I,
)
_NAMED_MODEL = re.compile(  # friendly sentences that name the model, and the status the error object carried
    r"""
    ⚠️\ (?P<p1>[^\s/(]+)(?:/(?P<m1>\S+)\ request\ failed|\ \((?P<m2>[^)]+)\)\ returned)\b
    (?:\ \([^)]*\bHTTP\ (?P<recorded_status>[45]\d\d)\))?
    """,
    re.X,
)
_OWN_WORDS = re.compile(  # what OpenClaw makes of an answer for the user (facts 2.9)
    r"""(?:⚠️\ )?(?:
      LLM\ (?:error|request|streaming) | The\ AI\ service\ (?:is|returned)\b | Context\ overflow:
    | Authentication\ (?:failed|refresh|is\ missing)\b | Message\ ordering\ conflict | Session\ history\b
    | Reasoning\ is\ required\ for\ this\ model | The\ provider\ (?:returned\ an\ HTML|session\ expired)
    | The\ (?:selected|configured)\ model\b | The\ model\ (?:provider|returned|request)\b
    )""",
    re.X,
)
_TOOL = re.compile(
    r"""\s*(?:
      \[tools\] | (?:Tool|Command|Process|Script|Hook|Skill)\ [^:]{0,60}\b(?:failed|exited|timed\ out|aborted|error)
    | (?:exec|bash|web_fetch|web_search|browser|edit|apply_patch|(?:read|write|process)\ tool)\ (?:failed|error)
    | (?:curl:|wget:|ssh:|fatal:|git:|npm\ (?:ERR!|error)|pip:|docker:|bash:|zsh:|ls:|cat:|grep:|python3?:|make:)
    | Could\ not\ find\ the\ exact\ text
    )""",
    re.X,
)
_PROVIDER_MATTER = re.compile(
    r"""
      LLM\ (?:error|request|streaming|idle) | \bAPI\ (?:rate\ limit|provider|key) | AI\ service\ is\ temporarily
    | Context\ overflow | rate[_ -]?limit | overloaded | usage\ limit | credit\ balance | billing | quota
    | fetch\ failed | socket\ hang\ up | Connection\ error | \bECONN | ETIMEDOUT | ENOTFOUND | EAI_AGAIN
    | request\ timed\ out | FailoverError
    """,
    re.X | re.I,
)

Names = dict[str, str]
"""provider, model, profile, recorded_reason, recorded_status: as far as a sentence names them."""

_LETTERS = {"p": "provider", "m": "model", "r": "recorded_reason"}


def _names(match: re.Match[str]) -> Names:
    """`p1`, `p2`, … are the provider in each wording, `m` the model, `r` the reason."""
    named = ((_LETTERS.get(group[0], "") if group[1:].isdigit() else group, value) for group, value in _groups(match))
    return {name: value for name, value in named if name in (*_LETTERS.values(), "profile", "recorded_status")}


def _groups(match: re.Match[str]) -> list[tuple[str, str]]:
    return [(group, value) for group, value in match.groupdict().items() if value]


def echo_names(text: str) -> Names | None:
    """What a refusal that the gateway made up itself names; None where the text is none."""
    match = _ECHO.match(text) or _INSTEAD_OF_AN_ECHO.match(text)
    if match is None:
        return None
    names = _names(match)
    return names | {"profile": f"{INLINE_KEY}:{match['p7']}"} if "p7" in match.groupdict() and match["p7"] else names


def cause_in_brackets(text: str) -> str | None:
    """Of a sentence of OpenClaw's own that names its cause, the cause: with one, a login could not be used."""
    sentence = _INSTEAD_OF_AN_ECHO.match(text)
    because = _BECAUSE.match(text, sentence.end()) if sentence else None
    return because["cause"] if because else None


def refresh_names(text: str) -> Names | None:
    match = _REFRESH.match(text)
    return _names(match) if match else None


def refresh_type(text: str) -> str:
    match = _REFRESH_TYPE.search(text)
    return match[1] if match else "oauth_refresh"


def refresh_is_local(text: str) -> bool:
    """True where the refresh failed on this machine: no login server refused it."""
    return bool(_REFRESH_IS_LOCAL.search(text))


def uncalled_names(text: str) -> tuple[str | None, Names] | None:
    """(type, names) of a call that was never made, for want of a credential, a model or a condition of OpenClaw's."""
    if match := _NO_CALL.match(text):
        return "unknown_model" if match["unknown"] else "missing_key", _names(match)
    return (None, {}) if _REFUSED_BY_ITSELF.match(text) else None


def model_names(text: str) -> Names | None:
    """What a friendly sentence about one model names."""
    match = _NAMED_MODEL.match(text)
    return _names(match) if match else None


def is_local(text: str) -> bool:
    return bool(_LOCAL.match(text))


def is_of_client(text: str) -> bool:
    return bool(_CLIENT.match(text))


def is_own_words(text: str) -> bool:
    return bool(_OWN_WORDS.match(text))


def is_of_tool(text: str) -> bool:
    return bool(_TOOL.match(text))


def is_provider_matter(text: str) -> bool:
    return bool(_PROVIDER_MATTER.search(text))
