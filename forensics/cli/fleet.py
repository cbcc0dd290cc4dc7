"""`forensics fleet`: many cases at once."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from forensics.cli.options import NoCache
from forensics.cli.printing import tell


def fleet(
    source: Annotated[
        list[str],
        typer.Argument(help="Folder of cases, glob, .list file or URL (s3://, gcs://, sftp://); several are one run."),
    ],
    *,
    out: Annotated[
        Path, typer.Option("--out", "-o", help="Folder of the dataset; one that is there is added to.")
    ] = Path("fleet"),
    scheduler: Annotated[
        str | None,
        typer.Option(help="Address of a Dask scheduler, such as tcp://10.0.0.5:8786, instead of workers here."),
    ] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="How many workers here (default: one a core).")] = None,
    share: Annotated[bool, typer.Option("--share", help="Keep redacted rows only, fit to be handed on.")] = False,
    no_cache: NoCache = False,
) -> None:
    """Triage many cases at once into one Parquet dataset. Exit 0: done, 2: not usable. Run again, it goes on."""
    from forensics.fleet.run import run_fleet  # Dask is an extra, and slow to load
    from forensics.fleet.sources import find_sources
    from forensics.parsers.timeline_cache import cache_off

    with cache_off(chosen=no_cache):
        done = run_fleet(find_sources(source), out, tell, scheduler=scheduler, count=workers, share=share)
    sys.stdout.write(f"{done.sentence}\nThe dataset: {out}\nIts page: forensics report {out}\n")
