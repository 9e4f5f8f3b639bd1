"""Writers of every format, by the libraries that people write it with or byte by byte.

A new format needs one entry in `WRITERS`; the round trip and all bad inputs are then tested on it without another line.
"""

import base64
import json
import struct
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class Sample:
    """What is written: points, or a mesh when it has faces."""

    positions: np.ndarray
    colors: np.ndarray | None = None
    normals: np.ndarray | None = None
    faces: np.ndarray | None = None


@dataclass(frozen=True)
class Writer:
    """One way of writing a format.

    `is_double` says that coordinates keep float64 digits, `hostile` makes a file that claims more than it holds.
    """

    name: str
    key: str
    suffix: str
    write: Callable[[Path, Sample], None]
    is_mesh: bool = False
    has_colors: bool = True
    has_normals: bool = True
    is_double: bool = True
    keeps_nan: bool = True
    hostile: Callable[[bytes, int], bytes] | None = None
    tolerance: float = 1e-6
    extra: dict = field(default_factory=dict)

    def file(self, folder: Path, sample: Sample, stem: str = "vase") -> Path:
        path = folder / f"{stem}{self.suffix}"
        self.write(path, self.fitting(sample))
        return path

    def fitting(self, sample: Sample) -> Sample:
        """Return the sample without what this format cannot hold."""
        return replace(
            sample,
            colors=sample.colors if self.has_colors else None,
            normals=sample.normals if self.has_normals else None,
            faces=sample.faces if self.is_mesh else None,
        )


def ball(n_points: int = 500, seed: int = 0) -> Sample:
    """Return points on a ball of radius one, with colours, normals, and faces that join neighbours in the list."""
    rng = np.random.default_rng(seed)
    normals = rng.normal(size=(n_points, 3))
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    positions = normals * 1.0 + [0.25, -0.5, 2.0]
    colors = rng.integers(0, 256, (n_points, 3), dtype=np.uint8)
    colors[0] = 255
    first = np.arange(max(n_points - 2, 0))
    faces = np.stack([first, first + 1, first + 2], axis=1)
    return Sample(positions.astype(np.float32).astype(np.float64), colors, normals.astype(np.float32), faces)


def _rows(*columns, formats):
    return "".join(
        " ".join(form % value for form, value in zip(formats, row)) + "\n"
        for row in zip(*(column for columns_ in columns if columns_ is not None for column in columns_.T))
    )


def _text(sample: Sample, *, normals_first: bool) -> str:
    """Return a line a point: position, then normal and colour in this or the other order."""
    groups = [(sample.positions, "%.17g"), (sample.normals, "%.9g"), (sample.colors, "%d")]
    if not normals_first:
        groups[1], groups[2] = groups[2], groups[1]
    there = [(values, form) for values, form in groups if values is not None]
    return _rows(*(values for values, _ in there), formats=[form for _, form in there for _ in range(3)])


# --- PLY


def ply_header(sample: Sample, encoding: str, kind: str = "double") -> str:
    lines = ["ply", f"format {encoding} 1.0", "comment made by a test", f"element vertex {len(sample.positions)}"]
    lines += [f"property {kind} {axis}" for axis in "xyz"]
    lines += [f"property float n{axis}" for axis in "xyz"] if sample.normals is not None else []
    lines += [f"property uchar {name}" for name in ("red", "green", "blue")] if sample.colors is not None else []
    if sample.faces is not None:
        lines += [f"element face {len(sample.faces)}", "property list uchar int vertex_indices"]
    return "\n".join([*lines, "end_header", ""])


def write_ply_ascii(path: Path, sample: Sample) -> None:
    text = ply_header(sample, "ascii") + _text(sample, normals_first=True)
    if sample.faces is not None:
        text += "".join(f"3 {a} {b} {c}\n" for a, b, c in sample.faces)
    path.write_text(text)


def write_ply_binary(order: str, kind: str = "f8"):
    def write(path: Path, sample: Sample) -> None:
        fields = [("p", order + kind, 3)]
        fields += [("n", order + "f4", 3)] if sample.normals is not None else []
        fields += [("c", "u1", 3)] if sample.colors is not None else []
        rows = np.zeros(len(sample.positions), fields)
        rows["p"] = sample.positions
        if sample.normals is not None:
            rows["n"] = sample.normals
        if sample.colors is not None:
            rows["c"] = sample.colors
        encoding = "binary_little_endian" if order == "<" else "binary_big_endian"
        data = ply_header(sample, encoding, "double" if kind == "f8" else "float").encode() + rows.tobytes()
        if sample.faces is not None:
            faces = np.zeros(len(sample.faces), [("k", "u1"), ("i", order + "i4", 3)])
            faces["k"], faces["i"] = 3, sample.faces
            data += faces.tobytes()
        path.write_bytes(data)

    return write


def hostile_ply(data: bytes, claim: int) -> bytes:
    head, end, rest = data.partition(b"end_header\n")
    lines = [b"element vertex %d" % claim if line.startswith(b"element vertex") else line for line in head.split(b"\n")]
    return b"\n".join(lines) + end + rest


# --- text tables


def write_xyz(path: Path, sample: Sample) -> None:
    path.write_text(_text(sample, normals_first=False))


def write_csv(path: Path, sample: Sample) -> None:
    names = ["x", "y", "z"] + (["r", "g", "b"] if sample.colors is not None else [])
    names += ["nx", "ny", "nz"] if sample.normals is not None else []
    path.write_text(",".join(names) + "\n" + _text(sample, normals_first=False).replace(" ", ","))


def write_pts(path: Path, sample: Sample) -> None:
    intensity = np.full((len(sample.positions), 1), -700)
    columns = [sample.positions, intensity, *([sample.colors] if sample.colors is not None else [])]
    formats = ["%.17g"] * 3 + ["%d"] + (["%d"] * 3 if sample.colors is not None else [])
    path.write_text(f"{len(sample.positions)}\n" + _rows(*columns, formats=formats))


# --- PCD


def _pcd(sample: Sample) -> tuple[str, np.ndarray]:
    fields = [("x", "F", 8), ("y", "F", 8), ("z", "F", 8)]
    columns = [*sample.positions.T]
    if sample.normals is not None:
        fields += [("normal_x", "F", 4), ("normal_y", "F", 4), ("normal_z", "F", 4)]
        columns += [*sample.normals.T]
    if sample.colors is not None:
        fields.append(("rgb", "U", 4))
        wide = sample.colors.astype(np.uint32)
        columns.append(wide[:, 0] << 16 | wide[:, 1] << 8 | wide[:, 2])
    rows = np.zeros(len(sample.positions), [(name, f"<{kind.lower()}{size}") for name, kind, size in fields])
    for (name, _, _), column in zip(fields, columns):
        rows[name] = column
    names, kinds, sizes = zip(*fields)
    head = (
        "# .PCD v0.7 - Point Cloud Data file format\nVERSION 0.7\n"
        f"FIELDS {' '.join(names)}\nSIZE {' '.join(map(str, sizes))}\nTYPE {' '.join(kinds)}\n"
        f"COUNT {' '.join('1' for _ in fields)}\nWIDTH {len(rows)}\nHEIGHT 1\nVIEWPOINT 0 0 0 1 0 0 0\n"
        f"POINTS {len(rows)}\nDATA "
    )
    return head, rows


def write_pcd_ascii(path: Path, sample: Sample) -> None:
    head, rows = _pcd(sample)
    body = "".join(" ".join(repr(value) for value in row.tolist()) + "\n" for row in rows)
    path.write_text(head + "ascii\n" + body)


def write_pcd_binary(path: Path, sample: Sample) -> None:
    head, rows = _pcd(sample)
    path.write_bytes(head.encode() + b"binary\n" + rows.tobytes())


def lzf_literals(data: bytes) -> bytes:
    """Return LZF that copies: runs of up to 32 bytes, and one back reference for each run that repeats the last."""
    packed = bytearray()
    last = b""
    for start in range(0, len(data), 32):
        run = data[start : start + 32]
        if run == last and len(run) == 32:
            packed += bytes([7 << 5, 32 - 9, 31])
        else:
            packed += bytes([len(run) - 1]) + run
        last = run
    return bytes(packed)


def write_pcd_compressed(path: Path, sample: Sample) -> None:
    head, rows = _pcd(sample)
    plain = b"".join(np.ascontiguousarray(rows[name]).tobytes() for name in rows.dtype.names)
    packed = lzf_literals(plain)
    path.write_bytes(head.encode() + b"binary_compressed\n" + struct.pack("<II", len(packed), len(plain)) + packed)


def hostile_pcd(data: bytes, claim: int) -> bytes:
    head, end, rest = data.partition(b"\nDATA ")
    lines = [
        line.split()[0] + b" %d" % claim if line.startswith((b"WIDTH", b"POINTS")) else line
        for line in head.split(b"\n")
    ]
    return b"\n".join(lines) + end + rest


# --- LAS and E57


def write_las(path: Path, sample: Sample) -> None:
    import laspy

    header = laspy.LasHeader(point_format=7 if sample.colors is not None else 6, version="1.4")
    finite = np.nan_to_num(sample.positions, posinf=0, neginf=0)
    header.offsets = np.round(finite.mean(axis=0)) if len(finite) else np.zeros(3)
    header.scales = np.full(3, 1e-6) if np.ptp(finite, axis=0).max(initial=0) < 1000 else np.full(3, 0.01)
    if sample.normals is not None:
        for axis in "XYZ":
            header.add_extra_dim(laspy.ExtraBytesParams(name=f"Normal{axis}", type=np.float32))
    las = laspy.LasData(header)
    las.x, las.y, las.z = finite.T
    if sample.colors is not None:
        las.red, las.green, las.blue = (sample.colors.astype(np.uint16) << 8).T
    if sample.normals is not None:
        for axis, column in zip("XYZ", sample.normals.T):
            las[f"Normal{axis}"] = column
    las.write(str(path))


def hostile_las(data: bytes, claim: int) -> bytes:
    # legacy number of points, then the 64-bit one of LAS 1.4
    data = data[:107] + struct.pack("<I", min(claim, 2**32 - 1)) + data[111:]
    return data[:247] + struct.pack("<Q", claim) + data[255:]


def write_e57(
    path: Path, sample: Sample, *, pose=None, spherical: bool = False, invalid=None, grid: bool = False
) -> None:
    write_e57_scans(path, [(sample, pose)], spherical=spherical, invalid=invalid, grid=grid)


def write_e57_scans(path: Path, scans, *, spherical=False, invalid=None, grid=False) -> None:
    """Write scans as (sample, (quaternion, translation) or None)."""
    import pye57
    from pye57 import libe57

    file = pye57.E57(str(path), "w")
    image = file.image_file
    image.extensionsAdd("nor", "http://www.libe57.org/E57_NOR_surface_normals.txt")
    for sample, pose in scans:
        columns = _e57_columns(sample, spherical, invalid, grid)
        node = libe57.StructureNode(image)
        node.set("guid", libe57.StringNode(image, f"{{{len(file.data3d)}}}"))
        if pose is not None:
            pose_node = libe57.StructureNode(image)
            for part, names, values in (("rotation", "wxyz", pose[0]), ("translation", "xyz", pose[1])):
                part_node = libe57.StructureNode(image)
                for name, value in zip(names, values):
                    part_node.set(name, libe57.FloatNode(image, float(value)))
                pose_node.set(part, part_node)
            node.set("pose", pose_node)
        prototype = libe57.StructureNode(image)
        for name, column in columns.items():
            if column.dtype == np.uint8:
                prototype.set(name, libe57.IntegerNode(image, 0, 0, 255))
            elif column.dtype == np.int64:
                prototype.set(name, libe57.IntegerNode(image, 0, 0, 2**20))
            else:
                precision = libe57.E57_SINGLE if column.dtype == np.float32 else libe57.E57_DOUBLE
                prototype.set(name, libe57.FloatNode(image, 0.0, precision))
        points = libe57.CompressedVectorNode(image, prototype, libe57.VectorNode(image, True))
        node.set("points", points)
        file.data3d.append(node)
        buffers = libe57.VectorSourceDestBuffer()
        kept = []
        for name, column in columns.items():
            kept.append(np.ascontiguousarray(column))
            buffers.append(libe57.SourceDestBuffer(image, name, kept[-1], len(kept[-1]), True, True))
        writer = points.writer(buffers)
        writer.write(len(sample.positions))
        writer.close()
    file.close()


def _e57_columns(sample: Sample, spherical, invalid, grid) -> dict[str, np.ndarray]:
    x, y, z = (np.ascontiguousarray(column) for column in sample.positions.T)
    if spherical:
        distance = np.sqrt(x * x + y * y + z * z)
        columns = {
            "sphericalRange": distance,
            "sphericalAzimuth": np.arctan2(y, x),
            "sphericalElevation": np.arcsin(z / distance),
        }
    else:
        columns = {"cartesianX": x, "cartesianY": y, "cartesianZ": z}
    if sample.colors is not None:
        columns |= dict(zip(("colorRed", "colorGreen", "colorBlue"), np.ascontiguousarray(sample.colors.T)))
    if sample.normals is not None:
        columns |= dict(zip((f"nor:normal{axis}" for axis in "XYZ"), np.ascontiguousarray(sample.normals.T)))
    if invalid is not None:
        columns["sphericalInvalidState" if spherical else "cartesianInvalidState"] = invalid.astype(np.uint8)
    if grid:
        columns["rowIndex"] = np.arange(len(x), dtype=np.int64) // 10
        columns["columnIndex"] = np.arange(len(x), dtype=np.int64) % 10
    return columns


# --- meshes


def write_obj(path: Path, sample: Sample) -> None:
    colors = None if sample.colors is None else sample.colors / 255
    groups = [sample.positions, *([colors] if colors is not None else [])]
    rows = _rows(*groups, formats=["%.17g"] * 3 + ["%.6f"] * 3)
    text = "".join(f"v {row}\n" for row in rows.splitlines())
    if sample.faces is not None:
        text += "".join(f"f {a} {b} {c}\n" for a, b, c in sample.faces + 1)
    path.write_text(text)


def write_stl_binary(path: Path, sample: Sample) -> None:
    faces = np.zeros(
        0 if sample.faces is None else len(sample.faces), [("n", "<f4", 3), ("v", "<f4", (3, 3)), ("a", "<u2")]
    )
    if len(faces):
        faces["v"] = sample.positions[sample.faces]
    path.write_bytes(b"solid but binary".ljust(80) + struct.pack("<I", len(faces)) + faces.tobytes())


def hostile_stl(data: bytes, claim: int) -> bytes:
    return data[:80] + struct.pack("<I", min(claim, 2**32 - 1)) + data[84:]


def write_stl_ascii(path: Path, sample: Sample) -> None:
    text = "solid vase\n"
    for face in sample.faces if sample.faces is not None else []:
        text += "facet normal 0 0 0\n outer loop\n"
        text += "".join(f"  vertex {x!r} {y!r} {z!r}\n" for x, y, z in sample.positions[face].tolist())
        text += " endloop\nendfacet\n"
    path.write_text(text + "endsolid vase\n")


def write_off(path: Path, sample: Sample) -> None:
    head = ("C" if sample.colors is not None else "") + ("N" if sample.normals is not None else "") + "OFF"
    faces = np.empty((0, 3), int) if sample.faces is None else sample.faces
    text = f"{head}\n# made by a test\n{len(sample.positions)} {len(faces)} 0\n" + _text(sample, normals_first=True)
    path.write_text(text + "".join(f"3 {a} {b} {c}\n" for a, b, c in faces))


def hostile_off(data: bytes, claim: int) -> bytes:
    head, end, rest = data.partition(b"made by a test\n")
    return head + end + b"%d %d 0" % (claim, claim) + rest[rest.find(b"\n") :]


def srgb_to_linear(colors: np.ndarray) -> np.ndarray:
    value = colors / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4).astype(np.float32)


def gltf_parts(sample: Sample) -> tuple[dict, bytes]:
    """Return the JSON (with one buffer without URI) and its bytes; the node carries where the mesh stands."""
    finite = sample.positions[np.isfinite(sample.positions).all(axis=1)]
    place = np.round(finite.mean(axis=0)) if len(finite) else np.zeros(3)
    arrays = {"POSITION": (sample.positions - place).astype("<f4")}
    if sample.normals is not None:
        arrays["NORMAL"] = sample.normals.astype("<f4")
    if sample.colors is not None:
        arrays["COLOR_0"] = srgb_to_linear(sample.colors)
    blob, views, accessors = b"", [], []
    for values in arrays.values():
        views.append({"buffer": 0, "byteOffset": len(blob), "byteLength": values.nbytes})
        accessors.append({"bufferView": len(views) - 1, "componentType": 5126, "count": len(values), "type": "VEC3"})
        blob += values.tobytes()
    primitive = {"attributes": {name: index for index, name in enumerate(arrays)}}
    if sample.faces is None:
        primitive["mode"] = 0
    else:
        indices = sample.faces.astype("<u4")
        views.append({"buffer": 0, "byteOffset": len(blob), "byteLength": indices.nbytes})
        accessors.append({"bufferView": len(views) - 1, "componentType": 5125, "count": indices.size, "type": "SCALAR"})
        primitive["indices"] = len(accessors) - 1
        blob += indices.tobytes()
    document = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0, "translation": place.tolist()}],
        "meshes": [{"primitives": [primitive]}],
        "accessors": accessors,
        "bufferViews": views,
        "buffers": [{"byteLength": len(blob)}],
    }
    return document, blob


def glb_bytes(document: dict, blob: bytes) -> bytes:
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    blob += b"\0" * (-len(blob) % 4)
    chunks = struct.pack("<II", len(text), 0x4E4F534A) + text + struct.pack("<II", len(blob), 0x004E4942) + blob
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks


def write_glb(path: Path, sample: Sample) -> None:
    path.write_bytes(glb_bytes(*gltf_parts(sample)))


def write_gltf_beside(path: Path, sample: Sample) -> None:
    document, blob = gltf_parts(sample)
    document["buffers"][0]["uri"] = f"{path.stem}%20data.bin"
    (path.parent / f"{path.stem} data.bin").write_bytes(blob)
    path.write_text(json.dumps(document))


def write_gltf_inside(path: Path, sample: Sample) -> None:
    document, blob = gltf_parts(sample)
    text = base64.b64encode(blob).decode()
    document["buffers"][0]["uri"] = f"data:application/octet-stream;base64,{text}"
    path.write_text(json.dumps(document))


def hostile_gltf(data: bytes, claim: int) -> bytes:
    if data.startswith(b"glTF"):
        n_text = struct.unpack_from("<I", data, 12)[0]
        document, blob = json.loads(data[20 : 20 + n_text]), data[28 + n_text :]
        return glb_bytes(_hostile_document(document, claim), blob)
    return json.dumps(_hostile_document(json.loads(data), claim)).encode()


def _hostile_document(document: dict, claim: int) -> dict:
    for accessor in document["accessors"]:
        accessor["count"] = claim
    return document


# --- compressed glTF


def meshopt_attributes(values: np.ndarray) -> bytes:
    """Encode rows of 4 k bytes as meshopt attributes, version 0, every difference as a whole byte."""
    rows = np.ascontiguousarray(values).view(np.uint8).reshape(len(values), -1)
    stride = rows.shape[1]
    block = min(8192 // stride // 16 * 16, 256)
    stream = b"\xa0"
    differences = (np.diff(rows.astype(int), axis=0, prepend=rows[:1].astype(int)) + 128) % 256 - 128
    zigzag = np.where(differences < 0, -2 * differences - 1, 2 * differences).astype(np.uint8)
    for start in range(0, len(rows), block):
        for column in zigzag[start : start + block].T:
            n_groups = -(-len(column) // 16)
            stream += b"\xff" * (-(-n_groups // 4)) + column.tobytes().ljust(16 * n_groups, b"\0")
    return stream + bytes(max(0, 32 - stride)) + rows[0].tobytes()


def meshopt_indices(values: np.ndarray) -> bytes:
    """Encode indices as differences to baseline 0."""
    stream = b"\xd1"
    for difference in np.diff(values.astype(int).ravel(), prepend=0):
        value = (-2 * difference - 1 if difference < 0 else 2 * difference) * 2
        while value >= 128:
            stream += bytes([value & 127 | 128])
            value >>= 7
        stream += bytes([value])
    return stream + bytes(4)


def write_glb_meshopt(path: Path, sample: Sample) -> None:
    document, blob = gltf_parts(sample)
    packed = b""
    for view, accessor in zip(document["bufferViews"], document["accessors"]):
        data = blob[view["byteOffset"] : view["byteOffset"] + view["byteLength"]]
        is_indices = accessor["type"] == "SCALAR"
        values = np.frombuffer(data, "<u4" if is_indices else "<f4").reshape(-1, 1 if is_indices else 3)
        if not len(values):
            continue
        stream = meshopt_indices(values) if is_indices else meshopt_attributes(values)
        view["extensions"] = {
            "EXT_meshopt_compression": {
                "buffer": 0, "byteOffset": len(packed), "byteLength": len(stream), "count": len(values),
                "byteStride": len(data) // len(values), "mode": "INDICES" if is_indices else "ATTRIBUTES",
            }
        }  # fmt: skip
        view["buffer"] = 1
        packed += stream
    document["buffers"] = [{"byteLength": len(packed)}, {"byteLength": len(blob)}]
    document["extensionsRequired"] = document["extensionsUsed"] = ["EXT_meshopt_compression"]
    path.write_bytes(glb_bytes(document, packed))


def write_glb_draco(path: Path, sample: Sample) -> None:
    import DracoPy

    document, blob = gltf_parts(sample)
    if not len(sample.faces):
        path.write_bytes(glb_bytes(document, blob))
        return
    points = np.frombuffer(blob, "<f4", 3 * len(sample.positions)).reshape(-1, 3)
    packed = DracoPy.encode(points, sample.faces.astype(np.uint32), preserve_order=True, quantization_bits=20)
    document["bufferViews"] = [{"buffer": 0, "byteOffset": 0, "byteLength": len(packed)}]
    document["buffers"] = [{"byteLength": len(packed)}]
    for accessor in document["accessors"]:
        del accessor["bufferView"]
    extension = {"KHR_draco_mesh_compression": {"bufferView": 0, "attributes": {"POSITION": 0}}}
    document["meshes"][0]["primitives"][0]["extensions"] = extension
    document["extensionsRequired"] = document["extensionsUsed"] = ["KHR_draco_mesh_compression"]
    path.write_bytes(glb_bytes(document, packed))


WRITERS = [
    Writer("ply-ascii", "ply", ".ply", write_ply_ascii, hostile=hostile_ply),
    Writer("ply-little", "ply", ".ply", write_ply_binary("<"), hostile=hostile_ply),
    Writer("ply-big", "ply", ".ply", write_ply_binary(">"), hostile=hostile_ply),
    Writer("ply-float", "ply", ".ply", write_ply_binary("<", "f4"), is_double=False, hostile=hostile_ply),
    Writer("ply-mesh-ascii", "ply", ".ply", write_ply_ascii, is_mesh=True, hostile=hostile_ply),
    Writer("ply-mesh-little", "ply", ".ply", write_ply_binary("<"), is_mesh=True, hostile=hostile_ply),
    Writer("ply-mesh-big", "ply", ".ply", write_ply_binary(">"), is_mesh=True, hostile=hostile_ply),
    Writer("xyz", "xyz", ".xyz", write_xyz),
    Writer("csv", "xyz", ".csv", write_csv),
    Writer("pts", "pts", ".pts", write_pts, has_normals=False),
    Writer("pcd-ascii", "pcd", ".pcd", write_pcd_ascii, hostile=hostile_pcd),
    Writer("pcd-binary", "pcd", ".pcd", write_pcd_binary, hostile=hostile_pcd),
    Writer("pcd-compressed", "pcd", ".pcd", write_pcd_compressed, hostile=hostile_pcd),
    Writer("las", "las", ".las", write_las, keeps_nan=False, hostile=hostile_las, tolerance=2e-6),
    Writer("laz", "las", ".laz", write_las, keeps_nan=False, hostile=hostile_las, tolerance=2e-6),
    Writer("e57", "e57", ".e57", write_e57),
    Writer("obj", "obj", ".obj", write_obj, is_mesh=True, has_normals=False),
    Writer("stl-binary", "stl", ".stl", write_stl_binary, is_mesh=True, has_colors=False, has_normals=False,
           is_double=False, hostile=hostile_stl),
    Writer("stl-ascii", "stl", ".stl", write_stl_ascii, is_mesh=True, has_colors=False, has_normals=False),
    Writer("off", "off", ".off", write_off, is_mesh=True, hostile=hostile_off),
    Writer("glb", "gltf", ".glb", write_glb, is_mesh=True, hostile=hostile_gltf),
    Writer("gltf-beside", "gltf", ".gltf", write_gltf_beside, is_mesh=True, hostile=hostile_gltf),
    Writer("gltf-inside", "gltf", ".gltf", write_gltf_inside, is_mesh=True, hostile=hostile_gltf),
    Writer("glb-meshopt", "gltf", ".glb", write_glb_meshopt, is_mesh=True, hostile=hostile_gltf),
    Writer("glb-draco", "gltf", ".glb", write_glb_draco, is_mesh=True, has_colors=False, has_normals=False,
           keeps_nan=False, tolerance=1e-4),
    Writer("glb-points", "gltf", ".glb", write_glb, hostile=hostile_gltf),
]  # fmt: skip
BY_NAME = {writer.name: writer for writer in WRITERS}
