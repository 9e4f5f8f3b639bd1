"""``python -m exhibit`` and the console script."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line; turn every error into one sentence and its exit code."""
    from exhibit.cli.console import run

    sys.exit(run())


if __name__ == "__main__":
    main()
