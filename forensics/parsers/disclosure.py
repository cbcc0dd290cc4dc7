"""What of an event may leave with a shared report, said where the event is made; what nobody decides does not leave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Text = Literal["error", "own sentence", "own words", "closed"]
"""What an event's text is.

error         what a provider, a channel or the gateway said went wrong: leaves, names and secrets replaced
own sentence  OpenClaw's own wording, with names, paths and numbers in it: leaves in the same way
own words     a reason that whoever asked may have written: leaves where all of its words are OpenClaw's
closed        may be anything people or models wrote: only its length leaves
"""

Detail = Literal["word", "sentence", "own words", "job", "path", "settings", "hash", "blind hash", "length"]
"""What an event's `detail` is: one word of OpenClaw's, a sentence, a job's id, a path, names of settings, a hash that
may be compared with others (blind: it may not), or anything (length)."""


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What may leave of one kind of event. The rest of its columns has one meaning for all kinds."""

    text: Text = "closed"
    detail: Detail = "length"
