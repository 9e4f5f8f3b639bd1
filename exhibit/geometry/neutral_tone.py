"""Light of any strength brought into what a screen can show, colours kept: Khronos' neutral curve, as three.js has it.

Source: Khronos Group, "PBR Neutral Tone Mapper", 2024, https://github.com/KhronosGroup/ToneMapping.
"""

from __future__ import annotations

import numpy as np

from exhibit.model.arrays import F4

_START = 0.8 - 0.04
_FADES = 0.15


def neutral_tone(light: F4) -> F4:
    """Return linear light (..., 3), 0 or more, as shown: 0 to 1. Up to 0.76 it only loses the gloss's veil of 0.04."""
    least = light.min(axis=-1, keepdims=True)
    own = light - np.where(least < 0.08, least - 6.25 * least * least, np.float32(0.04))
    peak = own.max(axis=-1, keepdims=True)
    room = np.float32(1 - _START)
    lower = 1 - room * room / np.maximum(peak + room - np.float32(_START), room)
    bent = own * (lower / np.maximum(peak, np.float32(1e-6)))
    white = 1 - 1 / (np.float32(_FADES) * np.maximum(peak - lower, 0) + 1)
    shown: F4 = np.where(peak < _START, own, bent + (lower - bent) * white).astype(np.float32)
    return shown
