"""Spoken text made ready for the page: one MP3 of even loudness, captions, and the transcript, per language."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from exhibit.errors import DefinitionError, SourceError
from exhibit.model.arrays import F4
from exhibit.model.finding import Finding
from exhibit.model.narration import Cue, Narration, Spoken
from exhibit.progress import SILENT, Progress
from exhibit.stages.caption_text import LineLimits, cut_into_captions, paragraphs_of, speech_weight
from exhibit.stages.caption_timing import find_speech, time_captions
from exhibit.stages.captions import fit_captions, read_captions, write_captions
from exhibit.stages.loudness import limit_peaks, measure_loudness, measure_true_peak
from exhibit.stages.recording import Recording, decode_recording, encode_mp3

_PACE: Final = (0.45, 1.9)
"""Times the calm pace that a person speaks at; outside, text and recording hardly belong together."""


@dataclass(frozen=True, slots=True)
class NarrateOptions:
    """How narration sounds and reads.

    Parameters
    ----------
    target_lufs : loudness of every recording, LUFS; -18 is usual for speech in one channel on phones and headsets.
    ceiling_db : highest true peak, dB relative to full scale.
    tolerance_lu : an MP3 this close to the target, and below 0 dB, is kept byte for byte.
    kbit_s : bit rate of the MP3.
    max_kept_kbit_s : an MP3 above this is encoded anew even if it sounds right.
    line_latin, line_cjk : characters a caption line holds.
    """

    target_lufs: float = -18.0
    ceiling_db: float = -1.5
    tolerance_lu: float = 1.0
    kbit_s: int = 64
    max_kept_kbit_s: int = 128
    line_latin: int = 42
    line_cjk: int = 18


def narrate(
    sources: Sequence[Spoken], options: NarrateOptions = NarrateOptions(), /, *, progress: Progress = SILENT
) -> tuple[Narration, ...]:
    """Make the narration of one relic ready, language by language.

    Parameters
    ----------
    sources : what the voices handed over; a source without audio gives a transcript alone.
    options : loudness, bit rate, caption lines.

    Returns
    -------
    One `Narration` a source, in order. Captions are the curator's own where given, else timed from the text.

    Raises
    ------
    SourceError
        A recording that cannot be read, is silent or too long.
    DefinitionError
        Captions that cannot be read or belong to another recording.
    """
    done = []
    for number, source in enumerate(sources):
        share = progress.part(number / len(sources), (number + 1) / len(sources))
        share.tick(0.0, source.language)
        done.append(_one(source, options, share))
    progress.tick(1.0)
    return tuple(done)


def _one(source: Spoken, options: NarrateOptions, progress: Progress) -> Narration:
    transcript = "\n\n".join(paragraphs_of(source.text))
    if source.audio is None:
        return Narration(source.language, None, "", transcript, 0.0, source.speaker, source.is_synthetic)
    name = source.audio_name or f"narration in {source.language}"
    recording = decode_recording(source.audio, name, progress=progress.part(0.0, 0.2))
    audio, findings = _leveled(source.audio, recording, name, options, progress.part(0.2, 0.9))
    cues, doubts = _captions(source, recording, name, options)
    return Narration(
        source.language,
        audio,
        write_captions(cues),
        transcript or _transcript_of(cues),
        recording.duration_s,
        source.speaker,
        source.is_synthetic,
        cues,
        (*findings, *doubts),
    )


def _leveled(
    data: bytes, recording: Recording, name: str, options: NarrateOptions, progress: Progress
) -> tuple[bytes, list[Finding]]:
    """Return the recording as an MP3 of the wanted loudness, and what was noticed on the way."""
    samples, rate = recording.samples, recording.rate_hz
    loudness = measure_loudness(samples, rate, progress=progress.part(0.0, 0.2))
    if not math.isfinite(loudness):
        raise SourceError("is so quiet that no speech can be heard in it.", where=name, hint="Record it again.")
    peak_db = measure_true_peak(samples, progress=progress.part(0.2, 0.4))
    findings = _sound_findings(recording, name, loudness, options)
    if _is_fine(data, recording, loudness, peak_db, options):
        return data, findings
    gain_db = options.target_lufs - loudness
    louder: F4 = (samples * np.float32(10 ** (gain_db / 20))).astype(np.float32)
    if peak_db + gain_db > options.ceiling_db:
        louder, short_lu = _limited(louder, rate, options, progress.part(0.4, 0.8))
        if short_lu > 0.5:
            hint = f"{name}: its peaks are too high to make it as loud as the others; it stays {short_lu:.1f} LU below."
            findings.append(Finding("narration.peaky", short_lu, "LU", hint))
    return encode_mp3(louder, rate, options.kbit_s, progress=progress.part(0.8, 1.0)), findings


def _limited(samples: F4, rate: int, options: NarrateOptions, progress: Progress) -> tuple[F4, float]:
    """Return `samples` below the ceiling, and by how much they miss the target; limiting takes loudness away again."""
    limited, missing, gain_db = samples, 0.0, 0.0
    for attempt in range(3):
        louder = (samples * np.float32(10 ** (gain_db / 20))).astype(np.float32)
        limited = limit_peaks(
            louder, rate, options.ceiling_db, progress=progress.part(attempt / 3, (attempt + 0.7) / 3)
        )
        missing = options.target_lufs - measure_loudness(limited, rate)
        gain_db += missing
        if missing < 0.1 or gain_db > 6.0:
            break
    return limited, missing


def _is_fine(data: bytes, recording: Recording, loudness: float, peak_db: float, options: NarrateOptions) -> bool:
    return (
        recording.container == "MP3"
        and recording.n_channels == 1
        and abs(loudness - options.target_lufs) <= options.tolerance_lu
        and peak_db <= 0.0
        and len(data) * 8 / recording.duration_s <= options.max_kept_kbit_s * 1000
    )


def _sound_findings(recording: Recording, name: str, loudness: float, options: NarrateOptions) -> list[Finding]:
    found = []
    if recording.n_damaged:
        hint = f"{name}: {recording.n_damaged} samples are not numbers and were made silent; export it again."
        found.append(Finding("narration.damaged", recording.n_damaged, "samples", hint, "warning"))
    clipped = float(np.mean(np.abs(recording.samples) >= 0.999))
    if clipped > 0.001:
        hint = f"{name}: {clipped:.1%} of it is clipped and will sound harsh; record it at a lower level."
        found.append(Finding("narration.clipped", clipped, "share", hint, "warning"))
    if options.target_lufs - loudness > 20:
        hint = f"{name}: recorded very quietly ({loudness:.0f} LUFS); made louder, its noise will be heard."
        found.append(Finding("narration.quiet", loudness, "LUFS", hint, "warning"))
    return found


def _captions(
    source: Spoken, recording: Recording, name: str, options: NarrateOptions
) -> tuple[tuple[Cue, ...], list[Finding]]:
    if source.captions:
        try:
            return fit_captions(read_captions(source.captions), recording.duration_s), []
        except DefinitionError as error:
            problems = tuple(replace(one, file=source.captions_name) for one in error.problems)
            raise DefinitionError(
                error.message, where=source.captions_name or source.language, hint=error.hint, problems=problems
            ) from error
    if not source.text.strip():
        hint = f"{name}: says nothing in writing; give text or captions, for those who cannot hear it."
        return (), [Finding("narration.no-text", hint=hint, severity="warning")]
    speech = find_speech(recording.samples, recording.rate_hz)
    captions = cut_into_captions(source.text, LineLimits(options.line_latin, options.line_cjk))
    spoken_s = sum(end - start for start, end in speech)
    pace = speech_weight(source.text) / spoken_s
    findings = []
    if not _PACE[0] <= pace <= _PACE[1]:
        amount = "more" if pace > 1 else "less"
        hint = f"{name}: the text is {amount} than can be said in {spoken_s:.0f} s of speech; do they belong together?"
        findings.append(Finding("narration.pace", pace, "times calm pace", hint, "warning"))
    return time_captions(captions, speech, recording.duration_s), findings


def _transcript_of(cues: Sequence[Cue]) -> str:
    """Return the captions' words as a text: new paragraphs where the speaker paused for two seconds."""
    text = ""
    for before, cue in zip([None, *cues], cues, strict=False):
        is_far = before is not None and cue.start_s - before.end_s >= 2.0
        text += f"{chr(10) * (2 if is_far else 1) if text else ''}{cue.text}"
    return "\n\n".join(paragraphs_of(text))
