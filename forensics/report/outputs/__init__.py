"""What a shared report holds beside its page and notebook, one file each; found by walking this folder."""

from __future__ import annotations

from forensics.registry import constants
from forensics.report.outputs.output import Output, outputs_of

OUTPUTS: tuple[Output, ...] = outputs_of(constants(__name__, __path__, "OUTPUT"))

__all__ = ["OUTPUTS", "Output", "outputs_of"]
