"""Progress and cancelling: one object passed down the way.

A stage calls :meth:`Progress.tick` at least every quarter second of its own loops; the call raises
:class:`~exhibit.errors.Cancelled` once somebody asked to stop. Tests use :class:`Recorder`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from exhibit.errors import Cancelled

Sink = Callable[[float, str], None]


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Progress:
    """A share of the whole, reported to one sink.

    Parameters
    ----------
    sink : called with the fraction done of the WHOLE (0 to 1) and a short note.
    is_cancelled : asked at every tick.
    start, span : which part of the whole this object speaks for.
    """

    sink: Sink | None = None
    is_cancelled: Callable[[], bool] = _never
    start: float = 0.0
    span: float = 1.0

    def tick(self, fraction: float, note: str = "") -> None:
        """Report `fraction` (0 to 1) of this part; raise Cancelled if asked to stop."""
        if self.is_cancelled():
            raise Cancelled
        if self.sink is not None:
            self.sink(self.start + self.span * min(1.0, max(0.0, fraction)), note)

    def check(self) -> None:
        """Raise Cancelled if asked to stop; report nothing."""
        if self.is_cancelled():
            raise Cancelled

    def part(self, start: float, end: float) -> Progress:
        """Return the progress of the part of this one between two fractions."""
        return Progress(self.sink, self.is_cancelled, self.start + self.span * start, self.span * (end - start))


SILENT = Progress()


@dataclass
class Recorder:
    """A sink that remembers: the double that tests and notebooks use."""

    ticks: list[tuple[float, str]] = field(default_factory=list)
    cancel_after: int | None = None

    def progress(self) -> Progress:
        """Return a progress that records here and is cancelled after `cancel_after` ticks."""
        return Progress(self._record, self._is_cancelled)

    def _record(self, fraction: float, note: str) -> None:
        self.ticks.append((fraction, note))

    def _is_cancelled(self) -> bool:
        return self.cancel_after is not None and len(self.ticks) >= self.cancel_after
