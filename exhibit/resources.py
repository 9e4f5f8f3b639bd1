"""Where the things shipped beside the code are: the site template, the demo's scene and relics."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def shipped(name: str) -> Path:
    """Return the folder `name` (``site_template``, ``assets``, ``scenes``) of a wheel or of a checkout."""
    installed = _PACKAGE / "_shipped" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name
