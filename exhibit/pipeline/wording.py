"""Faults in the reader's words: what pydantic finds becomes file, key path, sentence and hint."""

from __future__ import annotations

import types
from collections.abc import Iterable
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, Final, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from exhibit.errors import DefinitionError, Problem
from exhibit.model.language import suggest_language

Location = tuple[int | str, ...]
Model = TypeVar("Model", bound=BaseModel)

_EXPECTED: Final = {
    "string_type": ("must be text", "Put it in quotation marks."),
    "float_type": ("must be a number", "Write it without quotation marks and without a unit."),
    "int_type": ("must be a whole number", "Write it without quotation marks."),
    "int_from_float": ("must be a whole number", ""),
    "bool_type": ("must be true or false", "Write it without quotation marks."),
    "tuple_type": ("must be a list", "Write [ ] around it, with commas between the entries."),
    "model_type": ("must be a table of its own", "Write it as [table], or as { key = value }."),
    "model_attributes_type": ("must be a table of its own", ""),
    "dataclass_type": ("must be a table of its own", ""),
}
_LIMITS: Final = {
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be at most {le}",
}


def validate(model: type[Model], data: dict[str, Any], shown: str) -> tuple[Model | None, list[Problem]]:
    """Return the `model` that `data` describes, or None and everything that is wrong with it."""
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        return None, problems_of(error, model, shown)


def refusal(problems: Iterable[Problem], where: Path | str) -> DefinitionError:
    """Return the error that lists `problems`, each once, in the order they were found."""
    listed = tuple(dict.fromkeys(problems))
    count = "1 problem" if len(listed) == 1 else f"{len(listed)} problems"
    return DefinitionError(f"{count} in what is written here:", where=str(where), problems=listed)


def closest(word: str, words: Iterable[str]) -> str | None:
    """Return which of `words` somebody most likely meant by `word`, or None; ``bronce`` is ``patinated-bronze``."""
    typed = word.lower()[:80]
    best, likeness = None, 0.65
    for known in words:
        for part, worth in ((known.lower(), 1.0), *((part, 0.95) for part in known.lower().split("-"))):
            ratio = SequenceMatcher(None, typed, part).ratio() * worth
            if ratio > likeness:
                best, likeness = known, ratio
    return best


def did_you_mean(word: str, words: Iterable[str]) -> str:
    """Return ``Did you mean 'x'?`` for the closest of `words`, or ``""``."""
    found = closest(word, words)
    return f"Did you mean '{found}'?" if found else ""


def problems_of(error: ValidationError, model: type[BaseModel], shown: str) -> list[Problem]:
    """Translate all faults that pydantic found in a `model` written in the file `shown`."""
    return [_problem(dict(fault), model, shown) for fault in error.errors(include_url=False)]


def key_path(location: Location) -> str:
    """Return a place as people read it: ``narration.en.audio``, ``hotspots[2].title`` (counted from 1)."""
    path = ""
    for part in location:
        path += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if path else str(part)
    return path


def _problem(fault: dict[str, Any], model: type[BaseModel], shown: str) -> Problem:
    is_key = "[key]" in fault["loc"]
    # tags of alternatives stand in <>; they are ours, not the writer's
    location: Location = tuple(
        part for part in fault["loc"] if not (isinstance(part, str) and (part == "[key]" or part.startswith("<")))
    )
    message, hint = _language_fault(str(location[-1])) if is_key else _sentence(fault, location, model)
    return Problem(shown, key_path(location)[:200], message, hint)


def _language_fault(tag: str) -> tuple[str, str]:
    meant = suggest_language(tag)
    hint = f"Did you mean '{meant}'?" if meant else "Languages are written en, zh-Hans, zh-Hant, ja, pt-BR."
    return f"'{tag[:40]}' is not a language tag (BCP 47).", hint


def _sentence(fault: dict[str, Any], location: Location, model: type[BaseModel]) -> tuple[str, str]:
    kind, context, value = str(fault["type"]), fault.get("ctx", {}), fault.get("input")
    if kind == "exhibit":
        return context["message"], context["hint"]
    if kind == "missing":
        return _missing(location, model)
    if kind == "extra_forbidden":
        return _unknown_key(location, model)
    if kind == "dict_type":
        return _needs_languages(location, value)
    if kind == "language":
        return _language_fault(str(value))
    if kind == "string_pattern_mismatch":
        return _pattern(value, str(context.get("pattern", "")))
    if kind == "literal_error":
        field = _field_at(model, location)
        choices = _choices(field.annotation if field else None)
        near = did_you_mean(str(value), choices)
        return f"does not know {_found(value)}.", near or f"Use one of {', '.join(choices)}."
    if kind in _EXPECTED:
        expected, hint = _EXPECTED[kind]
        return f"{expected}, not {_found(value)}.", hint
    if kind in _LIMITS:
        limit = _LIMITS[kind].format(**{name: f"{bound:g}" for name, bound in context.items()})
        return f"{limit}, not {_found(value)}.", ""
    if kind == "finite_number":
        return f"must be an ordinary number, not {value}.", ""
    if kind in {"too_short", "string_too_short"}:
        return "is empty.", _description(location, model)
    if kind in {"too_long", "string_too_long"}:
        return f"is too long: at most {context.get('max_length')}.", _description(location, model)
    return f"{fault['msg']}.", ""


def _missing(location: Location, model: type[BaseModel]) -> tuple[str, str]:
    if isinstance(location[-1], int):
        return "is missing: three numbers are needed.", "Write [x, y, z]."
    return "is missing.", _description(location, model)


def _unknown_key(location: Location, model: type[BaseModel]) -> tuple[str, str]:
    known = list(_fields_at(model, location[:-1]))
    word = str(location[-1])
    if len(location) > 1 and word in model.model_fields:
        return "is not a key known here.", "It belongs to the top of the file, above the first [table]."
    for table, field in model.model_fields.items() if len(location) == 1 else ():
        for name in (word, f"{word}_mm"):
            inside = _model_in(field.annotation)
            if inside is not None and name in inside.model_fields and get_origin(field.annotation) is not tuple:
                return "is not a key known here.", f"Write {name} under [{table}]."
    near = did_you_mean(word, known)
    return "is not a key known here.", near or (f"Known are {', '.join(known)}." if known else "")


def _needs_languages(location: Location, value: Any) -> tuple[str, str]:
    key = key_path(location)
    return (
        f"must name its language, not be {_found(value)} alone.",
        f'Write {key}.en = "..." and {key}.zh-Hans = "..." instead.',
    )


def _pattern(value: Any, pattern: str) -> tuple[str, str]:
    if pattern.startswith("^[a-z]{2,3}"):
        return _language_fault(str(value))
    return (
        f"{_found(value)} cannot be part of an address.",
        "Use lower-case letters a to z, digits and hyphens, beginning with a letter or digit.",
    )


def _description(location: Location, model: type[BaseModel]) -> str:
    field = _field_at(model, location)
    return field.description or "" if field else ""


def _found(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"the number {value!s:.30}"
    if isinstance(value, str):
        return f"'{value[:40]}'"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, dict):
        return "a table"
    return "a date" if hasattr(value, "isoformat") else f"a {type(value).__name__}"


def _choices(annotation: Any) -> list[str]:
    if get_origin(annotation) in {Union, types.UnionType}:
        return [choice for part in get_args(annotation) for choice in _choices(part)]
    return [str(choice) for choice in get_args(annotation) if isinstance(choice, str)]


def _inside(annotation: Any, part: int | str) -> Any:
    """Return the type found under `part` of something of type `annotation`; None where there is none."""
    arguments = get_args(annotation)
    origin = get_origin(annotation)
    if origin in {Union, types.UnionType} or hasattr(annotation, "__metadata__"):
        candidates = (_inside(argument, part) for argument in arguments)
        return next((found for found in candidates if found is not None), None)
    if origin is dict:
        return arguments[1]
    if origin in {tuple, list} and isinstance(part, int):
        return arguments[0]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel) and part in annotation.model_fields:
        return annotation.model_fields[str(part)].annotation
    return None


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for argument in get_args(annotation) if (found := _model_in(argument))), None)


def _fields_at(model: type[BaseModel], location: Location) -> dict[str, FieldInfo]:
    annotation: Any = model
    for part in location:
        annotation = _inside(annotation, part)
    found = _model_in(annotation) if annotation is not None else None
    return dict(found.model_fields) if found else {}


def _field_at(model: type[BaseModel], location: Location) -> FieldInfo | None:
    if not location or not isinstance(location[-1], str):
        return None
    return _fields_at(model, location[:-1]).get(location[-1])
