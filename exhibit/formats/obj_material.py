"""Material libraries (MTL) of OBJ files: the colour and the picture of each material.

Source: Wavefront, *Advanced Visualizer manual*, appendix B1 and *MTL material format* (1995).
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from exhibit.formats.source_file import side_path
from exhibit.formats.textures import texture_file
from exhibit.model.arrays import U1
from exhibit.model.cloud import SourceMaterial
from exhibit.model.finding import Finding

_OPTION_WORDS: Final = {
    "-blendu": 1, "-blendv": 1, "-cc": 1, "-clamp": 1, "-texres": 1, "-bm": 1, "-imfchan": 1, "-type": 1, "-boost": 1,
    "-mm": 2, "-o": 3, "-s": 3, "-t": 3, "-colorspace": 1,
}  # fmt: skip


def read_libraries(source: Path, names: list[str]) -> tuple[dict[str, SourceMaterial], list[Finding]]:
    """Return the materials of all libraries an OBJ file names, by name."""
    materials: dict[str, SourceMaterial] = {}
    pictures: dict[str, U1 | None] = {}
    findings: list[Finding] = []
    for name in names:
        path = side_path(source, name)
        if path is None or not path.is_file():
            code = "formats.side-file-refused" if path is None else "formats.materials-missing"
            where = "lies outside the folder of the scan" if path is None else "is not beside the scan"
            hint = f"The material library '{name[-80:]}' {where}, so colours and textures are left out."
            findings.append(Finding(code, None, "", hint, "warning"))
            continue
        for material, lines in _sections(path).items():
            texture = None
            reference = _picture_name(lines)
            if reference is not None:
                if reference not in pictures:
                    pictures[reference], found = texture_file(source, _beside(source, path, reference))
                    findings.extend(found)
                texture = pictures[reference]
            materials[material] = SourceMaterial(_color(lines, texture is not None), texture)
    return materials, findings


def library_files(source: Path, names: list[str]) -> set[Path]:
    """Return the libraries that are there and the pictures of theirs that are."""
    files: set[Path] = set()
    for name in names:
        path = side_path(source, name)
        if path is None or not path.is_file():
            continue
        files.add(path)
        for lines in _sections(path).values():
            reference = _picture_name(lines)
            picture = None if reference is None else side_path(source, _beside(source, path, reference))
            if picture is not None and picture.is_file():
                files.add(picture)
    return files


def _sections(path: Path) -> dict[str, list[list[str]]]:
    """Return the lines of each material, as words."""
    sections: dict[str, list[list[str]]] = {}
    lines: list[list[str]] = []
    for line in path.read_bytes().decode("utf-8", "replace").splitlines():
        words = line.strip().split(maxsplit=1)
        if len(words) < 2 or words[0].startswith("#"):
            continue
        if words[0].lower() == "newmtl":
            lines = sections.setdefault(words[1].strip(), [])
        else:
            lines.append([words[0].lower(), words[1].strip()])
    return sections


def _color(lines: list[list[str]], has_texture: bool) -> U1:
    # writers set Kd to black or grey beside a picture and mean the picture as it is
    color = np.full(4, 255, np.uint8)
    values = next((value.split() for key, value in lines if key == "kd"), None)
    if values is None or has_texture:
        return color
    try:
        rgb = [float(value) for value in values[:3]]
    except ValueError:
        return color
    color[:3] = np.clip(np.nan_to_num(np.array((rgb * 3)[:3])) * 255 + 0.5, 0, 255).astype(np.uint8)
    return color


def _picture_name(lines: list[list[str]]) -> str | None:
    for wanted in ("map_kd", "map_ka"):
        for key, value in lines:
            if key == wanted:
                return _without_options(value)
    return None


def _without_options(value: str) -> str:
    """Return a map's file name: what follows its options; it may hold spaces."""
    rest = value
    while rest.startswith("-"):
        option, *words = rest.split()
        n_words = _OPTION_WORDS.get(option.lower())
        if n_words is None:
            break
        if option.lower() in ("-o", "-s", "-t"):
            # the second and third value may be left out
            n_words = next((i for i, word in enumerate(words[:3]) if not _is_number(word)), min(3, len(words)))
        rest = rest.split(maxsplit=n_words + 1)[-1] if len(words) > n_words else ""
    return rest


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def _beside(source: Path, library: Path, reference: str) -> str:
    """Return a picture's name relative to the source; it is stated relative to the library."""
    folder = library.parent.relative_to(source.parent.resolve()).as_posix()
    return reference if folder == "." else f"{folder}/{reference}"
