"""The exhibition as a curator writes it (``scenes/*.toml``)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, field_validator

from exhibit.model.language import Language, Text
from exhibit.model.written import Number, Slug, WebAddress, Written, fault


class Placed(Written):
    """Where one relic stands, when the curator wants to say so."""

    relic: str = Field(description="Id of the relic: its folder's name in assets/.")
    x_m: Number | None = Field(None, description="Metres right of the room's centre; laid out if absent.")
    z_m: Number | None = Field(None, description="Metres towards the entrance from the room's centre.")
    yaw_deg: Number = Field(0.0, description="Turn about the vertical, degrees.")


def _how_written(entry: Any) -> str:
    return "<placed>" if isinstance(entry, dict | Placed) else "<id>"


# the discriminator spares people the faults of the form they did not use
Entry = Annotated[Annotated[str, Tag("<id>")] | Annotated[Placed, Tag("<placed>")], Discriminator(_how_written)]
"""A relic in an exhibition: its id, or its id with a place."""


class Exhibition(Written):
    """One exhibition: which relics, in which order, in which room, in which languages."""

    id: Slug = Field(description="File name without suffix.")
    title: Text = Field(min_length=1, description="Title of the exhibition.")
    statement: Text = Field(default_factory=dict, description="What the exhibition is about, in paragraphs.")
    note: Text = Field(
        default_factory=dict, description="What visitors must know of all of it, as: these relics are modelled."
    )
    makers: Text = Field(default_factory=dict, description="Who made it.")
    languages: tuple[Language, ...] = Field(
        ("zh-Hans", "en"), min_length=1, description="Languages of the site; the first is the default."
    )
    relics: tuple[Entry, ...] = Field((), description="Ids in order; empty means every relic in assets/.")
    feature: Slug | None = Field(None, description="Relic that turns on the front page; by default the first.")
    title_direction: Literal["horizontal", "vertical"] = Field(
        "horizontal", description="How the front page sets Chinese and Japanese titles."
    )
    room: str = Field("daylight", description="Room style: a folder of site_template/rooms.")
    site_url: WebAddress | None = Field(
        None, description="Public address, for absolute links (QR, Open Graph, JSON-LD)."
    )
    license: str = Field("", description="Licence of the exhibition's own texts, as URI.")

    @field_validator("languages")
    @classmethod
    def _languages_differ(cls, languages: tuple[str, ...]) -> tuple[str, ...]:
        for number, language in enumerate(languages):
            if language in languages[:number]:
                raise fault(f"names '{language}' twice.", "Name each language once.")
        return languages

    @field_validator("relics")
    @classmethod
    def _relics_differ(cls, relics: tuple[str | Placed, ...]) -> tuple[str | Placed, ...]:
        ids = [entry.relic if isinstance(entry, Placed) else entry for entry in relics]
        for number, relic in enumerate(ids):
            if relic in ids[:number]:
                raise fault(f"names '{relic}' twice.", "A relic stands in an exhibition once.")
        return relics

    @property
    def default_language(self) -> str:
        """The language of the site's front page."""
        return self.languages[0]

    def placed(self) -> tuple[Placed, ...]:
        """Return the relics in order, each as `Placed`; empty means every relic in assets/."""
        return tuple(entry if isinstance(entry, Placed) else Placed(relic=entry) for entry in self.relics)
