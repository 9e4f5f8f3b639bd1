"""Loudness against the figures of ITU-R BS.1770 and EBU Tech 3341 (halved: one channel counts 3 dB less than two)."""

import math

import numpy as np
import pytest

from exhibit.errors import Cancelled
from exhibit.progress import Recorder
from exhibit.stages.loudness import limit_peaks, measure_loudness, measure_true_peak

RATES = [16000, 22050, 24000, 32000, 44100, 48000]


def sine(seconds, frequency, peak_db, rate, phase=0.0):
    time = np.arange(round(seconds * rate)) / rate
    return (10 ** (peak_db / 20) * np.sin(2 * np.pi * frequency * time + phase)).astype(np.float32)


def test_silence_and_nothing_have_no_loudness():
    assert measure_loudness(np.zeros(48000, np.float32), 48000) == -math.inf
    assert measure_loudness(np.zeros(0, np.float32), 48000) == -math.inf
    assert measure_true_peak(np.zeros(0, np.float32)) == -math.inf
    assert math.isfinite(measure_loudness(sine(0.05, 997, 0, 48000), 48000))


@pytest.mark.parametrize("rate", RATES)
def test_a_full_scale_tone_of_997_hertz_is_minus_3_lufs_at_every_rate(rate):
    assert measure_loudness(sine(5, 997, 0, rate), rate) == pytest.approx(-3.01, abs=0.1)
    assert measure_loudness(sine(5, 997, -20, rate), rate) == pytest.approx(-23.01, abs=0.1)


def test_quiet_passages_are_gated_out_as_in_ebu_3341_case_3():
    rate = 48000
    tone = np.concatenate([sine(10, 1000, -36, rate), sine(60, 1000, -23, rate), sine(10, 1000, -36, rate)])
    assert measure_loudness(tone, rate) == pytest.approx(-26.0, abs=0.1)


def test_pauses_do_not_make_speech_quieter():
    rate = 24000
    speech = sine(4, 500, -20, rate)
    with_pauses = np.concatenate([speech, np.zeros(8 * rate, np.float32), speech])
    assert measure_loudness(with_pauses, rate) == pytest.approx(measure_loudness(speech, rate), abs=0.3)


def test_low_rumble_counts_less_than_a_voice():
    rate = 48000
    assert measure_loudness(sine(3, 30, -20, rate), rate) < measure_loudness(sine(3, 1000, -20, rate), rate) - 6


def test_a_long_recording_is_measured_as_if_in_one_piece():
    rate = 48000
    tone = sine(30, 1000, -30, rate)
    offset = np.clip(np.arange(len(tone)) / (2 * rate), 0, 1) * 0.5  # a microphone's, which the filter takes out
    assert measure_loudness((tone + offset).astype(np.float32), rate) == pytest.approx(-33.0, abs=0.1)


@pytest.mark.parametrize("rate", [44100, 48000])
def test_the_true_peak_between_samples_is_found_as_in_ebu_3341_case_16(rate):
    tone = sine(1, rate / 4, -6.0, rate, phase=math.radians(45))
    assert 20 * math.log10(np.abs(tone).max()) == pytest.approx(-9.0, abs=0.1)
    assert -6.4 <= measure_true_peak(tone) <= -5.8


@pytest.mark.parametrize("n", [1, 2, 100, (1 << 18) - 1, (1 << 18) + 1])
def test_peaks_are_found_whatever_the_length(n):
    samples = np.zeros(n, np.float32)
    samples[-1] = 0.5
    assert measure_true_peak(samples) == pytest.approx(-6.0, abs=0.7)
    assert limit_peaks(samples, 48000, -20.0).max() <= 10 ** (-20 / 20)


def test_limiting_keeps_every_true_peak_below_the_ceiling_and_leaves_the_rest_alone():
    rate = 44100
    samples = sine(6, 300, -20, rate)
    for second in (1, 3):
        samples[second * rate : second * rate + 200] *= 9
    limited = limit_peaks(samples, rate, -6.0)
    assert measure_true_peak(limited) <= -6.0
    assert measure_true_peak(limited) >= -7.0
    assert np.array_equal(limited[4 * rate :], samples[4 * rate :])
    assert limit_peaks(sine(1, 300, -20, rate), rate, -6.0) is not None


def test_what_is_below_the_ceiling_is_not_touched():
    samples = sine(1, 300, -20, 44100)
    assert limit_peaks(samples, 44100, -6.0) is samples


def test_measuring_can_be_cancelled():
    with pytest.raises(Cancelled):
        measure_loudness(sine(60, 300, -20, 48000), 48000, progress=Recorder(cancel_after=2).progress())
