"""Cleaning held against labels: which of the points that a person calls the object stay, and which others do."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from exhibit.model.mask import Mask

FOLDER = Path(__file__).parents[1] / "real" / "labels"
LABELS = {
    "lion": ("guardian_lion_raw_normals.ply", "guardian_lion_raw.copc.laz"),
    "buddha": ("buddha_head_sfm_rgb.ply", "buddha_head_sfm_rgb.xyz"),
}


@dataclass(frozen=True, slots=True)
class Judged:
    """Counts are of the file's own points, copies included; `cpu_s` is of cleaning alone."""

    precision: float
    recall: float
    n_object: int
    n_wrongly_kept: int
    n_lost: int
    cpu_s: float


def judge_cleaning(path: Path, mask: Mask, *, overruled: bool = False) -> Judged:
    """Clean a scan and compare with its label; `overruled` gives cleaning the label as its mask."""
    from scipy.spatial import cKDTree

    from exhibit import formats
    from exhibit.geometry.regions import KEPT, judge_by_mask
    from exhibit.stages.clean import CleanOptions, clean

    scan = formats.read(path)
    started = time.process_time()
    cloud = clean(scan, CleanOptions(mask=mask if overruled else None))
    spent = time.process_time() - started
    points = np.concatenate([block.positions for block in scan.blocks()])
    is_object = judge_by_mask(points, scan.origin, mask) == KEPT
    place = cloud.placement
    kept = cloud.positions.astype(np.float64) / place.metres_per_unit @ place.rotation + (place.origin - scan.origin)
    nearest = cKDTree(kept).query(points)[0]
    is_kept = nearest < 1e-5 * float(np.linalg.norm(np.ptp(kept, axis=0)))
    right = int((is_object & is_kept).sum())
    return Judged(
        precision=right / max(1, int(is_kept.sum())),
        recall=right / max(1, int(is_object.sum())),
        n_object=int(is_object.sum()),
        n_wrongly_kept=int((is_kept & ~is_object).sum()),
        n_lost=int((is_object & ~is_kept).sum()),
        cpu_s=spent,
    )


def judged_cleaning(name: str) -> dict[str, float]:
    """Return what a row says of cleaning the whole scan of a labelled subject; nothing of any other."""
    from exhibit.pipeline.mask_file import load_mask
    from tests.bench.subjects import SCANS

    path = SCANS / LABELS[name][0] if name in LABELS else None
    if path is None or not path.is_file():
        return {}
    judged = judge_cleaning(path, load_mask(FOLDER / f"{name}.json"))
    return {"clean_precision": judged.precision, "clean_recall": judged.recall}


def main() -> None:
    """Judge all labelled scans, print it, and keep it in the rows of ours that are stored."""
    from tests.bench.results import Rows

    ours = Rows("ours")
    for name in LABELS:
        row = judged_cleaning(name)
        if not row:
            print(f"{name}: its scan is not here")
            continue
        print(f"{name}: precision {row['clean_precision']:.4f}, recall {row['clean_recall']:.4f}")
        kept = ours.get(name, "ours")
        if kept is not None:
            ours.put(name, "ours", kept | row)


if __name__ == "__main__":
    main()
