"""Which voices there are, and which one speaks a given narration."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from exhibit.errors import UsageError
from exhibit.model.narration import Spoken
from exhibit.model.record import NarrationSource

ReadFile = Callable[[str], bytes]
"""Returns the bytes of a file of the relic by the name the record gives it."""


@dataclass(frozen=True, slots=True)
class Voice:
    """A source of narration.

    Parameters
    ----------
    key : short lower-case name: ``recorded``.
    title : what it is, for people.
    can_speak : whether this voice is meant for a narration, by what the record says of it and the language.
    speak : hands over the sound and the words. Takes the narration as written, its language, and a function that
        reads the relic's files; raises `SourceError` or `DependencyError` where it cannot.
    order : voices are asked from the lowest up; a recording goes before any machine.
    """

    key: str
    title: str
    can_speak: Callable[[NarrationSource, str], bool]
    speak: Callable[[NarrationSource, str, ReadFile], Spoken]
    order: int = 100


@cache
def all_voices() -> dict[str, Voice]:
    """Return every voice by key: each module of this folder that exposes ``VOICE``, in the order they are asked."""
    package = importlib.import_module("exhibit.voices")
    found = []
    for module in pkgutil.iter_modules(package.__path__):
        candidate = getattr(importlib.import_module(f"{package.__name__}.{module.name}"), "VOICE", None)
        if isinstance(candidate, Voice):
            found.append(candidate)
    return {voice.key: voice for voice in sorted(found, key=lambda voice: (voice.order, voice.key))}


def voice_for(source: NarrationSource, language: str) -> Voice:
    """Return the voice that speaks a narration.

    Raises
    ------
    UsageError
        No voice does, which a record that passed its checks cannot cause.
    """
    for voice in all_voices().values():
        if voice.can_speak(source, language):
            return voice
    raise UsageError(f"no voice speaks this narration in {language}.", hint="Give it a recording or a text.")
