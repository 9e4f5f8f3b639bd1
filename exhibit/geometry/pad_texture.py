"""Fill what no chart covers with the nearest covered texel: neither filtering nor mipmaps bring in a foreign colour."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import numpy.typing as npt

from exhibit.model.arrays import Bool

Pixel = TypeVar("Pixel", bound=np.generic)


def nearest_covered(is_covered: Bool) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Return for every texel the row and the column of the nearest covered one (exact Euclidean distance).

    Where nothing is covered at all, every texel is its own.
    """
    from scipy.ndimage import distance_transform_edt

    if not is_covered.any():
        own: npt.NDArray[np.int32] = np.indices(is_covered.shape, dtype=np.int32)
        return own[0], own[1]
    nearest: tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]] = tuple(
        distance_transform_edt(~is_covered, return_distances=False, return_indices=True)
    )
    return nearest


def pad_texture(
    picture: npt.NDArray[Pixel], nearest: tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]
) -> npt.NDArray[Pixel]:
    """Return `picture` (h, w) or (h, w, c) with each texel taken from its `nearest` covered one."""
    return picture[nearest]
