"""What `forensics commands` answers: whether a command line exists, since when, what is nearest, what it does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from forensics.openclaw.releases import Release
from forensics.remediation.commands.command import RELEASES, exists, rows_of, understood, words_of
from forensics.remediation.commands.effects import Effect, effect, effects

_NEAREST = 3
_ALIKE = 0.6  # of two words, to be taken for one misspelt
_METHODS = "gateway call"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """The answer about one command line."""

    line: str
    release: Release | None  # the one that was asked about
    exists: bool  # there; without a release: in every one that was read
    known_in: tuple[Release, ...]  # of those that were read
    nearest: tuple[str, ...]  # commands that do exist, the nearest first; none where the line itself does
    effect: Effect | None  # of the line, or of the nearest command


def look_up(line: str, release: Release | None = None) -> Lookup:
    """`openclaw …`, or the words after it, as somebody was told to type them."""
    line = " ".join(line.split()).removeprefix("$ ")
    line = line if words_of(line) else f"openclaw {line}"
    words = words_of(line)
    known_in = tuple(known for known in RELEASES if words and understood(words, known))
    there = exists(line, release)
    partly = bool(known_in) and release is None
    nearest = () if there or partly else tuple(_nearest(words, release or RELEASES[-1]))
    return Lookup(
        line=line, release=release, exists=there, known_in=known_in, nearest=nearest,
        effect=effect(line) if there or partly else effect(nearest[0]) if nearest else None,
    )  # fmt: skip


def in_words(answer: Lookup) -> Iterator[str]:
    """The answer as sentences, one a line."""
    yield f"`{answer.line}` {_existence(answer)}."
    if answer.nearest:
        yield f"Nearest: {', '.join(f'`{command}`' for command in answer.nearest)}."
    if answer.effect:
        yield from _effects(answer.effect)


def _existence(answer: Lookup) -> str:
    within = _spans(answer.known_in)
    if answer.release and answer.exists:
        return f"exists in {answer.release}; of the releases that were read: {within}"
    if answer.release:
        others = f"; it exists in {within}" if answer.known_in else ", and in no other release that was read"
        return f"is not known to exist in {answer.release}{others}"
    if answer.exists:
        return f"exists in every release that was read ({within})"
    if answer.known_in:
        return f"exists in some releases only: {within}"
    if answer.line.startswith(f"openclaw {_METHODS} "):
        return "is a call of the gateway, whose methods this tool does not know"
    return f"does not exist: not in any release that was read ({RELEASES[0]} to {RELEASES[-1]})"


def _spans(releases: Sequence[Release]) -> str:
    """`2026.2.9 to 2026.4.21, 2026.9.6`: releases that were read one after another are one stretch."""
    runs: list[list[Release]] = []
    for release in releases:
        place = RELEASES.index(release)
        if runs and runs[-1][-1] == RELEASES[place - 1]:
            runs[-1].append(release)
        else:
            runs.append([release])
    return ", ".join(f"{run[0]} to {run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def _effects(known: Effect) -> Iterator[str]:
    asks = " It asks, and needs a terminal." if known.interactive else ""
    yield f"`openclaw {known.command}` {known.does}.{asks}"
    yield f"Changes: {known.changes or 'nothing'}."
    if known.destroys:
        yield f"Destroys: {known.destroys}."


def _nearest(words: Sequence[str], release: Release) -> Iterator[str]:
    """Real commands with most in common: what each is asked for as counts beside its own words."""
    paths = {row.path for row in rows_of(release) if row.path}
    wanted = [word.lower().lstrip("-") for word in words]
    scored = sorted(((_score(path, wanted), path) for path in paths), key=lambda pair: (-pair[0], pair[1]))
    least = scored[0][0] / 2 if scored else 0.0
    yield from (f"openclaw {' '.join(path)}" for score, path in scored[:_NEAREST] if score > max(least, 0.5))


def _score(path: Sequence[str], wanted: Sequence[str]) -> float:
    own = sum(max((_alike(word, part) for part in path), default=0.0) for word in wanted)
    asked = next((row.asked_as for row in effects() if row.command == " ".join(path)), ())
    meant = sum(word in asked for word in wanted)
    return own + 1.2 * meant - 0.25 * len(path) if own or meant else 0.0


def _alike(one: str, other: str) -> float:
    ratio = SequenceMatcher(None, one, other).ratio()
    return ratio if ratio >= _ALIKE else 0.0
