"""Rows on disk, by machine: kept after each one, so that an interrupted bench loses nothing."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

from tests.bench.machine import describe, machine_key
from tests.bench.runs import Row

FOLDER = Path(__file__).parent / "results"


class Rows:
    """Rows by ``subject/way`` of one machine; `kind` is ``baselines`` or ``ours``."""

    def __init__(self, kind: str) -> None:
        self.path = FOLDER / f"{kind}-{machine_key()}.json"
        kept = self._read()
        self.rows: dict[str, Row] = kept.get("rows", {})
        self.machine: dict[str, Any] = kept.get("machine", {})

    def get(self, subject: str, way: str, fingerprint: str | None = None) -> Row | None:
        """Return a row, unless it is absent or of another preparation of the subject."""
        row = self.rows.get(f"{subject}/{way}")
        return None if row is None or (fingerprint and row["fingerprint"] != fingerprint) else row

    def put(self, subject: str, way: str, row: Row) -> None:
        """Keep a row, on disk at once."""
        self.machine = describe()
        # another bench may have written meanwhile
        self.rows = self._read().get("rows", {}) | {
            f"{subject}/{way}": row | {"date": datetime.date.today().isoformat()}
        }
        FOLDER.mkdir(exist_ok=True)
        text = json.dumps({"machine": self.machine, "rows": dict(sorted(self.rows.items()))}, default=float)
        partial = self.path.with_suffix(".partial")
        partial.write_text(json.dumps(_shortened(json.loads(text)), indent=1) + "\n", encoding="utf-8")
        partial.replace(self.path)

    def _read(self) -> dict[str, Any]:
        if not self.path.is_file():
            return {}
        kept: dict[str, Any] = json.loads(self.path.read_text(encoding="utf-8"))
        return kept


def _shortened(value: Any) -> Any:
    """Leave five digits: more would only be noise in a diff."""
    if isinstance(value, float):
        return float(f"{value:.5g}")
    if isinstance(value, dict):
        return {key: _shortened(one) for key, one in value.items()}
    return [_shortened(one) for one in value] if isinstance(value, list) else value
