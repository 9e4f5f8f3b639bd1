"""Immersive digital museums out of real scans: clean, mesh, texture, pack, publish.

``exhibit.convert``, ``exhibit.inspect``, ``exhibit.compare``, ``exhibit.build`` and ``exhibit.simulate`` do what the
commands of these names do; they load their heavy libraries when they are first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from exhibit.api import build, convert
    from exhibit.pipeline.comparison import compare
    from exhibit.pipeline.inspect import inspect
    from exhibit.pipeline.simulate import simulate

__version__ = "0.1.0"
__all__ = ["__version__", "build", "compare", "convert", "inspect", "simulate"]

_HOMES = {
    "build": "exhibit.api",
    "compare": "exhibit.pipeline.comparison",
    "convert": "exhibit.api",
    "inspect": "exhibit.pipeline.inspect",
    "simulate": "exhibit.pipeline.simulate",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        import importlib

        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'exhibit' has no attribute '{name}'")
