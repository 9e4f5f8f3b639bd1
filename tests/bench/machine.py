"""The machine a figure was taken on: figures of two machines never share a file."""

from __future__ import annotations

import os
import platform
import re
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_LIBRARIES = ("numpy", "numba", "open3d-cpu", "open3d", "fast-simplification", "pykdtree", "pymeshlab")


def cpu_name() -> str:
    """Return the processor's name as the system gives it."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        text = ""
    found = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    return found[1].strip() if found else platform.processor() or platform.machine()


def n_cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def machine_key() -> str:
    """Return a short name for files: ``amd-epyc-2``."""
    return f"{re.sub(r'[^a-z0-9]+', '-', cpu_name().lower()).strip('-')}-{n_cores()}"


def describe() -> dict[str, object]:
    """Return what a reader must know to judge seconds."""
    import psutil

    libraries = {}
    for name in _LIBRARIES:
        try:
            libraries[name] = version(name)
        except PackageNotFoundError:
            continue
    return {
        "cpu": cpu_name(),
        "cores": n_cores(),
        "memory_gb": round(psutil.virtual_memory().total / 2**30),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "libraries": libraries,
    }


def threads() -> str:
    """Return how many threads the contenders were allowed, as the environment says it."""
    stated = {os.environ.get(name) for name in ("OMP_NUM_THREADS", "NUMBA_NUM_THREADS")} - {None}
    return "/".join(sorted(map(str, stated))) if stated else str(n_cores())
