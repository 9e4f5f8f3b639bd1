"""The narration of a relic, fetched from its folder by the voices."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from exhibit.errors import SourceError
from exhibit.model.narration import Spoken
from exhibit.model.record import RelicRecord
from exhibit.pipeline.named_files import find_file
from exhibit.voices import voice_for

MAX_BYTES: Final = 700_000_000
"""Half an hour of uncompressed stereo at 96 kHz and 32 bits is less."""


def read_narration(folder: Path, record: RelicRecord) -> tuple[Spoken, ...]:
    """Return what `exhibit.stages.narrate` takes: sound and words of every language, in the order of the record.

    Parameters
    ----------
    folder : the relic's folder.
    record : the relic's record, as `load_relic` returned it.

    Raises
    ------
    SourceError
        A recording or caption file that has gone since the record was read, or cannot be read.
    """

    def read(name: str) -> bytes:
        file = find_file(Path(folder), name)
        if file is None:
            raise SourceError("is no longer in the relic's folder.", where=name)
        try:
            if file.stat().st_size > MAX_BYTES:
                raise SourceError("is far too large for a narration.", where=name, hint="Cut it, or export it as MP3.")
            return file.read_bytes()
        except OSError as error:
            raise SourceError(f"cannot be read ({error.strerror or error}).", where=name) from error

    return tuple(
        voice_for(source, language).speak(source, language, read) for language, source in record.narration.items()
    )
