"""Spoken text, ready for the page: audio, captions, transcript."""

from __future__ import annotations

from dataclasses import dataclass

from exhibit.model.finding import Finding


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a voice hands over for one language: the recording as it is, and the words.

    Parameters
    ----------
    language : BCP 47 tag.
    audio : bytes of a recording (WAV, MP3, FLAC, Ogg Opus or Vorbis), or None where there is only text.
    audio_name : its file name, for messages.
    text : what is said, paragraphs separated by an empty line; ``""`` if only captions tell.
    captions : text of a WebVTT or SubRip file with exact times, or ``""``.
    captions_name : its file name, for messages.
    speaker : who speaks.
    is_synthetic : whether a machine speaks.
    """

    language: str
    audio: bytes | None = None
    audio_name: str = ""
    text: str = ""
    captions: str = ""
    captions_name: str = ""
    speaker: str = ""
    is_synthetic: bool = False


@dataclass(frozen=True, slots=True)
class Cue:
    """One caption: start and end in seconds, and the words, at most two lines.

    Parameters
    ----------
    settings : WebVTT cue settings as the curator wrote them (``line:0 align:start``), else ``""``.
    markup : the words with WebVTT's own tags (``<i>``, ``<v Ann>``), escaped; ``""`` where `text` is all.
    """

    start_s: float
    end_s: float
    text: str
    settings: str = ""
    markup: str = ""


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
