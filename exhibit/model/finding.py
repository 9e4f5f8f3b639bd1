"""What a stage doubts: it says so in its result and prints nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a person should know.

    Parameters
    ----------
    code : stable, dotted, kebab-case: ``clean.duplicates``, ``scale.assumed``.
    value : the number behind it (a share, a count, a length), or None.
    unit : unit of the value: ``points``, ``mm``, ``share``, ``""``.
    hint : one sentence in English: what it means and what to do.
    severity : ``note`` is for the report, ``warning`` is shown to the person.
    """

    code: str
    value: float | None = None
    unit: str = ""
    hint: str = ""
    severity: Literal["note", "warning"] = "note"
