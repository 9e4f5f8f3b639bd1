"""Modelled objects, one file each with an ``OBJECT``: the folder is its own registry."""

from __future__ import annotations

import importlib
import pkgutil

from exhibit.capture.modelled import ModelledObject
from exhibit.errors import UsageError


def object_names() -> tuple[str, ...]:
    """Return the names of all objects, sorted."""
    return tuple(sorted(one.name for one in pkgutil.iter_modules(__path__) if not one.name.startswith("_")))


def modelled_object(key: str) -> ModelledObject:
    """Return the object of that name.

    Raises
    ------
    UsageError
        There is none; the hint names those there are.
    """
    if key not in object_names():
        raise UsageError(f"there is no modelled object '{key}'.", hint=f"There are: {', '.join(object_names())}.")
    found: ModelledObject = importlib.import_module(f"{__name__}.{key}").OBJECT
    return found
