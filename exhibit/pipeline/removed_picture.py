"""``removed.webp``: what cleaning took away, for the eyes of who must trust it."""

from __future__ import annotations

import io

from exhibit.model.cloud import CleanCloud
from exhibit.model.surface import Adopted
from exhibit.progress import Progress
from exhibit.stages.show_removed import show_removed


def picture_of_removed(subject: CleanCloud | Adopted, progress: Progress) -> bytes:
    """Return the WebP; nothing for a mesh, which is not cleaned, or where no point was taken away."""
    from PIL import Image

    if isinstance(subject, Adopted) or subject.removed is None:
        return b""
    if not any(one.n_points or one.was_skipped for one in subject.removed.removals):
        return b""
    stream = io.BytesIO()
    Image.fromarray(show_removed(subject, progress=progress)).save(stream, "WEBP", quality=70, method=4)
    return stream.getvalue()
