"""From textured levels to the finished files of a relic: `pack`, then `inscribe`.

The two are stages of their own, so that a store keeps the slow one while a curator edits texts.
"""

from __future__ import annotations

from dataclasses import dataclass

from exhibit.model.asset import Asset, Deviation
from exhibit.model.cloud import Placement
from exhibit.model.narration import Narration
from exhibit.model.record import RelicRecord
from exhibit.model.surface import Textured
from exhibit.progress import SILENT, Progress
from exhibit.stages.inscribe import InscribeOptions, find_preset, inscribe
from exhibit.stages.pack import PackOptions, pack


@dataclass(frozen=True, slots=True)
class PackageOptions:
    """Everything of `exhibit.stages.pack.PackOptions` and `exhibit.stages.inscribe.InscribeOptions`."""

    name: str = "relic"
    record: RelicRecord | None = None
    narrations: tuple[Narration, ...] = ()
    surface_material: str = "scan"
    placement: Placement | None = None
    deviations: tuple[tuple[str, Deviation], ...] = ()
    aliases: tuple[tuple[str, str], ...] = ()
    embed_narration: bool = False
    use_node: bool = True


def package(
    levels: tuple[Textured, ...], options: PackageOptions = PackageOptions(), /, *, progress: Progress = SILENT
) -> Asset:
    """Return the relic's GLBs, with record, rights and narration inside, and the figures of each level.

    Errors and findings are those of `pack` and `inscribe`.
    """
    o = options
    words = InscribeOptions(
        o.name, o.record, o.narrations, o.surface_material, o.placement, o.embed_narration, o.use_node
    )
    find_preset(words)  # a wrong word is told before the slow half
    packed = pack(levels, PackOptions(o.deviations, o.aliases, o.use_node), progress=progress.part(0.0, 0.9))
    return inscribe(packed, words, progress=progress.part(0.9, 1.0))
