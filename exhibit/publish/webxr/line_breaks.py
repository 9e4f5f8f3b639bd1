"""Breaking text into lines: Latin words stay whole, Chinese breaks anywhere but where its typography forbids it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

Measure = Callable[[str], float]
"""Width of a piece of text."""

_PIECES: Final = re.compile(r"[^\s\u2e80-\u9fff\uf900-\uffef]+ ?|.", re.DOTALL)
_NOT_FIRST: Final = frozenset("，。、；：！？）】》〉」』”’…％·,.;:!?)]} ")
_NOT_LAST: Final = frozenset("（【《〈「『“‘([{")
_STOPS: Final = frozenset("，。、；：！？,.;:!?—")
"""Marks (GB/T 15834) that may not begin a line, may not end one, and after which one ends well."""


def pieces_of(text: str) -> list[str]:
    """Return the pieces between which a line may break."""
    pieces: list[str] = []
    for piece in _PIECES.findall(" ".join(text.split())):
        if pieces and (piece[0] in _NOT_FIRST or pieces[-1][-1] in _NOT_LAST):
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return pieces


def break_lines(text: str, measure: Measure, width: float, most: int) -> list[str]:
    """Break text into at most `most` lines no wider than `width`; what is left out ends in an ellipsis."""
    if most < 1:
        return []
    lines, line = [], ""
    for piece in pieces_of(text):
        if line and measure((line + piece).rstrip()) > width:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    lines.append(line.rstrip())
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and measure(f"{last}…") > width:
        last = last[:-1]
    return [*lines[: most - 1], f"{last.rstrip()}…"]


def in_two(text: str, measure: Measure) -> list[str]:
    """Break a title into two lines: after a mark that parts it if there is one, else as evenly as its words allow."""
    pieces = pieces_of(text)
    halves = [("".join(pieces[:at]).rstrip(), "".join(pieces[at:]).strip()) for at in range(1, len(pieces))]
    if not halves:
        return [text]
    # a title is rather broken after its colon than evenly, unless one line is far longer than the other
    apart = [
        pair for pair in halves if pair[0][-1] in _STOPS and max(map(measure, pair)) < 2.5 * min(map(measure, pair))
    ]
    return list(min(apart or halves, key=lambda pair: max(map(measure, pair))))
