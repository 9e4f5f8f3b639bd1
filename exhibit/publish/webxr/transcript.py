"""A transcript whose words know when they are spoken."""

from __future__ import annotations

import re
from dataclasses import dataclass

from exhibit.model.narration import Cue, Narration


@dataclass(frozen=True, slots=True)
class Phrase:
    """A piece of a paragraph; `cue` is the number of the caption it is part of, from 0, or None."""

    text: str
    cue: int | None = None
    start_s: float = 0.0
    end_s: float = 0.0


def phrases_of(narration: Narration) -> list[list[Phrase]]:
    """Return the transcript's paragraphs, cut where its captions begin and end.

    Where the captions do not follow the transcript word for word, the transcript stays whole.
    """
    paragraphs = [block.strip() for block in re.split(r"\n\s*\n", narration.transcript) if block.strip()]
    if not narration.cues:
        return [[Phrase(paragraph)] for paragraph in paragraphs]
    cut: list[list[Phrase]] = []
    cues = list(enumerate(narration.cues))
    for paragraph in paragraphs:
        phrases, at = [], 0
        while cues and (span := _find(cues[0][1], paragraph, at)) is not None:
            number, cue = cues.pop(0)
            if span[0] > at:
                phrases.append(Phrase(paragraph[at : span[0]]))
            phrases.append(Phrase(paragraph[span[0] : span[1]], number, cue.start_s, cue.end_s))
            at = span[1]
        if at < len(paragraph):
            phrases.append(Phrase(paragraph[at:]))
        cut.append(phrases)
    return [[Phrase(paragraph)] for paragraph in paragraphs] if cues else cut


def _find(cue: Cue, paragraph: str, at: int) -> tuple[int, int] | None:
    """Return where the cue's words stand next; line breaks and spaces of a caption need not be the text's."""
    letters = [re.escape(sign) for sign in cue.text if not sign.isspace()]
    if not letters:
        return None
    found = re.compile(r"\s*".join(letters)).search(paragraph, at)
    # words skipped on the way would be words nobody hears: then captions and transcript differ
    if found is None or re.sub(r"[\W_]", "", paragraph[at : found.start()]):
        return None
    return found.span()
