"""What commands share: errors become one sentence and an exit code; Ctrl-C stops cleanly; progress is drawn."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from exhibit.errors import Bug, Cancelled, ExhibitError, missing_library

if TYPE_CHECKING:
    from rich.progress import Progress as Bars


def run(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    from exhibit.cli.main import cli

    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a terminal without UTF-8 must not end us
    try:
        result = cli.main(args=arguments, standalone_mode=False)
        return result if isinstance(result, int) else 0
    except ExhibitError as fault:
        return report(fault)
    except click.ClickException as fault:
        fault.show()
        return fault.exit_code
    except (click.Abort, KeyboardInterrupt):
        return report(Cancelled())
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else the interpreter complains on leaving
        return 0
    except ImportError as fault:
        return report(missing_library(fault))
    except Exception as fault:
        return report(Bug(f"{type(fault).__name__}: {fault}", trace=traceback.format_exc()))


def report(fault: ExhibitError) -> int:
    """Print an error for people and return its exit code."""
    if isinstance(fault, Bug):
        click.echo(bug_text(fault), err=True)
    elif isinstance(fault, Cancelled):
        click.echo("Stopped. What was finished is kept; the same command goes on from there.", err=True)
    else:
        click.echo(f"{click.style('Error:', fg='red', bold=True)} {fault}", err=True)
    return fault.exit_code


def bug_text(fault: Bug) -> str:
    """Write a bug's traceback to a file and return the sentence that says where."""
    handle, name = tempfile.mkstemp(prefix="exhibit-bug-", suffix=".txt")
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(fault.trace)
    where = f"{fault.where}: " if fault.where else ""
    return f"{where}This is a bug in exhibit ({fault.message}). The details are in {name}; please report them."


class Stop:
    """Ctrl-C: the first asks to finish cleanly, the second ends at once."""

    def __init__(self) -> None:
        self._asked = threading.Event()

    def __call__(self) -> bool:
        """Whether somebody asked to stop."""
        return self._asked.is_set()

    def _on_signal(self, *_: Any) -> None:
        if self._asked.is_set():
            os._exit(130)
        self._asked.set()
        click.echo("\nStopping cleanly; press Ctrl-C again to stop at once.", err=True)


@contextlib.contextmanager
def stopping() -> Iterator[Stop]:
    """Catch Ctrl-C and termination requests while a long command runs."""
    stop = Stop()
    kinds = [signal.SIGINT, signal.SIGTERM]
    before = {kind: signal.signal(kind, stop._on_signal) for kind in kinds}
    try:
        yield stop
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)


@contextlib.contextmanager
def bars(n_tasks: int, *, quiet: bool) -> Iterator[Callable[[str, float, str], None]]:
    """Draw one bar per running task and one for all; yields the function that reports ``(name, fraction, note)``."""
    if quiet:
        yield lambda name, fraction, note: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}", justify="left"), BarColumn(bar_width=24),
        TextColumn("{task.percentage:>3.0f} %"), TimeElapsedColumn(), TimeRemainingColumn(),
        TextColumn("[dim]{task.fields[note]}"),
    )  # fmt: skip
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as drawn:
        yield _Drawing(drawn, n_tasks).report


class _Drawing:
    def __init__(self, drawn: Bars, n_tasks: int) -> None:
        self.drawn = drawn
        self.n_tasks = n_tasks
        self.tasks: dict[str, Any] = {}
        self.done: dict[str, float] = {}
        self.whole = drawn.add_task("all", total=n_tasks, note="") if n_tasks > 1 else None

    def report(self, name: str, fraction: float, note: str) -> None:
        if name not in self.tasks:
            self.tasks[name] = self.drawn.add_task(name, total=1.0, note="")
        self.drawn.update(self.tasks[name], completed=fraction, note=note, visible=fraction < 1.0)
        self.done[name] = fraction
        if self.whole is not None:
            finished = sum(part >= 1.0 for part in self.done.values())
            self.drawn.update(self.whole, completed=sum(self.done.values()), note=f"{finished} of {self.n_tasks}")


def shown_path(path: Path) -> str:
    """Return a path as people would type it from here."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
