"""The shapes of tokens, family by family: what a provider, a chat service or a cloud puts in front of its keys.

Facts 9.1 and 9.2, and the vendors' own documentation of their prefixes. All families of `_BORDERED` are one pattern,
tried where a long word begins; those of `_ANYWHERE` are looked for only where their hint stands in the text.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain

_B = r"[A-Za-z0-9_-]"
_GAP = r"(?:\s|\\[nr])"
_KEY_HEAD = r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----"
_CUT_KEY = (  # the lines of a private key whose end is missing: base64 with a capital letter and a digit early on
    rf"{_GAP}{{0,8}}(?=[a-z0-9+/]{{0,64}}[A-Z])(?=[A-Za-z+/]{{0,64}}\d)(?:[A-Za-z0-9+/=]{{16,}}+{_GAP}{{0,8}}+)++[A-Za-z0-9+/=]*+"
)

_ANYWHERE: tuple[tuple[str, str], ...] = (  # hint, pattern: nothing else looks like it, also in the middle of a word
    ("sk-", rf"sk-(?:ant|proj|svcacct|admin|or|lf)-{_B}{{10,}}"),
    ("tid=", r"tid=[0-9a-f]{16,}(?:;[\w.-]+=[\w.:/+-]+)+"),
    (
        "PRIVATE KEY",
        rf"{_KEY_HEAD}(?:[^-]{{1,16384}}-----END[A-Z ]{{1,40}}-----|{_CUT_KEY})",
    ),
    ("PuTTY-User-Key", r"PuTTY-User-Key-File-\d:[\s\S]{16,8192}?Private-MAC: \w+"),
    ("AIza", rf"AIza{_B}{{30,}}"),
    ("GOCSPX-", rf"GOCSPX-{_B}{{20,}}"),
    ("AccountKey=", r"(?<=AccountKey=)[\w+/]{40,}={0,2}"),
    ("JQQJ99", r"[A-Za-z0-9]{30,}JQQJ99[A-Za-z0-9]{20,}"),
    ("Q~", rf"{_B}{{3}}\dQ~[\w~.-]{{31,}}"),
    ("gh", r"gh[pousr]_[A-Za-z0-9]{16,}"),
    ("github_pat_", r"github_pat_\w{16,}"),
    (".atlasv1.", r"[A-Za-z0-9]{14}\.atlasv1\.[\w=-]{40,}"),
    ("xox", r"xox[a-z](?:\.xox[a-z])?-[\w-]{10,}"),
    ("xapp-", r"xapp-[\w-]{10,}"),
    (":A", r"(?<!\d)\d{6,12}:A[A-Za-z0-9_-]{34}(?![\w-])"),  # Telegram
    ("%3", r"(?<!\d)\d{6,12}%3[aA]A[A-Za-z0-9_-]{34}(?![\w-])"),  # the same in an address
    ("$", r"\$(?:2[abxy]\$\d\d|[156]|y|argon2(?:id|i|d)\$v=\d+\$m=\d+,t=\d+,p=\d+)\$[\w./$+=-]{20,}"),  # of a password
    (".ingest", r"(?<=://)[0-9a-f]{32}(?=@)"),  # who reports errors, in the address to report to
    ("SSHA", r"\{SSHA(?:256|512)?\}[\w+/-]{20,}={0,2}"),
    ("ssh-", r"(?<=ssh-rsa )AAAA[\w+/-]{20,}={0,2}|(?<=ssh-ed25519 )AAAA[\w+/-]{20,}={0,2}"),
    ("SHA256:", r"(?<=SHA256:)[\w+/-]{43}"),
    ("hooks.slack.com/", r"(?<=hooks\.slack\.com/)(?:services|workflows|triggers)/[\w/+-]{16,}"),
    ("/webhooks/", r"(?<=/webhooks/)\d{6,}/[\w-]{30,}"),  # Discord
    ("/IncomingWebhook/", r"(?<=/webhookb2/)[\w@-]+/IncomingWebhook/[\w/-]{20,}"),
)

_BORDERED: tuple[tuple[str, str], ...] = (  # prefixes, the rest of the token; `sk-` is also the end of `task-`
    # model providers, speech, search
    ("sk- sk_ csk- tvly- nvapi- xai- pplx- psk- jina_", rf"{_B}{{16,}}"),
    ("gsk_ tgp_v1_ fw_ hf_ api_org_ r8_ pcsk_ vck_ voyage- pa-", rf"{_B}{{16,}}"),
    ("sess- pk-lf- sk-lf- ATTA bce-v3/ v02: key_", r"[\w/-]{24,}"),
    ("access-", r"(?:sandbox|production|development)-[0-9a-f-]{36}"),
    ("lsv2_", rf"(?:pt|sk)_{_B}{{16,}}"),
    ("fc- key-", r"[0-9a-f]{32}"),
    ("BSA", rf"{_B}{{20,}}"),
    ("rt_ rt.", r"[\w.-]{16,}"),
    # signed, encoded and encrypted
    ("eyJ", rf"(?:{_B}{{8,}}(?:\.{_B}*){{0,3}}\.{_B}{{6,}}|[\w+/-]{{60,}}={{0,2}})"),
    ("v1.public. v2.public. v3.public. v4.public. v1.local. v2.local. v3.local. v4.local.", rf"{_B}{{20,}}"),
    ("AGE-SECRET-KEY-1 nsec1 ops_eyJ", rf"{_B}{{20,}}"),
    # Google, Amazon, Microsoft, Alibaba, Tencent, Yandex
    ("ya29.", r"[\w.-]{16,}"),
    ("1//0", rf"{_B}{{16,}}"),
    ("AKIA ASIA ABIA ACCA AROA AIDA", r"[A-Z0-9]{16}"),
    ("IQoJb3JpZ2lu FwoGZXIvYXdz bedrock-api-key-", r"[\w+/-]{20,}={0,2}"),
    ("ABSK", r"[\w+/-]{40,}={0,2}"),
    ("LTAI", r"[A-Za-z0-9]{12,}"),
    ("AKID AKLT", r"[A-Za-z0-9+/]{13,}={0,2}"),
    ("AQVN t1.", r"[\w-]{30,}(?:\.[\w-]+)?"),
    # source code, packages, infrastructure
    ("glpat- gldt- glrt- glcbt- glptt- glft-", rf"{_B}{{16,}}(?:\.\w+)*"),
    ("glimt- glagent- gloas- glsoat- glffct- glrtr- glwt-", rf"{_B}{{16,}}(?:\.\w+)*"),
    ("npm_ pypi- rubygems_ dckr_pat_ dckr_oat_ CLOJARS_ oy2 bkua_ pul- CCIPAT_ pnu_ cio_", rf"{_B}{{16,}}"),
    ("dop_v1_ doo_v1_ dor_v1_", rf"{_B}{{16,}}"),
    ("hvs. hvb. hvr.", rf"{_B}{{20,}}"),
    ("dp.pt. dp.st. dp.ct. dp.sa. dp.scim. dp.audit.", r"[\w.-]{20,}"),
    ("dt0", r"[a-z]\d\d\.[A-Z0-9]{20,}\.[A-Z0-9]{40,}"),
    ("tskey- NRAK- NRJS- NRII- HRKU- CFPAT- EZAK", rf"{_B}{{16,}}={{0,2}}"),
    ("EZTK sntrys_ sntryu_ glc_ glsa_ nfp_ nfo_ nfu_", rf"{_B}{{16,}}={{0,2}}"),
    ("sbp_ sb_secret_ pscale_tkn_ pscale_pw_ pscale_oauth_ napi_ sgp_ phc_ phx_ figd_ tfp_ aio_", rf"{_B}{{16,}}"),
    ("dapi", r"[0-9a-f]{32}"),
    ("rdme_ duffel_live_ duffel_test_ shippo_live_ shippo_test_ fm1_ fm2_ fo1_ cfut_ cfat_", r"[\w+/-]{16,}={0,2}"),
    ("ATATT ATCTT ATBB", r"[\w=-]{16,}"),
    ("v1.0-", r"[0-9a-f]{24}-[0-9a-f]{60,}"),
    # messengers, mail, calendars, notes
    ("mfa.", r"[\w-]{40,}"),
    ("M N O", r"[DTjz][\w-]{20,28}\.[\w-]{6,7}\.[\w-]{27,}"),  # Discord: a decimal id in base64 first
    ("syt_ syr_", rf"[A-Za-z0-9+/=]+_{_B}{{8,}}"),
    ("mct_ mat_", rf"{_B}{{16,}}"),
    ("lin_api_ lin_oauth_ ntn_ secret_ whsec_ xkeysib- re_ ctp_ crsr_", rf"{_B}{{20,}}"),
    ("oauth:", r"[a-z0-9]{30}"),
    ("SG.", r"[\w-]{16,}\.[\w-]{16,}"),
    ("AC SK", r"[0-9a-f]{32}"),
    ("pat", r"(?:[A-Za-z0-9]{14}\.[0-9a-f]{40,}|-[a-z]{2,3}\d?-[0-9a-f-]{36})"),
    ("EAA", r"[A-Za-z0-9]{40,}"),
    ("IGQ sl.", r"[\w-]{40,}"),
    # payment, shops
    ("sk_live_ sk_test_ rk_live_ rk_test_ pk_live_ pk_test_ sk_prod_ pk_prod_", rf"{_B}{{10,}}"),
    ("shpat_ shpca_ shppa_ shpss_ shptka_", r"[0-9a-fA-F]{24,}"),
    ("sq0atp- sq0csp- sq0idp- EAAA", rf"{_B}{{20,}}"),
    # no prefix, but a form of its own
    ("", r"\d/\d{14,}:[0-9a-f]{32}"),
    ("", r"(?<!:)(?:[0-9a-fA-F]{2}:){11,}[0-9a-fA-F]{2}(?![\w:])"),  # a key or its print, byte by byte
    ("", r"[0-9a-f]{32}-us\d{1,2}(?![\w-])"),
)  # fmt: skip


def _either(families: Iterable[tuple[str, str]]) -> str:
    """One pattern of all families, those whose prefixes begin alike side by side: most words fit none of them."""
    groups: dict[str, list[str]] = defaultdict(list)
    for prefixes, rest in families:
        for prefix in prefixes.split(" "):
            groups[prefix[:1]].append(re.escape(prefix[1:]) + rest)
    loose = groups.pop("")  # these come last, whatever they begin with
    return "|".join([*(f"{re.escape(first)}(?:{'|'.join(rests)})" for first, rests in groups.items()), *loose])


_PREFIXED = re.compile(rf"(?<!{_B})(?:{_either(_BORDERED)})")
_SURE = tuple((hint, re.compile(pattern)) for hint, pattern in _ANYWHERE)
_WORD = re.compile(r"[A-Za-z0-9_.:/+=~-]{15,}")
_ESCAPE = re.compile(r"\\(?:[nrtbf]|u[0-9A-Fa-f]{4})|%[0-9A-Fa-f]{2}")


def token_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where tokens stand in a text. Spans may overlap."""
    return chain(sure_token_spans(text), _prefixed(text))


def sure_token_spans(text: str) -> Iterator[tuple[int, int]]:
    """As `token_spans`, only those that nothing else looks like, whatever stands around them."""
    for hint, pattern in _SURE:
        if hint in text:
            yield from (match.span() for match in pattern.finditer(text))


def _prefixed(text: str) -> Iterator[tuple[int, int]]:
    if "\\" in text or "%" in text:  # an escaped character ends a word, whatever its last letter is
        text = _ESCAPE.sub(lambda found: " " * len(found[0]), text)
    for word in _WORD.finditer(text):
        for token in _PREFIXED.finditer(word[0]):
            yield word.start() + token.start(), word.start() + token.end()
