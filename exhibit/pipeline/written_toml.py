"""TOML files as people leave them: read whole, decoded, parsed; each fault as one sentence with its place."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, Final

from exhibit.errors import Problem

MAX_BYTES: Final = 1_000_000
"""A record is text; anything beyond this is another kind of file under a wrong name."""

_SHOWN: Final = 60
"""Letters of a faulty line that a message quotes."""

_PLACE = re.compile(r"\s*\(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")
_DEEP = re.compile(r"^[ \t\[{]*(?:[\w\"'-]+[ \t]*\.[ \t]*){24}", re.MULTILINE)
_FULL_WIDTH = {"“": '"', "”": '"', "‘": "'", "’": "'", "＝": "=", "，": ",", "［": "[", "］": "]", "｛": "{", "｝": "}"}
_HINTS: Final = (
    ("Unescaped '\\'", "In quotation marks a backslash begins a special character: write / between folders."),
    ("Cannot overwrite", "The same key stands twice; keep one of them."),
    ("Cannot declare", "The same [table] stands twice; put its keys together."),
    ("Invalid value", "After = comes a value; text needs quotation marks: key = \"text\"."),
    ("Illegal character '\\n'", "A quotation mark is missing at the end of the line; text over several lines stands "
     "between three quotation marks: \"\"\"text\"\"\"."),
    ("Illegal character", "Delete it; text over several lines stands between three quotation marks: \"\"\"text\"\"\"."),
    ("Invalid initial character for a key", "Is a key, or a quotation mark before this, missing?"),
    ("Unterminated string", "A quotation mark is missing at the end of the text."),
    ("Expected newline or end of document", "One key = value to a line; quotation marks inside text are written \\\"."),
    ("Expected '='", "A line is: key = value."),
    ("Invalid statement", "A line is: key = value, or [table], or begins with # as a remark."),
)  # fmt: skip


def read_text(file: Path, shown: str, max_bytes: int = MAX_BYTES) -> str | Problem:
    """Return the text of a UTF-8 file (a byte order mark is allowed), or what is wrong with it.

    Parameters
    ----------
    file : the file.
    shown : how messages name it.
    max_bytes : refuse anything larger.
    """
    data = read_bytes(file, shown, max_bytes)
    if isinstance(data, Problem):
        return data
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return Problem(shown, "", "is saved as UTF-16.", "Save it as UTF-8 in your editor.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return Problem(shown, f"line {data[: error.start].count(10) + 1}", *_not_utf8(data))
    if "\0" in text:
        return Problem(
            shown, f"line {text[: text.index(chr(0))].count(chr(10)) + 1}", "holds NUL bytes: not a text file."
        )
    return text


def read_bytes(file: Path, shown: str, max_bytes: int) -> bytes | Problem:
    """Return the bytes of a file people wrote, or what is wrong with it: absent, a folder, too large, unreadable."""
    try:
        if not file.is_file():
            return Problem(shown, "", "is a folder, not a file." if file.is_dir() else "does not exist.")
        if file.stat().st_size > max_bytes:
            size = file.stat().st_size / 1e6
            return Problem(
                shown, "", f"is {size:.1f} MB; at most {max_bytes / 1e6:g} MB are read.", "Is it the right file?"
            )
        return file.read_bytes()
    except OSError as error:
        return Problem(shown, "", f"cannot be read ({error.strerror or error}).", "Check the file's permissions.")


def parse_toml(text: str, shown: str) -> dict[str, Any] | Problem:
    """Return the table that `text` holds, or the syntax error with its line and column."""
    if deep := _DEEP.search(text):
        return Problem(shown, f"line {text[: deep.start()].count(chr(10)) + 1}", "nests tables too deeply.")
    try:
        return tomllib.loads(text)
    except RecursionError:
        return Problem(shown, "", "nests lists or tables too deeply.", "No record needs more than a few levels.")
    except ValueError as error:  # TOMLDecodeError is one; so is a number of thousands of digits
        return _syntax(str(error), text, shown)


def read_toml(file: Path, shown: str) -> dict[str, Any] | Problem:
    """Return the table that a TOML file holds, or what is wrong with the file."""
    text = read_text(file, shown)
    return text if isinstance(text, Problem) else parse_toml(text, shown)


def _syntax(message: str, text: str, shown: str) -> Problem:
    place = _PLACE.search(message)
    said = _PLACE.sub("", message)
    lines = text.split("\n")
    number = int(place["line"]) if place and place["line"] else len(lines)
    line = lines[min(number, len(lines)) - 1].strip()
    key = f"line {number}, column {place['column']}" if place and place["line"] else "end of file"
    hint = _full_width_hint(line)
    if not hint:
        hint = next((remedy for words, remedy in _HINTS if words in said), "")
    if "integer string conversion" in said:
        said, key = "A number has thousands of digits", ""
    quoted = f" in: {line if len(line) <= _SHOWN else line[:_SHOWN] + ' ...'}" if line else "."
    return Problem(shown, key, f"{said[:1].lower()}{said[1:200]}{quoted}", hint)


def _full_width_hint(line: str) -> str:
    """Say which Chinese sign stands where TOML needs a plain one; quoted text may hold any."""
    bare = re.sub(r"\"[^\"]*\"|'[^']*'", "", line)
    found = next((letter for letter in bare if letter in _FULL_WIDTH), None)
    return f"Write {_FULL_WIDTH[found]} instead of {found} (switch the keyboard to English)." if found else ""


def _not_utf8(data: bytes) -> tuple[str, str]:
    hint = "Save it as UTF-8: in Notepad, Save as, Encoding: UTF-8."
    try:
        guess = data.decode("gb18030")
    except UnicodeDecodeError:
        return "is not UTF-8 text.", hint
    if sum("\u4e00" <= letter <= "\u9fff" for letter in guess) >= 2:
        return "is saved in GBK, not UTF-8.", hint
    return "is not UTF-8 text.", hint
