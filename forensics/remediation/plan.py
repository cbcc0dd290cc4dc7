"""A plan: what to do about an incident in order, what does not help, what to leave alone, how it shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from forensics.display import Facts, ShowsItself
from forensics.remediation.json_patches import Patch
from forensics.remediation.step import Step
from forensics.text import counted

_MOST = 5  # lines of the short form


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Plan(ShowsItself):
    """`actions` in order; the rest are sentences."""

    actions: tuple[Step, ...] = ()
    does_not_help: tuple[str, ...] = ()
    do_not_touch: tuple[str, ...] = ()
    check: tuple[str, ...] = ()

    def _title(self) -> str:
        return f"A plan of {counted(len(self.actions), 'step')}"

    def _facts(self) -> Facts:
        steps = [(f"{number}.", sentence) for number, sentence in enumerate(self.steps, 1)]
        rest = (
            ("does not help", self.does_not_help),
            ("do not touch", self.do_not_touch),
            ("it worked when", self.check),
        )
        return [*steps, *((name, "\n".join(sentences)) for name, sentences in rest)]

    @classmethod
    def of(cls, sentences: Iterable[str]) -> Plan:
        """A plan of bare sentences."""
        return cls(actions=tuple(Step(sentence) for sentence in sentences))

    @property
    def steps(self) -> tuple[str, ...]:
        return tuple(step.sentence for step in self.actions)

    @property
    def patches(self) -> tuple[Patch, ...]:
        """Those that the sentences of the steps print."""
        return tuple(step.patch for step in self.actions if step.patch)

    @property
    def sentences(self) -> tuple[str, ...]:
        """All of it as one list, as the contract's `remedy` and the report show it."""
        return (
            *self.steps,
            *(f"Does not help: {sentence}" for sentence in self.does_not_help),
            *(f"Do not touch: {sentence}" for sentence in self.do_not_touch),
            *(f"It worked when {sentence}" for sentence in self.check),
        )

    @property
    def brief(self) -> tuple[str, ...]:
        """The sentences that matter first, beside the one that keeps the evidence; one says what does not help."""
        rest = [f"Does not help: {s}" for s in self.does_not_help[:1]]
        rest += [f"It worked when {s}" for s in self.check[:1]]
        kept = _MOST - len(rest) + (self.steps[:1] == (KEEP.sentence,))
        return (*self.steps[:kept], *rest)


KEEP = Step("Before anything is changed, keep the evidence: `forensics collect`.")
