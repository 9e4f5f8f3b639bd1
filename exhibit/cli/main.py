"""The command ``exhibit``. Commands are loaded when they run, so that ``--help`` answers at once."""

from __future__ import annotations

import difflib
import importlib
from typing import Any

import click

from exhibit import __version__

COMMANDS = {
    "demo": "Build the demo exhibition and open it: the first thing to try.",
    "convert": "Turn scans into web-ready relics: GLB levels, poster, report.",
    "inspect": "Say what a scan holds, and what converting it will cost.",
    "compare": "Hold a mesh against its scan: deviation, colour, lost relief, holes, faults.",
    "simulate": "Scan a modelled object: clouds with known truth, for tests and teaching.",
    "new": "Make a project with a sample relic that builds at once.",
    "build": "Build a project's exhibition as a static site.",
    "serve": "Show a built site in the browser of this machine.",
    "validate": "Check a GLB or a built site.",
    "doctor": "List what this machine lacks, with the line to type.",
}


class LazyGroup(click.Group):
    """A group that imports ``exhibit.cli.<name>`` only when that command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order people need them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"exhibit.cli.{cmd_name}_command")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Add 'did you mean' to an unknown command."""
        close = [] if args[0] in COMMANDS else difflib.get_close_matches(args[0], COMMANDS, 1)
        if close:
            raise click.UsageError(f"No such command '{args[0]}'. Did you mean '{close[0]}'?", ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="exhibit")
def cli(**_: Any) -> None:
    """Real scans become relics, relics become a museum.

    Start with `exhibit demo`, or with your own scans: `exhibit convert SCANS --out DIR`.
    """
