"""A mesh's file held against a scan's: both are read and brought into one space, then compared."""

from __future__ import annotations

import io
import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from exhibit import __version__, formats
from exhibit.errors import SourceError
from exhibit.formats.gltf_document import open_document
from exhibit.geometry.place import to_house
from exhibit.geometry.weld import find_equal_points
from exhibit.model.arrays import F4, F8, U1
from exhibit.model.cloud import CleanCloud, Placement, Scan, SourceMesh
from exhibit.model.comparison import Comparison
from exhibit.model.finding import Finding
from exhibit.model.mask import Mask
from exhibit.model.steering import Crop, Plane
from exhibit.model.surface import ColourSource
from exhibit.pipeline.atomic import check_writable, write_atomically
from exhibit.pipeline.every_point import every_point
from exhibit.pipeline.files import hash_source
from exhibit.pipeline.mask_file import check_mask
from exhibit.pipeline.relic import REPORT
from exhibit.pipeline.report import as_json, rounded
from exhibit.pipeline.sidecar import load_sidecar
from exhibit.pipeline.steering import steering_of
from exhibit.progress import SILENT, Progress
from exhibit.stages.adopt import USUAL_UP, AdoptOptions, adopt
from exhibit.stages.chart import chart
from exhibit.stages.clean import CleanOptions, clean
from exhibit.stages.compare import compare as compare_placed
from exhibit.units import METRES, Axis, Unit, parse_axis, parse_unit, rotation_to_y_up

FIGURES, PICTURE = "compare.json", "compare.png"
_LEAST_OVERLAP = 0.05
"""Share of the smaller box that must lie in the other one, for mesh and scan to be of one object in one place."""
_CLEARLY = 1.5


@dataclass(frozen=True, slots=True)
class CompareOptions:
    """What the scan's coordinates mean, and what of it counts; as for `exhibit convert`.

    Parameters
    ----------
    units, up : where the file does not say.
    height_m : real height in metres, for scans in arbitrary units.
    keep_table, keep_neighbours : do not cut off the support, or plants, walls and loose parts.
    crop, plane, keep_largest, skip, align, mask : steer cleaning, see `exhibit.stages.clean.CleanOptions`.
    raw : compare with every point, uncleaned.
    """

    units: Unit | None = None
    up: Axis | None = None
    height_m: float | None = None
    keep_table: bool = False
    keep_neighbours: bool = False
    raw: bool = False
    crop: Crop | None = None
    plane: Plane | None = None
    keep_largest: int | None = None
    skip: tuple[str, ...] = ()
    align: bool = False
    mask: Mask | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """What was compared and how.

    Parameters
    ----------
    placed_by : one sentence: how mesh and scan came into one space.
    figures : see `Comparison`; its findings include those of reading, cleaning and placing.
    files : what was written.
    """

    mesh: str
    scan: str
    mesh_sha256: str
    scan_sha256: str
    placed_by: str
    options: CompareOptions
    figures: Comparison
    files: tuple[Path, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return plain values, deterministic for equal files and options."""
        return {
            "exhibit": __version__,
            "mesh": {"file": Path(self.mesh).name, "sha256": self.mesh_sha256},
            "scan": {"file": Path(self.scan).name, "sha256": self.scan_sha256},
            "options": {name: value for name, value in asdict(self.options).items() if value is not None},
            "placed_by": self.placed_by,
            **rounded(asdict(self.figures)),
        }


def compare(
    mesh: str | Path,
    scan: str | Path,
    options: CompareOptions = CompareOptions(),
    *,
    out: str | Path | None = None,
    progress: Progress = SILENT,
) -> Compared:
    """Hold a mesh against the scan it was made from, as ``exhibit compare`` does.

    Parameters
    ----------
    mesh : any mesh we read. A GLB of ours says itself how the scan's coordinates became its metres; any other is taken
        to lie in the scan's own coordinates.
    scan : points, or a mesh, which then is the truth.
    out : folder for ``compare.json`` and ``compare.png``; None writes nothing.

    Raises
    ------
    SourceError
        A file cannot be used, or the two do not lie in one place.
    OutputError
        `out` cannot be written.
    """
    mesh, scan = Path(mesh), Path(scan)
    if out is not None:
        check_writable(Path(out))
    options = _with_sidecar(options, scan)
    given = _read_mesh(mesh, progress.part(0.0, 0.1))
    subject = _read_scan(scan, options, progress.part(0.1, 0.5))
    known = placement_in(mesh) if given.format == "gltf" else None
    if known is not None:
        placed = _placed(given, Placement(1.0, np.eye(3), np.zeros(3), "file"))
        subject = _moved(subject, known, options)
        placed_by = "the mesh says how the scan's coordinates became its metres"
    else:
        placed, placed_by = _fit(given, subject)
    _refuse_apart(placed, subject, mesh, is_ours=known is not None)
    figures = compare_placed(placed, subject.source, progress=progress.part(0.5, 0.85))
    hashes = hash_source(mesh), hash_source(scan)
    findings = dict.fromkeys((*_other_scan(mesh, scan, hashes[1]), *given.findings, *subject.findings))
    figures = replace(figures, findings=tuple(findings | dict.fromkeys(figures.findings)))
    done = Compared(str(mesh), str(scan), *hashes, placed_by, options, figures)
    if out is None:
        progress.tick(1.0, "compared")
        return done
    title = f"{mesh.name} · {scan.name}"
    picture = chart(placed, subject.source, figures, title=title, progress=progress.part(0.85, 1.0))
    files = Path(out) / FIGURES, Path(out) / PICTURE
    write_atomically(files[1], _png(picture))
    write_atomically(files[0], as_json(done.as_json()))
    return replace(done, files=files)


@dataclass(frozen=True, slots=True)
class _Subject:
    """What is compared with, in metres, and how its own coordinates became them."""

    source: ColourSource
    placement: Placement
    findings: tuple[Finding, ...]

    @property
    def points(self) -> F4:
        return self.source.positions if isinstance(self.source, CleanCloud) else self.source.vertices


def placement_in(path: Path) -> Placement | None:
    """Return what a GLB of ours says of its place (``asset.extras.exhibit.placement``), None of any other."""
    try:
        told = open_document(path).json["asset"]["extras"]["exhibit"]["placement"]
        rotation = np.array(told["rotation"], np.float64).reshape(3, 3)
        origin = np.array(told["sourceOrigin"], np.float64).reshape(3)
        scale = float(told["metresPerSourceUnit"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    if not (scale > 0 and np.isfinite([scale, *rotation.ravel(), *origin]).all()):
        return None
    return Placement(scale, rotation, origin, str(told.get("scaleBasis", "file")))


def _with_sidecar(options: CompareOptions, scan: Path) -> CompareOptions:
    words = load_sidecar(scan)
    changes: dict[str, Any] = {
        "units": parse_unit(words.units) if words.units else None,
        "up": parse_axis(words.up) if words.up else None,
        "height_m": words.height_mm / 1000 if words.height_mm else None,
        **steering_of(words, scan.parent),
    }
    return replace(options, **{name: value for name, value in changes.items() if value is not None})


def _read_mesh(path: Path, progress: Progress) -> SourceMesh:
    mesh = formats.read(path, progress=progress)
    if isinstance(mesh, Scan):
        raise SourceError(
            "holds points, not a mesh.", where=str(path), hint="Name the mesh first, then the scan: compare MESH SCAN."
        )
    # readers leave faces in range, but not all of their corners finite
    kept = np.flatnonzero(np.isfinite(mesh.vertices[mesh.faces]).all(axis=(1, 2)))
    if len(kept) == 0:
        raise SourceError("the mesh has no usable face.", where=str(path), hint="Export it again from its source.")
    used = np.unique(mesh.faces[kept])
    # formats double vertices along seams; what is one place is one vertex, but nothing else is mended here
    first = np.zeros(len(mesh.vertices), np.int64)
    first[used] = used[find_equal_points(mesh.vertices[used])]
    findings = mesh.findings
    if len(kept) < len(mesh.faces):
        n_broken = len(mesh.faces) - len(kept)
        text = f"{n_broken} faces had corners that are not finite and were left out."
        findings = (*findings, Finding("compare.broken", n_broken, "faces", text, "warning"))
    return replace(
        mesh,
        faces=first[mesh.faces[kept]].astype(np.int32),
        face_material=mesh.face_material[kept],
        corner_uv=None if mesh.corner_uv is None else mesh.corner_uv[kept],
        normals=None,
        findings=findings,
    )


def _read_scan(path: Path, options: CompareOptions, progress: Progress) -> _Subject:
    metres = METRES[options.units] if options.units else None
    scan = formats.read(path, progress=progress.part(0.0, 0.2))
    if isinstance(scan, SourceMesh):
        adopting = AdoptOptions(metres_per_unit=metres, up=options.up, height_m=options.height_m)
        adopted = adopt(scan, adopting, progress=progress.part(0.2, 1.0))
        return _Subject(adopted.mesh, adopted.surface.placement, adopted.findings)
    cleaning = CleanOptions(
        metres_per_unit=metres,
        up=options.up,
        height_m=options.height_m,
        keep_table=options.keep_table,
        keep_neighbours=options.keep_neighbours,
        crop=options.crop,
        plane=options.plane,
        keep_largest=options.keep_largest,
        skip=options.skip,
        align=options.align,
        mask=options.mask,
    )
    if options.mask is not None:
        check_mask(options.mask, path)
    read = every_point if options.raw else clean
    cloud = read(scan, cleaning, progress=progress.part(0.2, 1.0))
    return _Subject(cloud, cloud.placement, cloud.findings)


def _placed(mesh: SourceMesh, placement: Placement) -> SourceMesh:
    at = to_house(mesh.vertices, mesh.origin, placement)
    return replace(mesh, vertices=at, origin=np.zeros(3), units="m", up="+y")


def _moved(subject: _Subject, to: Placement, options: CompareOptions) -> _Subject:
    """Bring a placed scan to where another placement of the same coordinates puts it."""
    own, source = subject.placement, subject.source
    # how the scan alone would have been placed is of no interest now
    findings = [one for one in subject.findings if one.code.partition(".")[0] not in ("up", "scale")]
    if options.units or options.up or options.height_m:
        text = "The mesh itself says how the scan's coordinates became its metres; unit, axis and height were not used."
        findings.append(Finding("compare.placement-known", hint=text))
    turn = to.rotation @ own.rotation.T
    scale = to.metres_per_unit / own.metres_per_unit
    shift = to.metres_per_unit * (to.rotation @ (own.origin - to.origin))

    def moved(points: F4) -> F4:
        return np.ascontiguousarray(scale * (points.astype(np.float64) @ turn.T) + shift, np.float32)

    if isinstance(source, CleanCloud):
        source = replace(
            source,
            positions=moved(source.positions),
            normals=np.ascontiguousarray(source.normals.astype(np.float64) @ turn.T, np.float32),
            spacing_m=(source.spacing_m * scale).astype(np.float32),
            noise_m=source.noise_m * scale,
            placement=to,
        )
    else:
        source = replace(source, vertices=moved(source.vertices))
    return _Subject(source, to, tuple(findings))


def _fit(mesh: SourceMesh, subject: _Subject) -> tuple[SourceMesh, str]:
    """Place a mesh that says nothing of its place: in the scan's own coordinates, or by its own unit and axis."""
    own = subject.placement
    as_it_is = _placed(mesh, own)
    turn = rotation_to_y_up(mesh.up or USUAL_UP.get(mesh.format, "+y"))
    scale = METRES[mesh.units] if mesh.units else own.metres_per_unit
    # where the scan's zero came to lie, the mesh's zero lies too
    zero = -own.metres_per_unit * (own.rotation @ own.origin)
    by_its_words = _placed(mesh, Placement(scale, turn, -(turn.T @ zero) / scale, "file"))
    first, second = (_overlap(_box(each.vertices), _box(subject.points))[1] for each in (as_it_is, by_its_words))
    if second > _CLEARLY * first:
        return by_its_words, "the mesh's own unit and axis brought it to the scan"
    return as_it_is, "the mesh was taken to lie in the scan's own coordinates"


def _other_scan(mesh: Path, scan: Path, scan_sha256: str) -> tuple[Finding, ...]:
    """Say it when the report beside a GLB of ours names another scan than the one it is held against."""
    try:
        source = json.loads((mesh.parent / REPORT).read_text(encoding="utf-8"))["source"]
        file, sha256 = str(source["file"]), source["sha256"]
    except (OSError, ValueError, KeyError, TypeError):
        return ()
    if mesh.suffix.lower() != ".glb" or sha256 == scan_sha256:
        return ()
    named = f"{scan.name} is another file" if file != scan.name else f"this {scan.name} is not the same as that was"
    text = f"{mesh.name} was made from {file}, as the report beside it says; {named}, so the figures say little."
    return (Finding("compare.other-scan", hint=text, severity="warning"),)


def _refuse_apart(mesh: SourceMesh, subject: _Subject, path: Path, *, is_ours: bool) -> None:
    both = mesh.vertices[np.unique(mesh.faces)], subject.points
    if _overlap(*map(_box, both))[0] >= _LEAST_OVERLAP:
        return
    size, other = (float(np.ptp(points, axis=0).max()) for points in both)
    raise SourceError(
        f"the mesh (longest side {size:.4g} m) and the scan ({other:.4g} m) do not lie in one place.",
        where=str(path),
        hint="This GLB was made from another scan: name the one that it was made from."
        if is_ours
        else "Compare a GLB that exhibit made, or export the mesh in the scan's own coordinates, unit and axes.",
    )


def _box(points: F4) -> F8:
    low, high = points.min(axis=0).astype(np.float64), points.max(axis=0).astype(np.float64)
    # flat things must overlap themselves
    room = 0.01 * float(np.linalg.norm(high - low))
    return np.stack([low - room, high + room])


def _overlap(one: F8, two: F8) -> tuple[float, float]:
    """Return the common volume of two boxes (2, 3) as a share of the smaller one, and of both together."""
    common = float(np.prod(np.maximum(np.minimum(one[1], two[1]) - np.maximum(one[0], two[0]), 0)))
    volumes = [max(float(np.prod(box[1] - box[0])), 1e-300) for box in (one, two)]
    return common / min(volumes), common / (sum(volumes) - common)


def _png(picture: U1) -> bytes:
    from PIL import Image

    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, "PNG", optimize=True)
    return stream.getvalue()
