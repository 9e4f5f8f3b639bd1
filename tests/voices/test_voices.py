"""Every voice keeps to the contract; recordings are handed over as they are."""

import pytest

from exhibit.errors import UsageError
from exhibit.model.narration import Spoken
from exhibit.model.record import NarrationSource
from exhibit.voices import Voice, all_voices, voice_for

FILES = {"en.mp3": b"sound", "en.vtt": "\ufeffWEBVTT\n\n00:01.000 --> 00:02.000\n鼎\n".encode()}


def test_the_folder_is_the_registry_and_recordings_go_first():
    assert next(iter(all_voices())) == "recorded"


@pytest.mark.parametrize("voice", all_voices().values(), ids=all_voices())
def test_each_voice_is_named_and_speaks_only_what_it_is_meant_for(voice):
    assert isinstance(voice, Voice)
    assert voice.key.isidentifier() and voice.key == voice.key.lower()
    assert voice.title
    source = NarrationSource(text="A ding.")
    if voice.can_speak(source, "en"):
        assert voice.speak(source, "en", FILES.__getitem__).language == "en"


def test_a_recording_is_handed_over_with_its_words_and_captions():
    source = NarrationSource(audio="en.mp3", captions="en.vtt", text="Ding.", speaker="Ann", synthetic=True)
    spoken = voice_for(source, "en").speak(source, "en", FILES.__getitem__)
    assert spoken == Spoken(
        "en", b"sound", "en.mp3", "Ding.", "WEBVTT\n\n00:01.000 --> 00:02.000\n鼎\n", "en.vtt", "Ann", True
    )


def test_text_without_a_recording_reads_no_file():
    source = NarrationSource(text="Ding.")
    assert voice_for(source, "en").speak(source, "en", {}.__getitem__) == Spoken("en", text="Ding.")


def test_a_narration_that_nobody_can_speak_is_an_error():
    with pytest.raises(UsageError, match="no voice speaks"):
        voice_for(NarrationSource.model_construct(audio=None, text=None), "en")
