"""One tree of errors. Each says what went wrong, where, and what to do; each knows its exit code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


class ExhibitError(Exception):
    """Base of everything this package raises on purpose.

    Parameters
    ----------
    message : one sentence: what is wrong.
    where : file, key path or stage it concerns.
    hint : what the reader can do about it.
    """

    exit_code: ClassVar[int] = 70

    def __init__(self, message: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        head = f"{self.where}: {self.message}" if self.where else self.message
        return f"{head} {self.hint}".rstrip() if self.hint else head

    def __reduce__(self) -> tuple[object, ...]:
        # errors cross process borders; the default pickling forgets keyword-only arguments
        return (_rebuild, (type(self), self.message, self.where, self.hint))


def _rebuild(kind: type[ExhibitError], message: str, where: str, hint: str) -> ExhibitError:
    return kind(message, where=where, hint=hint)


class UsageError(ExhibitError):
    """A command or call that cannot mean anything (exit code 2)."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault in something people wrote: the file, the key path in it, what is wrong, and the remedy."""

    file: str
    key: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        place = f"{self.file}: {self.key}" if self.key else self.file
        return f"{place}: {self.message} {self.hint}".rstrip()


class DefinitionError(ExhibitError):
    """A scene, record or table with faults, all of them listed at once (exit code 3)."""

    exit_code = 3

    def __init__(self, message: str, *, where: str = "", hint: str = "", problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(message, where=where, hint=hint)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join([super().__str__(), *(f"  {problem}" for problem in self.problems)])

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild_definition, (self.message, self.where, self.hint, self.problems))


def _rebuild_definition(message: str, where: str, hint: str, problems: tuple[Problem, ...]) -> DefinitionError:
    return DefinitionError(message, where=where, hint=hint, problems=problems)


class SourceError(ExhibitError):
    """A scan that cannot be used: unsupported, corrupt, too few points (exit code 4)."""

    exit_code = 4


class StageError(ExhibitError):
    """A step of the way that could not produce a sound result from a readable scan (exit code 5)."""

    exit_code = 5


class DependencyError(ExhibitError):
    """A library or program that is missing here (exit code 6)."""

    exit_code = 6


class OutputError(ExhibitError):
    """The disk is full, read-only or refused (exit code 7)."""

    exit_code = 7


class Cancelled(ExhibitError):
    """The person asked to stop (exit code 130)."""

    exit_code = 130

    def __init__(self, message: str = "Stopped on request.", *, where: str = "", hint: str = "") -> None:
        super().__init__(message, where=where, hint=hint)


class Bug(ExhibitError):
    """Something nobody foresaw (exit code 70); `trace` is the traceback, for the report to us."""

    exit_code = 70

    def __init__(self, message: str, *, where: str = "", hint: str = "", trace: str = "") -> None:
        super().__init__(message, where=where, hint=hint)
        self.trace = trace

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild_bug, (self.message, self.where, self.hint, self.trace))


def _rebuild_bug(message: str, where: str, hint: str, trace: str) -> Bug:
    return Bug(message, where=where, hint=hint, trace=trace)


def missing_library(fault: BaseException) -> DependencyError:
    """Turn an ImportError (or the OSError of a shared library) into a sentence that says what to do."""
    detail = str(fault).splitlines()[0] if str(fault) else type(fault).__name__
    return DependencyError(
        f"a library is missing here ({detail}).", hint="Run 'exhibit doctor': it names the line to type."
    )
