"""Array types of the house, and how a value closes its arrays against writing."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

F4 = npt.NDArray[np.float32]
F8 = npt.NDArray[np.float64]
I4 = npt.NDArray[np.int32]
U1 = npt.NDArray[np.uint8]
Bool = npt.NDArray[np.bool_]


def freeze(value: Any) -> None:
    """Make every array held by a frozen dataclass (one level deep) read-only; called from ``__post_init__``."""
    for name in value.__dataclass_fields__:
        array = getattr(value, name)
        if isinstance(array, np.ndarray):
            array.flags.writeable = False
