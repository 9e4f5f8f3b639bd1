"""When each caption is heard: its share of the speech, drawn to the pauses that the speaker made."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from exhibit.model.arrays import F4
from exhibit.model.narration import Cue
from exhibit.stages.caption_anchors import match_pauses
from exhibit.stages.caption_text import CaptionText

_HOP_S: Final = 0.02
_SHORTEST_PAUSE_S: Final = 0.18
_SHORTEST_SOUND_S: Final = 0.06
_LEAD_S: Final = 0.05
"""A caption appears so long before its first sound."""
_HANG_S: Final = 0.4
"""A caption stays at most so long into a pause."""

Run = tuple[float, float]
"""Speech without a pause: start and end in seconds."""


def find_speech(samples: F4, rate_hz: int) -> tuple[Run, ...]:
    """Return the stretches of speech between pauses, in order; the whole recording where nothing stands out.

    Parameters
    ----------
    samples : (n,) float32.
    rate_hz : samples a second.
    """
    duration = len(samples) / rate_hz
    n_hop = max(1, round(rate_hz * _HOP_S))
    n_hops = len(samples) // n_hop
    if n_hops < 10:
        return ((0.0, duration),)
    frames = samples[: n_hops * n_hop].reshape(n_hops, n_hop)
    level = 10 * np.log10(np.einsum("ij,ij->i", frames, frames, dtype=np.float64) / n_hop + 1e-10)
    floor, loud = np.percentile(level, [5, 90])
    if loud - floor < 12:
        return ((0.0, duration),)
    is_speech = level > max(loud - 28, floor + 0.3 * (loud - floor))
    runs = _runs(is_speech, n_hop / rate_hz)
    return runs or ((0.0, duration),)


def time_captions(captions: Sequence[CaptionText], speech: Sequence[Run], duration_s: float) -> tuple[Cue, ...]:
    """Give each caption its time: in order, never overlapping, inside the recording.

    Ends of captions are matched to the speaker's pauses; between two that match, each caption takes its share of the
    speaking time by `CaptionText.weight`.

    Parameters
    ----------
    captions : as `cut_into_captions` returns them.
    speech : stretches of speech, as `find_speech` returns them.
    duration_s : length of the recording.
    """
    if not captions:
        return ()
    edges = _edges(captions, speech)
    starts = [max(0.0, speech[0][0] - _LEAD_S), *(after for _, after in edges)]
    ends = [*(before for before, _ in edges), min(duration_s, speech[-1][1] + _HANG_S)]
    return tuple(
        Cue(round(start, 3), round(end, 3), caption.text) for start, end, caption in zip(starts, ends, captions)
    )


def _runs(is_speech: np.ndarray[tuple[int], np.dtype[np.bool_]], hop_s: float) -> tuple[Run, ...]:
    """Return the runs of True in seconds, short pauses closed and short sounds dropped."""
    change = np.flatnonzero(np.diff(np.concatenate(([False], is_speech, [False])).astype(np.int8)))
    merged: list[Run] = []
    for start, end in change.reshape(-1, 2) * hop_s:
        if merged and start - merged[-1][1] < _SHORTEST_PAUSE_S:
            merged[-1] = (merged[-1][0], float(end))
        else:
            merged.append((float(start), float(end)))
    return tuple(run for run in merged if run[1] - run[0] >= _SHORTEST_SOUND_S)


def _edges(captions: Sequence[CaptionText], speech: Sequence[Run]) -> list[Run]:
    """Return for each border between captions when the one before ends and the one after begins."""
    heard = [0.0]
    for start, end in speech:
        heard.append(heard[-1] + end - start)
    pauses = [after[0] - before[1] for before, after in pairwise(speech)]
    edges: list[Run] = []
    for first, last in pairwise(match_pauses(captions, heard, pauses)):
        inside = captions[first.border : last.border]
        weight = sum(caption.weight for caption in inside)
        said = 0.0
        for caption in inside[:-1]:
            said += caption.weight
            share = said / weight
            moment = _when(heard[first.pause] + share * (heard[last.pause] - heard[first.pause]), heard, speech)
            edges.append((moment, moment))
        if last.border < len(captions):
            before, after = speech[last.pause - 1][1], speech[last.pause][0]
            edges.append((min(before + _HANG_S, after - _LEAD_S), after - _LEAD_S))
    return edges


def _when(heard_s: float, heard: Sequence[float], speech: Sequence[Run]) -> float:
    """Return the moment of the recording at which `heard_s` seconds of speech have been heard."""
    run = min(max(0, bisect_right(heard, heard_s) - 1), len(speech) - 1)
    return speech[run][0] + heard_s - heard[run]
