"""A project's relics, made or found made: what stands between records and a site."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from exhibit.errors import DefinitionError, ExhibitError, Problem
from exhibit.model.exhibition import Exhibition
from exhibit.pipeline.compile_ahead import compiling
from exhibit.pipeline.convert import with_scan_words
from exhibit.pipeline.definitions import Project, load_project, scan_of
from exhibit.pipeline.inspect import inspect
from exhibit.pipeline.recipe import RelicOptions
from exhibit.pipeline.relic import REPORT
from exhibit.pipeline.run import Outcome, Task
from exhibit.pipeline.store import Store
from exhibit.pipeline.workload import Workload
from exhibit.units import METRES, parse_axis, parse_unit, rotation_to_y_up

WORKSHOP = ".exhibit"
"""Folder of a project for what can be made again: the store, and each relic's finished files."""
LOOK = "first look"
LOOK_LEVEL = "thumb"
LOOK_POINTS = 100_000
"""Enough for the coarsest level; all points are taken when the relic itself is made."""
LOOK_SHARE = 0.3
"""Of a relic's bar, that which its first look fills."""


@dataclass(frozen=True, slots=True)
class Build:
    """A project read and found sound, and the exhibition of it that is to be built."""

    project: Project
    exhibition: Exhibition
    relics: tuple[str, ...]

    @property
    def workshop(self) -> Path:
        """Where finished relics and the store are kept."""
        return self.project.root / WORKSHOP

    @property
    def featured(self) -> str | None:
        """The relic that turns on the front page."""
        return self.exhibition.feature or next(iter(self.relics), None)

    def folder_of(self, relic: str) -> Path:
        """Where a relic's finished files are kept."""
        return self.workshop / "relics" / relic

    def size_of(self, relic: str) -> tuple[float, float, float] | None:
        """Return about how wide, high and deep a relic is, metres, from a look at its scan; None if that says nothing.

        A damaged scan says nothing here: making the relic will say what is wrong with it.
        """
        folder, record = self.project.relics[relic]
        try:
            seen = inspect(scan_of(folder, record))
        except ExhibitError:
            return None
        words = with_scan_words(RelicOptions(), record.scan, folder)
        extent = np.abs(rotation_to_y_up(words.up or parse_axis(seen.up or "y")) @ np.array(seen.extent))
        scale = METRES[words.units or parse_unit(seen.units_guess)]
        if words.height_m is not None and extent[1] > 0:
            scale = words.height_m / extent[1]
        width, height, depth = (float(side) for side in scale * extent)
        return width, height, depth


def plan_build(folder: Path, scene: str | None = None) -> Build:
    """Read a project and choose its exhibition.

    Parameters
    ----------
    scene : name of the scene, without suffix; by default the first.

    Raises
    ------
    DefinitionError
        Naming every problem of every file, or the scenes there are when `scene` is none of them.
    """
    project = load_project(folder)
    exhibition = project.exhibition
    if scene is not None:
        named = {each.id: each for each in project.exhibitions}
        if scene not in named:
            raise DefinitionError(
                f"there is no scene '{scene}'.", where=str(folder), hint=f"There is {', '.join(named)}."
            )
        exhibition = named[scene]
    build = Build(project, exhibition, project.relics_in(exhibition))
    if exhibition.feature is not None and exhibition.feature not in build.relics:
        where = f"scenes/{exhibition.id}.toml"
        problem = Problem(where, "feature", f"'{exhibition.feature}' is not shown.", "Name one of the relics.")
        raise DefinitionError("the exhibition has faults.", where=where, problems=(problem,))
    return build


def make_relics(
    build: Build,
    options: RelicOptions = RelicOptions(),
    workload: Workload = Workload(),
    *,
    on_look: Callable[[Outcome], None] | None = None,
) -> tuple[Outcome, ...]:
    """Make every relic of the exhibition; one that fails stops no other.

    Parameters
    ----------
    on_look : asks for a first look: the relic that is soonest done is made in its coarsest level first, this is told
        of it, and the others follow. Not where it is there already, or would not come sooner.
    """
    store = Store(build.workshop / "store", is_fresh=workload.force)
    looks = build.workshop / "looks"
    shutil.rmtree(looks, ignore_errors=True)
    tasks = []
    for relic in build.relics:
        folder, record = build.project.relics[relic]
        own = replace(with_scan_words(options, record.scan, folder), turns=relic == build.featured)
        if own.height_m is None and record.dimensions.height_mm is not None:
            own = replace(own, height_m=record.dimensions.height_mm / 1000)
        own = workload.fitted(own, len(build.relics))
        args = (scan_of(folder, record), relic, build.folder_of(relic), own, store, folder)
        tasks.append(Task(relic, "exhibit.pipeline.relic:convert_one", args))
    ordered = _by_effort(tasks)
    if on_look is not None and len(tasks) > workload.jobs_for(len(tasks)):
        ordered, workload = _with_look(ordered, looks, workload, on_look)
    outcomes = {outcome.name: outcome for outcome in workload.run(ordered, beside=compiling())}
    store.prune()
    return tuple(outcomes[task.name] for task in tasks)


def _with_look(
    tasks: list[Task], looks: Path, workload: Workload, on_look: Callable[[Outcome], None]
) -> tuple[list[Task], Workload]:
    """Put a look at the first relic before all, and the rest of its work where the look has ended."""
    first = tasks[0]
    path, name, folder, options, *rest = first.args
    if LOOK_LEVEL not in options.levels or len(options.levels) == 1 or (folder / REPORT).exists():
        return tasks, workload
    light = replace(options, levels=(LOOK_LEVEL,), turns=False, tells_making=False)
    light = replace(light, max_points=min(LOOK_POINTS, options.max_points))
    # a folder of its own: the site copies from it while the relic's own files are being written
    look = Task(f"{name}: {LOOK}", first.function, (path, name, looks / name, light, *rest))

    def report(task: str, fraction: float, note: str) -> None:
        if task in (look.name, name):
            done = fraction * LOOK_SHARE if task == look.name else LOOK_SHARE + fraction * (1 - LOOK_SHARE)
            workload.on_progress(name, done, note)
        else:
            workload.on_progress(task, fraction, note)

    def end(outcome: Outcome) -> None:
        if outcome.name != look.name:
            workload.on_outcome(outcome)
        elif outcome.error is None:  # else the same is told when the relic's turn comes
            on_look(replace(outcome, name=name))

    told = replace(
        workload,
        on_start=lambda n_tasks: workload.on_start(n_tasks - 1),
        on_progress=report,
        on_outcome=end,
    )
    n_beside = workload.jobs_for(len(tasks)) - 1
    return [look, *tasks[1 : 1 + n_beside], first, *tasks[1 + n_beside :]], told


def _by_effort(tasks: list[Task]) -> list[Task]:
    """Put the smallest scan first, so that a relic is soon seen, and then the large ones, so that no core waits."""
    size = {task.name: task.args[0].stat().st_size for task in tasks}
    first = min(tasks, key=lambda task: size[task.name], default=None)
    return sorted(tasks, key=lambda task: (task is not first, -size[task.name]))
