"""Personal data by its shape: addresses of people and machines, ids of chats and accounts, paths into a home.

Each `Shape` finds spans of one kind in any text. Order is rank: of two that overlap the earlier one counts. A match
is a suspicion; `real` tells whether it holds. What becomes of a span is decided in `texts`, what it means for a
finished file in `scan`.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass

from forensics.sharing.redact import vocabulary


@dataclass(frozen=True, slots=True)
class Shape:
    """One kind of personal data. The group `it`, where the pattern has one, is what counts."""

    kind: str
    pattern: re.Pattern[str]
    hints: tuple[str, ...] = ()  # one of them stands in every text that has a match; () = any may
    real: Callable[[re.Match[str]], bool] = lambda found: True


_AT = r"(?:@|%40|&#64;|&#x40;|\\u0040|\s?\[at\]\s?|\(at\))"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ENDS = rf"(?:{vocabulary.PUBLIC_ENDS}|{vocabulary.PRIVATE_ENDS})"
_PLACE_ENDS = r"[^\s\"'`<>|;,(){}\[\]\\]"
_SECTION = rf"(?:{'|'.join(sorted(vocabulary.SECTIONS))})"
_NO_PHONE = re.compile(r"\d{4}-\d\d-\d\d|\d{1,3}(?:\.\d{1,3}){3}")
_QUANTITY = re.compile(  # a word of its own, or the last one of a name: `resets_at`, `expiresAt`
    r"""(?:(?<![A-Za-z])|(?<=[a-z])(?=[A-Z]))(?i:bytes|ms|size|seconds?|secs?|tokens?|limit|count|length|elapsed|total|max|min
    |cost|usage|budget|seq|line|offset|chars?|until|at|ts|time|reset|expires?|epoch|after|age|delay)["']?\s{0,2}[=:]\s{0,2}["']?\Z""",
    re.X,
)
_EPOCHS = ((1_500_000_000, 2_000_000_000), (1_500_000_000_000, 2_000_000_000_000))  # 2017 to 2033, s and ms
_MENTIONS = frozenset(
    {"latest", "next", "beta", "alpha", "canary", "everyone", "here", "channel", "all", "media", "import", "charset"}
)


def _is_chat(found: re.Match[str]) -> bool:
    """A long number that is neither a moment nor a quantity."""
    number = abs(int(found["it"]))
    if any(first <= number < last for first, last in _EPOCHS) and not found["it"].startswith("-"):
        return False
    return not _QUANTITY.search(found.string[max(0, found.start("it") - 24) : found.start("it")])


def _is_phone(found: re.Match[str]) -> bool:
    digits = sum(map(str.isdigit, found[0]))
    return 7 <= digits <= 15 and not _NO_PHONE.search(found[0])


def _is_address(found: re.Match[str]) -> bool:
    try:
        address = ipaddress.ip_address(found["it"])
    except ValueError:
        return False
    return not (address.is_loopback or address.is_unspecified)


def _is_host(found: re.Match[str]) -> bool:
    return not known_host(found["it"])


def _is_setting(found: re.Match[str]) -> bool:
    """A name with dots that is neither a host nor a file."""
    return not re.search(rf"\.(?:{vocabulary.PUBLIC_ENDS}|json[5l]?|log|md|sqlite)\Z", found["it"])


def _is_computer(found: re.Match[str]) -> bool:
    return not found["it"].lower().startswith(("my-", "your-", "the-", "this-", "a-"))


def _is_handle(found: re.Match[str]) -> bool:
    return found["it"].lower() not in _MENTIONS


def known_host(host: str) -> bool:
    """A host that everybody calls, or the machine itself."""
    name = host.lower().rstrip(".")
    if name in vocabulary.LOOPBACK or re.fullmatch(r"127(?:\.\d{1,3}){3}|\[::1?\]", name):
        return True
    labels = name.split(".")
    bases = (n for n in range(len(labels)) if ".".join(labels[n:]) in vocabulary.KNOWN_HOSTS)
    return any(all(label in vocabulary.SUBDOMAINS for label in labels[:n]) for n in bases)


SHAPES: tuple[Shape, ...] = (
    Shape(
        "url",
        re.compile(rf"(?<![A-Za-z0-9])[a-z][a-z0-9+.-]{{1,15}}:\\?/\\?/{_PLACE_ENDS}{{2,2048}}"),
        ("://", ":\\/\\/"),
    ),
    Shape(
        "setting",
        re.compile(rf"(?:\(|, |: )(?P<it>{_SECTION}\.[^,\n]{{1,400}}?)(?=, {_SECTION}\b|\)\s*(?:\Z|\n|\\?\"))"),
        ("(",),
    ),
    Shape(
        "setting",
        re.compile(rf"(?<![\w./@:\\-])(?P<it>{_SECTION}(?:\.[^\s.,;:\"'`()<>\[\]{{}}|\\/]+)+)"),
        (".",),
        _is_setting,
    ),
    Shape(
        "chat",
        re.compile(
            r"(?<![\w.+-])(?P<it>\d{5,15}(?:[:-]\d+)?@(?:s\.whatsapp\.net|g\.us|c\.us|lid|broadcast|newsletter)"
            r")"
        ),
        ("@",),
    ),
    Shape("room", re.compile(r"(?<![\w.+-])(?P<it>[!#][\w.=/+-]{1,255}:[A-Za-z0-9.-]+\.[a-z]{2,})"), ("!", "#")),
    Shape("user", re.compile(r"(?<![\w@/])(?P<it>@[\w.=/+-]{1,128}:[A-Za-z0-9.-]+(?:\.[a-z]{2,}|:\d+))"), ("@",)),
    Shape(
        "mail",
        re.compile(rf"(?P<it>[\w.!#$&'*+/=?^`~-]{{1,64}}?{_AT}(?:{_LABEL}(?:\.|%2E))+[A-Za-z][A-Za-z0-9-]{{1,23}})"),
        ("@", "%40", "&#64;", "&#x40;", "\\u0040", "[at]", "(at)"),
    ),
    Shape("session", re.compile(r"(?<![\w-])(?P<it>agent:[^\s\"'`,;|()<>\[\]{}\\]{1,400})"), ("agent:",)),
    Shape(
        "path",
        re.compile(
            r"""(?P<it>(?:/(?:home|Users)/|[A-Za-z]:(?:\\{1,4}|/)Users(?:\\{1,4}|/))[^\\/\n"'`<>|:*?,;()]{1,64}(?=[\\/])
                [^\s"'`<>|;,()\[\]{}]*(?<![.:!?]))""",
            re.X,
        ),
        ("/home/", "Users"),
    ),
    Shape(
        "path",
        re.compile(
            r"""(?<![\w.:/\\~-])(?P<it>
              (?:~|\.{1,2})?/[\w.@+~%=-]+(?:/[\w.@+~%=#-]*)*
            | [A-Za-z]:(?:\\{1,4}|/)[^\s"'`<>|;,()\[\]{}]+
            )(?<![.:!?])""",
            re.X,
        ),
        ("/", "\\"),
    ),
    Shape(  # all of a home that a line break leaves together; where nothing is broken, it is the beginning of a path
        "home",
        re.compile(
            r"(?P<it>(?:/(?:home|Users)/|[A-Za-z]:(?:\\{1,4}|/)Users(?:\\{1,4}|/))[^\\/\s\"'`<>|:*?,;()]{1,64})(?=[\\/])"
        ),
        ("/home/", "Users"),
    ),
    Shape(
        "login",
        re.compile(r"(?<![\w.@/-])(?P<it>[A-Za-z][\w.-]{0,31}@[A-Za-z][A-Za-z0-9-]{1,62})(?![\w@]|\.[\d*])"),
        ("@",),
    ),
    Shape("id", re.compile(r"(?<![\w-])(?P<it>[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})(?![\w])"), ("-",)),
    Shape(
        "request",
        re.compile(
            r"(?<![\w-])(?P<it>(?:req|request|chatcmpl|cmpl|msg|resp|call|toolu|gen|run|sess|trace|batch|thread|asst)"
            r"[_-](?=[A-Za-z0-9_-]{0,30}\d)[A-Za-z0-9][A-Za-z0-9_-]{7,})"
        ),
        ("_", "-"),
    ),
    Shape(
        "account",
        re.compile(
            r"(?<![\w-])(?P<it>(?:org|proj|user|usr|acct|account|cus|sub|team|workspace|wrkspc|project|tenant|client)"
            r"[-_](?=[A-Za-z0-9]{0,30}\d)[A-Za-z0-9]{6,}(?:-[A-Za-z0-9]{2,})*)"
        ),
        ("-", "_"),
    ),
    Shape(
        "address",
        re.compile(r"(?<![\w.:-])(?P<it>(?:[0-9A-Fa-f]{2}([:-])(?:[0-9A-Fa-f]{2}\2){4}[0-9A-Fa-f]{2}))(?![\w:-])"),
    ),
    Shape("address", re.compile(r"(?<![\w.-])(?P<it>\d{1,3}(?:\.\d{1,3}){3})(?![\w-]|\.\w)"), (".",), _is_address),
    Shape(
        "address",
        re.compile(
            r"(?<![\w:.])(?P<it>(?:[0-9A-Fa-f]{0,4}:){2,7}(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]{0,4}))(?![\w:])"
        ),
        ("::", ":"),
        _is_address,
    ),
    Shape(
        "phone",
        re.compile(
            r"""(?<![\w.+)\]-])(?:
              (?:\+|00)[1-9]\d{0,2}[ ./-]?(?:\(\d{1,5}\)[ ./-]?)?\d(?:[ ./-]?\d){5,12}
            | \(\d{2,5}\)[ ./-]?\d{3,4}[ ./-]?\d{3,5}
            | \d{3}[.-]\d{3}[.-]\d{4}
            | 0[1-9]\d{1,4}[ /-]\d{2,4}(?:[ /-]?\d{2,5}){1,3}
            )(?![\w.-]*[\w])""",
            re.X,
        ),
        (),
        _is_phone,
    ),
    Shape(
        "host",
        re.compile(rf"(?<![\w@./:%-])(?P<it>(?:{_LABEL}\.)+{_ENDS})(?![\w-]|\.\w|\()", re.I),
        (".",),
        _is_host,
    ),
    Shape(
        "host",
        re.compile(
            r"(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|EHOSTUNREACH|ETIMEDOUT|ECONNRESET|host(?:name)?[=:]|hostname\s)\s{0,2}[\"']?"
            r"(?P<it>[A-Za-z0-9][\w.-]{1,252})"
        ),
        ("EN", "EAI", "ECONN", "EHOST", "ETIMED", "host"),
        _is_host,
    ),
    Shape(  # as computers are called when they are new
        "host",
        re.compile(
            r"""(?ix)(?<![\w./-])(?P<it>(?:[\w-]{2,40}-(?:laptop|desktop|notebook|macbook(?:-(?:pro|air))?|mbp|imac|thinkpad|pc|nas|workstation)
            (?:-\d{1,3})?|(?:desktop|laptop|win)-[a-z0-9]{7,11}|ip-\d{1,3}(?:-\d{1,3}){3}))(?![\w-])"""
        ),
        (),
        _is_computer,
    ),
    Shape(
        "named",
        re.compile(
            r"""(?x)\b(?:actor|[uU]ser(?:_?[nN]ame)?|owner|author|sender|peer|device_?[nN]ame|client_?[nN]ame|display_?[nN]ame)
            (?:=["']?|["']\s?:\s?["'])(?P<it>[\w.+@-]{2,64})"""
        ),
        ("actor", "ser", "owner", "author", "sender", "peer", "ame"),
    ),
    Shape(
        "chat",
        re.compile(
            r"(?i)\b(?:chat|group|guild|peer|user|sender|channel|room|member|contact)[ _-]?(?:id)?[\"']?"
            r"(?:\s?[=:]\s?|\s)[\"']?(?P<it>-?\d{5,20})(?![\w-])"
        ),
    ),
    Shape("chat", re.compile(r"(?<![\w.@/#&;-])(?P<it>-100\d{10,11})(?![\w.-])"), ("-100",)),
    Shape("number", re.compile(r"(?<![\w.@/#&;-])(?P<it>-\d{8,13})(?![\w.-])"), ("-",)),
    Shape("number", re.compile(r"(?<![\w.,#&+-])(?<!fp:)(?<!sha256:)(?P<it>\d{9,20})(?![\w-]|[.,]\d)"), (), _is_chat),
    Shape("chat", re.compile(r"(?<![\w-])(?P<it>[CDGTUWB](?=[A-Z]{0,9}\d)[A-Z0-9]{8,11})(?![\w-])")),
    Shape("user", re.compile(r"(?<![\w@/.=-])(?P<it>@[A-Za-z]\w{2,31})(?![\w/@]|\.\d)"), ("@",), _is_handle),
)


def spans(text: str, kinds: Container[str] = ()) -> Iterator[tuple[int, int, int, str]]:
    """(rank, start, end, kind) of everything personal in a text. Spans may overlap; the lowest rank counts."""
    for rank, shape in enumerate(SHAPES):
        if (not kinds or shape.kind in kinds) and (not shape.hints or any(map(text.__contains__, shape.hints))):
            for found in shape.pattern.finditer(text):
                if shape.real(found):
                    group = "it" if "it" in shape.pattern.groupindex else 0
                    yield rank, *found.span(group), shape.kind
