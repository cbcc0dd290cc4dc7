"""How much of what is planted the redaction takes out: `python tests/recall.py [--write] [--seeds N]`.

Every shape of `shapes` is put into every place of a case below, each time with new random letters; the case goes
through `forensics.sharing.redact.redact`, and what comes out is searched for every telling piece. The values are grown
from seeds and from what issuers say about their tokens, not from the patterns of the redaction.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import story
from canary_places import body, encoded, in_url, wrapped
from hunting import Hunt
from shapes import PERSONAL, TOKENS, Canary, Shape, grow

from forensics.case import Case
from forensics.sharing.redact import redact
from forensics.tables import Event

DOC = Path(__file__).resolve().parents[1] / "docs" / "redaction.md"
HEADING = "## Measured recall"
SEEDS = 3
TABLES = ("files", "events", "rejects", "state", "credentials", "windows", "findings", "checks")
_BATCH = 150  # events of one case

Plant = Callable[[Event, Canary], Event]


def _text(form: Callable[[Canary], str]) -> Plant:
    return lambda event, canary: replace(event, text=form(canary))


def _column(name: str, form: str = "{}") -> Plant:
    return lambda event, canary: replace(event, **{name: form.format(canary.value)})


TEXTS: Mapping[str, Plant] = {
    "a sentence": _text(lambda c: f"401 the key {c.in_words} was refused"),
    "quotes": _text(lambda c: f"401 Incorrect API key provided: '{c.in_words}'."),
    "an error body": _text(lambda c: f"401 {body(f'invalid {c.in_words}')}"),
    "JSON in JSON": _text(lambda c: f"401 {json.dumps(json.dumps({'error': f'bad {c.in_words}'}))}"),
    "a query of a URL": _text(lambda c: f"GET https://h.example/v1?a=1&k={in_url(c.value)}&b=2 gave 401"),
    "a path of a URL": _text(lambda c: f"GET https://h.example/v1/{in_url(c.value)}/chat gave 401"),
    "userinfo of a URL": _text(lambda c: f"proxy http://kim:{in_url(c.value)}@h.example:3128 refused with 407"),
    "base64": _text(lambda c: f"401 rejected header {encoded(c.value)}"),
    "a wrapped line": _text(lambda c: f"401 the key {wrapped(c.in_words)} was refused"),
    "an argument": _text(lambda c: f'exec failed: ["curl", "-H", "x: {c.in_words}"] gave 401'),
}
COLUMNS: Mapping[str, Plant] = {
    "a profile id": _column("profile", "anthropic:{}"),
    "an agent id": _column("agent"),
    "a session key": _column("session", "agent:main:telegram:direct:{}"),
    "a lane": _column("lane", "session:agent:main:whatsapp:group:{}"),
    "a run id": _column("run", "announce:v1:agent:main:subagent:{}:7f3a"),
    "a child's session": _column("child_session", "agent:main:subagent:{}"),
    "a path": _column("source", ".openclaw/agents/main/sessions/{}.jsonl"),
}
PLACES = TEXTS | COLUMNS
CLASSES = ("token, by its form", "token, behind its name", "token, bare", *sorted({s.kind for s in PERSONAL}))


@dataclass(frozen=True, slots=True)
class Planting:
    """One value in one place, and what class it counts for."""

    canary: Canary
    place: str
    kind: str


def plantings(seed: int) -> Iterator[Planting]:
    """Every shape in every place, once."""
    rng = random.Random(seed)
    for place in PLACES:
        for shape in (*TOKENS, *PERSONAL):
            if place in TEXTS or _in_one_word(shape):
                yield Planting(grow(shape, rng, place), place, _kind(shape, place))


def _in_one_word(shape: Shape) -> bool:
    """A name or a path holds no line break, blank or slash."""
    return not re.search(r"[\s/\\]", shape.pattern)


def _kind(shape: Shape, place: str) -> str:
    if shape.kind != "token":
        return shape.kind
    bare = place in COLUMNS or place in ("base64",) or "URL" in place
    return "token, by its form" if not shape.name else "token, bare" if bare else "token, behind its name"


def missed(seed: int) -> tuple[list[Planting], list[Planting]]:
    """All that was planted, and what of it was still there after the redaction."""
    planted, left = list(plantings(seed)), []
    for n in range(0, len(planted), _BATCH):
        batch = planted[n : n + _BATCH]
        seen = Hunt(p.canary for p in batch).in_text(_all_text(redact(_case(batch)).case))
        left += [p for p in batch if p.canary in seen]
    return planted, left


def _case(batch: Iterable[Planting]) -> Case:
    """A failed call for each planting, an hour apart: nothing of one explains another."""
    failure = story.FAILURES[0]
    events = [
        PLACES[p.place](replace(failure, time=failure.time + timedelta(hours=n), line=n + 1), p.canary)
        for n, p in enumerate(batch)
    ]
    return story.tell(timeline=story.timeline(events))


def _all_text(case: Case) -> str:
    shown = [getattr(case, name).write_ndjson() for name in TABLES]
    return "\n".join([*shown, json.dumps(case.triage(), default=str), *(i.sentence for i in case.incidents)])


def interval(found: int, planted: int) -> tuple[float, float]:
    """The 95 % interval of Clopper and Pearson for a share: exact, and honest where nothing was missed."""
    low = 0.0 if found == 0 else _solve(lambda p: 1 - _at_most(found - 1, planted, p) - 0.025)
    high = 1.0 if found == planted else _solve(lambda p: 0.025 - _at_most(found, planted, p))
    return low, high


def _at_most(k: int, n: int, p: float) -> float:
    """The chance of at most `k` of `n` at a chance of `p` each, from the shorter tail."""
    if k < 0:
        return 0.0
    if k > n / 2:
        return 1 - _at_most(n - k - 1, n, 1 - p)
    return sum(math.exp(_choose(n, i) + i * math.log(p) + (n - i) * math.log1p(-p)) for i in range(k + 1))


def _choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def _solve(rising: Callable[[float], float]) -> float:
    low, high = 1e-12, 1 - 1e-12
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if rising(middle) > 0 else (middle, high)
    return low


def section(seeds: int = SEEDS) -> str:
    """The section of the documentation, without its heading."""
    runs = [missed(seed) for seed in range(1, seeds + 1)]
    planted, left = [p for all_, _ in runs for p in all_], [p for _, some in runs for p in some]
    shapes = len({p.canary.shape for p in planted})
    told = (
        "These are the shapes that the redaction was written with: they show that it still does what it did, and "
        "promise nothing of others. "
        f"`python tests/recall.py` put {len(planted):,} invented values into cases: {shapes} shapes, each with new "
        f"random letters in each of {len(PLACES)} places and for each of {seeds} seeds. {len(left):,} of them, or a "
        "piece of ten characters of them, were still there after the redaction. The interval is that of Clopper and "
        "Pearson at 95 %. What the last look at the finished bytes refuses is not counted here."
    )
    whats = _table("What", CLASSES, planted, left, _by_kind)
    wheres = _table("Where", PLACES, planted, left, _by_place)
    return "\n\n".join([told, whats, wheres, _worst(planted, left)])


def _by_kind(planting: Planting) -> str:
    return planting.kind


def _by_place(planting: Planting) -> str:
    return planting.place


def _table(
    head: str, names: Iterable[str], planted: list[Planting], left: list[Planting], key: Callable[[Planting], str]
) -> str:
    all_, some = Counter(map(key, planted)), Counter(map(key, left))
    rows = [
        f"| {name} | {all_[name]} | {some[name]} | {_share(all_[name] - some[name], all_[name])} |" for name in names
    ]
    return "\n".join([f"| {head} | planted | left | recall, 95 % interval |", "|---|---:|---:|---|", *rows])


def _share(found: int, planted: int) -> str:
    low, high = interval(found, planted)
    return f"{100 * found / planted:.1f} % ({100 * low:.1f} to {100 * high:.1f})"


def _worst(planted: list[Planting], left: list[Planting]) -> str:
    """The shapes that are left most often; nothing is hidden behind an average."""
    if not left:
        return "Nothing was left."
    all_, some = (Counter(p.canary.shape.label for p in of) for of in (planted, left))
    told = [f"{label} ({count} of {all_[label]})" for label, count in some.most_common(12)]
    return f"Left most often: {', '.join(told)}."


def written(text: str, doc: str, heading: str = HEADING) -> str:
    """A document with its section replaced, or with the section at its end."""
    new = f"{heading}\n\n{text}\n"
    if heading not in doc:
        return f"{doc.rstrip()}\n\n{new}".lstrip()
    return re.sub(rf"{heading}\n.*?(?=\n## |\Z)", lambda _: new, doc, flags=re.S)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--write", action="store_true", help=f"write the section into docs/{DOC.name}")
    asked.add_argument("--seeds", type=int, default=SEEDS)
    asked.add_argument("--misses", action="store_true", help="list shape and place of everything that was left")
    given = asked.parse_args()
    if given.misses:
        left = Counter((p.canary.shape.label, p.place) for n in range(1, given.seeds + 1) for p in missed(n)[1])
        print("\n".join(f"{count}  {label}  in {place}" for (label, place), count in sorted(left.items())))  # noqa: T201
        return
    text = section(given.seeds)
    if given.write:
        DOC.write_text(written(text, DOC.read_text(encoding="utf-8") if DOC.is_file() else ""), encoding="utf-8")
    print(text)  # noqa: T201


if __name__ == "__main__":
    main()
