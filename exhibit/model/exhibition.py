"""The exhibition as a curator writes it (``scenes/*.toml``)."""

from __future__ import annotations

from pydantic import Field

from exhibit.model.record import Language, Text, Written


class Placed(Written):
    """Where one relic stands, when the curator wants to say so."""

    relic: str = Field(description="Id of the relic: its folder's name in assets/.")
    x_m: float | None = Field(None, description="Metres right of the room's centre; laid out if absent.")
    z_m: float | None = Field(None, description="Metres towards the entrance from the room's centre.")
    yaw_deg: float = Field(0.0, description="Turn about the vertical, degrees.")


class Exhibition(Written):
    """One exhibition: which relics, in which order, in which room, in which languages."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$", description="File name without suffix.")
    title: Text = Field(min_length=1, description="Title of the exhibition.")
    statement: Text = Field(default_factory=dict, description="What the exhibition is about, in paragraphs.")
    makers: Text = Field(default_factory=dict, description="Who made it.")
    languages: tuple[Language, ...] = Field(
        ("zh-Hans", "en"), min_length=1, description="Languages of the site; the first is the default."
    )
    relics: tuple[str | Placed, ...] = Field((), description="Ids in order; empty means every relic in assets/.")
    room: str = Field("plain", description="Room style: a folder of site_template/rooms.")
    site_url: str | None = Field(None, description="Public address, for absolute links (QR, Open Graph, JSON-LD).")
    license: str = Field("", description="Licence of the exhibition's own texts, as URI.")
