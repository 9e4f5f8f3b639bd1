"""Pictures that a mesh carries, out of files and out of bytes. What cannot be had is a finding, never a failure."""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import Final

import numpy as np

from exhibit.formats.source_file import side_path
from exhibit.model.arrays import U1
from exhibit.model.finding import Finding

MAX_SIDE_PX: Final = 16384


def texture_file(source: Path, reference: str) -> tuple[U1 | None, tuple[Finding, ...]]:
    """Load the picture a source refers to.

    Returns
    -------
    (h, w, 3) uint8 sRGB, row 0 at the top, or None with the finding that says why.
    """
    name = reference.strip()[-120:]
    path = side_path(source, reference)
    if path is None:
        return None, (_lost("formats.side-file-refused", f"'{name}' lies outside the folder of the scan."),)
    if not path.is_file():
        return None, (_lost("formats.texture-missing", f"'{name}' is not beside the scan; copy it there."),)
    try:
        data = path.read_bytes()
    except OSError:
        return None, (_lost("formats.texture-unreadable", f"'{name}' cannot be opened."),)
    return texture_bytes(data, name)


def texture_bytes(data: bytes, name: str) -> tuple[U1 | None, tuple[Finding, ...]]:
    """Decode a picture; as :func:`texture_file`."""
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # Pillow refuses honest 16k scans; the limit that follows takes the place of its own
            limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
            try:
                picture = Image.open(io.BytesIO(data))
            finally:
                Image.MAX_IMAGE_PIXELS = limit
            if max(picture.size) > MAX_SIDE_PX:
                hint = f"'{name}' is over {MAX_SIDE_PX} pixels a side; make it smaller."
                return None, (_lost("formats.texture-too-large", hint),)
            if picture.mode.startswith("I"):
                return _from_sixteen_bit(np.asarray(picture)), ()
            return np.array(picture.convert("RGB"), dtype=np.uint8), ()
    except Exception:
        # Pillow's decoders raise whatever they like (SyntaxError among them) on damaged pictures
        return None, (_lost("formats.texture-unreadable", f"'{name}' is not a picture we can read."),)


def _from_sixteen_bit(values: np.typing.NDArray[np.int32] | np.typing.NDArray[np.uint16]) -> U1:
    grey = (np.clip(values, 0, 65535).astype(np.uint16) >> 8).astype(np.uint8)
    return np.repeat(grey[:, :, None], 3, axis=2)


def _lost(code: str, hint: str) -> Finding:
    return Finding(code, None, "", f"A texture is left out: {hint}", "warning")
