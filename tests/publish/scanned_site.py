"""The small site from scan to relic: the vase has points, the bowl came as a mesh, the bead has nothing."""

import dataclasses
from functools import cache

import numpy as np
from small_site import PROFILES, poster, small_site

from exhibit.model.asset import POINTS_FILE, STAGE_PICTURES, Asset, AssetFile
from exhibit.model.points import RawPoints
from exhibit.publish.site import SiteInput
from exhibit.stages.pack_points import pack_points

N_IN_SCAN = 412_318


def points_on(kind: str, height_m: float, n: int = 6000) -> RawPoints:
    """Points on the turned body that `small_site.glb` draws, with a millimetre of noise, red as nothing else is."""
    rng = np.random.default_rng(5)
    profile = np.array(PROFILES[kind]) * height_m * np.array([0.5, 1.0])
    at = np.sort(rng.uniform(0, height_m, n))
    around = rng.uniform(0, 2 * np.pi, n)
    radius = np.interp(at, profile[:, 1], profile[:, 0]) + rng.normal(0, 0.001, n)
    positions = np.stack([radius * np.sin(around), at, radius * np.cos(around)], 1).astype(np.float32)
    return RawPoints(positions, np.full((n, 3), (230, 30, 30), np.uint8), N_IN_SCAN, 0.001)


@cache
def scanned_site() -> SiteInput:
    """Return the site."""
    site = small_site()
    vase, bowl, bead = site.relics
    packed = pack_points(points_on("vase", vase.asset.size_m[1]))
    stages = [AssetFile(name, poster("vase")) for name in STAGE_PICTURES.values()]
    own = (*vase.asset.files, AssetFile(POINTS_FILE, packed.data), *stages)
    scanned = dataclasses.replace(vase.asset, files=own, points=packed.figures)
    adopted: Asset = dataclasses.replace(bowl.asset, files=(*bowl.asset.files, *stages[1:]))
    relics = (dataclasses.replace(vase, asset=scanned), dataclasses.replace(bowl, asset=adopted), bead)
    return dataclasses.replace(site, relics=relics)
