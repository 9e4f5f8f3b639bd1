"""``python -m tests.bench``: measure, print each line as it is known, keep it, and draw the plots at the end."""

from __future__ import annotations

import argparse
import importlib.util
import sys
import time

from tests.bench import table
from tests.bench.hard_cases import CASES
from tests.bench.hard_pictures import draw_hard
from tests.bench.machine import describe
from tests.bench.results import FOLDER, Rows
from tests.bench.runs import Failed, Row, all_cores, run
from tests.bench.subjects import SUBJECTS, Prepared, prepare

PROCESS_ON = ("lion", "venus-2m")
CONVERT_ON = ("venus-500k", "venus-2m")
TEXELS, ALL_TEXELS = 2000, 50_000


def main() -> None:
    """Do what was asked for."""
    given = _arguments()
    names = given.only or [name for name, one in SUBJECTS.items() if given.full or not one.is_large]
    ours, baselines = Rows("ours"), Rows("baselines")
    try:
        for name in names:
            subject = prepare(SUBJECTS[name])
            print(f"\n## {SUBJECTS[name].title}, {subject.n_points:,} points\n", flush=True)
            if given.ours_only:
                _brief(subject)
            else:
                _all_ways(subject, given, ours, baselines)
    except KeyboardInterrupt:
        print("\nstopped; what was measured is kept", file=sys.stderr)
    if not given.ours_only:
        _write(ours, baselines)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--only", action="append", choices=SUBJECTS, metavar="NAME", help=", ".join(SUBJECTS))
    parser.add_argument("--way", action="append", choices=table.WAYS, metavar="WAY", help=", ".join(table.WAYS))
    parser.add_argument("--ours-only", action="store_true", help="ours alone, in a minute; nothing is written")
    parser.add_argument("--baselines", action="store_true", help="run the scripts that this machine has not run yet")
    parser.add_argument("--full", action="store_true", help="the large subjects too; run all scripts again (hours)")
    return parser.parse_args()


def _brief(subject: Prepared) -> None:
    row = run(subject, "ours", n_texels=0)
    print("| stage | s | CPU s |\n|---|---|---|")
    for stage, (wall, cpu) in row["stages"].items():
        print(f"| {stage} | {wall:.2f} | {cpu:.2f} |")
    print(f"| all | {row['wall_s']:.2f} | {row['cpu_s']:.2f} |\n")
    for title, cell in table.COLUMNS:
        if (text := cell(row, {})) != "–":
            print(f"{title}: {text}")
    print(f"held out, at 150 k, mean %: {row['finer_held_mean_pct']:.4f}" if "finer_held_mean_pct" in row else "")


def _all_ways(subject: Prepared, given: argparse.Namespace, ours: Rows, baselines: Rows) -> None:
    rows: dict[str, Row] = {}
    print("\n".join(table.heading()), flush=True)
    for way in table.BASELINES:
        is_asked = way in given.way if given.way else given.full or given.baselines
        row = None if is_asked and not given.baselines else baselines.get(subject.name, way, subject.fingerprint)
        if row is None and is_asked:
            all_cores()
            row = _attempt(subject, way, given)
            baselines.put(subject.name, way, row)
        if row is not None:
            rows[way] = row
        print(table.line(way, row, rows), flush=True)
    own = [] if given.baselines else _own_ways(subject.name)
    for way in [way for way in table.WAYS if way in given.way] if given.way else own:
        if way in table.BASELINES:
            continue
        rows[way] = _attempt(subject, way, given)
        ours.put(subject.name, way, rows[way])
        print(table.line(way, rows[way], rows), flush=True)


def _own_ways(name: str) -> list[str]:
    if name in CASES:
        return ["ours"]
    ways = ["ours", "open3d"] + (["truth"] if name.startswith("venus") else [])
    ways += ["process", "first"] if name in PROCESS_ON else []
    return ways + (["convert"] if name in CONVERT_ON else [])


def _attempt(subject: Prepared, way: str, given: argparse.Namespace) -> Row:
    if way == "pymeshlab" and importlib.util.find_spec("pymeshlab") is None:
        return {"failed": "PyMeshLab is not installed", "fingerprint": ""}
    try:
        return run(subject, way, n_texels=ALL_TEXELS if given.full else TEXELS)
    except Failed as fault:
        return {"failed": str(fault), "fingerprint": subject.fingerprint}


def _write(ours: Rows, baselines: Rows) -> None:
    found: dict[str, dict[str, Row]] = {}
    for key, row in (baselines.rows | ours.rows).items():
        name, way = key.split("/")
        found.setdefault(name, {})[way] = row
    titles = {name: one.title for name, one in SUBJECTS.items()}
    FOLDER.mkdir(exist_ok=True)
    machine = describe()
    for rows in (baselines, ours):
        machine["libraries"] = rows.machine.get("libraries", {}) | machine["libraries"]
    (FOLDER / "table.md").write_text(table.whole(titles, found, machine), encoding="utf-8")
    for path in draw_hard(FOLDER):
        print(path)
    if importlib.util.find_spec("matplotlib") is None:
        print("\nmatplotlib is not installed: no plots", file=sys.stderr)
        return
    from tests.bench.plots import draw

    plotted = {name: rows for name, rows in found.items() if name not in CASES}
    for path in draw(titles, plotted, FOLDER):
        print(path)


if __name__ == "__main__":
    started = time.perf_counter()
    main()
    print(f"\n{time.perf_counter() - started:.0f} s in all", file=sys.stderr)
