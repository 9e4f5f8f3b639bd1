"""Speaks the narration of the relics beside this file: an MP3 and a WebVTT file with exact times, per language.

Not part of the program: it speaks with eSpeak NG (GPL-3.0-or-later), on which nothing shipped depends. In an
environment that holds exhibit: ``pip install espeakng-loader && python assets/narrate.py [relic ...]``.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import re
import sys
import tomllib
from pathlib import Path

import espeakng_loader
import numpy as np
from scipy.signal import butter, sosfilt

from exhibit.model.arrays import F4
from exhibit.model.narration import Cue
from exhibit.stages.caption_text import cut_into_captions, paragraphs_of
from exhibit.stages.captions import write_captions
from exhibit.stages.loudness import limit_peaks, measure_loudness
from exhibit.stages.recording import encode_mp3

LOUDNESS_LUFS, CEILING_DB, KBIT_S = -18.2, -1.5, 64
LEAD_S, AFTER_SENTENCE_S, AFTER_PARAGRAPH_S, TAIL_S = 0.25, 0.6, 1.3, 0.6
VOICES = {"en": ("gmw/en+max", 118, 44), "zh-Hans": ("sit/cmn+max", 150, 46)}
"""eSpeak's voice, words a minute (the voice hurries: heard are some 150), pitch from 0 to 100."""
SPOKEN = {
    "en": {"Liangzhu": "lee-arng joo", "cong": "tsoong", "Shang": "Sharng", "Tang": "Tarng", "Wang Wei": "Wahng Way",
           "family Ge": "family guh", "Northern Qi": "Northern chee", "1351": "thirteen fifty-one",
           "stele": "stealy"},
    "zh-Hans": {"1351": "一三五一"},
}  # fmt: skip
"""Words that eSpeak would misread, spelt as they sound; the captions keep them as they are."""


class _Event(ctypes.Structure):  # espeak_EVENT of speak_lib.h
    _fields_ = [("type", ctypes.c_int), ("id", ctypes.c_uint), ("position", ctypes.c_int), ("length", ctypes.c_int),
                ("audio_ms", ctypes.c_int), ("sample", ctypes.c_int), ("user", ctypes.c_void_p),
                ("name", ctypes.c_char * 8)]  # fmt: skip


_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))
Word = tuple[int, float]  # where in the text it begins, and when it is heard, seconds


class Speaker:
    """eSpeak NG, called as a library."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        synchronous, buffer_ms = 2, 0
        data = espeakng_loader.get_data_path().encode()
        self.rate_hz: int = self._library.espeak_Initialize(synchronous, buffer_ms, data, 0)
        if self.rate_hz <= 0:
            raise RuntimeError("eSpeak NG does not start.")

    def speak(self, text: str, language: str) -> tuple[F4, list[Word]]:
        """Return one sentence as samples (n,), silence around it cut off, and when its words are heard."""
        spelt, origins = _spelt(text, SPOKEN[language])
        chunks: list[F4] = []
        words: list[Word] = []

        @_Callback
        def take(wave, n_samples, events):  # type: ignore[no-untyped-def]  # ctypes passes raw pointers
            if wave and n_samples:
                chunks.append(np.ctypeslib.as_array(wave, (n_samples,)).astype(np.float32) / 32768)
            number = 0
            while events[number].type:
                if events[number].type == 1:  # a word begins
                    place = min(max(events[number].position - 1, 0), len(origins) - 1)
                    words.append((origins[place], events[number].audio_ms / 1000))
                number += 1
            return 0

        self._library.espeak_SetSynthCallback(take)
        voice, words_a_minute, pitch = VOICES[language]
        done = [self._library.espeak_SetVoiceByName(voice.encode())]
        done += [self._library.espeak_SetParameter(*value, 0) for value in ((1, words_a_minute), (3, pitch))]
        done.append(self._library.espeak_Synth(data := spelt.encode() + b"\0", len(data), 0, 1, 0, 1, None, None))
        if any(done) or not chunks:
            raise RuntimeError(f"eSpeak NG does not speak {voice}: {done}.")
        samples = np.concatenate(chunks)
        first, last = np.flatnonzero(np.abs(samples) > 0.003)[[0, -1]]
        return samples[first : last + 1], [(place, max(0.0, at - first / self.rate_hz)) for place, at in words]


def _spelt(text: str, spellings: dict[str, str]) -> tuple[str, list[int]]:
    """Return the text as eSpeak is to read it, and for each of its characters where it comes from."""
    spelt, origins, at = "", [], 0
    for found in re.finditer("|".join(rf"(?<![A-Za-z]){word}(?![A-Za-z])" for word in spellings), text):
        spelt += text[at : found.start()] + spellings[found[0]]
        origins += [*range(at, found.start()), *[found.start()] * len(spellings[found[0]])]
        at = found.end()
    return spelt + text[at:], [*origins, *range(at, len(text))]


def narrate(speaker: Speaker, text: str, language: str) -> tuple[bytes, str]:
    """Return MP3 and WebVTT of a text."""
    rate = speaker.rate_hz
    pieces, words, pauses, letters, at = [np.zeros(int(LEAD_S * rate), np.float32)], [], [], 0, LEAD_S
    for paragraph in paragraphs_of(text):
        sentences = [one for one in re.split(r"(?<=[.!?]) |(?<=[。！？])", paragraph) if one]
        for number, sentence in enumerate(sentences, 1):
            samples, heard = speaker.speak(sentence, language)
            words += [(letters + _solid(sentence[:place]), at + when) for place, when in heard]
            letters += _solid(sentence)
            pauses.append((letters, at + len(samples) / rate))
            rest = AFTER_PARAGRAPH_S if number == len(sentences) else AFTER_SENTENCE_S
            pieces += [samples, np.zeros(int(rest * rate), np.float32)]
            at += (len(samples) + len(pieces[-1])) / rate
    pieces[-1] = np.zeros(int(TAIL_S * rate), np.float32)
    cues, letters = [], 0
    for caption in cut_into_captions(text):
        first, letters = letters, letters + _solid(caption.text)
        start = max((when for place, when in words if place <= first), default=LEAD_S)
        next_word = max(when for place, when in words if place <= letters)
        end = next((when for place, when in pauses if place == letters), next_word)
        cues.append(Cue(round(start, 3), round(end, 3), caption.text))
    band = butter(2, (90, 6800), "bandpass", fs=rate, output="sos")  # less edge at the top, no rumble at the bottom
    voice = sosfilt(band, np.concatenate(pieces)).astype(np.float32)
    for _ in range(3):  # the limiter takes a little loudness away again
        gain = np.float32(10 ** ((LOUDNESS_LUFS - measure_loudness(voice, rate)) / 20))
        voice = limit_peaks(voice * gain, rate, CEILING_DB)
    return encode_mp3(voice, rate, KBIT_S), write_captions(cues)


def _solid(text: str) -> int:
    """Count the characters that are no space: captions break lines where the text does not."""
    return len("".join(text.split()))


def write(record: Path, language: str) -> None:
    """Speak one language of one record into the files it names."""
    told = tomllib.loads(record.read_text("utf-8"))["narration"][language]
    mp3, captions = narrate(Speaker(), told["text"], language)
    (record.parent / told["audio"]).write_bytes(mp3)
    (record.parent / told["captions"]).write_text(captions, "utf-8", newline="\n")


if __name__ == "__main__":
    records = [file for file in sorted(Path(__file__).parent.glob("*/relic.toml"))
               if file.parent.name in sys.argv[1:] or not sys.argv[1:]]  # fmt: skip
    # a process each: eSpeak remembers what it said, and says the next thing a little otherwise
    with multiprocessing.Pool(1, maxtasksperchild=1) as pool:
        pool.starmap(write, [(file, language) for file in records for language in VOICES], chunksize=1)
