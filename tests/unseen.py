"""Shapes of secrets and of personal data that the redaction was not written with: `unseen_shapes.txt`, grown.

Half of them (`WORKED_WITH`) may be looked at while the redaction is improved, the other half (`FINAL`) only gives the
figures that are published.
"""

from __future__ import annotations

import hashlib
import random
import re
import string
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

LIST = Path(__file__).with_name("unseen_shapes.txt")
_PIECE = re.compile(r"<([a-z]+?)(\d*)(-|\.upper)?>")
_ALPHABETS = {
    "a": string.ascii_letters + string.digits, "l": string.ascii_lowercase, "u": string.ascii_uppercase,
    "d": string.digits, "h": "0123456789abcdef", "b": string.ascii_letters + string.digits + "-_",
}  # fmt: skip
_SYLLABLES = tuple(re.findall("...", "bracordelfingalhesjorkellummarnolpirquorasseltovursvelwenyanzorbekdru"))
_GIVEN = tuple(re.findall("[A-Z][a-z]+", "AnnekeBogdanCarysDagmarEirikFennaGiulioHenrikeIlseJarekKimLotteOrlaPetra"))
_FAMILY = tuple(re.findall("[A-Z][a-z]+", "QuillBrandtLindqvistOkaforPetrovMarchettiNakamuraSzaboHaugenVerbeekCastell"))
_CYRILLIC = ["марина", "григорий", "полина", "аркадий", "тимофей", "зинаида"]
_HAN = ["王小明", "李秀英", "陈建国", "赵丽华", "周志强"]
_ARABIC = ["محمود", "فاطمة", "يوسف", "خديجة"]
_PROSE = (
    "Dear Doctor, the rash came back on Tuesday and the cream does nothing",
    "please transfer four thousand to my sister before the weekend",
    "he never told her about the second apartment in Lisbon",
    "Can you remind me to bring the divorce papers tomorrow morning",
    "our new product launches in spring and nobody outside may know",
    "mum is in hospital again, ward nine, bring her blue slippers",
)


@dataclass(frozen=True, slots=True)
class Unseen:
    """One shape: what kind of thing it is, and how it stands in a text."""

    kind: str
    form: str

    @property
    def is_final(self) -> bool:
        return hashlib.sha256(self.form.encode()).digest()[0] % 2 == 1


@dataclass(frozen=True, slots=True)
class Grown:
    """A shape with invented values; none of `tells` may be left."""

    shape: Unseen
    text: str
    tells: tuple[str, ...]

    @property
    def secret(self) -> Grown:
        """Without the names that stand beside a token."""
        names = tuple(
            tell for tell in self.tells if not (tell.isalpha() and tell.islower() and len(tell) in _NAME_LENGTHS)
        )
        return replace(self, tells=names or self.tells)

    def is_in(self, text: str) -> bool:
        """Whether a value stands in a text, whatever blanks and signs its letters are parted by."""
        plain, digits = _plain(text), re.sub(r"(?<=\d)[\W_]+(?=\d)", "", text)
        return any(_is_in(tell, plain, digits, text) for tell in self.tells)


def shapes() -> Iterator[Unseen]:
    """All of them, in the order of the list."""
    for line in LIST.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, _, form = line.partition(": ")
            yield Unseen(kind, form)


def grow(shape: Unseen, rng: random.Random) -> Grown:
    """The shape with new values; pieces with no letter between them are one."""
    text, pieces, at = "", list[tuple[int, int]](), 0
    for found in _PIECE.finditer(shape.form):
        text += shape.form[at : found.start()]
        made = _made(found, rng)
        gap = text[pieces[-1][1] :] if pieces else ""
        joined = bool(pieces) and len(gap) <= _GAP and not any(map(str.isalnum, gap))
        pieces = (
            [*pieces[:-1], (pieces[-1][0], len(text + made))] if joined else [*pieces, (len(text), len(text + made))]
        )
        text, at = text + made, found.end()
    text += shape.form[at:]
    tells = [text[start:end] for start, end in pieces]
    long = tuple(tell for tell in tells if len(tell) >= _TELLING) or tuple(tells)
    return Grown(shape, text, long)


def _made(found: re.Match[str], rng: random.Random) -> str:
    name, length, how = found.groups()
    made = _MADE[name](rng) if name in _MADE else "".join(rng.choices(_ALPHABETS[name], k=int(length)))
    made = made.upper() if how == ".upper" else made
    return _grouped(made, " " if length else "-") if name in _GROUPED and (length or how) else made


_GAP = 3
_NAME_LENGTHS = (9, 12)
_TELLING = 4
_PIECE_OF_TEXT = 10


def _is_in(tell: str, plain: str, digits: str, text: str) -> bool:
    if re.fullmatch(r"[\d\W]+", tell):
        return re.sub(r"\D", "", tell) in digits
    if tell in _PROSE:
        joined = _plain(tell)
        return any(joined[n : n + _PIECE_OF_TEXT] in plain for n in range(len(joined) - _PIECE_OF_TEXT + 1))
    if len(tell) > _PIECE_OF_TEXT * 2:
        joined = _plain(tell)
        return any(joined[n : n + _PIECE_OF_TEXT] in plain for n in range(len(joined) - _PIECE_OF_TEXT + 1))
    return (
        _plain(tell) in plain
        if len(tell) > 4
        else bool(re.search(rf"(?i)(?<![a-z0-9]){re.escape(tell)}(?![a-z0-9])", text))
    )


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()


def _grouped(digits: str, sign: str) -> str:
    return sign.join(re.findall(r".{1,4}", digits))


def _nick(rng: random.Random) -> str:
    return "".join(rng.sample(_SYLLABLES, 3))


def _slug(rng: random.Random) -> str:
    return "".join(rng.sample(_SYLLABLES, 4))


def _org(rng: random.Random) -> str:
    return "".join(rng.sample(_SYLLABLES, 3)).capitalize()


def _luhn(body: str) -> str:
    total = 0
    for n, digit in enumerate(map(int, reversed(body))):
        doubled = digit * 2 if n % 2 == 0 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return body + str(-total % 10)


def _digits(rng: random.Random, count: int) -> str:
    return str(rng.randrange(10 ** (count - 1), 10**count))


def _cpf(rng: random.Random) -> str:
    body = _digits(rng, 9)
    for _ in range(2):
        total = sum((len(body) + 1 - n) * int(d) for n, d in enumerate(body))
        body += str(0 if total % 11 < 2 else 11 - total % 11)
    return f"{body[:3]}.{body[3:6]}.{body[6:9]}-{body[9:]}"


def _nhs(rng: random.Random) -> str:
    while True:
        body = _digits(rng, 9)
        check = 11 - sum((10 - n) * int(d) for n, d in enumerate(body)) % 11
        if check != 10:
            whole = body + str(check % 11)
            return f"{whole[:3]} {whole[3:6]} {whole[6:]}"


def _chinese_id(rng: random.Random) -> str:
    body = (
        _digits(rng, 6)
        + f"{rng.randrange(1950, 2005)}{rng.randrange(1, 13):02}{rng.randrange(1, 29):02}"
        + _digits(rng, 3)
    )
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(w * int(d) for w, d in zip(weights, body, strict=True)) % 11]


def _iban(rng: random.Random) -> str:
    body = _digits(rng, 18)
    return f"DE{98 - int(body + '131400') % 97:02}{body}"


def _date(form: str) -> Callable[[random.Random], str]:
    months = ("January", "March", "May", "June", "August", "October")

    def made(rng: random.Random) -> str:
        values = {
            "y": rng.randrange(1940, 2010),
            "m": rng.randrange(1, 13),
            "d": rng.randrange(1, 29),
            "w": rng.choice(months),
        }
        return form.format(**values)

    return made


_GROUPED = frozenset({"card", "iban", "amex"})
_MADE: Mapping[str, Callable[[random.Random], str]] = {
    "nick": _nick,
    "slug": _slug,
    "org": _org,
    "given": lambda rng: rng.choice(_GIVEN),
    "family": lambda rng: rng.choice(_FAMILY),
    "cyr": lambda rng: rng.choice(_CYRILLIC),
    "han": lambda rng: rng.choice(_HAN),
    "arab": lambda rng: rng.choice(_ARABIC),
    "prose": lambda rng: rng.choice(_PROSE),
    "ip": lambda rng: (
        f"{rng.randrange(100, 190)}.{rng.randrange(10, 250)}.{rng.randrange(10, 250)}.{rng.randrange(10, 250)}"
    ),
    "natphone": lambda rng: f"0{_digits(rng, 3)} {_digits(rng, 6)}",
    "card": lambda rng: _luhn("4" + _digits(rng, 14)),
    "amex": lambda rng: _luhn("37" + _digits(rng, 12)),
    "cpf": _cpf,
    "aadhaar": lambda rng: f"{_digits(rng, 4)} {_digits(rng, 4)} {_digits(rng, 4)}",
    "nhs": _nhs,
    "cnid": _chinese_id,
    "iban": _iban,
    "lat": lambda rng: f"{rng.randrange(31, 59)}.{_digits(rng, 5)}",
    "lon": lambda rng: f"{rng.randrange(10, 99)}.{_digits(rng, 5)}",
    "latd": lambda rng: _digits(rng, 2),
    "dob": _date("{y}-{m:02}-{d:02}"),
    "dobd": _date("{d:02}.{m:02}.{y}"),
    "dobs": _date("{m:02}/{d:02}/{y}"),
    "dobw": _date("{d} {w} {y}"),
}
