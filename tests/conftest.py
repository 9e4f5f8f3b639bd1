"""What every test may ask for."""

import os
from pathlib import Path

import pytest

SCANS = Path(os.environ.get("EXHIBIT_SCANS", Path(__file__).parents[2] / "shared" / "scans"))


@pytest.fixture(scope="session")
def scans() -> Path:
    """Folder of the real scans; the test skips, saying so, where it is absent."""
    if not SCANS.is_dir():
        pytest.skip(f"REAL SCANS ABSENT: {SCANS} is not there, so nothing was shown on real scans")
    return SCANS
