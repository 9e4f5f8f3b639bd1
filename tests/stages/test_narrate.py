"""Recordings in, even loudness and timed captions out: on tones and speech-like sound made here."""

import io
import itertools
import math

import numpy as np
import pytest
import soundfile

from exhibit.errors import Cancelled, DefinitionError, SourceError
from exhibit.model.narration import Spoken
from exhibit.progress import Recorder
from exhibit.resources import shipped
from exhibit.stages.caption_anchors import match_pauses
from exhibit.stages.caption_text import CaptionText, cut_into_captions
from exhibit.stages.caption_timing import find_speech, time_captions
from exhibit.stages.captions import read_captions
from exhibit.stages.loudness import measure_loudness, measure_true_peak
from exhibit.stages.narrate import NarrateOptions, narrate
from exhibit.stages.recording import decode_recording, encode_mp3

SENTENCES = [
    "This round vessel is a model.",
    "It follows the bronze ding of the late Shang, made around 1200 BCE for the ancestors of the king.",
    "Look at the mask.",
    "Two eyes stand out from a ground of fine square spirals, and the ridge between them is its nose.",
    "No camera saw the underside.",
]


def speech(seconds, rate, seed=0, peak=0.3):
    """Return noise shaped like speech: syllables of a few per second, most energy below 3 kHz."""
    from scipy.signal import butter, sosfilt

    random = np.random.default_rng(seed)
    n = round(seconds * rate)
    noise = sosfilt(butter(2, [150, min(3000, rate * 0.4)], "bandpass", fs=rate, output="sos"), random.normal(size=n))
    time = np.arange(n) / rate
    envelope = 0.55 + 0.45 * np.sin(2 * np.pi * 4.3 * time + random.random())
    sound = noise * envelope
    return (peak * sound / np.abs(sound).max()).astype(np.float32)


def spoken_sentences(rate=22050, pause_s=0.5, seed=1, hesitates=False):
    """Return a recording of SENTENCES at an uneven pace, and when each begins; perhaps with pauses inside them."""
    random = np.random.default_rng(seed)
    parts, starts, at = [np.zeros(rate // 5, np.float32)], [], rate // 5
    for number, sentence in enumerate(SENTENCES):
        said = speech(len(sentence) * 0.07 * random.uniform(0.85, 1.15), rate, number)
        starts.append(at / rate)
        if hesitates and len(sentence) > 40:
            cut = round(len(said) * random.uniform(0.25, 0.45))
            said = np.concatenate([said[:cut], np.zeros(round(0.4 * rate), np.float32), said[cut:]])
        parts += [said, np.zeros(round(pause_s * rate), np.float32)]
        at += len(said) + round(pause_s * rate)
    sound = np.concatenate(parts)
    return sound + random.normal(0, 2e-4, len(sound)).astype(np.float32), starts


def encoded(samples, rate, kind="WAV", subtype=None):
    stream = io.BytesIO()
    soundfile.write(stream, samples, rate, format=kind, subtype=subtype)
    return stream.getvalue()


def one(audio, **fields):
    (done,) = narrate([Spoken("en", audio, "en.wav", **fields)])
    return done


def decoded(mp3):
    return soundfile.read(io.BytesIO(mp3), dtype="float32")


def codes(narration):
    return [finding.code for finding in narration.findings]


def test_no_sources_give_no_narration():
    assert narrate([]) == ()


def test_text_alone_gives_a_transcript_and_no_captions():
    done = one(None, text="Hello.\r\n\r\nWorld\nagain.", speaker="Ann")
    assert (done.audio, done.captions, done.cues, done.duration_s) == (None, "", (), 0.0)
    assert done.transcript == "Hello.\n\nWorld again."
    assert done.speaker == "Ann"


@pytest.mark.parametrize("rate", [8000, 11025, 16000, 22050, 44100, 48000, 96000])
@pytest.mark.parametrize("level", [0.01, 0.9])
def test_speech_comes_out_as_loud_as_the_target(rate, level):
    done = one(encoded(speech(6, rate, peak=level), rate, subtype="FLOAT"), text="Hello.")
    sound, out_rate = decoded(done.audio)
    assert sound.ndim == 1
    assert measure_loudness(sound, out_rate) == pytest.approx(-18.0, abs=0.5)
    assert measure_true_peak(sound) <= -0.5
    assert done.duration_s == pytest.approx(6.0, abs=0.02)
    assert len(sound) / out_rate == pytest.approx(6.0, abs=0.02)


KINDS = "WAV/PCM_16 WAV/PCM_24 WAV/PCM_U8 FLAC/PCM_16 OGG/OPUS OGG/VORBIS MP3/MPEG_LAYER_III AIFF/PCM_16"


@pytest.mark.parametrize("kind", [kind.split("/") for kind in KINDS.split()])
def test_every_kind_of_recording_is_read(kind):
    done = one(encoded(speech(3, 48000), 48000, *kind), text="Hello.")
    sound, rate = decoded(done.audio)
    assert measure_loudness(sound, rate) == pytest.approx(-18.0, abs=0.5)


def test_tones_and_stereo_are_brought_to_the_target_too():
    time = np.arange(44100 * 4) / 44100
    tone = 0.05 * np.sin(2 * np.pi * 440 * time)
    for samples in (tone, np.stack([tone, tone], axis=1), np.stack([tone, 0 * tone], axis=1)):
        sound, rate = decoded(one(encoded(samples, 44100), text="x").audio)
        assert measure_loudness(sound, rate) == pytest.approx(-18.0, abs=0.5)


def test_a_recording_with_a_bang_is_limited_and_still_reaches_the_target():
    samples = speech(8, 44100, peak=0.2)
    samples[44100:44140] = 0.99
    done = one(encoded(samples, 44100), text="Hello.")
    sound, rate = decoded(done.audio)
    assert measure_loudness(sound, rate) == pytest.approx(-18.0, abs=0.5)
    assert measure_true_peak(sound) <= 0.0
    assert "narration.peaky" not in codes(done)


def test_clicks_alone_cannot_be_made_loud_and_that_is_said():
    samples = np.zeros(44100 * 5, np.float32)
    samples[::22050] = 0.9
    assert "narration.peaky" in codes(one(encoded(samples, 44100), text="Hello."))


def test_the_same_recording_gives_the_same_bytes():
    audio = encoded(speech(5, 44100), 44100)
    assert one(audio, text="Hello.") == one(audio, text="Hello.")


def test_an_mp3_that_is_fine_is_kept_byte_for_byte_and_a_loud_or_stereo_one_is_not():
    fine = one(encoded(speech(6, 44100), 44100), text="Hello.").audio
    assert one(fine, text="Hello.").audio == fine
    samples, rate = decoded(fine)
    loud = encode_mp3(samples * np.float32(1.6), rate, 64)
    assert one(loud, text="Hello.").audio != loud
    stereo = encoded(np.stack([samples, samples], axis=1), rate, "MP3")
    assert decoded(one(stereo, text="Hello.").audio)[0].ndim == 1
    big = encode_mp3(samples, rate, 320)
    assert len(one(big, text="Hello.").audio) < len(big) / 3


def test_an_mp3_says_its_exact_length():
    for rate in (16000, 22050, 44100, 48000):
        samples = speech(2.345, rate)
        assert len(decoded(encode_mp3(samples, rate, 64))[0]) == len(samples)


@pytest.mark.parametrize("name", ["narration-en.mp3", "narration-zh-Hans.mp3"])
def test_reading_in_blocks_damages_no_frame(name):
    mp3 = (shipped("assets") / "bronze-ding" / name).read_bytes()
    samples, rate = decoded(mp3)
    for data in (mp3, encode_mp3(samples, rate, 64), encode_mp3(samples, rate, 96)):
        assert np.abs(decode_recording(data, "x").samples - decoded(data)[0]).max() < 1e-5


def test_channels_are_mixed_to_their_mean():
    left, right = speech(1, 16000, 1), speech(1, 16000, 2)
    mixed = decode_recording(encoded(np.stack([left, right], axis=1), 16000, subtype="FLOAT"), "x")
    assert np.allclose(mixed.samples, (left + right) / 2, atol=1e-6)
    assert mixed.n_channels == 2


WAV = encoded(speech(1, 8000), 8000)
BAD = {
    "empty": (b"", "not a recording"),
    "text": (b"hello " * 100, "not a recording"),
    "cut header": (WAV[:20], ""),
    "no samples": (encoded(np.zeros(0), 8000), "holds no sound"),
    "digital silence": (encoded(np.zeros(8000), 8000), "silent from beginning to end"),
    "next to silence": (encoded(np.full(8000, 1e-6), 8000, subtype="FLOAT"), "so quiet"),
    "M4A": (b"\0\0\0\x20ftypM4A " + b"\0" * 100, "M4A, MP4 or AAC, which is not read"),
    "WebM": (b"\x1aE\xdf\xa3" + b"\0" * 100, "WebM"),
    "half an hour and more": (encoded(np.ones(4000 * 1900, np.int16), 4000), "longer than 30 minutes"),
    "many channels": (encoded(np.ones((100, 40)), 8000), "40 channels"),
}


@pytest.mark.parametrize(("data", "message"), BAD.values(), ids=BAD)
def test_what_is_no_narration_is_one_sentence(data, message):
    with pytest.raises(SourceError) as caught:
        one(data, text="Hello.")
    assert message in caught.value.message
    assert caught.value.where == "en.wav"
    assert caught.value.hint
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("kind", ["WAV", "FLAC", "OGG"])
def test_damaged_recordings_never_crash(kind, seed):
    random = np.random.default_rng(seed)
    data = bytearray(encoded(speech(1, 16000), 16000, kind))
    for at in random.integers(4, len(data), size=20):
        data[at] = random.integers(256)
    try:
        done = one(bytes(data[: random.integers(100, len(data))]), text="Hello.")
    except SourceError as error:
        assert error.where == "en.wav"
    else:
        assert done.audio and math.isfinite(done.duration_s)


@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
def test_an_impossible_place_in_a_header_leaves_no_traceback_on_the_terminal():
    data = bytearray(encoded(speech(1, 16000), 16000, "AIFF"))
    data[38] = 0xFF  # the name of the sound's own chunk
    with pytest.raises(SourceError):
        decode_recording(bytes(data), "en.aiff")


def test_a_header_that_claims_a_billion_samples_is_not_believed():
    data = bytearray(WAV)
    data[4:8] = data[40:44] = (0xFFFFFFF0).to_bytes(4, "little")
    assert one(bytes(data), text="Hello.").duration_s == pytest.approx(1.0, abs=0.01)


def test_samples_that_are_no_numbers_become_silence_and_are_counted():
    samples = speech(2, 16000)
    samples[100:110] = np.nan
    samples[200] = np.inf
    done = one(encoded(samples, 16000, subtype="FLOAT"), text="Hello.")
    assert "narration.damaged" in codes(done)
    assert np.isfinite(decoded(done.audio)[0]).all()


def test_clipped_and_quiet_recordings_are_noticed():
    assert "narration.clipped" in codes(one(encoded(np.clip(speech(3, 16000) * 30, -1, 1), 16000), text="x"))
    assert "narration.quiet" in codes(one(encoded(speech(3, 16000, peak=0.01), 16000), text="x"))


def test_text_that_belongs_to_another_recording_is_noticed():
    audio = encoded(speech(5, 16000), 16000)
    assert "narration.pace" in codes(one(audio, text=" ".join(SENTENCES * 5)))
    assert "narration.pace" in codes(one(audio, text="Yes."))
    assert "narration.pace" not in codes(one(audio, text=SENTENCES[1]))


def test_a_recording_without_words_is_noticed():
    done = one(encoded(speech(2, 16000), 16000))
    assert codes(done) == ["narration.no-text"]
    assert (done.captions, done.transcript, done.cues) == ("", "", ())


def test_the_curator_s_captions_are_kept_and_give_the_transcript():
    vtt = "WEBVTT\n\n00:00.500 --> 00:01.500 line:0\nHello\nthere.\n\n00:04.000 --> 00:06.300\nBye.\n"
    done = one(encoded(speech(6, 16000), 16000), captions=vtt, captions_name="en.vtt")
    assert [(cue.start_s, cue.end_s, cue.text) for cue in done.cues] == [
        (0.5, 1.5, "Hello\nthere."),
        (4.0, 6.0, "Bye."),
    ]
    assert "00:00:00.500 --> 00:00:01.500 line:0" in done.captions
    assert done.transcript == "Hello there.\n\nBye."
    assert one(encoded(speech(6, 16000), 16000), captions=vtt, text="Hello, all.").transcript == "Hello, all."


@pytest.mark.parametrize("vtt", ["WEBVTT\n", "WEBVTT\n\n00:50.000 --> 00:51.000\nLate\n"])
def test_captions_that_do_not_fit_are_refused_by_name(vtt):
    with pytest.raises(DefinitionError) as caught:
        one(encoded(speech(2, 16000), 16000), captions=vtt, captions_name="en.vtt")
    assert caught.value.where == "en.vtt"


def check_cues(cues, duration_s):
    for cue in cues:
        assert 0 <= cue.start_s < cue.end_s <= duration_s + 0.001
    for before, after in itertools.pairwise(cues):
        assert before.end_s <= after.start_s


@pytest.mark.parametrize(("pause_s", "hesitates"), [(0.5, False), (0.8, False), (0.8, True)])
@pytest.mark.parametrize("seed", range(20))
def test_each_sentence_is_shown_when_it_is_heard(seed, pause_s, hesitates):
    samples, starts = spoken_sentences(seed=seed, pause_s=pause_s, hesitates=hesitates)
    duration = len(samples) / 22050
    cues = time_captions(cut_into_captions(" ".join(SENTENCES)), find_speech(samples, 22050), duration)
    check_cues(cues, duration)
    for sentence, start in zip(SENTENCES, starts, strict=True):
        cue = next(cue for cue in cues if cue.text.replace("\n", " ").startswith(sentence[:16]))
        assert cue.start_s == pytest.approx(start, abs=0.15)


def test_the_captions_written_are_the_cues_and_are_timed_on_the_recording():
    samples, starts = spoken_sentences()
    done = one(encoded(samples, 22050), text=" ".join(SENTENCES))
    assert read_captions(done.captions) == done.cues
    assert all(any(abs(cue.start_s - start) < 0.15 for cue in done.cues) for start in starts)


@pytest.mark.parametrize("first_s", [2.0, 5.0, 8.0])
def test_of_equal_pauses_the_one_that_fits_the_pace_ends_the_sentence(first_s):
    captions = [CaptionText("a", first_s, "sentence"), CaptionText("b", 10.0 - first_s, "paragraph")]
    heard = [0.0, 2.0, 5.0, 8.0, 10.0]
    assert [heard[anchor.pause] for anchor in match_pauses(captions, heard, [0.5] * 3)] == [0.0, first_s, 10.0]


def test_a_sentence_ends_at_a_long_pause_rather_than_at_a_nearer_breath():
    captions = [CaptionText("a", 5.0, "sentence"), CaptionText("b", 5.0, "paragraph")]
    for breath, long_pause in ((5.0, 5.8), (5.0, 4.2)):
        heard = sorted([0.0, breath, long_pause, 10.0])
        pauses = [0.2, 1.0] if breath < long_pause else [1.0, 0.2]
        assert [heard[anchor.pause] for anchor in match_pauses(captions, heard, pauses)] == [0.0, long_pause, 10.0]


def test_captions_are_shared_out_evenly_where_there_are_no_pauses():
    cues = time_captions(cut_into_captions(" ".join(SENTENCES)), ((0.0, 30.0),), 30.0)
    check_cues(cues, 30.0)
    assert cues[0].start_s == 0 and cues[-1].end_s == 30.0
    assert [cue.start_s for cue in cues[1:]] == [cue.end_s for cue in cues[:-1]]


def test_captions_leave_the_screen_in_long_silences():
    rate = 16000
    quiet = np.zeros(5 * rate, np.float32)
    samples = np.concatenate([quiet, speech(3, rate), quiet, speech(3, rate, 1), quiet])
    first, second = one(encoded(samples, rate), text=f"{SENTENCES[1][:45]}. {SENTENCES[3][:45]}.").cues
    assert (first.start_s, second.start_s) == (pytest.approx(5, abs=0.1), pytest.approx(13, abs=0.1))
    assert (first.end_s, second.end_s) == (pytest.approx(8.4, abs=0.15), pytest.approx(16.4, abs=0.15))


@pytest.mark.parametrize("seconds", [0.05, 0.3, 1, 5])
@pytest.mark.parametrize("seed", range(5))
def test_cues_never_overlap_however_little_time_there_is(seconds, seed):
    random = np.random.default_rng(seed)
    samples = speech(seconds, 16000, seed) * (np.arange(round(seconds * 16000)) % random.integers(2000, 9000) > 1500)
    samples[0] = 0.1
    done = one(encoded(samples, 16000), text=" ".join(SENTENCES))
    check_cues(done.cues, done.duration_s)
    check_cues(read_captions(done.captions), done.duration_s + 0.1)
    assert "".join("".join(cue.text.split()) for cue in done.cues) == "".join("".join(SENTENCES).split())


def test_speech_is_found_between_pauses_and_everywhere_in_even_noise():
    rate = 16000
    quiet = np.zeros(rate, np.float32)
    runs = find_speech(np.concatenate([quiet, speech(2, rate), quiet, speech(1, rate), quiet]), rate)
    assert np.allclose(runs, [(1, 3), (4, 5)], atol=0.05)
    noise = np.random.default_rng(0).normal(0, 0.1, 3 * rate).astype(np.float32)
    assert find_speech(noise, rate) == ((0.0, 3.0),)
    assert find_speech(noise[:100], rate) == ((0.0, 100 / rate),)


def test_several_languages_come_out_in_order_with_progress():
    recorder = Recorder()
    audio = encoded(speech(2, 16000), 16000)
    sources = [Spoken("zh-Hans", audio, "zh.wav", "一件圆鼎。", is_synthetic=True), Spoken("en", None, text="A ding.")]
    done = narrate(sources, NarrateOptions(), progress=recorder.progress())
    assert [(one.language, one.is_synthetic) for one in done] == [("zh-Hans", True), ("en", False)]
    fractions = [fraction for fraction, _ in recorder.ticks]
    assert fractions == sorted(fractions) and fractions[-1] == 1.0


def test_narrating_can_be_cancelled():
    with pytest.raises(Cancelled):
        narrate([Spoken("en", WAV, "en.wav", "x")], progress=Recorder(cancel_after=3).progress())
