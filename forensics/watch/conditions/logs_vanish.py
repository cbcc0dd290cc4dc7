"""A log that holds the cause of an open incident, and that OpenClaw will throw away soon."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from forensics.text import moment
from forensics.watch.condition import Condition, Inquiry, Trouble

_KEPT = timedelta(hours=24)  # OpenClaw prunes older log files at its next start
_DATED = re.compile(r"(?:^|/)openclaw-[^/]*\.log\Z")  # a file named in the configuration is not pruned


def _find(inquiry: Inquiry) -> Iterator[Trouble]:
    places = {source.rpartition(":")[0]: incident for incident in inquiry.case.incidents if incident.end is None
              for source in incident.first_failure.sources}  # fmt: skip
    for file in inquiry.case.timeline.files:
        gone = file.mtime + _KEPT if file.kind == "log" and file.mtime and _DATED.search(file.path) else None
        if gone is None or file.path not in places:
            continue
        if gone <= inquiry.now + inquiry.hours("hours"):
            yield Trouble(
                condition="logs_vanish",
                urgency="soon",
                subject=file.path,
                sentence=f"{file.path} holds the first failure of {places[file.path].id} and "
                f"{'may be pruned from' if gone > inquiry.now else 'is as good as pruned since'} {moment(gone)}.",
                advice="Keep the evidence: forensics collect",
                due=gone,
            )


CONDITION = Condition(
    name="logs_vanish",
    question="Which log will be thrown away before anybody read it?",
    speaks="A log with the first failure of an open incident was last written more than 24 hours minus `hours` "
    "ago: OpenClaw deletes it when it next starts.",
    silent="It is still written to, or nothing in it is needed.",
    settings={"hours": 6},
    find=_find,
)
