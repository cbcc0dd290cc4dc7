"""Recall on shapes that the redaction was not written with: `python tests/unseen_recall.py [--write] [--worked-with]`.

Every shape of `unseen_shapes.txt` is put into error texts in six ways (a model's name into its column); what comes out
of the redaction, of the files of `share` and of a collected bundle is searched for it.
"""

from __future__ import annotations

import argparse
import json
import random
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import story
import unseen
from recall import DOC, interval, written
from typer.testing import CliRunner

from forensics.cli import app
from forensics.report.outputs import OUTPUTS
from forensics.sharing.redact import redact
from forensics.sharing.redact.rows import Rewriter

HEADING = "## Recall on shapes it was not written with"
SEEDS = 3
WAYS: Mapping[str, Callable[[str], str]] = {
    "an error body": lambda text: f"403 {json.dumps({'type': 'error', 'error': {'type': 'x_error', 'message': text}})}",
    "a failed request": lambda text: f"Error: request failed: {text}",
    "alone": lambda text: text,
    "in brackets": lambda text: f"HTTP 401 authentication_error: rejected ({text}). Please try again.",
    "a tool": lambda text: f"exec failed: {text}",
    "several lines": lambda text: f"stream error\n  {text}\n    at async run",
}
_BATCH = 200


@dataclass(frozen=True, slots=True)
class Planted:
    """One shape in one way, with what of it was left where."""

    grown: unseen.Grown
    text: str

    @property
    def kind(self) -> str:
        return self.grown.shape.kind


def planted(seed: int, *, final: bool) -> list[Planted]:
    """Every shape of a half in every way."""
    rng = random.Random(seed)
    some = [shape for shape in unseen.shapes() if shape.is_final is final]
    grown = [(unseen.grow(shape, rng), way) for shape in some for way in (WAYS if shape.kind != "model" else ["alone"])]
    return [Planted(one, WAYS[way](one.text)) for one, way in grown]


def left_in_rows(all_: Sequence[Planted]) -> list[Planted]:
    """What the redacted row, or the model's name, still holds."""
    first = story.FAILURES[0]
    events = [
        replace(first, time=first.time + timedelta(hours=n), line=n + 1, **_columns(one)) for n, one in enumerate(all_)
    ]
    clean = {event.line: event for event in Rewriter(story.timeline(events)).timeline().events}
    return [one for n, one in enumerate(all_) if one.grown.is_in(_shown(one, clean[n + 1].text, clean[n + 1].model))]


def _columns(one: Planted) -> dict[str, str]:
    return {"model": one.text} if one.kind == "model" else {"text": one.text}


def _shown(one: Planted, text: str, model: str | None) -> str:
    return model or "" if one.kind == "model" else text


def left_in_files(all_: Sequence[Planted]) -> list[Planted]:
    """What the files hold that `share` writes beside the page, each shape in a case of its own."""
    left = []
    for one in all_:
        failures = [replace(story.FAILURES[0], **_columns(one))]
        files = [
            file for output in OUTPUTS for file in output.write(redact(story.tell(timeline=story.timeline(failures))))
        ]
        texts = "\n".join(data.decode("utf-8", "replace") for name, data in files if not name.endswith(".parquet"))
        left += [one] if _telling(one).is_in(texts) else []
    return left


def _telling(one: Planted) -> unseen.Grown:
    """Short numbers stand in any page; only what is longer tells there."""
    long = tuple(tell for tell in one.grown.tells if len(tell) >= 6)
    return replace(one.grown, tells=long)


def left_in_bundle(all_: Sequence[Planted]) -> list[Planted]:
    """What tokens, which no store knows, `collect` leaves in the errors of a transcript."""
    tokens = [one for one in all_ if one.kind == "token"]
    with TemporaryDirectory() as folder:
        script = Path(folder, "home/.openclaw/agents/main/sessions/5f0c.jsonl")
        script.parent.mkdir(parents=True)
        lines = [json.dumps({"type": "session", "version": 3, "id": "5f0c", "timestamp": "2026-11-20T09:00:00.000Z"})]
        lines += [_line(n, one.text) for n, one in enumerate(tokens)]
        script.write_text("\n".join(lines) + "\n", encoding="utf-8")
        bundle = Path(folder, "case.zip")
        if (done := CliRunner().invoke(app, ["collect", f"{folder}/home", "-o", str(bundle)])).exit_code:
            raise RuntimeError(f"the bundle was refused: {done.output}")
        with zipfile.ZipFile(bundle) as archive:
            name = next(name for name in archive.namelist() if name.endswith("5f0c.jsonl"))
            kept = [json.loads(line)["message"]["errorMessage"] for line in archive.read(name).splitlines()[1:]]
    return [one for one, text in zip(tokens, kept, strict=True) if one.grown.secret.is_in(text)]


def _line(n: int, text: str) -> str:
    at = f"2026-11-20T09:{n // 60 % 60:02}:{n % 60:02}.000Z"
    message = {"role": "assistant", "content": [], "stopReason": "error", "errorMessage": text, "provider": "openai"}
    return json.dumps({"type": "message", "id": f"{n:08}", "timestamp": at, "message": message})


def section(*, final: bool = True, seeds: int = SEEDS) -> str:
    """The section of the documentation, without its heading."""
    rounds = [planted(seed, final=final) for seed in range(1, seeds + 1)]
    all_ = [one for some in rounds for one in some]
    rows = [one for some in rounds for one in left_in_rows(some)]
    bundle = [one for some in rounds for one in left_in_bundle(some)]
    once = [one for one in rounds[0] if one.text == one.grown.text]
    files = left_in_files(once)
    tokens = sum(one.kind == "token" for one in all_)
    kinds = sorted({one.kind for one in all_})
    shapes = len({one.grown.shape for one in all_})
    total, lost = Counter(one.kind for one in all_), Counter(one.kind for one in rows)
    lines = [_row(f"rows: {kind}", total[kind], lost[kind]) for kind in kinds]
    lines += [
        _row("rows: all", len(all_), len(rows)),
        _row("files of `share`: all", len(once), len(files)),
        _row("bundle of `collect`: tokens no store knows", tokens, len(bundle)),
    ]
    told = (
        f"`python tests/unseen_recall.py` grew {len(all_):,} values of {shapes} shapes, each in {len(WAYS)} ways and "
        f"for {seeds} seeds. The list of shapes was written down before error texts were rebuilt, and drawn by a hash "
        "into two halves: one was worked with, of this one only the figures were looked at. The same hand wrote list "
        "and program, so a stranger's list may give less. The interval is that of Clopper and Pearson at 95 %; shapes "
        "are alike, so take its lower end. Before, when texts were only searched for shapes, 38.2 % of this half were "
        "taken out of rows, and 15.8 % of its tokens out of bundles."
    )
    table = "\n".join(["| Where, and what | planted | left | recall, 95 % interval |", "|---|---:|---:|---|", *lines])
    return f"{told}\n\n{table}"


def _row(name: str, count: int, left: int) -> str:
    low, high = interval(count - left, count)
    share = f"{100 * (count - left) / count:.1f} % ({100 * low:.1f} to {100 * high:.1f})"
    return f"| {name} | {count} | {left} | {share} |"


def misses(all_: Iterable[Planted]) -> str:
    """The shapes that are left, once each."""
    return "\n".join(sorted({f"{one.kind}: {one.grown.shape.form}" for one in all_}))


def run() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--write", action="store_true", help=f"write the section into docs/{DOC.name}")
    asked.add_argument("--worked-with", action="store_true", help="the half that may be looked at, with what is left")
    given = asked.parse_args()
    text = section(final=not given.worked_with)
    if given.write:
        DOC.write_text(written(text, DOC.read_text(encoding="utf-8"), HEADING), encoding="utf-8")
    print(text)  # noqa: T201
    if given.worked_with:
        print(misses(left_in_rows(planted(1, final=False))))  # noqa: T201


if __name__ == "__main__":
    run()
