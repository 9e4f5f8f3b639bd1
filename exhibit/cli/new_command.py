"""``exhibit new``."""

from __future__ import annotations

from pathlib import Path

import click

from exhibit.cli.console import shown_path


@click.command("new")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
def command(folder: Path) -> int:
    """Make a project with a sample relic that builds at once.

    DIR must not exist or be empty. It gets scenes/ (exhibitions), assets/ (one folder per relic: scan and record)
    and a README.txt that says what to do next.
    """
    from exhibit.pipeline.project import new_project

    files = new_project(folder)
    here = shown_path(folder)
    click.echo(f"Made {len(files)} files in {here}. Next:\n  exhibit build {here}\n  exhibit serve {here}/site --open")
    return 0
