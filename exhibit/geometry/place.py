"""From a scan's own coordinates to the house's: metres, +Y up, base at y = 0, centred.

What the user states goes before what the file states, that before a known real height, and that before an assumption.
A contradiction becomes a finding; nothing is guessed quietly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from exhibit.errors import UsageError
from exhibit.model.arrays import F4, F8
from exhibit.model.cloud import Placement
from exhibit.model.finding import Finding
from exhibit.units import METRES, Axis, Unit, rotation_to_y_up

LARGEST_IN_METRES = 50.0
"""Extents above this are taken as millimetres when nothing says what they are."""
CONTRADICTION = 0.05


@dataclass(frozen=True, slots=True)
class Stated:
    """What people and files say about size and direction.

    Parameters
    ----------
    metres_per_unit, up, height_m : by the user (options, sidecar, record), or None.
    file_units, file_up : by the file, or None.
    usual_up : what this kind of file mostly means.
    support_normal : (3,) float64 unit, up from the table the object stood on, in source axes, or None.
    """

    metres_per_unit: float | None = None
    up: Axis | None = None
    height_m: float | None = None
    file_units: Unit | None = None
    file_up: Axis | None = None
    usual_up: Axis = "+z"
    support_normal: F8 | None = None


def check_stated(metres_per_unit: float | None, height_m: float | None) -> None:
    """Refuse units and heights that are not positive lengths."""
    for name, value in (("unit", metres_per_unit), ("height", height_m)):
        if value is not None and not (np.isfinite(value) and value > 0):
            raise UsageError(f"the {name} must be a positive length, not {value}.")


def choose_placement(points: F4, origin: F8, stated: Stated) -> tuple[Placement, tuple[Finding, ...]]:
    """Choose scale, direction and origin for points.

    Parameters
    ----------
    points : (n, 3) float32 relative to `origin`, in source units; n >= 1.
    origin : (3,) float64, source units.
    """
    rotation, up_basis, doubts = _choose_rotation(stated)
    turned = points @ rotation.T
    low, high = turned.min(axis=0), turned.max(axis=0)
    scale, basis, more = _choose_scale(stated, float(high[1] - low[1]), float((high - low).max()))
    base = np.array([(low[0] + high[0]) / 2, low[1], (low[2] + high[2]) / 2])
    placement = Placement(scale, rotation, np.asarray(origin, np.float64) + rotation.T @ base, basis, up_basis)
    return placement, (*doubts, *more)


def to_house(points: F4, origin: F8, placement: Placement) -> F4:
    """Return points (n, 3), given relative to `origin` in source units, in the house's metres as float32."""
    # the difference of the two origins is small: float64 here keeps what float32 would lose of surveyed coordinates
    shift = np.asarray(origin, np.float64) - placement.origin
    placed = placement.metres_per_unit * ((points.astype(np.float64) + shift) @ placement.rotation.T)
    return np.ascontiguousarray(placed, np.float32)


def _choose_rotation(stated: Stated) -> tuple[F8, str, list[Finding]]:
    axis = stated.up or stated.file_up
    if axis is not None:
        findings = []
        if stated.up and stated.file_up and stated.up != stated.file_up:
            text = f"The file says {stated.file_up} is up, you said {stated.up}; yours was used."
            findings.append(Finding("up.contradiction", hint=text, severity="warning"))
        return rotation_to_y_up(axis), "user" if stated.up else "file", findings
    usual = stated.usual_up
    if stated.support_normal is not None:
        text = "Nothing says which way is up; the table under the object was taken as level. State --up if it is wrong."
        return _rotation_from_normal(stated.support_normal), "table", [Finding("up.table", hint=text)]
    text = f"Nothing says which way is up; {usual} was assumed. State --up if the object lies on its side."
    return rotation_to_y_up(usual), "assumed", [Finding("up.assumed", hint=text, severity="warning")]


def _rotation_from_normal(normal: F8) -> F8:
    """Turn the axis nearest to `normal` up first, then by the small rest, so that fronts stay where they were."""
    axes: tuple[Axis, ...] = ("+x", "-x", "+y", "-y", "+z", "-z")
    coarse = max((rotation_to_y_up(axis) for axis in axes), key=lambda rotation: float((rotation @ normal)[1]))
    x, y, z = coarse @ (normal / np.linalg.norm(normal))
    # the rotation about a horizontal axis that takes (x, y, z) to (0, 1, 0); y >= 1/sqrt(3), so 1 + y is safe
    rest = np.array(
        [[1 - x * x / (1 + y), -x, -x * z / (1 + y)], [x, y, z], [-x * z / (1 + y), -z, 1 - z * z / (1 + y)]]
    )
    return np.asarray(rest @ coarse, np.float64)


def _choose_scale(stated: Stated, height: float, extent: float) -> tuple[float, str, list[Finding]]:
    by_height = stated.height_m / height if stated.height_m is not None and height > 0 else None
    by_file = METRES[stated.file_units] if stated.file_units else None
    findings: list[Finding] = []
    for stated_scale, basis in ((stated.metres_per_unit, "user"), (by_file, "file")):
        if stated_scale is None:
            continue
        others = [(by_height, "the real height given")] + ([(by_file, "the file")] if basis == "user" else [])
        for other, who in others:
            if other is not None and abs(other / stated_scale - 1) > CONTRADICTION:
                findings.append(_contradiction(stated_scale, other, who, height))
        return stated_scale, basis, findings
    if by_height is not None:
        return by_height, "height", findings
    metres = extent <= LARGEST_IN_METRES
    text = (
        f"Nothing says the unit; the object measures {extent:.4g} units and was taken to be in "
        f"{'metres' if metres else 'millimetres'}. State --units or --height if it is wrong."
    )
    scale = 1.0 if metres else 1e-3
    return scale, "assumed", [Finding("scale.assumed", extent * scale, "m", text, "warning")]


def _contradiction(used: float, other: float, who: str, height: float) -> Finding:
    text = (
        f"By the stated unit the object is {height * used:.4g} m high, by {who} {height * other:.4g} m; "
        "the stated unit was kept. Correct one of them."
    )
    return Finding("scale.contradiction", other / used, "ratio", text, "warning")
