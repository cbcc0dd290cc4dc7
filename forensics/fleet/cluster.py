"""Workers: a Dask cluster of this machine's own, or one that is there already."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from forensics.errors import ParameterError

MEMORY = "600MB"  # of one worker; one that wants more is ended and begun anew
_TRIES = 2  # further ones for a case whose worker was ended
_PATIENCE = "20s"

_SETTINGS = {
    "distributed.scheduler.allowed-failures": _TRIES,
    "distributed.comm.timeouts.connect": _PATIENCE,
    "distributed.worker.memory.target": False,  # nothing is kept that could be spilled
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": 0.95,
    "distributed.worker.profile.enabled": False,  # it samples all the time
}
_ONE_THREAD = {"POLARS_MAX_THREADS": "1", "OMP_NUM_THREADS": "1"}  # a worker is one core, the cluster is the rest


@contextmanager
def workers(scheduler: str | None, count: int | None) -> Iterator[Any]:
    """A `distributed.Client`; what was started for it ends with it. Raises ParameterError where there is no Dask."""
    try:
        import dask  # an extra: few need it, and it is slow to load
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise ParameterError("forensics fleet needs Dask: pip install 'openclaw-forensics[fleet]'") from error
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # a worker that is ended is told of as a row
    with dask.config.set(_SETTINGS):
        if scheduler is not None:
            with _connected(Client, scheduler) as client:
                yield client
            return
        with _uninterrupted():
            cluster = LocalCluster(
                n_workers=count or os.cpu_count() or 1,
                threads_per_worker=1,
                memory_limit=MEMORY,
                host="127.0.0.1",
                dashboard_address="127.0.0.1:0",
                silence_logs=logging.CRITICAL,
                env=_ONE_THREAD,
            )
        with cluster, Client(cluster) as client:
            yield client


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """What is started meanwhile leaves Ctrl-C to this process, which then ends it in order."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _connected(client: Any, scheduler: str) -> Iterator[Any]:
    try:
        connected = client(scheduler, timeout=_PATIENCE)
    except (OSError, ValueError) as error:
        raise ParameterError(f"--scheduler {scheduler}: cannot be reached ({error})") from error
    with connected:
        yield connected
