"""The small site, planned once."""

import sys
from pathlib import Path

import pytest

from exhibit.publish.site import SitePlan

sys.path.insert(0, str(Path(__file__).parent))  # small_site.py is shared with the browser's tests


@pytest.fixture(scope="session")
def small_plan() -> SitePlan:
    from small_site import small_site

    from exhibit.publish.plan import plan

    return plan(small_site())
