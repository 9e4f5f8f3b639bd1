"""Captions as WebVTT: read from what a curator made, checked, and written so that nothing in them can run.

Source: WebVTT, W3C Candidate Recommendation 4 April 2019; SubRip files are read too.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from exhibit.errors import DefinitionError, Problem
from exhibit.model.narration import Cue

OVERHANG_S: Final = 1.0
"""Captions may outlast the recording by so much (players round); what hangs over is cut."""

_STAMP = r"(?:(\d{2,}):)?([0-5]?\d):([0-5]\d)[.,](\d{3})"
_TIMES = re.compile(rf"{_STAMP}[ \t]*-->[ \t]*{_STAMP}(?:[ \t]+(.*))?")
_TAG = re.compile(r"<[/A-Za-z0-9][^<>]*>?|<>")
_ALLOWED_TAG = re.compile(
    r"</?(?:i|b|u|c|v|lang|ruby|rt)(?:\.[\w-]+)*(?:[ \t][^<>&]*)?>|<(?:\d{2,}:)?\d\d:\d\d\.\d{3}>"
)
_SETTING = re.compile(r"(?:vertical|line|position|size|align|region):[A-Za-z0-9%,.\-]+")


def read_captions(text: str) -> tuple[Cue, ...]:
    """Read the cues of a WebVTT (or SubRip) file.

    Tags that WebVTT does not know are dropped, their text stays; notes, styles and regions are left out.

    Parameters
    ----------
    text : the whole file.

    Raises
    ------
    DefinitionError
        Every problem, keyed by line: no header, unreadable times, an end before its start, cues out of order, text
        without times, no cue at all.
    """
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd").split("\n")
    problems: list[Problem] = []
    cues: list[Cue] = []
    body = _after_header(lines, problems)
    for number, block in _blocks(lines, body):
        cue = _cue(number, block, problems)
        if cue is None:
            continue
        if cues and cue.start_s < cues[-1].start_s:
            message = f"begins at {_stamp(cue.start_s)}, before the caption above it."
            problems.append(
                Problem("", f"line {number}", message, "Put captions in the order in which they are heard.")
            )
        cues.append(cue)
    if not cues and not problems:
        problems.append(Problem("", "line 1", "holds no captions.", "Each is a line of times and a line of words."))
    if problems:
        raise DefinitionError("cannot be used as captions.", where=problems[0].key, problems=tuple(problems))
    return tuple(cue for cue in cues if cue.text)


def fit_captions(cues: Sequence[Cue], duration_s: float) -> tuple[Cue, ...]:
    """Return the cues inside a recording of `duration_s` seconds, a small overhang cut off.

    Raises
    ------
    DefinitionError
        Every cue that lies outside by more than `OVERHANG_S`: captions of another recording.
    """
    late = [cue for cue in cues if cue.end_s > duration_s + OVERHANG_S or cue.start_s >= duration_s]
    if late:
        message = (
            f"has {len(late)} caption{'s' * (len(late) > 1)} after the end of the recording ({_stamp(duration_s)}), "
            f"the first at {_stamp(late[0].start_s)}."
        )
        raise DefinitionError(message, hint="Do captions and recording belong together?")
    return tuple(replace(cue, end_s=min(cue.end_s, duration_s)) for cue in cues)


def write_captions(cues: Sequence[Cue]) -> str:
    """Return a WebVTT file with these cues; ``""`` for none. Markup characters in plain words are escaped."""
    if not cues:
        return ""
    blocks = ["WEBVTT"]
    for cue in cues:
        start = round(cue.start_s * 1000)
        end = max(start + 1, round(cue.end_s * 1000))
        times = f"{_stamp(start / 1000)} --> {_stamp(end / 1000)} {cue.settings}".rstrip()
        words = cue.markup or html.escape(cue.text, quote=False)
        blocks.append(f"{times}\n" + "\n".join(line for line in words.split("\n") if line.strip()))
    return "\n\n".join(blocks) + "\n"


def _after_header(lines: Sequence[str], problems: list[Problem]) -> int:
    """Return the index of the first line after the header block."""
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    if re.match(r"WEBVTT(?:[ \t]|$)", lines[first]):
        end = first
        while end < len(lines) and lines[end].strip() and "-->" not in lines[end]:
            end += 1
        return end
    is_subrip = lines[first].strip().isdigit() and first + 1 < len(lines) and "-->" in lines[first + 1]
    if not is_subrip:
        problems.append(Problem("", f"line {first + 1}", "does not begin with WEBVTT.", "Make that its first line."))
    return first


def _blocks(lines: Sequence[str], start: int) -> Iterator[tuple[int, list[str]]]:
    """Yield runs of lines between empty ones, each with the number of its first line (from 1)."""
    block: list[str] = []
    for number, line in enumerate([*lines[start:], ""], start + 1):
        if line.strip():
            block.append(line)
        elif block:
            yield number - len(block), block
            block = []


def _cue(number: int, block: list[str], problems: list[Problem]) -> Cue | None:
    if re.match(r"(NOTE|STYLE|REGION)(?:[ \t]|$)", block[0]):
        return None
    at = next((index for index, line in enumerate(block[:2]) if "-->" in line), None)
    if at is None:
        said = block[0].strip()[:30]
        if not problems or number > 1:
            problems.append(Problem("", f"line {number}", f"has words without times ('{said}').",
                                    "Write times above them: 00:01.000 --> 00:04.000."))  # fmt: skip
        return None
    match = _TIMES.fullmatch(block[at].strip())
    if match is None:
        problems.append(Problem("", f"line {number + at}", f"times are not readable: '{block[at].strip()[:50]}'.",
                                "Write them as 00:01.000 --> 00:04.000."))  # fmt: skip
        return None
    start, end = _seconds(*match.groups()[:4]), _seconds(*match.groups()[4:8])
    if end <= start:
        problems.append(Problem("", f"line {number + at}", f"ends ({_stamp(end)}) before it begins."))
        return None
    markup, plain = _safe("\n".join(line.strip() for line in block[at + 1 :]))
    settings = " ".join(one for one in (match[9] or "").split() if _SETTING.fullmatch(one))
    return Cue(start, end, plain, settings, "" if markup == html.escape(plain, quote=False) else markup)


def _safe(words: str) -> tuple[str, str]:
    """Return `words` with only WebVTT's own tags, everything else escaped; and without any tags."""
    markup, plain, at = [], [], 0
    for match in [*_TAG.finditer(words), None]:
        text = html.unescape(words[at : match.start() if match else len(words)])
        plain.append(text)
        markup.append(html.escape(text, quote=False))
        if match:
            markup.append(match[0] if _ALLOWED_TAG.fullmatch(match[0]) else "")
            at = match.end()
    return "".join(markup).strip(), "".join(plain).strip()


def _seconds(hours: str | None, minutes: str, seconds: str, milliseconds: str) -> float:
    return round(int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + int(milliseconds) / 1000, 3)


def _stamp(seconds: float) -> str:
    whole, milliseconds = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}.{milliseconds:03}"
