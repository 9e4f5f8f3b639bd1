"""Which ends of captions fall on which pauses of the speaker: the cheapest matching in order, by dynamic programming.

People speak at an uneven pace, so a border's expected moment is off by more and more as a text goes on. Matching all
borders and pauses at once keeps them together: only the pace between two matched borders counts, a long pause costs
when nothing ends there, and so does a sentence that ends without a pause. (The idea is that of Gale and Church, "A
program for aligning sentences in bilingual corpora", Computational Linguistics 19, 1993.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from exhibit.stages.caption_text import CaptionText, Ending

_UNPAUSED: Final[dict[Ending, float]] = {"paragraph": 0.8, "sentence": 0.5, "clause": 0.05}
"""Price of an end of a caption where the speaker makes no pause."""
_PAUSED_CLAUSE: Final = 0.15
_IGNORED_PAUSE: Final = 1.2
"""Price of a second of pause in the middle of a caption; half a second costs a third of it."""
_PACE_SPREAD: Final = 0.25
_MAX_REACH_S: Final = 20.0
_MAX_SKIP: Final = 8


@dataclass(frozen=True, slots=True)
class Anchor:
    """A border between captions that falls on a pause: `border` captions lie before it, and `pause` runs of speech."""

    border: int
    pause: int


def match_pauses(captions: Sequence[CaptionText], heard_s: Sequence[float], pauses_s: Sequence[float]) -> list[Anchor]:
    """Match ends of captions to pauses.

    Parameters
    ----------
    captions : in order.
    heard_s : speaking time before each run of speech, and in all; one more than there are runs.
    pauses_s : length of the pause before each run but the first; one fewer than there are runs.

    Returns
    -------
    Anchors in order, the beginning (0, 0) and the end (all captions, all runs) among them.
    """
    n_captions, n_runs, total = len(captions), len(heard_s) - 1, heard_s[-1]
    said = _running([caption.weight for caption in captions])
    expected = [weight * total / said[-1] for weight in said]
    skipped_border = _running([_UNPAUSED[caption.ending] for caption in captions])
    skipped_pause = _running([_IGNORED_PAUSE * min(1.0, length) ** 1.5 for length in [*pauses_s, 0.0]])
    reach = min(_MAX_REACH_S, 2.0 + 0.2 * total)
    max_runs = max(_MAX_SKIP, -(-3 * n_runs // n_captions))
    best: list[dict[int, tuple[float, Anchor]]] = [{0: (0.0, Anchor(0, 0))}]
    for border in range(1, n_captions + 1):
        is_last = border == n_captions
        runs = [n_runs] if is_last else [r for r in range(1, n_runs) if abs(heard_s[r] - expected[border]) <= reach]
        reached: dict[int, tuple[float, Anchor]] = {}
        for run in runs:
            options = []
            for before in range(max(0, border - _MAX_SKIP), border):
                for earlier, (price, _) in best[before].items():
                    if not earlier < run <= earlier + max_runs and not is_last:
                        continue
                    drift = heard_s[run] - heard_s[earlier] - expected[border] + expected[before]
                    price += drift**2 / (2 * _PACE_SPREAD * (expected[border] - expected[before] + 0.5))
                    price += skipped_border[border - 1] - skipped_border[before]
                    price += skipped_pause[run - 1] - skipped_pause[earlier]
                    options.append((price, before, earlier))
            if is_last:  # nothing matched at all is always possible
                options.append((_alone(skipped_border, skipped_pause, n_runs), 0, 0))
            if options:
                price, before, earlier = min(options)
                is_clause = not is_last and captions[border - 1].ending == "clause"
                reached[run] = (price + _PAUSED_CLAUSE * is_clause, Anchor(before, earlier))
        best.append(reached)
    return _way_back(best, Anchor(n_captions, n_runs))


def _alone(skipped_border: Sequence[float], skipped_pause: Sequence[float], n_runs: int) -> float:
    return skipped_border[-2] + skipped_pause[n_runs - 1] + 100.0


def _running(values: Sequence[float]) -> list[float]:
    sums = [0.0]
    for value in values:
        sums.append(sums[-1] + value)
    return sums


def _way_back(best: Sequence[dict[int, tuple[float, Anchor]]], end: Anchor) -> list[Anchor]:
    anchors = [end]
    while anchors[-1].border > 0:
        anchors.append(best[anchors[-1].border][anchors[-1].pause][1])
    return anchors[::-1]
