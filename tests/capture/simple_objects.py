"""Objects whose surface anybody can compute: oracles for the simulator."""

import numpy as np

from exhibit.capture.modelled import ModelledObject
from exhibit.geometry.distance_fields import box, sphere

RADIUS = 0.1


def ball(colour=(0.5, 0.4, 0.3)):
    """A ball of 20 cm standing on the floor."""
    return ModelledObject(
        "ball", "ball", (0.2, 0.2, 0.2),
        lambda points: sphere(points, (0.0, RADIUS, 0.0), RADIUS),
        lambda points, normals: np.broadcast_to(np.array(colour), points.shape),
    )  # fmt: skip


def block():
    """A box of 20 × 10 × 8 cm with sharp edges."""
    return ModelledObject(
        "block", "block", (0.2, 0.1, 0.08),
        lambda points: box(points, (0.0, 0.05, 0.0), (0.1, 0.05, 0.04)),
        lambda points, normals: np.broadcast_to(np.array((0.5, 0.4, 0.3)), points.shape),
    )  # fmt: skip


def cup():
    """A box hollowed from above, 10 cm wide and 10 cm deep inside: its inner floor is seen by few."""

    def distance(points):
        outer = box(points, (0.0, 0.07, 0.0), (0.07, 0.07, 0.07))
        inner = box(points, (0.0, 0.10, 0.0), (0.05, 0.08, 0.05))
        return np.maximum(outer, -inner)

    return ModelledObject("cup", "cup", (0.14, 0.14, 0.14), distance,
                          lambda points, normals: np.full(points.shape, 0.5))  # fmt: skip


def washboard():
    """A slab of 20 × 4 × 20 cm, its top in waves of 4 mm whose steepest slope is one: finer than a coarse mesh."""
    rate = 2 * np.pi / 0.004

    def distance(points):
        height = 0.038 + np.sin(rate * points[:, 0]) / rate
        sides = np.abs(points[:, ::2]).max(axis=1) - 0.1
        return np.maximum(np.maximum((points[:, 1] - height) / 2**0.5, -points[:, 1]), sides)

    return ModelledObject("washboard", "washboard", (0.2, 0.039, 0.2), distance,
                          lambda points, normals: np.full(points.shape, 0.5))  # fmt: skip
