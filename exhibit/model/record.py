"""The record of a relic, as a curator writes it in ``relic.toml``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$")]
"""A BCP 47 tag: ``en``, ``zh-Hans``."""

Text = dict[Language, str]
"""The same text in several languages."""

SurfaceMaterial = Literal[
    "scan", "patinated-bronze", "polished-bronze", "glazed-ceramic", "unglazed-ceramic", "jade", "stone", "marble",
    "wood", "lacquer", "gold", "silver", "iron", "glass", "ivory", "textile", "paper",
]  # fmt: skip


class Written(BaseModel):
    """Base of everything people write: unknown keys are faults, not silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Identifier(Written):
    """A number or address somebody else gave the object."""

    scheme: str = Field(description="Who gives it: 'inventory', 'ark', 'wikidata', ...")
    value: str = Field(description="The identifier itself.")


class Period(Written):
    """When it was made."""

    text: Text = Field(description="As the label says it: 'Late Shang, 12th century BCE'.")
    earliest: int | None = Field(None, description="First possible year; negative is BCE, and there is no year 0.")
    latest: int | None = Field(None, description="Last possible year; negative is BCE.")


class Dimensions(Written):
    """The object's size as the catalogue states it, in millimetres."""

    height_mm: float | None = Field(None, gt=0, description="Overall height; scales a scan in arbitrary units.")
    width_mm: float | None = Field(None, gt=0, description="Overall width.")
    depth_mm: float | None = Field(None, gt=0, description="Overall depth.")
    diameter_mm: float | None = Field(None, gt=0, description="Diameter, of the mouth unless the text says otherwise.")
    weight_g: float | None = Field(None, gt=0, description="Weight in grams.")
    text: Text = Field(default_factory=dict, description="Wording of the catalogue, if it says more.")


class Right(Written):
    """The rights in one part."""

    uri: str = Field(description="Rights statement: a Creative Commons or rightsstatements.org URI.")
    spdx: str | None = Field(None, description="SPDX licence identifier where one exists: 'CC-BY-4.0'.")
    holder: str = Field("", description="Who holds them.")


class Rights(Written):
    """Rights per part; a part that says nothing has the rights of `default`."""

    default: Right = Field(description="Holds for every part not named.")
    object: Right | None = Field(None, description="The object itself.")
    scan: Right | None = Field(None, description="The point cloud or source mesh.")
    model: Right | None = Field(None, description="The model made here.")
    text: Right | None = Field(None, description="Texts of the record.")
    audio: Right | None = Field(None, description="Narration.")


class NarrationSource(Written):
    """One language's narration: a recording, and what it says."""

    audio: str | None = Field(None, description="Recording, relative to the relic's folder: WAV, MP3, FLAC or Opus.")
    text: str | None = Field(None, description="What is said; timed over the recording's length when there is no VTT.")
    captions: str | None = Field(None, description="WebVTT file with the exact times.")
    speaker: str = Field("", description="Who speaks, for the credit line.")
    synthetic: bool = Field(False, description="True when a machine speaks; shown on the page.")


class Hotspot(Written):
    """A place on the surface worth a look."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$", description="Short name, used in links.")
    position_mm: tuple[float, float, float] = Field(
        description="On the finished model: millimetres, +Y up, base at y = 0, centred."
    )
    normal: tuple[float, float, float] = Field((0.0, 0.0, 1.0), description="Direction the surface faces there.")
    title: Text = Field(description="A few words.")
    text: Text = Field(default_factory=dict, description="A sentence or two.")


class ScanSource(Written):
    """Which scan, and how to read it; the same keys as the sidecar ``<scan>.toml`` of ``exhibit convert``."""

    file: str | None = Field(
        None, description="Scan, relative to the relic's folder; found by itself when there is one."
    )
    units: str | None = Field(None, description="Unit of the coordinates: mm, cm, m, in, ...")
    up: str | None = Field(None, description="Axis that points up: y, z, -z, ...")
    height_mm: float | None = Field(None, gt=0, description="Real height, for scans in arbitrary units.")
    close_holes: bool | None = Field(None, description="Close holes that no camera saw into.")
    engine: Literal["exhibit", "open3d"] | None = Field(None, description="Which recipe meshes it.")
    keep_table: bool | None = Field(None, description="Keep a flat support under the object.")


class RelicRecord(Written):
    """Everything the museum says of one relic."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$", description="Folder name; stable, part of every address.")
    title: Text = Field(min_length=1, description="Name of the object.")
    alternative_titles: tuple[Text, ...] = Field((), description="Other names it has or had.")
    label: Text = Field(default_factory=dict, description="Short label, as on the wall: at most some 60 words.")
    description: Text = Field(default_factory=dict, description="The story, in paragraphs.")
    type: Text = Field(default_factory=dict, description="Kind of object: vessel, bust, mask.")
    period: Period | None = Field(None, description="When it was made.")
    material: Text = Field(default_factory=dict, description="What it is made of.")
    technique: Text = Field(default_factory=dict, description="How it was made.")
    culture: Text = Field(default_factory=dict, description="Culture or dynasty.")
    place: Text = Field(default_factory=dict, description="Where it was made or found.")
    dimensions: Dimensions = Field(default_factory=Dimensions, description="Catalogue dimensions.")
    inventory_number: str = Field("", description="The custodian's own number.")
    identifiers: tuple[Identifier, ...] = Field((), description="Further identifiers by scheme.")
    custodian: Text = Field(default_factory=dict, description="Who keeps the object.")
    credit: Text = Field(default_factory=dict, description="Credit line.")
    rights: Rights = Field(description="Rights per part.")
    surface_material: SurfaceMaterial = Field("scan", description="How light meets it: a cloud has only colour.")
    narration: dict[Language, NarrationSource] = Field(default_factory=dict, description="Spoken text per language.")
    hotspots: tuple[Hotspot, ...] = Field((), description="Places worth a look, in the order of a visit.")
    scan: ScanSource = Field(default_factory=ScanSource, description="The scan and how to read it.")
