"""How far the making of a site's relics has come, as its pages are told."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any, Final, Literal

ADDRESS: Final = "/making.json"
"""Where a server that shows a site in the making answers with it; elsewhere there is no such file."""

State = Literal["waiting", "making", "made", "failed"]


class Making:
    """The state of every relic; told by one thread, asked by those that answer browsers."""

    def __init__(self, relics: Sequence[str]) -> None:
        self._lock = threading.Lock()
        self._states: dict[str, State] = dict.fromkeys(relics, "waiting")
        self._fractions = dict.fromkeys(relics, 0.0)
        self._version = 0
        self._is_done = False

    def report(self, relic: str, fraction: float) -> None:
        """Note that so much (0 to 1) of a relic is done."""
        with self._lock:
            if self._states.get(relic) in ("waiting", "making"):
                self._states[relic] = "making"
                self._fractions[relic] = min(1.0, max(fraction, self._fractions[relic]))

    def published(self, states: dict[str, State], *, is_done: bool) -> None:
        """Note that the site was written anew, with these relics made or failed."""
        with self._lock:
            self._states |= states
            self._version += 1
            self._is_done = is_done

    def as_json(self) -> dict[str, Any]:
        """Return what pages read: ``version`` grows whenever the site was written anew."""
        with self._lock:
            relics = {name: {"state": state, "share": round(self._fractions[name], 2)}
                      for name, state in self._states.items()}  # fmt: skip
            return {"version": self._version, "done": self._is_done, "relics": relics}
