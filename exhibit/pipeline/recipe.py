"""The way of one relic, read top to bottom: source, subject, surface, levels, textures, figures, files."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from exhibit.model.asset import (
    LEVELS,
    MOVING_PICTURE,
    MOVING_STILL,
    POINTS_FILE,
    REMOVED_PICTURE,
    STAGE_PICTURES,
    Asset,
    AssetFile,
    Deviation,
)
from exhibit.model.cloud import CleanCloud
from exhibit.model.mask import Mask
from exhibit.model.points import PackedPoints, RawPoints
from exhibit.model.steering import Crop, Plane
from exhibit.model.surface import Adopted, Level, Levels, Surface, Textured, Unwrapped, colour_of
from exhibit.pipeline.files import hash_source
from exhibit.pipeline.made import Made, Words, placement_of
from exhibit.pipeline.mask_file import check_mask
from exhibit.pipeline.store import Kept, Store, key_of
from exhibit.pipeline.timing import Stopwatch
from exhibit.pipeline.versions import version_of
from exhibit.progress import Progress
from exhibit.units import METRES, Axis, Unit

if TYPE_CHECKING:
    from exhibit.geometry.shade import Finish

LEVEL_NAMES = tuple(spec.name for spec in LEVELS)


@dataclass(frozen=True, slots=True)
class RelicOptions:
    """Everything that shapes one relic's model.

    Parameters
    ----------
    units, up : what the scan's coordinates mean, where the file does not say.
    height_m : real height in metres, for scans in arbitrary units.
    levels : names of the levels wanted, of `LEVEL_NAMES`.
    texture_px : no texture has a longer side than this, or None.
    textures : format of the web's textures, see `exhibit.stages.pack.PackOptions`.
    close_holes : close holes that no camera saw into; the faces are marked unseen.
    keep_table : keep a flat support under the object.
    keep_neighbours : keep parts that do not belong to the main object (plants, walls).
    engine : ``exhibit``, or ``open3d`` for the plain recipe.
    surface_material : how light meets the relic, see `exhibit.model.record.SurfaceMaterial`; ``scan``: as the
        record says.
    embed_narration : put the narration's audio into ``model.glb`` itself.
    max_points : denser clouds are averaged down to about this many points, which bounds time and memory.
    turns : make the moving picture of a front page too, from the level ``room``.
    tells_making : make what shows how scan became relic too: its points, the pictures of the steps and of what went.
    crop, plane, keep_largest, skip, mask, align : steer cleaning, see `exhibit.stages.clean.CleanOptions`.
    """

    units: Unit | None = None
    up: Axis | None = None
    height_m: float | None = None
    levels: tuple[str, ...] = LEVEL_NAMES
    texture_px: int | None = None
    textures: Literal["webp", "ktx2", "both"] = "both"
    close_holes: bool = False
    keep_table: bool = False
    keep_neighbours: bool = False
    engine: Literal["exhibit", "open3d"] = "exhibit"
    surface_material: str = "scan"
    embed_narration: bool = False
    max_points: int = 700_000
    turns: bool = False
    tells_making: bool = True
    crop: Crop | None = None
    plane: Plane | None = None
    keep_largest: int | None = None
    skip: tuple[str, ...] = ()
    mask: Mask | None = None
    align: bool = False


NO_POINTS = Kept("no points", lambda: PackedPoints(b"", None))


def plan_relic(
    path: Path, options: RelicOptions, store: Store, watch: Stopwatch, words: Words, *, progress: Progress
) -> Made:
    """Lay out the way of one relic without walking it; only the source is hashed."""
    from exhibit.pipeline.level_chain import together

    steps = _Steps(path, options, store, watch, progress)
    if options.mask is not None:
        check_mask(options.mask, path)
    with watch.stage("hash"):
        source = hash_source(path)
    subject = steps.subject(source)
    surface = steps.surface(subject)
    level = steps.levels(surface, subject)
    levels = together(surface, level)
    unwrapped = {name: steps.unwrapped(level[name], name) for name in options.levels}
    textured = steps.textured(unwrapped, surface, subject)
    measured = {name: steps.measured(unwrapped[name], subject, name) for name in options.levels}
    poster = steps.poster(textured, levels, words)
    packed = steps.packed(levels, textured, measured)
    raw, points = steps.sampled(source, subject), NO_POINTS
    pictures = steps.moving(textured, levels, words)
    if options.tells_making:
        points = steps.packed_points(raw)
        pictures |= steps.pictures(raw, textured, levels, words) | {REMOVED_PICTURE: steps.removed(subject)}
    asset = steps.inscribed(packed, points, subject, words)
    ends = asset.key, poster.key, *(kept.key for kept in pictures.values())
    key = key_of("relic", version_of("exhibit.pipeline.report"), None, source, *ends)
    return Made(source, key, subject, surface, poster, asset, pictures)


@dataclass(frozen=True, slots=True)
class _Steps:
    """Each step of the way as a kept result. Stages are imported here, in the worker; the command stays light."""

    path: Path
    options: RelicOptions
    store: Store
    watch: Stopwatch
    progress: Progress

    @contextlib.contextmanager
    def _timed(self, stage: str, start: float, end: float) -> Iterator[Progress]:
        part = self.progress.part(start, end)
        part.tick(0.0, stage)
        with self.watch.stage(stage):
            yield part

    def subject(self, source: str) -> Kept[CleanCloud | Adopted]:
        from exhibit.stages.adopt import AdoptOptions
        from exhibit.stages.clean import CleanOptions

        o = self.options
        metres = METRES[o.units] if o.units else None
        cleaning = CleanOptions(
            metres_per_unit=metres,
            up=o.up,
            height_m=o.height_m,
            keep_table=o.keep_table,
            keep_neighbours=o.keep_neighbours,
            max_points=o.max_points,
            crop=o.crop,
            plane=o.plane,
            keep_largest=o.keep_largest,
            skip=o.skip,
            mask=o.mask,
            align=o.align,
        )
        adopting = AdoptOptions(metres_per_unit=metres, up=o.up, height_m=o.height_m)

        def make() -> CleanCloud | Adopted:
            from exhibit.pipeline.subject import subject_of

            with self._timed("clean", 0.0, 0.2) as progress:
                return subject_of(self.path, cleaning, adopting, progress)

        return self.store.keep("subject", "exhibit.pipeline.subject", (cleaning, adopting), (source,), make)

    def removed(self, subject: Kept[CleanCloud | Adopted]) -> Kept[bytes]:
        """Return the picture of what cleaning took away."""

        def make() -> bytes:
            from exhibit.pipeline.removed_picture import picture_of_removed

            with self._timed("picture of removed", 0.99, 0.99) as progress:
                return picture_of_removed(subject.value(), progress)

        return self.store.keep("removed picture", "exhibit.pipeline.removed_picture", None, (subject.key,), make)

    def sampled(self, source: str, subject: Kept[CleanCloud | Adopted]) -> Kept[RawPoints]:
        from exhibit.stages.sample import SampleOptions

        def make() -> RawPoints:
            from exhibit.pipeline.raw_points import raw_points_of

            with self._timed("sample", 0.95, 0.95) as progress:
                return raw_points_of(self.path, subject.value(), SampleOptions(), progress)

        return self.store.keep("sample", "exhibit.pipeline.raw_points", SampleOptions(), (source, subject.key), make)

    def packed_points(self, raw: Kept[RawPoints]) -> Kept[PackedPoints]:
        from exhibit.stages.pack_points import PackPointsOptions, pack_points

        def make() -> PackedPoints:
            with self._timed("pack points", 0.95, 0.95) as progress:
                return pack_points(raw.value(), progress=progress)

        return self.store.keep("pack points", "exhibit.stages.pack_points", PackPointsOptions(), (raw.key,), make)

    def surface(self, subject: Kept[CleanCloud | Adopted]) -> Kept[Surface]:
        from exhibit.stages.surface import SurfaceOptions, surface

        options = SurfaceOptions(close_holes=self.options.close_holes, engine=self.options.engine)

        def make() -> Surface:
            value = subject.value()
            if isinstance(value, Adopted):
                return value.surface
            with self._timed("surface", 0.2, 0.4) as progress:
                return surface(value, options, progress=progress)

        return self.store.keep("surface", "exhibit.stages.surface", options, (subject.key,), make)

    def levels(self, surface: Kept[Surface], subject: Kept[CleanCloud | Adopted]) -> dict[str, Kept[Level]]:
        from exhibit.geometry.texel_density import source_texel_m
        from exhibit.pipeline.level_chain import kept_levels
        from exhibit.stages.levels import LevelOptions

        def texel_m() -> float | None:
            source = subject.value()
            return source_texel_m(source.mesh) if isinstance(source, Adopted) else None

        def timed(name: str) -> contextlib.AbstractContextManager[Progress]:
            return self._timed(f"level {name}", 0.4, 0.45)

        o = self.options
        options = LevelOptions(max_texture_px=o.texture_px, engine=o.engine)
        return kept_levels(self.store, surface, o.levels, options, texel_m, timed, subject)

    def unwrapped(self, level: Kept[Level], name: str) -> Kept[Unwrapped]:
        from exhibit.stages.unwrap import UnwrapOptions, unwrap

        start, end = self._share(name)

        def make() -> Unwrapped:
            with self._timed(f"unwrap {name}", start, (start + end) / 2) as progress:
                return unwrap(level.value(), UnwrapOptions(), progress=progress)

        return self.store.keep("unwrap", "exhibit.stages.unwrap", (UnwrapOptions(), name), (level.key,), make)

    def textured(
        self, meshes: dict[str, Kept[Unwrapped]], surface: Kept[Surface], subject: Kept[CleanCloud | Adopted]
    ) -> dict[str, Kept[Textured]]:
        from exhibit.stages.bake import BakeOptions, BakeSource, bake

        # what all levels are baked from: its search trees and its shade are made once
        source = functools.cache(lambda: BakeSource(surface.value(), colour_of(subject.value())))
        waiting = set(meshes)

        def make(name: str) -> Textured:
            (start, end), mesh = self._share(name), meshes[name].value()
            with self._timed(f"bake {name}", (start + end) / 2, end) as progress:
                made = bake(mesh, source(), BakeOptions(), progress=progress)
            waiting.discard(name)
            if not waiting:
                source.cache_clear()
            return made

        keep, ends = functools.partial(self.store.keep, "bake", "exhibit.stages.bake"), (surface.key, subject.key)
        return {n: keep(BakeOptions(), (m.key, *ends), functools.partial(make, n)) for n, m in meshes.items()}

    def measured(self, mesh: Kept[Unwrapped], subject: Kept[CleanCloud | Adopted], name: str) -> Kept[Deviation]:
        from exhibit.stages.measure import measure

        def make() -> Deviation:
            unwrapped, reference = mesh.value(), colour_of(subject.value())
            with self._timed(f"measure {name}", 0.9, 0.9) as progress:
                return measure(unwrapped, reference, progress=progress)

        return self.store.keep("measure", "exhibit.stages.measure", None, (mesh.key, subject.key), make)

    def poster(self, textured: dict[str, Kept[Textured]], levels: Kept[Levels], words: Words) -> Kept[bytes]:
        from exhibit.pipeline.poster_file import poster_file
        from exhibit.pipeline.relic_light import relic_light
        from exhibit.stages.portray import PortrayOptions, pixels_per_metre, portray

        name = "hero" if "hero" in textured else self.options.levels[-1]
        options = PortrayOptions(
            front_deg=words.record.front_deg if words.record else 0.0, finish=self._finish(words), light=relic_light()
        )

        def make() -> bytes:
            alias = dict(levels.value().aliases).get(name, name)
            value = textured[alias].value()
            with self._timed("poster", 0.97, 0.99) as progress:
                return poster_file(portray(value, options, progress=progress), pixels_per_metre(value, options))

        return self.store.keep("poster", "exhibit.stages.portray", options, (textured[name].key,), make)

    def pictures(
        self, raw: Kept[RawPoints], textured: dict[str, Kept[Textured]], levels: Kept[Levels], words: Words
    ) -> dict[str, Kept[bytes]]:
        """Return the pictures from scan to relic by the names of their files."""
        name = "hero" if "hero" in textured else self.options.levels[-1]
        front_deg, finish = words.record.front_deg if words.record else 0.0, self._finish(words)

        def make(stage: str) -> bytes:
            from exhibit.pipeline.pictures import picture_of_model, picture_of_points

            shown = textured[dict(levels.value().aliases).get(name, name)].value()
            with self._timed(f"picture of {stage}", 0.99, 0.99) as progress:
                if stage == "points":
                    return picture_of_points(raw.value(), shown, front_deg, progress)
                return picture_of_model(shown, front_deg, None if stage == "form" else finish, progress)

        module, inputs = "exhibit.pipeline.pictures", (raw.key, textured[name].key)
        options = front_deg, finish
        return {
            file: self.store.keep("stage picture", module, (stage, options), inputs, functools.partial(make, stage))
            for stage, file in STAGE_PICTURES.items()
        }

    def _finish(self, words: Words) -> Finish:
        from exhibit.geometry.shade import Finish
        from exhibit.stages.inscribe import InscribeOptions, find_preset

        asked = InscribeOptions(words.name, words.record, surface_material=self.options.surface_material)
        preset = find_preset(asked)
        return Finish(preset.roughness, preset.metalness, preset.clearcoat, preset.clearcoat_roughness)

    def moving(self, textured: dict[str, Kept[Textured]], levels: Kept[Levels], words: Words) -> dict[str, Kept[bytes]]:
        """Return the moving picture and its still by the names of their files; nothing where none is wanted."""
        from exhibit.stages.turn import TurnOptions

        name = "room"
        if not self.options.turns or name not in textured:
            return {}
        front_deg = words.record.front_deg if words.record else 0.0
        options = TurnOptions(front_deg=front_deg, finish=self._finish(words))

        def make() -> tuple[bytes, bytes]:
            from exhibit.pipeline.moving_picture import moving_picture

            shown = textured[dict(levels.value().aliases).get(name, name)].value()
            with self._timed("turn", 0.99, 0.99) as progress:
                return moving_picture(shown, options, progress)

        kept = self.store.keep("turn", "exhibit.pipeline.moving_picture", options, (textured[name].key,), make)
        return {
            MOVING_PICTURE: Kept(kept.key, lambda: kept.value()[0]),
            MOVING_STILL: Kept(kept.key, lambda: kept.value()[1]),
        }

    def packed(
        self, levels: Kept[Levels], textured: dict[str, Kept[Textured]], measured: dict[str, Kept[Deviation]]
    ) -> Kept[Asset]:
        from exhibit.stages.pack import PackOptions, pack

        options = PackOptions(textures=self.options.textures)

        def make() -> Asset:
            written = [level.name for level in levels.value().levels]
            values = tuple(textured[name].value() for name in written)
            deviations = tuple((name, measured[name].value()) for name in written)
            told = replace(options, deviations=deviations, aliases=levels.value().aliases)
            with self._timed("pack", 0.9, 0.95) as progress:
                return pack(values, told, progress=progress)

        inputs = (levels.key, *(kept.key for kept in textured.values()), *(kept.key for kept in measured.values()))
        return self.store.keep("pack", "exhibit.stages.pack", options, inputs, make)

    def inscribed(
        self, packed: Kept[Asset], points: Kept[PackedPoints], subject: Kept[CleanCloud | Adopted], words: Words
    ) -> Kept[Asset]:
        from exhibit.stages.inscribe import InscribeOptions, inscribe

        said = InscribeOptions(
            name=words.name,
            record=words.record,
            narrations=words.narrations,
            surface_material=self.options.surface_material,
            embed_narration=self.options.embed_narration,
        )

        def make() -> Asset:
            asset, placement = _with_points(packed.value(), points.value()), placement_of(subject.value())
            with self._timed("inscribe", 0.95, 0.97) as progress:
                return inscribe(asset, replace(said, placement=placement), progress=progress)

        return self.store.keep("inscribe", "exhibit.stages.inscribe", said, (packed.key, points.key), make)

    def _share(self, name: str) -> tuple[float, float]:
        """Return the part of the whole that texturing a level takes: finer levels take longer."""
        weight = {"thumb": 1.0, "room": 2.0, "hero": 6.0, "inspect": 12.0}
        names = self.options.levels
        total = sum(weight[other] for other in names)
        before = sum(weight[other] for other in names[: names.index(name)])
        return 0.45 + 0.45 * before / total, 0.45 + 0.45 * (before + weight[name]) / total


def _with_points(asset: Asset, points: PackedPoints) -> Asset:
    if points.figures is None:
        return asset
    return replace(asset, files=(*asset.files, AssetFile(POINTS_FILE, points.data)), points=points.figures)
