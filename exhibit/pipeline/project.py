"""A new project: scenes, a sample relic that builds at once, and a word on what to do next."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from exhibit import resources
from exhibit.errors import DependencyError, UsageError
from exhibit.pipeline.atomic import output_error, write_atomically
from exhibit.pipeline.definitions import load_exhibition
from exhibit.pipeline.schemas import schema_files
from exhibit.progress import SILENT, Progress

SAMPLE_RELIC: Final = "bronze-ding"
SAMPLE_SCENE: Final = "sample"
DEMO_SCENE: Final = "demo"
_IGNORED: Final = frozenset({".git", ".gitattributes", ".DS_Store", "Thumbs.db", "desktop.ini"})

_GITIGNORE: Final = """\
# what exhibit can make again
.exhibit/
site/
"""

_README: Final = """\
Your exhibition
===============
1. exhibit build     makes the site/ folder from what is here
2. exhibit serve site --open     shows it

assets/   one folder for each relic: the scan, relic.toml, recordings.
          The folder's name is the relic's address: lower-case letters, digits, hyphens.
          To add one: copy assets/bronze-ding, put your scan in, change relic.toml.
scenes/   one .toml file for each exhibition: title, languages, which relics in which order.
fonts/    your own display fonts, if you like (.woff2, .otf, .ttf); headings use them.
schemas/  lets your editor complete keys and mark mistakes (VS Code: extension "Even Better TOML").
.exhibit/ what was made so far; may be deleted, then it is made again.

Save text files as UTF-8. assets/bronze-ding is a modelled sample, not a find: delete it when yours stand.


您的展览
========
1. exhibit build     由这里的内容生成 site/ 文件夹
2. exhibit serve site --open     打开观看

assets/   每件文物一个文件夹：扫描文件、relic.toml、录音。
          文件夹名就是文物的网址：只用小写字母、数字和连字符。
          增加文物：复制 assets/bronze-ding，放入您的扫描，改写 relic.toml。
scenes/   每个展览一个 .toml 文件：名称、语言、文物及其顺序。
fonts/    可放入自己的标题字体（.woff2、.otf、.ttf）。
schemas/  让编辑器补全并标出错误（VS Code 请装 “Even Better TOML”）。
.exhibit/ 已生成的中间结果；可删除，会重新生成。

文本文件请存为 UTF-8。assets/bronze-ding 是建模样品，并非文物：有了自己的文物后请删去。
"""


def new_project(folder: Path, scene: str = SAMPLE_SCENE, *, progress: Progress = SILENT) -> list[Path]:
    """Make a project with one of the shipped scenes, which builds at once.

    Parameters
    ----------
    folder : where; it must not exist, or be empty.
    scene : ``sample``, with one relic, or ``demo``, with all.
    progress : ticked while files are made.

    Returns
    -------
    The files written, sorted.

    Raises
    ------
    UsageError
        There is something in the folder already, or it is a file.
    OutputError
        The folder cannot be written.
    """
    folder = Path(folder)
    _refuse_what_is_there(folder)
    written = []
    for name, data in project_files(scene, progress=progress.part(0.0, 0.8)).items():
        write_atomically(folder / name, data)
        written.append(folder / name)
    progress.tick(1.0)
    return sorted(written)


def project_files(scene: str = SAMPLE_SCENE, *, progress: Progress = SILENT) -> dict[str, bytes]:
    """Return every file of a new project by its path in the folder, the same bytes every time."""
    files = {"README.txt": _README.encode(), ".gitignore": _GITIGNORE.encode()}
    files |= {f"schemas/{name}": data for name, data in schema_files().items()}
    shipped_scene = resources.shipped("scenes") / f"{scene}.toml"
    files[f"scenes/{shipped_scene.name}"] = _shipped(shipped_scene)
    for relic in (place.relic for place in load_exhibition(shipped_scene).placed()):
        progress.tick(0.1, relic)
        folder = resources.shipped("assets") / relic
        held = sorted(file for file in folder.rglob("*") if file.is_file() and not file.name.startswith("."))
        files |= {f"assets/{relic}/{file.relative_to(folder).as_posix()}": _shipped(file) for file in held}
    progress.tick(1.0)
    return files


def _refuse_what_is_there(folder: Path) -> None:
    if folder.is_file():
        raise UsageError("is a file.", where=str(folder), hint="Name a folder that does not exist yet.")
    try:
        held = sorted(entry.name for entry in folder.iterdir()) if folder.is_dir() else []
    except OSError as fault:
        raise output_error(folder, fault) from fault
    held = [name for name in held if name not in _IGNORED]
    if held:
        raise UsageError(
            f"is not empty: it holds {held[0]}{' and more' if len(held) > 1 else ''}.",
            where=str(folder),
            hint="Name a folder that does not exist yet, or 'exhibit build' what is there.",
        )


def _shipped(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as fault:
        hint = "Install the package again."
        raise DependencyError("this installation lacks it.", where=file.name, hint=hint) from fault
