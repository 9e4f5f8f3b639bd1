"""The record of a relic, as a curator writes it in ``relic.toml``."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, Strict, field_validator, model_validator

from exhibit.model.language import Language, Text, is_missing, pick, pick_language, text_language
from exhibit.model.rights import Part, Right, Rights
from exhibit.model.written import (
    Count,
    Flag,
    Length,
    Number,
    RelativePath,
    Slug,
    WebAddress,
    Written,
    WrittenAxis,
    WrittenCrop,
    WrittenPlane,
    WrittenSteps,
    WrittenUnit,
    fault,
)

__all__ = [
    "Dimensions", "Hotspot", "Identifier", "Language", "NarrationSource", "Part", "Period", "RelicRecord", "Right",
    "Rights", "ScanSource", "SurfaceMaterial", "Text", "Written", "is_missing", "pick", "pick_language",
    "text_language",
]  # fmt: skip

SurfaceMaterial = Literal[
    "scan", "patinated-bronze", "polished-bronze", "glazed-ceramic", "unglazed-ceramic", "jade", "stone", "marble",
    "wood", "lacquer", "gold", "silver", "iron", "glass", "ivory", "textile", "paper",
]  # fmt: skip

Year = Annotated[int, Strict(), Field(ge=-1_000_000, le=9999)]
"""A year; negative is BCE."""


class Identifier(Written):
    """A number or address somebody else gave the object."""

    scheme: str = Field(min_length=1, description="Who gives it: 'inventory', 'ark', 'wikidata', ...")
    value: str = Field(min_length=1, description="The identifier itself.")
    url: WebAddress | None = Field(None, description="Page that tells more about it, if there is one.")


class Period(Written):
    """When it was made."""

    text: Text = Field(description="As the label says it: 'Late Shang, 12th century BCE'.")
    earliest: Year | None = Field(None, description="First possible year; negative is BCE, and there is no year 0.")
    latest: Year | None = Field(None, description="Last possible year; negative is BCE.")

    @field_validator("earliest", "latest")
    @classmethod
    def _is_a_year(cls, year: int | None) -> int | None:
        if year == 0:
            raise fault("There is no year 0.", "1 BCE is -1, and the next year is 1.")
        return year

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.earliest is not None and self.latest is not None and self.earliest > self.latest:
            raise fault(
                f"earliest ({self.earliest}) is later than latest ({self.latest}).",
                "Years BCE are negative: the 12th century BCE is earliest = -1200, latest = -1101.",
            )
        return self


class Dimensions(Written):
    """The object's size as the catalogue states it, in millimetres."""

    height_mm: Length | None = Field(None, description="Overall height; scales a scan in arbitrary units.")
    width_mm: Length | None = Field(None, description="Overall width.")
    depth_mm: Length | None = Field(None, description="Overall depth.")
    diameter_mm: Length | None = Field(None, description="Diameter, of the mouth unless the text says otherwise.")
    weight_g: Length | None = Field(None, description="Weight in grams.")
    text: Text = Field(default_factory=dict, description="Wording of the catalogue, if it says more.")


class NarrationSource(Written):
    """One language's narration: a recording, and what it says."""

    audio: RelativePath | None = Field(
        None, description="Recording, relative to the relic's folder: WAV, MP3, FLAC or Opus."
    )
    text: str | None = Field(None, description="What is said; timed over the recording's length when there is no VTT.")
    captions: RelativePath | None = Field(None, description="WebVTT file with the exact times.")
    speaker: str = Field("", description="Who speaks, for the credit line.")
    synthetic: Flag = Field(False, description="True when a machine speaks; shown on the page.")

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.audio is None and not (self.text or "").strip():
            raise fault("has neither a recording nor a text.", "Give audio, text, or both; or take the table out.")
        if self.captions is not None and self.audio is None:
            raise fault("has captions without a recording.", "Give audio too, or put the words into text.")
        return self


class Hotspot(Written):
    """A place on the surface worth a look."""

    id: Slug = Field(description="Short name, used in links: lower-case letters, digits and hyphens.")
    position_mm: tuple[Number, Number, Number] = Field(
        description="On the finished model: millimetres, +Y up, base at y = 0, centred."
    )
    normal: tuple[Number, Number, Number] = Field((0.0, 0.0, 1.0), description="Direction the surface faces there.")
    title: Text = Field(min_length=1, description="A few words.")
    text: Text = Field(default_factory=dict, description="A sentence or two.")

    @field_validator("normal")
    @classmethod
    def _points_somewhere(cls, normal: tuple[float, float, float]) -> tuple[float, float, float]:
        if not any(normal):
            raise fault("points nowhere: all three numbers are 0.", "[0, 0, 1] faces the front.")
        return normal


class ScanSource(Written):
    """Which scan, and how to read it; the same keys as the sidecar ``<scan>.toml`` of ``exhibit convert``."""

    file: RelativePath | None = Field(
        None, description="Scan, relative to the relic's folder; found by itself when there is one."
    )
    units: WrittenUnit | None = Field(None, description="Unit of the coordinates: mm, cm, m, in, ...")
    up: WrittenAxis | None = Field(None, description="Axis that points up: y, z, -z, ...")
    height_mm: Length | None = Field(None, description="Real height, for scans in arbitrary units.")
    close_holes: Flag | None = Field(None, description="Close holes that no camera saw into.")
    engine: Literal["exhibit", "open3d"] | None = Field(None, description="Which recipe meshes it.")
    keep_table: Flag | None = Field(None, description="Keep a flat support under the object.")
    keep_neighbours: Flag | None = Field(None, description="Keep plants, walls and other loose parts.")
    crop: WrittenCrop | None = Field(None, description="Only what lies in this box: least x, y, z, then greatest.")
    plane: WrittenPlane | None = Field(
        None, description="The table: 'z=0.12' (what lies below goes), 'nx,ny,nz,d', or 'none' to keep it."
    )
    keep_largest: Count | None = Field(None, description="Keep this many connected pieces, the largest.")
    skip: WrittenSteps | None = Field(
        None, description="Steps of cleaning to leave out: outliers, strays, fragments, neighbours, table."
    )
    align: Flag | None = Field(None, description="Move the scans of one file together where they lie apart.")
    mask: RelativePath | None = Field(
        None, description="Saved mask (JSON), beside the scan or in the relic's folder; overrules every step."
    )


class RelicRecord(Written):
    """Everything the museum says of one relic."""

    id: Slug = Field(description="Folder name; stable, part of every address.")
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
    sources: tuple[Text, ...] = Field((), description="Books, articles and objects that the texts rest on.")
    rights: Rights = Field(description="Rights per part.")
    front_deg: Number = Field(
        0.0, description="Where its front is on the finished model: 0 is +Z, 90 is +X; for portrait and room."
    )
    surface_material: SurfaceMaterial = Field("scan", description="How light meets it: a cloud has only colour.")
    narration: dict[Language, NarrationSource] = Field(default_factory=dict, description="Spoken text per language.")
    hotspots: tuple[Hotspot, ...] = Field((), description="Places worth a look, in the order of a visit.")
    scan: ScanSource = Field(default_factory=ScanSource, description="The scan and how to read it.")

    @field_validator("title")
    @classmethod
    def _has_a_name(cls, title: Text) -> Text:
        if not any(words.strip() for words in title.values()):
            raise fault("is blank in every language.", "Give the object a name in at least one.")
        return title

    @field_validator("hotspots")
    @classmethod
    def _ids_differ(cls, hotspots: tuple[Hotspot, ...]) -> tuple[Hotspot, ...]:
        first: dict[str, int] = {}
        for number, hotspot in enumerate(hotspots, 1):
            if hotspot.id in first:
                raise fault(
                    f"Hotspots {first[hotspot.id]} and {number} are both called '{hotspot.id}'.",
                    "Give each an id of its own.",
                )
            first[hotspot.id] = number
        return hotspots

    @property
    def height_mm(self) -> float | None:
        """Real height of the scanned thing: what the scan table says, else the catalogue."""
        return self.scan.height_mm if self.scan.height_mm is not None else self.dimensions.height_mm

    def languages(self) -> tuple[str, ...]:
        """Return the languages the title is written in, in the order they were written."""
        return tuple(tag for tag, words in self.title.items() if words.strip())
