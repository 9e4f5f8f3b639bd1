"""What everything that people write has in common: strict keys, and field types that say what is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, Strict, StringConstraints
from pydantic.json_schema import WithJsonSchema
from pydantic_core import PydanticCustomError

from exhibit.errors import UsageError
from exhibit.model.steering import SKIPPABLE, Crop, check_steps, parse_crop, parse_plane
from exhibit.units import METRES, Axis, Unit, parse_axis, parse_unit


class Written(BaseModel):
    """Base of everything people write: unknown keys are faults, not silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def fault(message: str, hint: str = "") -> PydanticCustomError:
    """Return what a validator raises: a sentence in the reader's words, and a hint."""
    # braces would be read as places to fill in
    return PydanticCustomError("exhibit", "{message}", {"message": message, "hint": hint})


def _relative(path: str) -> str:
    tidy = path.strip().replace("\\", "/")
    if not tidy:
        raise fault("names no file.", "Write the file's name, or leave the line out.")
    if tidy.startswith(("/", "~")) or (len(tidy) > 1 and tidy[1] == ":"):
        raise fault(f"'{path}' is an absolute path.", "Put the file into the relic's folder and name it from there.")
    if ".." in tidy.split("/"):
        raise fault(
            f"'{path}' leads out of the folder.", "Put the file into the relic's folder and name it from there."
        )
    if "\0" in tidy:
        raise fault("holds a NUL character.", "Type the file's name again.")
    return tidy


def _unit(written: Any) -> Any:
    if not isinstance(written, str):
        return written
    try:
        return parse_unit(written)
    except UsageError as error:
        raise fault(error.message, error.hint) from None


def _axis(written: Any) -> Any:
    if not isinstance(written, str):
        return written
    try:
        return parse_axis(written)
    except UsageError as error:
        raise fault(error.message, error.hint) from None


def _crop(written: Any) -> Any:
    return _steered(lambda text: parse_crop(text), written)


def _plane(written: Any) -> Any:
    def checked(text: str) -> str:
        parse_plane(text)
        return text.strip().lower()

    return _steered(checked, written)


def _steps(written: Any) -> Any:
    if isinstance(written, str):
        written = [word for word in re.split(r"[\s,;]+", written) if word]
    if not isinstance(written, list | tuple) or not all(isinstance(word, str) for word in written):
        return written
    return _steered(lambda _: check_steps(tuple(written)), " ".join(written))


def _steered(read: Callable[[str], Any], written: Any) -> Any:
    """Read text, or a list of numbers, as a command would."""
    if isinstance(written, list | tuple) and all(type(one) in (int, float) for one in written):
        written = ",".join(str(one) for one in written)
    if not isinstance(written, str):
        return written
    try:
        return read(written)
    except UsageError as error:
        raise fault(error.message, error.hint) from None


def _count(written: Any) -> Any:
    return int(written) if isinstance(written, str) and written.strip().isdecimal() else written


def _address(uri: str) -> str:
    tidy = uri.strip()
    scheme, _, rest = tidy.partition("://")
    if scheme.lower() not in {"http", "https"} or not rest.strip("/") or any(letter.isspace() for letter in tidy):
        raise fault(f"'{uri}' is not a web address.", "It begins with http:// or https://.")
    return tidy


Length = Annotated[float, Strict(), Field(gt=0, allow_inf_nan=False)]
"""A length or weight above zero; numbers only, so that ``true`` or ``"12 cm"`` is not read as a size."""

Number = Annotated[float, Strict(), Field(allow_inf_nan=False)]
"""Any finite number."""

Flag = Annotated[bool, Strict()]
"""``true`` or ``false``; the words in quotation marks are not."""

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=80)]
"""A short name that can stand in an address."""

RelativePath = Annotated[str, AfterValidator(_relative)]
"""A file inside the relic's folder, with ``/`` between folders."""

WebAddress = Annotated[str, AfterValidator(_address)]
"""An http or https address."""

WrittenUnit = Annotated[
    Unit, BeforeValidator(_unit), WithJsonSchema({"type": "string", "examples": sorted(METRES)}, mode="validation")
]
"""A unit of length as people write it (``毫米``, ``metres``); held as its symbol."""

WrittenAxis = Annotated[
    Axis, BeforeValidator(_axis), WithJsonSchema({"type": "string", "examples": ["y", "z", "-z"]}, mode="validation")
]
"""An axis as people write it (``z``, ``-Y``); held with its sign."""

Count = Annotated[int, BeforeValidator(_count), Strict(), Field(ge=1)]
"""A whole number from one on."""

WrittenCrop = Annotated[
    Crop,
    BeforeValidator(_crop),
    WithJsonSchema({"type": "array", "items": {"type": "number"}, "minItems": 6, "maxItems": 6}, mode="validation"),
]
"""A box: six numbers, as a list or as text."""

WrittenPlane = Annotated[
    str,
    BeforeValidator(_plane),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "examples": ["z=0.12", "none"]},
                {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 4},
            ]
        },
        mode="validation",
    ),
]
"""A plane as people write it, or four numbers; held as text that `exhibit.model.steering.parse_plane` reads."""

WrittenSteps = Annotated[
    tuple[str, ...],
    BeforeValidator(_steps),
    WithJsonSchema({"type": "array", "items": {"type": "string", "enum": list(SKIPPABLE)}}, mode="validation"),
]
"""Names of steps, as a list or as words."""
