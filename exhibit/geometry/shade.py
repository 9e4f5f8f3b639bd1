"""Light on surfaces, as glTF viewers reckon it: GGX with Smith's shadowing, a metal's tint, a clear coat on top.

Walter et al., "Microfacet models for refraction through rough surfaces", 2007; Schlick, "An inexpensive BRDF model",
1994; glTF 2.0, appendix B. All lamps are far away; the room is a soft sky above and a dim floor below.
"""

from __future__ import annotations

from dataclasses import dataclass

import numba as nb
import numpy as np

from exhibit.model.arrays import F4


@dataclass(frozen=True, slots=True)
class Finish:
    """How a surface meets light: each 0 to 1, as in glTF."""

    roughness: float = 0.9
    metalness: float = 0.0
    clearcoat: float = 0.0
    clearcoat_roughness: float = 0.0


@dataclass(frozen=True, slots=True)
class Lights:
    """The lamps and the room.

    Parameters
    ----------
    toward : (k, 3) float32, unit, to each lamp; the first casts the shadow.
    power : (k, 3) float32, linear colour of each.
    sky, floor : (3,) float32, light of the room from above and from below.
    """

    toward: F4
    power: F4
    sky: F4
    floor: F4


def shade(color: F4, normals: F4, toward_eye: F4, open_sky: F4, lit: F4, finish: Finish, lights: Lights) -> F4:
    """Return the light (n, 3) float32, linear, that places send to the eye.

    Parameters
    ----------
    color : (n, 3) float32, linear base colour.
    normals, toward_eye : (n, 3) float32, unit.
    open_sky : (n,) float32, 0 to 1, share of the room's light that arrives.
    lit : (n,) float32, 0 to 1, share of the first lamp's light that arrives.
    """
    light = np.empty_like(color)
    coat_roughness = max(finish.clearcoat_roughness, 0.06)
    _shade(
        color, normals, toward_eye, open_sky, lit,
        np.float32(max(finish.roughness, 0.08)), np.float32(finish.metalness),
        np.float32(finish.clearcoat), np.float32(coat_roughness),
        lights.toward, lights.power, lights.sky, lights.floor, light,
    )  # fmt: skip
    return light


@nb.njit(inline="always")
def _gloss(n_h, n_v, n_l, roughness):  # type: ignore[no-untyped-def]  # numba infers
    """Distribution times visibility of GGX."""
    a = roughness * roughness
    a2 = a * a
    d = n_h * n_h * (a2 - 1) + 1
    k = n_l * np.sqrt(n_v * n_v * (1 - a2) + a2) + n_v * np.sqrt(n_l * n_l * (1 - a2) + a2)
    return a2 / (np.float32(np.pi) * d * d) * np.float32(0.5) / max(k, np.float32(1e-5))


@nb.njit(cache=True)
def _shade(color, normals, eye, open_sky, lit, roughness, metalness, coat, coat_roughness, toward, power, sky, floor, light):  # type: ignore[no-untyped-def]  # fmt: skip # noqa: E501
    one = np.float32(1)
    for i in range(len(color)):
        nx, ny, nz = normals[i]
        vx, vy, vz = eye[i]
        n_v = max(nx * vx + ny * vy + nz * vz, np.float32(0.02))
        grazing = (one - n_v) ** 5
        upward = (ny + one) / 2
        # what a glossy surface mirrors of the room: above or below, softened by its roughness
        ry = 2 * n_v * ny - vy
        mirrored = min(max((ry / max(roughness, np.float32(0.15)) + one) / 2, np.float32(0)), one)
        coat_mirrored = min(max((ry / np.float32(0.25) + one) / 2, np.float32(0)), one)
        coat_share = coat * (np.float32(0.04) + np.float32(0.96) * grazing)
        for c in range(3):
            base = np.float32(0.04) * (one - metalness) + color[i, c] * metalness
            fresnel = base + (one - base) * grazing * (one - roughness * np.float32(0.7))
            matt = color[i, c] * (one - metalness)
            around = sky[c] * upward + floor[c] * (one - upward)
            shine = sky[c] * mirrored + floor[c] * (one - mirrored)
            coat_shine = sky[c] * coat_mirrored + floor[c] * (one - coat_mirrored)
            light[i, c] = (around * matt * (one - fresnel) + shine * fresnel) * open_sky[i] * (one - coat_share)
            light[i, c] += coat_share * coat_shine * open_sky[i]
        for k in range(len(toward)):
            lx, ly, lz = toward[k]
            n_l = nx * lx + ny * ly + nz * lz
            if n_l <= 0:
                continue
            hx, hy, hz = lx + vx, ly + vy, lz + vz
            length = max(np.sqrt(hx * hx + hy * hy + hz * hz), np.float32(1e-6))
            n_h = max((nx * hx + ny * hy + nz * hz) / length, np.float32(0))
            v_h = max((vx * hx + vy * hy + vz * hz) / length, np.float32(0))
            facing = (one - v_h) ** 5
            arrives = n_l * (lit[i] if k == 0 else open_sky[i])
            gloss = _gloss(n_h, n_v, n_l, roughness)
            coat_gloss = coat * _gloss(n_h, n_v, n_l, coat_roughness)
            coat_fresnel = np.float32(0.04) + np.float32(0.96) * facing
            for c in range(3):
                base = np.float32(0.04) * (one - metalness) + color[i, c] * metalness
                fresnel = base + (one - base) * facing
                matt = color[i, c] * (one - metalness) * (one - fresnel) / np.float32(np.pi)
                own = (matt + gloss * fresnel) * (one - coat * coat_fresnel)
                light[i, c] += power[k, c] * arrives * (own + coat_gloss * coat_fresnel)
