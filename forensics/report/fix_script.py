"""A plan as a POSIX shell script for its owner to read and run: nothing here runs it.

Collect, stop the gateway, back up, patch with a test, start, check. What a program cannot do stands as a comment.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import PurePosixPath

from forensics.errors import ReportError
from forensics.incidents.incident import Incident
from forensics.remediation.gateway_control import Supervisor
from forensics.remediation.json_patches import Patch
from forensics.remediation.plan import KEEP, Plan
from forensics.remediation.step import Step
from forensics.text import visible

_RUNNABLE = ("openclaw models auth order set ", "openclaw gateway call sessions.patch ")
_STATE = re.compile(r"(?:^|/)\.openclaw(?:-[\w-]+)?/(.+)$")
_WIDTH = 100


def fix_script(incident: Incident, plan: Plan, supervisor: Supervisor, headline: str) -> str:
    """The whole script. `headline`: the incident in one line."""
    steps = [step for step in plan.actions if step is not KEEP and not step.tells_state]
    return "\n".join([*_head(headline, incident.id, supervisor), *_body(steps), *_check(plan)]) + "\n"


def _head(headline: str, name: str, supervisor: Supervisor) -> Iterator[str]:
    yield "#!/bin/sh"
    yield from _comment(f"{name}: {headline}")
    yield from _comment("Read it before you run it. It asks before each change; YES=1 answers that with yes.")
    yield from _comment("What only you can do is waited for, also then.")
    template = files("forensics.report").joinpath("fix_script.sh").read_text("utf-8")
    default = "" if supervisor == "unknown" else supervisor
    yield template.replace("@SUPERVISOR@", default).rstrip("\n")


def _body(steps: Sequence[Step]) -> Iterator[str]:
    """By hand what comes before the first patch, then the patches with the gateway stopped, then the rest."""
    patched = [n for n, step in enumerate(steps) if step.patch]
    first = patched[0] if patched else len(steps)
    for step in steps[:first]:
        yield from _by_hand(step)
    if not patched:
        return
    yield from ("", "# --- 2. stop the gateway; it is started again whatever happens below")
    yield from ("stop_gateway", "trap start_gateway EXIT")
    for step in steps[first:]:
        if step.patch:
            yield from _patching(step, step.patch)
    yield from ("", "# --- 5. start the gateway", "trap - EXIT", "start_gateway")
    for step in steps[first:]:
        yield from _orders(step) if step.patch else _by_hand(step)


def _patching(step: Step, patch: Patch) -> Iterator[str]:
    yield from ("", "# --- 3. and 4. a copy, then the patch: it refuses where the file is no longer as it was")
    yield from _comment(step.sentence)
    yield f"if confirm {_quoted(_question(step, patch))}; then"
    yield f"  patch_file {shlex.quote(in_state(patch.file))} {shlex.quote(str(patch))}"
    yield "fi"


def _question(step: Step, patch: Patch) -> str:
    """What is asked before a file is changed: the step up to where the work begins."""
    return f"{step.sentence.partition(': ')[0]} ({in_state(patch.file)})?"


def in_state(file: str) -> str:
    """The path below the state directory of a file that the evidence holds somewhere."""
    parts = PurePosixPath(file).parts
    if ".." in parts or file.startswith("/"):
        raise ReportError(f"{visible(file)}: a script that leaves the state directory is not printed")
    if below := _STATE.search(file):
        return below[1]
    return "/".join(parts[parts.index("agents") :]) if "agents" in parts else file


def _orders(step: Step) -> Iterator[str]:
    """What a patched step wants typed beside the patch."""
    for line in step.commands:
        if _may_run(line):
            yield from _run(line)


def _by_hand(step: Step) -> Iterator[str]:
    """Only what has no choice and no question in it is run; the rest is for the reader."""
    yield ""
    if len(step.commands) == 1 and _may_run(step.commands[0]):
        yield from _comment(step.sentence)
        yield from _run(step.commands[0])
    else:
        yield f"by_hand {_quoted(step.sentence)}"


def _may_run(line: str) -> bool:
    """One that asks nothing, leaves nothing open and hides nothing."""
    return line.startswith(_RUNNABLE) and "<" not in line and visible(line) == line


def _run(line: str) -> Iterator[str]:
    yield f"if confirm {_quoted(f'Run: {line}')}; then"
    yield f"  {shlex.join(shlex.split(line))}"
    yield "fi"


def _quoted(sentence: str) -> str:
    """One word of the shell that prints the sentence, without the marks of commands in it."""
    return shlex.quote(visible(sentence).replace("`", ""))


def _check(plan: Plan) -> Iterator[str]:
    yield from ("", "# --- 6. check")
    for sentence in plan.check:
        yield f"say {_quoted(f'It worked when {sentence}')}"
    yield "openclaw models status || true"


def _comment(sentence: str) -> Iterator[str]:
    """The sentence as comments; nothing of the evidence can leave them."""
    line = "#"
    for word in visible(sentence).split():
        if len(line) + len(word) >= _WIDTH and line != "#":
            yield line
            line = "#"
        line += f" {word}"
    yield line
