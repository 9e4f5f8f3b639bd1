"""The display type of a site: fonts cut down to the characters that its headings use.

Body text is set in the reader's own faces, which are there at once and hold every character. Headings are few and
large, so their fonts can be ours and yet small: each page is read after it is rendered, and each font keeps only what
is set in it. For Chinese, Japanese and Korean a font with their characters comes first, so that punctuation is theirs;
for other languages one without. What no font holds falls to the reader's own.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any, Final

from exhibit.errors import DefinitionError
from exhibit.model.finding import Finding

STYLE: Final = "static/fonts.css"
FOLDER: Final = "static/fonts"
SUFFIXES: Final = (".woff2", ".woff", ".otf", ".ttf")
DISPLAY: Final = "display"
"""Class of what is set in display type, besides h1, h2 and h3."""

_ALWAYS: Final = frozenset(map(chr, range(0x20, 0x7F))) | frozenset("–—‘’“”…·×°")
_EAST: Final = ("zh", "ja", "ko")
_EAST_SAMPLES: Final = (0x4E00, 0x3042, 0xAC00)
_VOID: Final = frozenset({"meta", "link", "img", "br", "input", "source", "track", "hr", "wbr", "col", "area", "base"})
_SAMPLE: Final = "the quiet vessel of an age when bronze was worth a house in stone"
_TIMES_MEAN_EM: Final = 0.408
"""Mean advance of `_SAMPLE` in Times New Roman and the faces made to its measure."""


@dataclass(frozen=True, slots=True)
class Type:
    """Files that a site's display type is made of, and what to say of it."""

    files: Mapping[str, bytes]
    findings: tuple[Finding, ...] = ()


def is_font(name: str) -> bool:
    """Tell whether a file's name is a font's."""
    return name.lower().endswith(SUFFIXES)


def check_fonts(fonts: Mapping[str, bytes]) -> None:
    """Raise DefinitionError for what is named like a font and is none."""
    _opened_all(fonts)


def codes_of(fonts: Mapping[str, bytes]) -> tuple[tuple[bytes, frozenset[int]], ...]:
    """Return each font's bytes and the characters it holds, in the order of preference."""
    return tuple((font.data, font.codes) for font in _opened_all(fonts))


def first_font(fonts: Mapping[str, bytes], language: str) -> str | None:
    """Return the path of the font that a language's headings need first, or None: worth fetching early."""
    order = _order(_opened_all(fonts), is_east=_is_east(language))
    return f"{FOLDER}/{order[0].stem}.woff2" if order else None


def set_type(pages: Iterable[bytes], fonts: Mapping[str, bytes]) -> Type:
    """Cut fonts down to what pages set in display type.

    Parameters
    ----------
    pages : HTML, UTF-8.
    fonts : name -> bytes of fonts and of the texts that belong to them (licences), which are kept beside them. Names
        decide the order of preference.

    Returns
    -------
    ``static/fonts.css``, a WOFF2 per font that is used, the texts; equal input gives equal bytes. A finding
    ``fonts.missing`` names characters that no font holds.

    Raises
    ------
    DefinitionError
        A file is not a font.
    """
    opened = _opened_all(fonts)
    if not opened:
        return Type({})
    wanted = _characters(pages)
    kept: dict[str, set[str]] = {font.stem: set() for font in opened}
    lost: set[str] = set()
    for is_east, characters in wanted.items():
        order = _order(opened, is_east=is_east)
        for character in sorted(characters | _ALWAYS):
            holder = next((font for font in order if ord(character) in font.codes), None)
            if holder is not None:
                kept[holder.stem].add(character)
            elif character in characters:
                lost.add(character)
    used = [font for font in opened if kept[font.stem]]
    files = {f"{FOLDER}/{font.stem}.woff2": _cut(font.data, "".join(sorted(kept[font.stem]))) for font in used}
    files |= {f"{FOLDER}/{name}": data for name, data in fonts.items() if not is_font(name)}
    files[STYLE] = _style(used, kept).encode("utf-8")
    findings: tuple[Finding, ...] = ()
    if lost:
        hint = f"No font holds {''.join(sorted(lost))}; browsers take these from their own, which looks uneven."
        findings = (Finding("fonts.missing", len(lost), "characters", hint),)
    return Type(files, findings)


@dataclass(frozen=True, slots=True)
class _Font:
    stem: str
    data: bytes
    codes: frozenset[int]
    is_east: bool
    mean_em: float
    ascent_em: float
    descent_em: float


def _opened_all(fonts: Mapping[str, bytes]) -> tuple[_Font, ...]:
    return tuple(_opened(name, fonts[name]) for name in sorted(fonts) if is_font(name))


@functools.lru_cache(maxsize=16)
def _opened(name: str, data: bytes) -> _Font:
    font = _read(data, name)
    table, advances, em = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm
    widths = [advances[table[ord(letter)]][0] for letter in _SAMPLE if ord(letter) in table]
    return _Font(
        stem=name.rpartition(".")[0],
        data=data,
        codes=frozenset(table),
        is_east=any(code in table for code in _EAST_SAMPLES),
        mean_em=sum(widths) / len(widths) / em if widths else 0.0,
        ascent_em=font["hhea"].ascent / em,
        descent_em=-font["hhea"].descent / em,
    )


def _read(data: bytes, name: str) -> Any:
    from fontTools.ttLib import TTFont, TTLibError

    try:
        font = TTFont(io.BytesIO(data), lazy=True, recalcTimestamp=False)
        if font.getBestCmap() is None:
            raise ValueError("no characters")
    except (TTLibError, ValueError, KeyError, AssertionError, EOFError, OSError) as fault:
        hint = "Use a .woff2, .woff, .otf or .ttf; of a collection (.ttc) take one font out."
        raise DefinitionError("is not a font that can be read.", where=f"fonts/{name}", hint=hint) from fault
    return font


@functools.lru_cache(maxsize=64)
def _cut(data: bytes, characters: str) -> bytes:
    """Return a WOFF2 with `characters` and all that sets them well: kerning, upright forms, ligatures."""
    from fontTools.subset import Options, Subsetter

    font = _read(data, "")
    options = Options()
    options.layout_features = ["*"]
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 13, 14]
    subsetter = Subsetter(options)
    subsetter.populate(text=characters)
    subsetter.subset(font)
    font.flavor = "woff2"
    stream = io.BytesIO()
    font.save(stream, reorderTables=None)
    return stream.getvalue()


def _order(fonts: Iterable[_Font], *, is_east: bool) -> list[_Font]:
    return sorted(fonts, key=lambda font: (font.is_east != is_east, font.stem))


def _is_east(language: str) -> bool:
    return language.partition("-")[0] in _EAST


def _style(fonts: list[_Font], kept: Mapping[str, set[str]]) -> str:
    names = {font.stem: f'"Display {number}"' for number, font in enumerate(fonts, 1)}
    lines = ["/* Made for this site: fonts that hold the characters of its headings. Licences lie beside them. */"]
    for font in fonts:
        lines.append(
            f"@font-face {{ font-family: {names[font.stem]}; font-weight: 100 900; font-display: swap; "
            f'src: url("fonts/{font.stem}.woff2") format("woff2"); unicode-range: {_ranges(kept[font.stem])}; }}'
        )
    west = [font for font in _order(fonts, is_east=False) if font.mean_em]
    near = ""
    if west:
        # what stands in until the font is there takes as much room, so that nothing jumps
        scale = west[0].mean_em / _TIMES_MEAN_EM
        lines.append(
            '@font-face { font-family: "Display near"; font-weight: 100 900; src: local("Times New Roman"), '
            'local("Liberation Serif"), local("Tinos"), local("Nimbus Roman"); '
            f"size-adjust: {scale:.1%}; ascent-override: {west[0].ascent_em / scale:.1%}; "
            f"descent-override: {west[0].descent_em / scale:.1%}; line-gap-override: 0%; }}"
        )
        near = ', "Display near"'
    for name, is_east in (("latin", False), ("east", True)):
        chain = ", ".join(names[font.stem] for font in _order(fonts, is_east=is_east))
        lines.append(f":root {{ --display-{name}: {chain}{'' if is_east else near}; }}")
    return "\n".join(lines) + "\n"


def _ranges(characters: set[str]) -> str:
    codes = sorted(map(ord, characters))
    spans: list[list[int]] = []
    for code in codes:
        if spans and code == spans[-1][1] + 1:
            spans[-1][1] = code
        else:
            spans.append([code, code])
    return ", ".join(f"U+{a:X}" if a == b else f"U+{a:X}-{b:X}" for a, b in spans)


def _characters(pages: Iterable[bytes]) -> dict[bool, set[str]]:
    """Return what is set in display type, apart for East Asian and for other languages."""
    found: dict[bool, set[str]] = {False: set(), True: set()}
    for page in pages:
        reader = _Headings(found)
        reader.feed(page.decode("utf-8"))
        reader.close()
    return found


class _Headings(HTMLParser):
    """Gathers the characters of headings by the language they are in."""

    def __init__(self, found: dict[bool, set[str]]) -> None:
        super().__init__()
        self._found = found
        self._open: list[tuple[str, str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember the language, and whether this is display type, for all that lies within."""
        if tag in _VOID:
            return
        given = dict(attrs)
        language, is_display = self._open[-1][1:] if self._open else ("", False)
        is_display = is_display or tag in ("h1", "h2", "h3") or DISPLAY in (given.get("class") or "").split()
        self._open.append((tag, given.get("lang") or language, is_display))

    def handle_endtag(self, tag: str) -> None:
        """Forget what ends, and what was left open inside it."""
        if any(open_tag == tag for open_tag, _, _ in self._open):
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        """Take a heading's characters."""
        if self._open and self._open[-1][2]:
            self._found[_is_east(self._open[-1][1])].update(each for each in data if each.isprintable())
