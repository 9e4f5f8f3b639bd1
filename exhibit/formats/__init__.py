"""One file per scan format; the folder is its own registry.

A new format is one new module here that exposes ``FORMAT = Format(...)``; nothing else needs to be told. Its `read`
returns a :class:`~exhibit.model.cloud.Scan` (points) or a :class:`~exhibit.model.cloud.SourceMesh` (a mesh somebody
else made) and raises :class:`~exhibit.errors.SourceError`, one sentence and a hint, for anything it cannot use.

What every reader keeps to:

- A count in a header is a claim: it is compared with the size of the file before anything is allocated.
- Positions are float32 relative to a float64 origin near the points, so surveyed coordinates lose nothing.
- NaN and infinity stay in positions (cleaning drops and counts them).
- Units and up-axis are given only where the file or its specification states them.
- Side files (textures, buffers, material libraries) are looked for inside the source's own folder only.
- Heavy libraries are imported inside functions, so that this package imports in milliseconds.

Modules without ``FORMAT`` are what several formats share: `source_file` (opening and naming damage), `points` (chunks
to `Scan`), `mesh` (parts to `SourceMesh`), `colors`, `text_numbers`, `textures`.
"""

from exhibit.formats.registry import Format, all_formats, format_of, is_supported, read, stem_of

__all__ = ["Format", "all_formats", "format_of", "is_supported", "read", "stem_of"]
