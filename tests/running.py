"""A command as a person runs it, but in this process: the same entry and streams, without the start of another one."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Mapping
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from subprocess import CompletedProcess
from unittest.mock import patch

from forensics.cli import main


def run_bytes(
    *words: str | Path,
    environment: Mapping[str, str] | None = None,
    whole_environment: bool = False,
    cwd: str | Path = ".",
) -> CompletedProcess[bytes]:
    """`forensics WORDS`: exit code and both streams, byte for byte. `environment` is added to this process's own."""
    out, err = _stream("surrogateescape"), _stream("backslashreplace")
    arguments = [*map(str, words)]
    with (
        patch.dict(os.environ, environment or {}, clear=whole_environment),
        patch.object(sys, "argv", ["forensics", *arguments]),
        redirect_stdout(out),
        redirect_stderr(err),
        chdir(cwd),
    ):
        try:
            main()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
    return CompletedProcess(arguments, code, _bytes(out), _bytes(err))


def run(
    *words: str | Path,
    environment: Mapping[str, str] | None = None,
    whole_environment: bool = False,
    cwd: str | Path = ".",
) -> CompletedProcess[str]:
    """As `run_bytes`, as text."""
    done = run_bytes(*words, environment=environment, whole_environment=whole_environment, cwd=cwd)
    out, err = (stream.decode(errors="surrogateescape") for stream in (done.stdout, done.stderr))
    return CompletedProcess(done.args, done.returncode, out, err)


def _stream(errors: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors=errors, newline="")


def _bytes(stream: io.TextIOWrapper) -> bytes:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue()
