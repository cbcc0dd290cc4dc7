"""Find the first real failure behind an OpenClaw cooldown: `open_case(evidence)` gives the tables and the answer."""

from forensics.case import Case, open_case

__all__ = ["Case", "open_case"]
