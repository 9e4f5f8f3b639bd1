"""Levels one by one, each a kept result of its own: asking for one more later makes that one only."""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Final

from exhibit.model.cloud import CleanCloud
from exhibit.model.surface import Adopted, Level, Levels, Surface
from exhibit.pipeline.store import Kept, Store, key_of
from exhibit.progress import Progress
from exhibit.stages.levels import LevelOptions, levels

FINER: Final = {"thumb": "room", "room": "hero"}
"""What a level is decimated from; the others come straight from the surface, so that the costly finest level may be
asked for later and changes nothing of what is there."""


def kept_levels(
    store: Store,
    surface: Kept[Surface],
    names: tuple[str, ...],
    options: LevelOptions,
    texel_m: Callable[[], float | None],
    timed: Callable[[str], AbstractContextManager[Progress]],
    subject: Kept[CleanCloud | Adopted],
) -> dict[str, Kept[Level]]:
    """Return the levels called `names`, coarse to fine; none is made before somebody asks.

    Parameters
    ----------
    options : that hold for all of them.
    texel_m : tells the texel size of a textured source, when a level is made.
    timed : opens the part of the progress that making the level of a name is.
    subject : what `texel_m` looks at.
    """
    made: dict[str, Kept[Level]] = {}

    def make(name: str) -> Level:
        finer = made[FINER[name]].value().surface if name in FINER else surface.value()
        own = replace(options, names=(name,), texel_m=texel_m())
        with timed(name) as progress:
            return levels(finer, own, progress=progress).levels[0]

    def keep(name: str) -> None:
        if name in made:
            return
        if name in FINER:
            keep(FINER[name])
        finer = made[FINER[name]].key if name in FINER else surface.key
        own = replace(options, names=(name,))
        inputs = finer, subject.key
        made[name] = store.keep("level", "exhibit.stages.levels", own, inputs, functools.partial(make, name))

    for name in names:
        keep(name)
    return {name: made[name] for name in names}


def together(surface: Kept[Surface], made: dict[str, Kept[Level]]) -> Kept[Levels]:
    """Return all levels as one value, where a level equal to the next coarser one is that one's alias."""

    @functools.cache
    def value() -> Levels:
        shown: list[Level] = []
        aliases: list[tuple[str, str]] = []
        for kept in made.values():
            level = kept.value()
            if shown and _is_equal(level, shown[-1]):
                aliases.append((level.name, shown[-1].name))
            else:
                shown.append(level)
        return Levels(surface.value(), tuple(shown), tuple(aliases))

    return Kept(key_of("levels", "", None, surface.key, *(kept.key for kept in made.values())), value)


def _is_equal(finer: Level, coarser: Level) -> bool:
    # a level that had to be decimated has fewer triangles than what it was made from
    return finer.texture_px == coarser.texture_px and len(finer.surface.faces) == len(coarser.surface.faces)
