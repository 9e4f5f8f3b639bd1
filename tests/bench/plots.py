"""The table as pictures: how far off, how long, and where our seconds go.

Processor seconds, since wall seconds tell more of what else the machine did.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.bench.runs import Row

_SHOWN = {
    "ours": ("ours", "#1f5f8b"),
    "open3d": ("ours, open3d engine", "#8fb8d0"),
    "tuned": ("script, best depth, fast parts", "#c9a227"),
    "script": ("Open3D script", "#b5533c"),
    "pymeshlab": ("PyMeshLab script", "#7d6b91"),
}
_STAGES = {"clean": "#5b7f95", "surface": "#1f5f8b", "levels": "#8fb8d0", "unwrap": "#c9a227", "bake": "#b5533c"}
_GOAL_REAL, _GOAL_TRUE = 0.75, 0.6
_INK = "#333333"
_TICKS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)


def draw(titles: dict[str, str], found: dict[str, dict[str, Row]], folder: Path) -> list[Path]:
    """Draw what is known; return the files."""
    import matplotlib

    matplotlib.use("Agg")
    named = {name: rows for name, rows in found.items() if any(_is_known(rows.get(way)) for way in _SHOWN)}
    order = [name for name in titles if name in named]
    drawn = (("errors", _errors), ("seconds", _seconds), ("stages", _stages))
    return [picture(titles, named, order, folder / f"{name}.png") for name, picture in drawn]


def _is_known(row: Row | None) -> bool:
    return row is not None and "failed" not in row


def _errors(titles: dict[str, str], found: dict[str, dict[str, Row]], order: list[str], path: Path) -> Path:
    def ratio(name: str, way: str) -> float | None:
        row, best = found[name].get(way, {}), found[name].get("tuned") or found[name].get("script") or {}
        figure = "to_truth_pct" if "to_truth_pct" in row else "held_mean_pct"
        return row[figure] / best[figure] if best.get(figure) and figure in row else None

    ways = [way for way in _SHOWN if way != "tuned"]
    # without the script's there is nothing to divide by
    order = [name for name in order if any(ratio(name, way) is not None for way in ways)]
    figure, axes, spans = _bars(titles, order, ratio, ways, most=3.0)
    axes.axvline(1, color=_SHOWN["tuned"][1], linewidth=2)
    for name, (middle, half) in spans.items():
        goal = _GOAL_TRUE if "to_truth_pct" in found[name].get("ours", {}) else _GOAL_REAL
        axes.plot([goal, goal], [middle - half, middle + half], color=_INK, linewidth=1, linestyle=":", zorder=3)
    axes.set_xlabel(
        "error at 50,000 triangles ÷ the script's at its best depth\n(yellow; dotted: what is to be reached)"
    )
    return _save(figure, path)


def _seconds(titles: dict[str, str], found: dict[str, dict[str, Row]], order: list[str], path: Path) -> Path:
    def seconds(name: str, way: str) -> float | None:
        return found[name].get(way, {}).get("cpu_s")

    figure, axes, _ = _bars(titles, order, seconds, list(_SHOWN))
    axes.set_xscale("log")
    axes.set_xlim(1, axes.get_xlim()[1] * 1.3)
    axes.minorticks_off()
    ticks = [tick for tick in _TICKS if tick <= axes.get_xlim()[1]]
    axes.set_xticks(ticks, [str(tick) for tick in ticks])
    axes.set_xlabel(
        "processor seconds from scan to 50,000 triangles\n(ours with three maps, the scripts without texture)"
    )
    return _save(figure, path)


def _stages(titles: dict[str, str], found: dict[str, dict[str, Row]], order: list[str], path: Path) -> Path:
    from matplotlib import pyplot

    shown = [name for name in order if "stages" in found[name].get("ours", {})]
    longest = max((found[name]["ours"]["cpu_s"] for name in shown), default=1.0)
    figure, axes = pyplot.subplots(figsize=(9, 0.5 * len(shown) + 1.6))
    for at, name in enumerate(shown):
        left = 0.0
        for stage, colour in _STAGES.items():
            spent = found[name]["ours"]["stages"].get(stage, (0.0, 0.0))[1]
            axes.barh(at, spent, left=left, color=colour, height=0.7, label=stage if at == 0 else None)
            if spent > longest / 25:
                axes.text(left + spent / 2, at, f"{spent:.1f}", ha="center", va="center", color="white", fontsize=8)
            left += spent
    _tidy(axes, [titles[name] for name in shown], [float(at) for at in range(len(shown))])
    axes.set_ylim(len(shown) - 0.45, -0.55)
    axes.set_xlabel("processor seconds of ours by stage, warm kernels")
    _legend(figure, axes)
    return _save(figure, path)


def _bars(titles: dict[str, str], order: list[str], value: Any, ways: list[str], most: float | None = None) -> Any:
    from matplotlib import pyplot

    known = {name: [way for way in ways if value(name, way) is not None] for name in order}
    n_bars = sum(len(shown) + 1 for shown in known.values())
    figure, axes = pyplot.subplots(figsize=(9, 0.17 * n_bars + 1.4))
    labelled: set[str] = set()
    middles, place, longest = [], 0.0, 1.0
    for name in order:
        middles.append(place + (len(known[name]) - 1) / 2)
        for way in known[name]:
            number, (label, colour) = value(name, way), _SHOWN[way]
            shown = number if most is None else min(number, most)
            axes.barh(place, shown, height=0.92, color=colour, label=None if way in labelled else label)
            labelled.add(way)
            text = f"{number:.2f}" if most else f"{number:.0f}" if number >= 10 else f"{number:.1f}"
            longest = max(longest, shown)
            axes.annotate(text, (shown, place), (3, 0), textcoords="offset points", va="center", fontsize=7, color=_INK,
                          bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6}, zorder=4)  # fmt: skip
            place += 1
        place += 1
    if most is not None:
        axes.set_xlim(0, longest * 1.1)
    _tidy(axes, [titles[name] for name in order], middles)
    axes.set_ylim(place - 1.4, -0.6)
    _legend(figure, axes)
    return figure, axes, {name: (middle, len(known[name]) / 2) for name, middle in zip(order, middles, strict=True)}


def _tidy(axes: Any, labels: list[str], places: list[float]) -> None:
    axes.set_yticks(places, labels)
    axes.tick_params(length=0)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.grid(axis="x", color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)


def _legend(figure: Any, axes: Any) -> None:
    known = dict(zip(*reversed(axes.get_legend_handles_labels()), strict=True))
    labels = [label for label in (*(label for label, _ in _SHOWN.values()), *_STAGES) if label in known]
    if labels:
        figure.legend(
            [known[label] for label in labels], labels, loc="upper center", ncols=len(labels), frameon=False, fontsize=8
        )


def _save(figure: Any, path: Path) -> Path:
    from matplotlib import pyplot

    figure.tight_layout(rect=(0, 0, 1, 1 - 0.3 / figure.get_figheight()))
    # no date and no version: equal figures, equal bytes
    figure.savefig(path, dpi=110, metadata={"Software": None})
    pyplot.close(figure)
    return path
