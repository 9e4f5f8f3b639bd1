"""What commands share: errors become one sentence and an exit code; Ctrl-C stops cleanly; progress is drawn."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import tempfile
import threading
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from exhibit.errors import Bug, Cancelled, ExhibitError, missing_library

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress

    from exhibit.pipeline.run import Outcome


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


def end_of(exit_code: int) -> int:
    """Say what a stopped run means for the person; return the exit code."""
    return report(Cancelled()) if exit_code == Cancelled.exit_code else exit_code


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


class Bars:
    """One bar per running relic and, when there are several, one for all of them; silent without `drawn`."""

    def __init__(self, drawn: RichProgress | None) -> None:
        self._drawn = drawn
        self._tasks: dict[str, Any] = {}
        self._done: dict[str, float] = {}
        self._whole: Any = None
        self._n_tasks = 0

    def start(self, n_tasks: int) -> None:
        """Begin a run over so many relics."""
        self._n_tasks = n_tasks
        if self._drawn is not None and n_tasks > 1:
            self._whole = self._drawn.add_task("all", total=n_tasks, note="")

    def say(self, sentence: str) -> None:
        """Print a sentence above the bars."""
        if self._drawn is not None and not self._drawn.disable:
            self._drawn.console.print(sentence, highlight=False, soft_wrap=True)
        else:
            click.echo(sentence, err=True)

    def report(self, name: str, fraction: float, note: str) -> None:
        """Move one relic's bar."""
        if self._drawn is None:
            return
        self.aside(name, fraction, note)
        self._done[name] = fraction
        if self._whole is not None:
            finished = sum(part >= 1.0 for part in self._done.values())
            note = f"{finished} of {self._n_tasks}"
            # what follows the last relic, the room's light, has a bar of its own
            is_going_on = finished < self._n_tasks
            self._drawn.update(self._whole, completed=sum(self._done.values()), note=note, visible=is_going_on)

    def ended(self, outcome: Outcome) -> Outcome:
        """Take away the bar of a relic that came to an end, be it a bad one; return the outcome."""
        self.report(outcome.name, 1.0, "")
        return outcome

    def aside(self, name: str, fraction: float, note: str) -> None:
        """Move the bar of work that is no relic."""
        if self._drawn is None:
            return
        if name not in self._tasks:
            self._tasks[name] = self._drawn.add_task(name, total=1.0, note="")
        self._drawn.update(self._tasks[name], completed=fraction, note=note, visible=fraction < 1.0)


@contextlib.contextmanager
def bars(*, quiet: bool) -> Iterator[Bars]:
    """Draw progress on a terminal, with remaining time, while a long command runs."""
    if quiet:
        yield Bars(None)
        return
    from rich.console import Console
    from rich.progress import BarColumn, ProgressColumn, Task, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as RichProgress
    from rich.text import Text

    class Remaining(ProgressColumn):
        """The time that remains, once enough is done to tell."""

        def __init__(self) -> None:
            super().__init__()
            self._known = TimeRemainingColumn()

        def render(self, task: Task) -> Text:
            return self._known.render(task) if can_tell_rest(task.percentage, task.elapsed) else Text("-:--:--")

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}", justify="left"), BarColumn(bar_width=24),
        TextColumn("{task.percentage:>3.0f} %"), TimeElapsedColumn(), Remaining(),
        TextColumn("[dim]{task.fields[note]}"),
    )  # fmt: skip
    with RichProgress(*columns, console=console, transient=True, disable=not console.is_terminal) as drawn:
        yield Bars(drawn)


def can_tell_rest(percent: float, elapsed_s: float | None) -> bool:
    """Tell whether enough is done (5 % and 5 s) for the remaining time to be more than a guess."""
    return percent >= 5 and (elapsed_s or 0.0) >= 5


def shown_path(path: Path) -> str:
    """Return a path as people would type it from here."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
