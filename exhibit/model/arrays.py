"""Array types of the house, and how a value closes its arrays against writing."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

F4 = npt.NDArray[np.float32]
F8 = npt.NDArray[np.float64]
I4 = npt.NDArray[np.int32]
U1 = npt.NDArray[np.uint8]
Bool = npt.NDArray[np.bool_]

D = TypeVar("D", bound=np.generic)


def read_only(array: npt.NDArray[D]) -> npt.NDArray[D]:
    """Return a view of an array, whole in memory, that cannot be written.

    To Numba a closed array is another type than an open one, and each type costs a compilation: what may be either is
    handed over closed.
    """
    view = np.ascontiguousarray(array)[...]
    view.flags.writeable = False
    return view


def freeze(value: Any) -> None:
    """Make every array held by a frozen dataclass (one level deep) read-only; called from ``__post_init__``."""
    for name in value.__dataclass_fields__:
        array = getattr(value, name)
        if isinstance(array, np.ndarray):
            array.flags.writeable = False
