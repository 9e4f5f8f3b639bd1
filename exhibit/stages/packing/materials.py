"""How light meets each material that a curator can name: a scan has only colour.

Values follow measured indices of refraction and the roughness that polishing or wear leaves; they are starting points
that look right under the room's lights, not measurements of the object. Transmission and subsurface scattering are
left out on purpose: they would cost every headset a second pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from exhibit.model.record import SurfaceMaterial


@dataclass(frozen=True, slots=True)
class Preset:
    """A glTF material without its textures.

    Parameters
    ----------
    roughness, metalness : 0 to 1.
    ior : index of refraction of the dielectric part.
    clearcoat, clearcoat_roughness : a transparent layer on top: glaze, varnish, polish.
    sheen, sheen_roughness : the soft rim of cloth.
    """

    roughness: float
    metalness: float = 0.0
    ior: float = 1.5
    clearcoat: float = 0.0
    clearcoat_roughness: float = 0.0
    sheen: float = 0.0
    sheen_roughness: float = 0.0

    def extensions(self) -> dict[str, Any]:
        """Return the glTF material extensions that say what differs from the core's defaults."""
        found: dict[str, Any] = {}
        if self.clearcoat:
            found["KHR_materials_clearcoat"] = {
                "clearcoatFactor": self.clearcoat,
                "clearcoatRoughnessFactor": self.clearcoat_roughness,
            }
        if self.ior != 1.5:
            found["KHR_materials_ior"] = {"ior": self.ior}
        if self.sheen:
            found["KHR_materials_sheen"] = {
                "sheenColorFactor": [self.sheen] * 3,
                "sheenRoughnessFactor": self.sheen_roughness,
            }
        return found


PRESETS: Final[dict[SurfaceMaterial, Preset]] = {
    "scan": Preset(roughness=0.9),
    # patina is an oxide, not a metal: a little of the bronze shows through
    "patinated-bronze": Preset(roughness=0.6, metalness=0.3),
    "polished-bronze": Preset(roughness=0.3, metalness=0.9),
    "glazed-ceramic": Preset(roughness=0.5, clearcoat=1.0, clearcoat_roughness=0.08),
    "unglazed-ceramic": Preset(roughness=0.95),
    "jade": Preset(roughness=0.4, ior=1.62, clearcoat=0.4, clearcoat_roughness=0.2),
    "stone": Preset(roughness=0.95, ior=1.55),
    "marble": Preset(roughness=0.5, ior=1.49, clearcoat=0.15, clearcoat_roughness=0.3),
    "wood": Preset(roughness=0.75),
    "lacquer": Preset(roughness=0.45, clearcoat=1.0, clearcoat_roughness=0.12),
    "gold": Preset(roughness=0.28, metalness=1.0),
    "silver": Preset(roughness=0.25, metalness=1.0),
    "iron": Preset(roughness=0.7, metalness=0.5),
    "glass": Preset(roughness=0.15, ior=1.52, clearcoat=0.5, clearcoat_roughness=0.05),
    "ivory": Preset(roughness=0.5, ior=1.54),
    "textile": Preset(roughness=1.0, sheen=0.3, sheen_roughness=0.6),
    "paper": Preset(roughness=1.0),
}
