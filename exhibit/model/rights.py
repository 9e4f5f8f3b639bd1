"""Rights in a relic, part by part, as URI and SPDX identifier."""

from __future__ import annotations

import re
from typing import Final, Literal

from pydantic import Field

from exhibit.model.language import Text
from exhibit.model.written import Flag, WebAddress, Written

Part = Literal["object", "scan", "model", "text", "audio"]
"""What rights are stated for."""

SPDX: Final = frozenset({
    "CC0-1.0", "CC-PDDC", "CC-BY-4.0", "CC-BY-SA-4.0", "CC-BY-ND-4.0", "CC-BY-NC-4.0", "CC-BY-NC-SA-4.0",
    "CC-BY-NC-ND-4.0", "CC-BY-3.0", "CC-BY-SA-3.0", "CC-BY-ND-3.0", "CC-BY-NC-3.0", "CC-BY-NC-SA-3.0",
    "CC-BY-NC-ND-3.0", "CC-BY-2.5", "CC-BY-SA-2.5", "CC-BY-2.0", "CC-BY-SA-2.0", "CC-BY-NC-2.0", "CC-BY-NC-SA-2.0",
    "CC-BY-NC-ND-2.0", "CC-BY-1.0", "CC-BY-SA-1.0", "PDDL-1.0", "ODC-By-1.0", "ODbL-1.0", "OGL-UK-3.0",
    "etalab-2.0", "DL-DE-BY-2.0", "DL-DE-ZERO-2.0", "CDLA-Permissive-2.0", "FAL-1.3", "GFDL-1.3-or-later", "MIT",
    "Apache-2.0", "BSD-3-Clause", "Unlicense", "0BSD",
})  # fmt: skip
"""Identifiers of the SPDX licence list that museums meet; others are let through with a finding."""

_CREATIVE_COMMONS = re.compile(
    r"https?://(?:www\.)?creativecommons\.org/(?:licenses/(?P<kind>by(?:-nc)?(?:-nd|-sa)?)/(?P<version>\d\.\d)"
    r"|publicdomain/(?P<public>zero|mark)/1\.0)(?:/.*)?"
)
_STATEMENT = re.compile(
    r"https?://(?:www\.)?rightsstatements\.org/(?:vocab|page)/(?P<code>[A-Za-z-]+)/1\.0(?:/.*)?(?:\?.*)?"
)
STATEMENTS: Final = frozenset({
    "InC", "InC-EDU", "InC-OW-EU", "InC-NC", "InC-RUU", "NoC-NC", "NoC-OKLR", "NoC-CR", "NoC-US", "CNE", "UND", "NKC",
})  # fmt: skip
"""The twelve statements of rightsstatements.org."""


def spdx_of(uri: str) -> str | None:
    """Return the SPDX identifier of a Creative Commons URI, or None where there is none (the public domain mark)."""
    match = _CREATIVE_COMMONS.fullmatch(uri)
    if match is None or match["public"] == "mark":
        return None
    return "CC0-1.0" if match["public"] else f"CC-{match['kind'].upper()}-{match['version']}"


def statement_of(uri: str) -> str | None:
    """Return the code of a rightsstatements.org URI (``InC``), or None."""
    match = _STATEMENT.fullmatch(uri)
    return match["code"] if match else None


class Right(Written):
    """The rights in one part."""

    uri: WebAddress = Field(description="Rights statement: a Creative Commons or rightsstatements.org URI.")
    spdx: str | None = Field(None, description="SPDX licence identifier where one exists: 'CC-BY-4.0'.")
    holder: str = Field("", description="Who holds them.")
    holder_in: Text = Field(default_factory=dict, description="Their name in other languages, if it has one there.")
    download: Flag | None = Field(
        None, description="Offer this part for download; if absent, yes for open licences and no for all else."
    )

    @property
    def license_id(self) -> str | None:
        """The SPDX identifier: as written, else read off the URI."""
        return self.spdx or spdx_of(self.uri)

    @property
    def is_open(self) -> bool:
        """Whether anybody may copy it: Creative Commons, public domain, ``NoC-*``, or another listed SPDX licence."""
        code = statement_of(self.uri)
        if code is not None:
            return code.startswith("NoC-")
        return _CREATIVE_COMMONS.fullmatch(self.uri) is not None or self.license_id in SPDX

    @property
    def may_download(self) -> bool:
        """Whether the page offers it for download: the curator's word, else `is_open`."""
        return self.is_open if self.download is None else self.download


class Rights(Written):
    """Rights per part; a part that says nothing has the rights of `default`."""

    default: Right = Field(description="Holds for every part not named.")
    object: Right | None = Field(None, description="The object itself.")
    scan: Right | None = Field(None, description="The point cloud or source mesh.")
    model: Right | None = Field(None, description="The model made here.")
    text: Right | None = Field(None, description="Texts of the record.")
    audio: Right | None = Field(None, description="Narration.")

    def of(self, part: Part) -> Right:
        """Return the rights in `part`: its own, else the default."""
        own: Right | None = getattr(self, part)
        return own or self.default
