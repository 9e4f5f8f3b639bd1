"""A camera that stands where all of the object is in the picture, and in the middle of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from exhibit.model.arrays import F4, F8, Bool


@dataclass(frozen=True, slots=True)
class Camera:
    """A pinhole camera. `right`, `up`, `toward` (to the viewer) are unit (3,) float64; slopes are half the view's width
    and height at distance one."""

    position: F8
    right: F8
    up: F8
    toward: F8
    slope_x: float
    slope_y: float

    def directions(self, columns: F8, rows: F8, width_px: int, height_px: int) -> F4:
        """Return unit directions (n, 3) float32 through places of the picture, pixels from its top left corner."""
        x = (columns / width_px * 2 - 1) * self.slope_x
        y = (1 - rows / height_px * 2) * self.slope_y
        ray = x[:, None] * self.right + y[:, None] * self.up - self.toward
        unit: F4 = (ray / np.linalg.norm(ray, axis=1, keepdims=True)).astype(np.float32)
        return unit

    def places(self, points: F4 | F8, width_px: int, height_px: int) -> F4:
        """Return where points (n, 3) are in the picture: column and row in pixels, and one over the depth (n, 3)."""
        away = np.asarray(points, np.float64) - self.position
        depth = -(away @ self.toward)
        x = away @ self.right / depth / self.slope_x
        y = away @ self.up / depth / self.slope_y
        return np.stack([(x + 1) / 2 * width_px, (1 - y) / 2 * height_px, 1 / depth], axis=1).astype(np.float32)


def frame(
    points: F4, azimuth_deg: float, elevation_deg: float, aspect: float, *, view_deg: float = 24.0, margin: float = 0.1
) -> Camera:
    """Place the camera.

    Parameters
    ----------
    points : (n, 3) float32, what must be seen; n >= 1.
    azimuth_deg : 0 looks from +Z, 90 from +X. elevation_deg : above the horizon, -90 to 90.
    aspect : width over height of the picture.
    view_deg : the taller side's angle of view: small, as a portrait photographer's.
    margin : share of the picture left free on each side.
    """
    azimuth, elevation = np.radians(azimuth_deg), np.radians(np.clip(elevation_deg, -89.9, 89.9))
    toward = np.array([np.sin(azimuth) * np.cos(elevation), np.sin(elevation), np.cos(azimuth) * np.cos(elevation)])
    right = np.array([np.cos(azimuth), 0.0, -np.sin(azimuth)])
    up = np.cross(toward, right)
    slope = np.tan(np.radians(view_deg) / 2)
    slope_x, slope_y = (slope, slope / aspect) if aspect > 1 else (slope * aspect, slope)
    seen = points.astype(np.float64)
    target = (seen.min(axis=0) + seen.max(axis=0)) / 2
    distance = 1.0
    for _ in range(6):
        x, y, z = (seen - target) @ right, (seen - target) @ up, (seen - target) @ toward
        share = 1 - 2 * margin
        distance = float(np.maximum(z + np.abs(x) / (slope_x * share), z + np.abs(y) / (slope_y * share)).max())
        distance = max(distance, 1e-6)
        across, along = x / (distance - z), y / (distance - z)
        # perspective moves the middle of the outline: follow it
        target = target + distance * ((across.min() + across.max()) / 2 * right + (along.min() + along.max()) / 2 * up)
    return Camera(target + distance * toward, right, up, toward, slope_x, slope_y)


def meets_plane(camera: Camera, directions: F4, height: float) -> tuple[F4, Bool]:
    """Return where rays from the camera meet the plane y = `height` (n, 3), and which do (n,)."""
    down = directions[:, 1].astype(np.float64)
    fall = height - float(camera.position[1])
    meets: Bool = (np.abs(down) > 1e-9) & (fall / np.where(np.abs(down) > 1e-9, down, 1.0) > 0)
    distance = np.where(meets, fall / np.where(meets, down, 1.0), 0.0)
    return (camera.position + distance[:, None] * directions).astype(np.float32), meets
