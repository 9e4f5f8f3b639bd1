"""One file per source of narration; the folder is its own registry.

A new voice (a speech engine, say) is one new module here that exposes ``VOICE = Voice(...)``; nothing else needs to
be told. A voice takes what the record says of one language's narration and hands over sound and words as they are;
loudness, MP3 and captions are made for all of them by `exhibit.stages.narrate`.
"""

from exhibit.voices.registry import Voice, all_voices, voice_for

__all__ = ["Voice", "all_voices", "voice_for"]
