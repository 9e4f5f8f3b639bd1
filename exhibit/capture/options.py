"""What is asked of a simulated capture."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import Final

from exhibit.errors import UsageError
from exhibit.units import Axis, Unit

MAX_POINTS: Final = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Ring:
    """Cameras on a circle around the object, evenly spaced, all looking at its middle.

    Parameters
    ----------
    elevation_deg : above the horizon of the object's middle, -80 to 89.
    n_cameras : how many.
    distance : from the middle, in half diagonals of the object's bounding box; above 1.2.
    """

    elevation_deg: float
    n_cameras: int
    distance: float = 2.6


USUAL_RINGS: Final = (Ring(4.0, 24), Ring(28.0, 24, 2.4), Ring(56.0, 16, 2.2))


@dataclass(frozen=True, slots=True)
class CaptureOptions:
    """How an object is taken.

    Parameters
    ----------
    n_points : points of the result, exactly; all kinds together.
    seed : another seed, another scan of the same object.
    rings : where the cameras stand.
    noise_m : standard deviation of depth, metres, for a surface that faces a camera `distance` of the first ring away;
        it grows with the square of the distance and with one over the cosine of the angle at which the ray meets the
        surface. None takes a quarter of the mean point spacing.
    least_views : a place fewer cameras see is not in the cloud.
    steepest_deg : a camera whose ray meets the surface at a greater angle from its normal does not see it.
    evenness : 1 makes every seen place equally dense; 0 lets few views and grazing rays thin it out fully.
    outlier_share : of all points, 0 to 0.5: moved along their rays by far more than the noise.
    clump_share, n_clumps : of all points, 0 to 0.5, and on how many floating clumps of mismatched points.
    has_table : whether a turntable stands under the object.
    table_density : of the table's points, as a share of the object's where it is seen best.
    exposure_drift : exposure wanders by about this many stops from camera to camera, and colour by a third of it.
    occlusion : 0 to 1, how much of the dome's light hollows lose.
    detail : cells along the object's longest side; what is finer is in the cloud, but hides nothing.
    has_normals : whether the points carry (noisy) normals.
    unit, up : of the written file.
    """

    n_points: int = 1_000_000
    seed: int = 1
    rings: tuple[Ring, ...] = USUAL_RINGS
    noise_m: float | None = None
    least_views: int = 3
    steepest_deg: float = 74.0
    evenness: float = 0.4
    outlier_share: float = 0.004
    clump_share: float = 0.003
    n_clumps: int = 14
    has_table: bool = True
    table_density: float = 0.2
    exposure_drift: float = 0.12
    occlusion: float = 0.45
    detail: int = 176
    has_normals: bool = False
    unit: Unit = "m"
    up: Axis = "+z"

    def __post_init__(self) -> None:
        for one in fields(self):
            value = getattr(self, one.name)
            if isinstance(value, float) and not math.isfinite(value):
                raise UsageError(f"{one.name} must be a finite number.")
        checks = (
            (1 <= self.n_points <= MAX_POINTS, f"n_points must be from 1 to {MAX_POINTS:,}"),
            (1 <= sum(ring.n_cameras for ring in self.rings) <= 1000, "1 to 1000 cameras are needed"),
            (all(-80 <= ring.elevation_deg <= 89 for ring in self.rings), "elevations must be from -80 to 89 degrees"),
            (all(ring.n_cameras > 0 and ring.distance > 1.2 for ring in self.rings),
             "a ring needs cameras, more than 1.2 half diagonals away"),
            (self.noise_m is None or self.noise_m >= 0, "noise must not be negative"),
            (0 <= self.outlier_share <= 0.5 and 0 <= self.clump_share <= 0.4, "shares must be small"),
            (self.n_clumps >= 0 and self.least_views >= 1, "counts must not be negative"),
            (8 <= self.detail <= 2000, "detail must be from 8 to 2000 cells"),
            (5 <= self.steepest_deg < 90, "steepest_deg must be from 5 to below 90"),
            (0 <= self.evenness <= 1 and 0 <= self.occlusion <= 1, "evenness and occlusion are from 0 to 1"),
            (self.table_density > 0 and self.exposure_drift >= 0, "table_density and exposure_drift are positive"),
        )  # fmt: skip
        for holds, message in checks:
            if not holds:
                raise UsageError(f"{message}.")
