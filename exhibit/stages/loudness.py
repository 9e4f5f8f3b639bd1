"""How loud speech is, and making it as loud as the rest: programme loudness, true peak, gain and a gentle limiter.

Sources: ITU-R BS.1770-5 (K-weighting, gating, true peak) and EBU R 128; the filters are given there for 48 kHz only,
their analogue prototypes for other rates are those of libebur128 (after B. De Man, "Evaluation of implementations of
the EBU R128 loudness measurement", 2018).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

import numpy as np

from exhibit.model.arrays import F4, F8
from exhibit.progress import SILENT, Progress

BLOCK_S: Final = 0.4
"""Length of a gating block, seconds; blocks overlap by three quarters."""
ABSOLUTE_GATE_LUFS: Final = -70.0
RELATIVE_GATE_LU: Final = -10.0
OVERSAMPLING: Final = 4
LOOK_AHEAD_S: Final = 0.005
_CHUNK: Final = 1 << 18


def measure_loudness(samples: F4, rate_hz: int, *, progress: Progress = SILENT) -> float:
    """Return the programme loudness of one channel in LUFS; ``-inf`` for silence.

    Parameters
    ----------
    samples : (n,) float32, full scale is 1. One channel counts as one, as broadcasters measure mono.
    rate_hz : samples a second.
    """
    steps = _step_energies(samples, rate_hz, progress)
    n_steps = round(BLOCK_S / 0.1)
    if len(steps) < n_steps:
        return _lufs(float(steps.mean())) if len(steps) else -math.inf
    sums = np.cumsum(np.concatenate(([0.0], steps)))
    blocks = (sums[n_steps:] - sums[:-n_steps]) / n_steps
    blocks = blocks[blocks > _energy(ABSOLUTE_GATE_LUFS)]
    if not len(blocks):
        return -math.inf
    blocks = blocks[blocks > _energy(_lufs(float(blocks.mean())) + RELATIVE_GATE_LU)]
    return _lufs(float(blocks.mean()))


def measure_true_peak(samples: F4, *, progress: Progress = SILENT) -> float:
    """Return the true peak in dB relative to full scale, found at fourfold oversampling; ``-inf`` for silence."""
    highest = max((float(peaks.max()) for peaks in _peaks(samples, progress)), default=0.0)
    return 20 * math.log10(highest) if highest > 0 else -math.inf


def limit_peaks(samples: F4, rate_hz: int, ceiling_db: float, *, progress: Progress = SILENT) -> F4:
    """Return `samples` with every true peak at or below `ceiling_db`, turned down smoothly around each.

    The gain is the running minimum of what each sample needs, averaged over the same window: it never exceeds the
    need, and never jumps.

    Parameters
    ----------
    samples : (n,) float32.
    rate_hz : samples a second.
    ceiling_db : highest true peak allowed, dB relative to full scale.
    """
    from scipy.ndimage import minimum_filter1d, uniform_filter1d

    # the last hundredth of a decibel pays for interpolating a signal whose gain moves
    ceiling = 10 ** ((ceiling_db - 0.05) / 20)
    need = np.ones(len(samples), dtype=np.float32)
    at = 0
    for peaks in _peaks(samples, progress):
        need[at : at + len(peaks)] = np.minimum(1.0, ceiling / np.maximum(peaks, 1e-9))
        at += len(peaks)
    if need.min() >= 1.0:
        return samples
    window = 2 * round(rate_hz * LOOK_AHEAD_S) + 1
    gain = uniform_filter1d(minimum_filter1d(need, window, mode="nearest"), window, mode="nearest")
    limited: F4 = (samples * np.minimum(gain, 1.0)).astype(np.float32)
    return limited


def _step_energies(samples: F4, rate_hz: int, progress: Progress) -> F8:
    """Return the mean square of the K-weighted signal per tenth of a second (a shorter rest is left out)."""
    from scipy.signal import sosfilt

    sections = _k_weighting(rate_hz)
    state = np.zeros((len(sections), 2))
    n_step = max(1, round(rate_hz / 10))
    n_chunk = max(1, _CHUNK // n_step) * n_step
    energies = []
    for start in range(0, len(samples), n_chunk):
        progress.tick(start / len(samples), "loudness")
        chunk, state = sosfilt(sections, samples[start : start + n_chunk].astype(np.float64), zi=state)
        whole = len(chunk) // n_step * n_step
        if whole:
            energies.append(np.mean(np.square(chunk[:whole]).reshape(-1, n_step), axis=1))
        elif not energies:
            energies.append(np.array([np.mean(np.square(chunk))]))
    return np.concatenate(energies) if energies else np.zeros(0)


def _k_weighting(rate_hz: int) -> F8:
    """Return the two second-order sections (2, 6) of the K-weighting filter at any rate."""
    k = math.tan(math.pi * 1681.974450955533 / rate_hz)
    q, high = 0.7071752369554196, 10 ** (3.999843853973347 / 20)
    band = high**0.4996667741545416
    a0 = 1 + k / q + k * k
    shelf = [
        (high + band * k / q + k * k) / a0, 2 * (k * k - high) / a0, (high - band * k / q + k * k) / a0,
        1, 2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0,
    ]  # fmt: skip
    k, q = math.tan(math.pi * 38.13547087602444 / rate_hz), 0.5003270373238773
    a0 = 1 + k / q + k * k
    high_pass = [1, -2, 1, 1, 2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0]
    return np.array([shelf, high_pass])


def _peaks(samples: F4, progress: Progress) -> Iterator[F4]:
    """Yield, chunk by chunk, for every sample the highest magnitude of the curve around it."""
    from scipy.signal import resample_poly

    margin = 64
    for start in range(0, len(samples), _CHUNK):
        progress.tick(start / len(samples), "peaks")
        first, last = max(0, start - margin), min(len(samples), start + _CHUNK + margin)
        fine = np.abs(resample_poly(samples[first:last], OVERSAMPLING, 1)).reshape(-1, OVERSAMPLING)
        around = fine.max(axis=1)
        # what lies between two samples belongs to both
        around[1:] = np.maximum(around[1:], fine[:-1, 1:].max(axis=1))
        yield around[start - first : start - first + min(_CHUNK, len(samples) - start)].astype(np.float32)


def _lufs(energy: float) -> float:
    return -0.691 + 10 * math.log10(energy) if energy > 0 else -math.inf


def _energy(lufs: float) -> float:
    return float(10 ** ((lufs + 0.691) / 10))
