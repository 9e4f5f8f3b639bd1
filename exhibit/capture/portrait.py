"""A quick portrait of a modelled object, straight from its distance: to judge a form before any scan of it is taken.

Sphere tracing: J. C. Hart, "Sphere tracing", The Visual Computer 12 (1996). ``python -m
exhibit.capture.portrait bronze_ding ding.png --yaw 25``.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

import numpy as np

from exhibit.capture.modelled import Distance, ModelledObject
from exhibit.capture.objects import modelled_object
from exhibit.geometry.surface_of_field import gradient_of
from exhibit.model.arrays import F8, U1, Bool

_STEPS: Final = 110
_BLOCK: Final = 16384
_KEY: Final = np.array([-0.52, 0.68, 0.52])
_FILL: Final = np.array([0.75, 0.2, 0.63])


def portray_object(
    thing: ModelledObject,
    size_px: int = 480,
    *,
    yaw_deg: float = 25.0,
    pitch_deg: float = 12.0,
    zoom: float = 1.0,
    at_m: tuple[float, float, float] | None = None,
    is_clay: bool = False,
) -> U1:
    """Take a picture by parallel rays under a lamp, a fill light and an open sky.

    Parameters
    ----------
    yaw_deg, pitch_deg : where the camera stands: to the right of the front, and above.
    zoom : 1 shows the whole object.
    at_m : middle of the picture; by default the object's.
    is_clay : in one grey, to judge the form.

    Returns
    -------
    (size_px, size_px, 3) uint8 sRGB.
    """
    yaw, pitch = np.radians(yaw_deg), np.radians(pitch_deg)
    back = np.array([np.sin(yaw) * np.cos(pitch), np.sin(pitch), np.cos(yaw) * np.cos(pitch)])
    right = np.array([np.cos(yaw), 0.0, -np.sin(yaw)])
    up = np.cross(back, right)
    reach = float(np.linalg.norm(thing.size_m)) / 2
    middle = np.asarray(at_m if at_m is not None else (0.0, thing.size_m[1] / 2, 0.0))
    steps = ((np.arange(size_px) + 0.5) / size_px * 2 - 1) * reach * 1.02 / zoom
    across, along = np.meshgrid(steps, -steps)
    away = reach + float(np.linalg.norm(middle - np.array([0, thing.size_m[1] / 2, 0])))
    origins = middle + across.reshape(-1, 1) * right + along.reshape(-1, 1) * up + 1.05 * away * back
    picture = np.empty((len(origins), 3))
    for first in range(0, len(origins), _BLOCK):
        rows = slice(first, first + _BLOCK)
        picture[rows] = _look(thing, origins[rows], -back, 2.2 * away, right, up, is_clay)
    encoded = np.where(picture <= 0.0031308, 12.92 * picture, 1.055 * np.maximum(picture, 1e-9) ** (1 / 2.4) - 0.055)
    return (np.clip(encoded, 0, 1) * 255 + 0.5).astype(np.uint8).reshape(size_px, size_px, 3)


def _look(thing: ModelledObject, origins: F8, way: F8, reach: float, right: F8, up: F8, is_clay: bool) -> F8:
    """Return the linear light (n, 3) that rays bring."""
    light = np.full((len(origins), 3), 0.05)
    points, met = _trace(thing.distance, origins, way, reach, 2e-4 * reach)
    if not met.any():
        return light
    points = points[met]
    normals = gradient_of(thing.distance, points, 1e-4 * reach)
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    albedo = np.full((len(points), 3), 0.6) if is_clay else thing.colour(points, normals)
    albedo = np.where(albedo <= 0.04045, albedo / 12.92, ((np.maximum(albedo, 0) + 0.055) / 1.055) ** 2.4)
    key = _KEY[0] * right + _KEY[1] * up - _KEY[2] * way
    fill = _FILL[0] * right + _FILL[1] * up - _FILL[2] * way
    lifted = points + 2e-3 * reach * normals
    facing = np.maximum(normals @ key, 0)
    at = np.flatnonzero(facing > 0)
    _, hidden = _trace(thing.distance, lifted[at], key, reach, 2e-4 * reach, n_steps=40)
    facing[at[hidden]] = 0.0
    open_sky = np.ones(len(points))
    for step in (0.01, 0.03, 0.08):
        free = thing.distance(points + step * reach * normals) / (step * reach)
        open_sky *= 0.45 + 0.55 * np.clip(free, 0, 1)
    ambient = 0.42 * open_sky * (0.65 + 0.35 * normals[:, 1])
    lit = 1.25 * facing + 0.3 * np.maximum(normals @ fill, 0) * open_sky + ambient
    shine = 0.12 * np.maximum(normals @ _unit(key - way), 0) ** 30 * (facing > 0)
    light[met] = albedo * lit[:, None] + shine[:, None]
    return light


def _trace(
    distance: Distance, origins: F8, way: F8, reach: float, near: float, n_steps: int = _STEPS
) -> tuple[F8, Bool]:
    """Follow rays; return where they ended (n, 3) and which met the surface (n,)."""
    gone, met, active = np.zeros(len(origins)), np.zeros(len(origins), bool), np.arange(len(origins))
    for _ in range(n_steps):
        free = distance(origins[active] + gone[active, None] * way)
        arrived = free < near
        met[active[arrived]] = True
        gone[active] += np.where(arrived, 0.0, np.maximum(0.85 * free, 0.5 * near))
        active = active[~arrived & (gone[active] < reach)]
        if len(active) == 0:
            break
    return origins + gone[:, None] * way, met


def _unit(vector: F8) -> F8:
    return np.asarray(vector / np.linalg.norm(vector))


def main() -> None:
    """Write a portrait; several yaws stand side by side."""
    from PIL import Image

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("object")
    parser.add_argument("out", type=Path)
    parser.add_argument("--yaw", type=float, nargs="+", default=[25.0])
    parser.add_argument("--pitch", type=float, default=12.0)
    parser.add_argument("--zoom", type=float, default=1.0)
    parser.add_argument("--at", type=float, nargs=3, default=None, help="middle of the picture, metres")
    parser.add_argument("--size", type=int, default=400)
    parser.add_argument("--clay", action="store_true")
    args = parser.parse_args()
    thing = modelled_object(args.object)
    pictures = [
        portray_object(thing, args.size, yaw_deg=yaw, pitch_deg=args.pitch, zoom=args.zoom, at_m=args.at,
                       is_clay=args.clay)
        for yaw in args.yaw
    ]  # fmt: skip
    Image.fromarray(np.concatenate(pictures, axis=1)).save(args.out)


if __name__ == "__main__":
    main()
