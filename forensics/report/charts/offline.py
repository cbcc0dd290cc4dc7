"""altair's live chart without a network: its script is bundled once and kept, for that takes seconds."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import altair as alt
from platformdirs import user_cache_path


def make_offline() -> None:
    """From here on `JupyterChart` fetches nothing. The bundle is kept by the versions that made it."""
    name = f"jupyter-chart-{version('altair')}-{version('vl-convert-python')}.js"
    kept = user_cache_path("openclaw-forensics") / name
    try:
        script = kept.read_text(encoding="utf-8")
    except OSError:
        alt.JupyterChart.enable_offline(True)
        _keep(kept, str(alt.JupyterChart._esm))
    else:
        alt.JupyterChart._esm, alt.JupyterChart._is_offline = script, True  # what `enable_offline` sets


def _keep(file: Path, script: str) -> None:
    beside = file.with_suffix(".new")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(script, encoding="utf-8")
        beside.replace(file)
    except OSError:
        return  # nowhere to keep it: the next kernel makes it again
