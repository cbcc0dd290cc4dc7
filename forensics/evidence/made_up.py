"""File systems without files: what the kernel makes up when it is read (/proc, /sys). Reading there may never end."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

MADE_UP = "not entered: no files, but what the system makes up when it is read"
_MOUNTS = Path("/proc/self/mountinfo")
_KINDS = frozenset({
    *("autofs", "binfmt_misc", "bpf", "cgroup", "cgroup2", "configfs", "debugfs", "devpts", "devtmpfs", "efivarfs"),
    *("fusectl", "mqueue", "nsfs", "proc", "pstore", "rpc_pipefs", "securityfs", "selinuxfs", "sysfs", "tracefs"),
})  # fmt: skip


@cache
def _devices() -> frozenset[int]:
    """The device numbers of such file systems; none where the system does not list its mounts."""
    try:
        mounts = [line.split() for line in _MOUNTS.read_text(errors="replace").splitlines()]
    except OSError:
        return frozenset()
    numbers = (fields[2].split(":") for fields in mounts if "-" in fields and fields[fields.index("-") + 1] in _KINDS)
    return frozenset(os.makedev(int(major), int(minor)) for major, minor in numbers)


def is_made_up(folder: Path) -> bool:
    """Whether a folder is of such a file system. Raises OSError."""
    return folder.stat().st_dev in _devices()
