"""The light of all relics, as it was shipped: portraits are taken in it."""

from __future__ import annotations

import functools

from exhibit.errors import DependencyError
from exhibit.geometry.radiance_hdr import decode_hdr
from exhibit.model.arrays import F4
from exhibit.resources import shipped


@functools.cache
def relic_light() -> F4:
    """Return the light (h, 2 h, 3) about a relic that faces +Z, read-only.

    Raises
    ------
    DependencyError
        The picture is missing or broken.
    """
    path = shipped("site_template") / "templates" / "static" / "light.hdr"
    try:
        light = decode_hdr(path.read_bytes())
    except (OSError, ValueError) as fault:
        hint = "Install exhibit again."
        raise DependencyError("the light of the relics is missing or broken.", where=path.name, hint=hint) from fault
    light.flags.writeable = False
    return light
