"""`forensics commands`: whether a command of OpenClaw exists, and what it does."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from forensics.errors import ParameterError
from forensics.text import visible


def commands(
    line: Annotated[str, typer.Argument(help="The command as somebody told it, in quotes: 'openclaw models status'.")],
    *,
    release: Annotated[str | None, typer.Option(help="Of which OpenClaw release, such as 2026.3.11.")] = None,
) -> None:
    """Say whether a command of openclaw exists, what it changes, and which is nearest. Exit 0: it exists, 1: not."""
    from forensics.openclaw.releases import Release
    from forensics.remediation.commands import in_words, look_up

    if not line.strip():
        raise ParameterError("no command was given; write it in quotes, like 'openclaw models status'")
    known = Release.parse(release) if release else None
    if release and known is None:
        raise ParameterError(f"--release {release!r} is no release; write it like 2026.3.11")
    answer = look_up(line, known)
    sys.stdout.write("\n".join(visible(sentence) for sentence in in_words(answer)) + "\n")
    raise typer.Exit(0 if answer.exists else 1)
