"""Spoken text, ready for the page: audio, captions, transcript."""

from __future__ import annotations

from dataclasses import dataclass

from exhibit.model.finding import Finding


@dataclass(frozen=True, slots=True)
class Cue:
    """One caption: start and end in seconds, and the words."""

    start_s: float
    end_s: float
    text: str


@dataclass(frozen=True, slots=True)
class Narration:
    """One language of one relic.

    Parameters
    ----------
    audio : MP3 bytes, or None where there is only text.
    captions : WebVTT text (empty without audio).
    transcript : paragraphs separated by an empty line.
    """

    language: str
    audio: bytes | None
    captions: str
    transcript: str
    duration_s: float
    speaker: str = ""
    is_synthetic: bool = False
    cues: tuple[Cue, ...] = ()
    findings: tuple[Finding, ...] = ()
