"""Languages by BCP 47 tag, and how a reader of one language is served when a text is missing in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Final

from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

TAG: Final = r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$"
"""The tags this house uses: language, then perhaps script, then perhaps region (RFC 5646, section 2.1)."""

_TWO_LETTERS: Final = (
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en "
    "eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv "
    "ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne "
    "ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st "
    "su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu"
)
ISO_639_1: Final = frozenset(_TWO_LETTERS.split())
"""All languages of two letters; ``cn`` and ``jp`` are countries."""


def _is_assigned(tag: str) -> str:
    if len(base := tag.partition("-")[0]) == 2 and base not in ISO_639_1:
        raise PydanticCustomError("language", "there is no such language")
    return tag


Language = Annotated[str, StringConstraints(pattern=TAG), AfterValidator(_is_assigned)]
"""A BCP 47 tag: ``en``, ``zh-Hans``."""

Text = dict[Language, str]
"""The same text in several languages."""

_TRADITIONAL_REGIONS: Final = frozenset({"TW", "HK", "MO"})
_MISTAKEN: Final = {
    "cn": "zh-Hans", "chs": "zh-Hans", "sc": "zh-Hans", "chinese": "zh-Hans", "中文": "zh-Hans", "简体": "zh-Hans",
    "简体中文": "zh-Hans", "zhs": "zh-Hans", "cht": "zh-Hant", "tc": "zh-Hant", "tw": "zh-Hant", "繁体": "zh-Hant",
    "繁體": "zh-Hant", "繁體中文": "zh-Hant", "繁体中文": "zh-Hant", "zht": "zh-Hant", "eng": "en", "english": "en",
    "英文": "en", "英语": "en", "jp": "ja", "japanese": "ja", "日文": "ja", "kr": "ko", "korean": "ko", "german": "de",
    "french": "fr", "spanish": "es", "gb": "en-GB", "uk": "en-GB", "us": "en-US",
}  # fmt: skip


def is_language(tag: str) -> bool:
    """Tell whether `tag` is a BCP 47 tag as this house writes them."""
    base = tag.partition("-")[0]
    return re.fullmatch(TAG, tag) is not None and (len(base) != 2 or base in ISO_639_1)


def suggest_language(written: str) -> str | None:
    """Return the tag somebody most likely meant: ``zh_cn`` is ``zh-CN``, ``chinese`` is ``zh-Hans``; else None."""
    word = written.strip().lower()
    if word in _MISTAKEN and word not in ISO_639_1:
        return _MISTAKEN[word]
    parts = re.split(r"[-_ ]+", word)
    shaped = [parts[0], *(part.title() if len(part) == 4 else part.upper() for part in parts[1:])]
    tag = "-".join(shaped)
    return tag if is_language(tag) else None


def base_of(tag: str) -> str:
    """Return the language alone: ``zh`` of ``zh-Hant-HK``."""
    return tag.partition("-")[0]


def script_of(tag: str) -> str:
    """Return the script a tag states or, for Chinese, implies; ``""`` where it says nothing.

    Source: CLDR likely subtags (zh -> Hans, zh-TW, zh-HK and zh-MO -> Hant).
    """
    for part in tag.split("-")[1:]:
        if len(part) == 4:
            return part
    if base_of(tag) == "zh":
        return "Hant" if tag.rpartition("-")[2] in _TRADITIONAL_REGIONS else "Hans"
    return ""


def pick_language(available: Iterable[str], language: str, default: str = "") -> str | None:
    """Return which of the `available` languages a reader of `language` is given.

    Parameters
    ----------
    available : tags there is something in, in the order they were written.
    language : the reader's language.
    default : the language of the site, asked next; ``""`` for none.

    Returns
    -------
    The tag itself; else the same language in the same script (``zh-CN`` for ``zh-Hans``); else the same language in
    another script or region; else the same for `default`; else the first there is; None when there is nothing.
    """
    tags = tuple(available)
    for wanted in (language, default):
        if wanted in tags:
            return wanted
        kin = [tag for tag in tags if base_of(tag) == base_of(wanted)]
        for tag in kin:
            if script_of(tag) == script_of(wanted):
                return tag
        if kin:
            return kin[0]
    return tags[0] if tags else None


def pick(text: Mapping[str, str], language: str, default: str = "") -> str:
    """Return `text` for a reader of `language`, falling back as `pick_language` does; ``""`` when all is blank.

    The page needs to say in which language it shows a text: ask `text_language` for that.
    """
    found = text_language(text, language, default)
    return text[found].strip() if found else ""


def text_language(text: Mapping[str, str], language: str, default: str = "") -> str | None:
    """Return the language in which `pick` finds `text` for a reader of `language`; None when all is blank."""
    return pick_language((tag for tag, words in text.items() if words.strip()), language, default)


def is_missing(text: Mapping[str, str], language: str) -> bool:
    """Tell whether a reader of `language` finds nothing in it, nor in its own script under another tag."""
    found = text_language(text, language)
    return found is None or base_of(found) != base_of(language) or script_of(found) != script_of(language)
