"""What each detector asks, looks at and cannot see, in words: for the terminal, and as docs/detectors.md.

`python -m forensics.detectors.explain` prints the page that is kept there.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from inspect import getdoc

from forensics.detectors.questions import DETECTORS, Detector
from forensics.errors import ParameterError

_COLUMNS = 100
_HEAD = """# Detectors

The questions the kit asks of every case, from `forensics/detectors/questions/`. This page is written by
`python -m forensics.detectors.explain > docs/detectors.md`; `forensics explain NAME` says the same in the terminal.
"""


def named(name: str) -> Detector:
    """The detector of that name. ParameterError where there is none."""
    for detector in DETECTORS:
        if detector.name == name:
            return detector
    raise ParameterError(f"no detector {name!r}; there are {', '.join(d.name for d in DETECTORS)}")


def overview(detectors: Sequence[Detector] = DETECTORS) -> str:
    """One line each: name and question."""
    width = max(len(d.name) for d in detectors)
    return "\n".join(f"{d.name:<{width}}  {d.question}" for d in detectors)


def explanation(detector: Detector) -> str:
    """A detector as plain text: the question, then one paragraph a part."""
    return "\n\n".join(
        [f"{detector.name}: {detector.question}", *(f"{head}: {text}" for head, text in parts(detector))]
    )


def parts(detector: Detector) -> Iterator[tuple[str, str]]:
    """Heading and text, in the order in which a reader asks. The examples are those its test runs."""
    yield "Looks at", f"{detector.evidence}."
    yield "Fires on", _flat(getdoc(detector.fires))
    yield "Then says", " ".join(found.finding.summary for found in detector.detect(detector.fires()))
    yield "Stays silent on", _flat(getdoc(detector.silent))
    yield "Cannot see", detector.blind
    if detector.section:
        yield "In triage.json", f"`{detector.section}`"


def markdown(detectors: Sequence[Detector] = DETECTORS) -> str:
    """The whole page."""
    sections = (f"## {d.name}\n\n**{d.question}**\n\n{_items(d)}\n" for d in detectors)
    return "\n".join([_HEAD, *sections])


def _items(detector: Detector) -> str:
    return "\n".join(f"- {head}: {text}" for head, text in parts(detector))


def _flat(text: str | None) -> str:
    return " ".join((text or "").split())


if __name__ == "__main__":
    sys.stdout.write(markdown())
