"""Recordings as bytes: decoded to one channel, encoded as MP3 that every browser and headset plays."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from exhibit.errors import SourceError
from exhibit.model.arrays import F4, freeze
from exhibit.progress import SILENT, Progress

MAX_DURATION_S: Final = 1800.0
"""Half an hour; a narration for one object is minutes."""
MAX_CHANNELS: Final = 8
_KEPT_RATES: Final = (16000, 22050, 24000, 32000, 44100, 48000)
_READABLE: Final = {"WAV", "WAVEX", "RF64", "W64", "AIFF", "CAF", "AU", "FLAC", "OGG", "MP3"}
_STRANGERS: Final = (
    (4, b"ftyp", "M4A, MP4 or AAC"),
    (0, b"\x1aE\xdf\xa3", "WebM or Matroska"),
    (0, b"0&\xb2u", "Windows Media"),
    (0, b"#!AMR", "AMR"),
)
_BLOCK: Final = 1 << 17
_REMEDY: Final = "Export it as WAV, MP3 or FLAC."


@dataclass(frozen=True, slots=True)
class Recording:
    """One channel of sound.

    Parameters
    ----------
    samples : (n,) float32, full scale is 1; finite.
    rate_hz : samples a second.
    container : ``MP3``, ``WAV``, ...
    n_channels : channels of the file it was mixed from.
    n_damaged : samples that were not numbers, replaced by silence.
    """

    samples: F4
    rate_hz: int
    container: str
    n_channels: int = 1
    n_damaged: int = 0

    def __post_init__(self) -> None:
        freeze(self)

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return len(self.samples) / self.rate_hz


class _Bytes(io.BytesIO):
    """A file in memory that stays where it is when a damaged header sends the decoder to an impossible place."""

    def seek(self, offset: int, whence: int = 0, /) -> int:
        try:
            return super().seek(offset, whence)
        except (ValueError, OverflowError):
            return self.tell()


def decode_recording(data: bytes, name: str, *, progress: Progress = SILENT) -> Recording:
    """Read a recording and mix it to one channel at a rate that MP3 knows.

    Parameters
    ----------
    data : bytes of a WAV, MP3, FLAC, AIFF, CAF or Ogg (Opus, Vorbis) file.
    name : how messages call it.

    Raises
    ------
    SourceError
        Not a recording, of a kind that is not read, damaged, empty, silent in every sample, or too long.
    """
    import soundfile

    class Stream(soundfile.SoundFile):  # type: ignore[misc]  # the library is untyped
        def seekable(self) -> bool:
            # soundfile seeks after every block it reads from a seekable file; in an MP3 that breaks the next frames
            return False

    _refuse_strangers(data, name)
    try:
        with Stream(_Bytes(data)) as file:
            container, rate, n_channels = str(file.format), int(file.samplerate), int(file.channels)
            if container not in _READABLE:
                raise SourceError(f"is {container}, a kind of recording that is not read.", where=name, hint=_REMEDY)
            if not 1 <= n_channels <= MAX_CHANNELS or not 4000 <= rate <= 400_000:
                message = f"claims {n_channels} channels at {rate} Hz, which no recorder writes."
                raise SourceError(message, where=name, hint=_REMEDY)
            mixed, n_damaged = _mix(file, rate, name, progress)
    except (soundfile.SoundFileError, RuntimeError, ValueError, OverflowError) as error:
        raise SourceError("is not a recording that can be read.", where=name, hint=_REMEDY) from error
    if not len(mixed):
        raise SourceError("holds no sound.", where=name, hint=_REMEDY)
    if not np.any(mixed):
        raise SourceError("is silent from beginning to end.", where=name, hint="Was the microphone on?")
    samples, rate = _at_known_rate(mixed, rate)
    return Recording(samples, rate, container, n_channels, n_damaged)


def encode_mp3(samples: F4, rate_hz: int, kbit_s: int, *, progress: Progress = SILENT) -> bytes:
    """Return one channel as MP3 of constant bit rate, so that seeking and length are exact in every player.

    Parameters
    ----------
    samples : (n,) float32, full scale is 1.
    rate_hz : one of the rates of MPEG-1 or MPEG-2.
    kbit_s : bit rate, at least 64: the frame of a lower constant rate has no room for the header that tells players
        the exact length.
    """
    import soundfile

    low, high = (32, 320) if rate_hz >= 32000 else (8, 160)
    # libsndfile spreads its compression level evenly over the bit rates of the MPEG version
    level = 1.0 - (min(max(kbit_s, 64), high) - low) / (high - low)
    stream = io.BytesIO()
    with soundfile.SoundFile(
        stream,
        "w",
        samplerate=rate_hz,
        channels=1,
        format="MP3",
        subtype="MPEG_LAYER_III",
        compression_level=level,
        bitrate_mode="CONSTANT",
    ) as file:
        for start in range(0, len(samples), _BLOCK):
            progress.tick(start / len(samples), "MP3")
            file.write(samples[start : start + _BLOCK])
    return stream.getvalue()


def _refuse_strangers(data: bytes, name: str) -> None:
    for at, mark, kind in _STRANGERS:
        if data[at : at + len(mark)] == mark:
            raise SourceError(f"is {kind}, which is not read.", where=name, hint=_REMEDY)


def _mix(file: Any, rate: int, name: str, progress: Progress) -> tuple[F4, int]:
    """Return the mean of all channels, and how many samples were not numbers; the header's length is not trusted."""
    parts: list[F4] = []
    n_read, n_damaged = 0, 0
    while len(block := file.read(_BLOCK, dtype="float32", always_2d=True)):
        progress.tick(min(1.0, n_read / (rate * MAX_DURATION_S)), "reading")
        is_number = np.isfinite(block)
        if not is_number.all():
            n_damaged += int(block.size - is_number.sum())
            block = np.where(is_number, block, np.float32(0))
        parts.append(block.mean(axis=1, dtype=np.float32))
        n_read += len(block)
        if n_read > rate * MAX_DURATION_S:
            message = f"is longer than {MAX_DURATION_S / 60:.0f} minutes."
            raise SourceError(message, where=name, hint="Cut it to what is said about this object.")
    return (np.concatenate(parts) if parts else np.zeros(0, dtype=np.float32)), n_damaged


def _at_known_rate(samples: F4, rate: int) -> tuple[F4, int]:
    if rate in _KEPT_RATES:
        return samples, rate
    from scipy.signal import resample_poly

    multiples = [known for known in _KEPT_RATES if rate % known == 0 or known % rate == 0]
    wanted = max(multiples) if multiples else 44100
    if rate < 16000:
        wanted = min((known for known in multiples), default=22050)
    shared = int(np.gcd(rate, wanted))
    resampled: F4 = resample_poly(samples, wanted // shared, rate // shared).astype(np.float32)
    return resampled, wanted
