"""The light about a relic for portraits: a few lamps that throw shadows, and all else, smoothed for each finish.

What is matt takes the light of all directions by its first nine spherical harmonics (Ramamoorthi & Hanrahan 2001,
https://doi.org/10.1145/383259.383317); what is glossy takes it from a copy smoothed by its roughness, weighted as in
Karis, "Physically based shading on mobile", 2014.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from exhibit.geometry.colour_spaces import luminance
from exhibit.geometry.shade import Finish
from exhibit.model.arrays import F4, F8, I4, Bool

_LAMP = 10.0
"""Brighter than this is a lamp."""
_SMALL = 72
_LEAST_ROUGH = 0.12


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Light about a relic.

    Parameters
    ----------
    toward : (k, 3) float32, unit, to each lamp, the strongest first.
    power : (k, 3) float32, light of each on what faces it.
    rest : (h, 2 h, 3) float32, all other light, as `exhibit.stages.surround` has it.
    """

    toward: F4
    power: F4
    rest: F4

    @classmethod
    def of(cls, light: F4, turn_deg: float) -> Surroundings:
        """Part light (h, 2 h, 3) into lamps and the rest, turned by `turn_deg` about +Y (0 leaves the front at +Z)."""
        height, width = light.shape[:2]
        # a turn about +Y moves +Z to +X, which lies before it in the picture
        light = np.roll(light, -round(turn_deg / 360 * width), axis=1)
        ways, solid = _pixels(height, width)
        toward, power = [], []
        rest = light.copy()
        lamps = _lamps(luminance(light) > _LAMP)
        for number in range(1, int(lamps.max()) + 1):
            at = lamps == number
            weight = luminance(light[at]) * solid[at]
            toward.append((ways[at] * weight[:, None]).sum(axis=0))
            power.append((light[at] * solid[at][:, None]).sum(axis=0) / np.pi)
            rest[at] = np.median(light[lamps == 0], axis=0)
        order = np.argsort([-float(one.sum()) for one in power], kind="stable")
        unit = np.array(toward, np.float32).reshape(-1, 3)[order]
        unit /= np.maximum(np.linalg.norm(unit, axis=1, keepdims=True), np.float32(1e-9))
        return cls(unit, np.array(power, np.float32).reshape(-1, 3)[order], rest)

    @classmethod
    def plain(cls, toward: F4, power: F4, sky: F4, floor: F4) -> Surroundings:
        """Return given lamps under a sky (3,) above a floor (3,)."""
        share = (np.cos(np.pi * (np.arange(16) + 0.5) / 16) + 1) / 2
        rest = share[:, None, None] * sky + (1 - share[:, None, None]) * floor
        return cls(toward, power, np.broadcast_to(rest, (16, 32, 3)).astype(np.float32))


class Reflections:
    """What surfaces of one finish send back of their surroundings, lamps apart."""

    def __init__(self, surroundings: Surroundings, finish: Finish) -> None:
        self._finish = finish
        self._harmonics = _harmonics(surroundings.rest)
        small = _smaller(surroundings.rest)
        self._glossy = _smoothed(small, max(finish.roughness, _LEAST_ROUGH))
        self._coat = _smoothed(small, max(finish.clearcoat_roughness, _LEAST_ROUGH)) if finish.clearcoat else None

    def matt(self, normals: F4) -> F4:
        """Return the light (n, 3) that matt white stuff of these normals (n, 3) sends back."""
        light: F4 = np.maximum(_basis(normals) @ self._harmonics, 0).astype(np.float32)
        return light

    def light(self, color: F4, normals: F4, toward_eye: F4) -> F4:
        """Return the light (n, 3) that places of colour (n, 3), linear, send to the eye."""
        finish = self._finish
        n_v = np.clip((normals * toward_eye).sum(axis=1), 0.02, 1)[:, None]
        mirror = 2 * n_v * normals - toward_eye
        base = np.float32(0.04) * (1 - finish.metalness) + color * finish.metalness
        scale, bias = _reflectance(n_v, finish.roughness)
        light = self.matt(normals) * color * (1 - finish.metalness) + _look_up(self._glossy, mirror) * (
            base * scale + bias
        )
        if self._coat is not None:
            share = finish.clearcoat * (0.04 + 0.96 * (1 - n_v) ** 5)
            light = light * (1 - share) + _look_up(self._coat, mirror) * share
        summed: F4 = light.astype(np.float32)
        return summed


def _reflectance(n_v: F4, roughness: float) -> tuple[F4, F4]:
    """Return by how much, and from where, what is mirrored grows toward the rim (Karis 2014)."""
    r = roughness * np.array([-1, -0.0275, -0.572, 0.022]) + np.array([1, 0.0425, 1.04, -0.04])
    a = np.minimum(r[0] * r[0], 2 ** (-9.28 * n_v)) * r[0] + r[1]
    return (-1.04 * a + r[2]).astype(np.float32), (1.04 * a + r[3]).astype(np.float32)


def _lamps(bright: Bool) -> I4:
    """Number the bright patches (h, w) from 1; a patch may go round from the last column to the first."""
    from scipy.ndimage import binary_dilation, label

    # a lamp's soft rim is the lamp's too
    bright = binary_dilation(bright, np.ones((3, 3)), iterations=max(1, len(bright) // 48))
    patches, n = label(bright, structure=np.ones((3, 3)))
    for row in np.flatnonzero(bright[:, 0] & bright[:, -1]):
        patches[patches == patches[row, -1]] = patches[row, 0]
    kept = np.unique(patches[patches > 0])
    numbers: I4 = (np.searchsorted(np.concatenate([[0], kept]), patches) if n else patches).astype(np.int32)
    return numbers


def _pixels(height: int, width: int) -> tuple[F4, F4]:
    """Return the directions (h, w, 3) of an equirectangular picture, and the solid angles (h, w)."""
    fall = np.pi * (np.arange(height) + 0.5) / height
    turn = 2 * np.pi * ((np.arange(width) + 0.5) / width - 0.5)
    ways = np.empty((height, width, 3), np.float32)
    ways[..., 0] = np.sin(fall)[:, None] * np.cos(turn)
    ways[..., 1] = np.cos(fall)[:, None]
    ways[..., 2] = np.sin(fall)[:, None] * np.sin(turn)
    solid = np.broadcast_to((np.sin(fall) * np.pi / height * 2 * np.pi / width)[:, None], (height, width))
    return ways, solid.astype(np.float32)


def _basis(ways: F4) -> F8:
    x, y, z = (ways[..., axis].astype(np.float64) for axis in range(3))
    one = np.full_like(x, 0.282095)
    return np.stack(
        [one, 0.488603 * y, 0.488603 * z, 0.488603 * x, 1.092548 * x * y, 1.092548 * y * z,
         0.315392 * (3 * z * z - 1), 1.092548 * x * z, 0.546274 * (x * x - y * y)], axis=-1)  # fmt: skip


def _harmonics(light: F4) -> F8:
    """Return (9, 3): with `_basis` of a normal, the light that matt white stuff sends back."""
    ways, solid = _pixels(*light.shape[:2])
    spread = np.array([1, *([2 / 3] * 3), *([1 / 4] * 5)])
    coefficients = np.einsum("hwk,hwc,hw->kc", _basis(ways), light.astype(np.float64), solid.astype(np.float64))
    weighted: F8 = coefficients * spread[:, None]
    return weighted


def _smaller(light: F4) -> F4:
    height = light.shape[0]
    step = max(1, height // (_SMALL // 2))
    rows = height // step * step
    parts = light[:rows, : 2 * rows].reshape(rows // step, step, 2 * rows // step, step, 3)
    mean: F4 = parts.mean(axis=(1, 3)).astype(np.float32)
    return mean


def _smoothed(light: F4, roughness: float) -> F4:
    """Return light (h, w, 3) smoothed as a surface of this roughness mirrors it."""
    ways, solid = _pixels(*light.shape[:2])
    # a lobe about the mirrored way is twice as wide as the one of the facets
    power = max((2 / roughness**4 - 2) / 4, 1.0)
    # how near two ways are depends on their rows and on how far apart their columns are: a turn of the picture
    cos = np.maximum(np.einsum("ia,jwa->ijw", ways[:, 0].astype(np.float64), ways.astype(np.float64)), 1e-6)
    weight = np.fft.rfft(np.exp(power * np.log(cos)) * solid, axis=2).conj()
    spread = np.fft.rfft(np.concatenate([light, np.ones_like(light[..., :1])], axis=2).astype(np.float64), axis=1)
    mixed = np.fft.irfft(np.einsum("ijk,jkc->ikc", weight, spread), light.shape[1], axis=1)
    smooth: F4 = (mixed[..., :3] / mixed[..., 3:]).astype(np.float32)
    return smooth


def _look_up(light: F4, ways: F4) -> F4:
    # a column more on each side, so that what lies between the last and the first is between them here too
    height, width = light.shape[:2]
    wrapped = np.concatenate([light[:, -1:], light, light[:, :1]], axis=1)
    u = np.arctan2(ways[:, 2], ways[:, 0]) / (2 * np.pi) + 0.5
    v = np.arccos(np.clip(ways[:, 1], -1, 1)) / np.pi
    x, y = u * width + 0.5, np.clip(v * height - 0.5, 0, height - 1)
    x0, y0 = np.minimum(x.astype(np.int64), width), np.minimum(y.astype(np.int64), height - 2)
    dx, dy = (x - x0)[:, None], (y - y0)[:, None]
    upper = wrapped[y0, x0] * (1 - dx) + wrapped[y0, x0 + 1] * dx
    lower = wrapped[y0 + 1, x0] * (1 - dx) + wrapped[y0 + 1, x0 + 1] * dx
    found: F4 = (upper * (1 - dy) + lower * dy).astype(np.float32)
    return found
