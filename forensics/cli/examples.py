"""Under each help one or two command lines that work."""

from __future__ import annotations

EXAMPLES = {
    "triage": ("forensics triage", "forensics triage ~/.openclaw /tmp/openclaw --now '20 Nov 10:00'"),
    "fix": ("forensics fix ~/.openclaw I1 > fix.sh",),
    "report": ("forensics report ~/.openclaw -o report", "forensics report case.zip --share -o report"),
    "tables": ("forensics tables ~/.openclaw -o tables",),
    "note": ("forensics note ~/.openclaw I1 'rotated the key' --tag action --at 10:40",),
    "show": ("forensics show ~/.openclaw logs/openclaw.log:120",),
    "timeline": ("forensics timeline ~/.openclaw --grep 429",),
    "explain": ("forensics explain", "forensics explain retry_loops"),
    "commands": ("forensics commands 'openclaw models status'",),
    "diff": ("forensics diff before.zip after.zip",),
    "check": ("forensics check --quiet", "forensics check ~/.openclaw --now last"),
    "record": ("forensics record", "forensics record --once --out record.sqlite"),
    "collect": ("forensics collect -o case.zip",),
    "verify": ("forensics verify case.zip",),
    "fleet": ("forensics fleet cases -o fleet",),
    "lab": ("forensics lab ~/.openclaw",),
    "notebooks": ("forensics notebooks",),
    "cache": ("forensics cache clear",),
}


def examples_of(command: str) -> str | None:
    """What stands at the end of a help page; None where there is no example."""
    lines = EXAMPLES.get(command, ())
    return "\n\n".join(f"Example: {line}" for line in lines) or None
