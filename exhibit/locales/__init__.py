"""One TOML per language: every word the site says.

A new language is one new file ``<bcp47>.toml`` beside this one; nothing else has to change.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal

from exhibit.model.language import pick_language

_FOLDER: Final = Path(__file__).parent
_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language.

    Parameters
    ----------
    language : BCP 47 tag of the words, not necessarily the one asked for.
    name : the language's name in itself: ``简体中文``.
    direction : which way its script runs.
    page : words of the pages, by dotted key.
    ui : words of the scripts, by dotted key.
    """

    language: str
    name: str
    direction: Literal["ltr", "rtl"]
    page: Mapping[str, str]
    ui: Mapping[str, str]

    def say(self, key: str, /, **values: object) -> str:
        """Return the page word `key` with its ``{name}`` places filled in; a missing key is a KeyError."""
        return _PLACE.sub(lambda place: str(values[place[1]]), self.page[key])


def languages() -> tuple[str, ...]:
    """Return the tags of all languages there are words for, sorted."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))


@cache
def load_words(language: str) -> Words:
    """Return the words for readers of `language`.

    Where there is no file for it, the nearest serves: the same language in the same script, then in another, then
    English. Compare `Words.language` with what was asked for to know.
    """
    tag = pick_language(languages(), language, "en") or "en"
    data = tomllib.loads((_FOLDER / f"{tag}.toml").read_text(encoding="utf-8"))
    return Words(
        language=tag,
        name=data["language"]["name"],
        direction=data["language"]["direction"],
        page=MappingProxyType(data["page"]),
        ui=MappingProxyType(data["ui"]),
    )
