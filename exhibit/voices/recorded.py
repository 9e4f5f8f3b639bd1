"""Narration that somebody recorded, or wrote down without recording it."""

from __future__ import annotations

from exhibit.model.narration import Spoken
from exhibit.model.record import NarrationSource
from exhibit.voices.registry import ReadFile, Voice


def _can_speak(source: NarrationSource, language: str) -> bool:
    return source.audio is not None or source.text is not None


def _speak(source: NarrationSource, language: str, read: ReadFile) -> Spoken:
    captions = read(source.captions) if source.captions else b""
    return Spoken(
        language,
        audio=read(source.audio) if source.audio else None,
        audio_name=source.audio or "",
        text=source.text or "",
        captions=captions.decode("utf-8-sig", errors="replace"),
        captions_name=source.captions or "",
        speaker=source.speaker,
        is_synthetic=source.synthetic,
    )


VOICE = Voice("recorded", "Recorded by a person", _can_speak, _speak, order=0)
