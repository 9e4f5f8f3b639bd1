"""Serve a site from this machine: the right types, ranges, caching, and reloading when it was built again.

Plain HTTP. A headset on the same network needs HTTPS for VR; that server comes later, and until then the headset
reaches this one through ``adb reverse``, which makes it local.
"""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import threading
from collections.abc import Callable
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

from exhibit.errors import OutputError, UsageError
from exhibit.publish.answer import SiteAnswer
from exhibit.publish.making import Making
from exhibit.publish.squeezed import Squeezed
from exhibit.publish.write import MANIFEST

_PORTS_TRIED: Final = 20


class SiteServer:
    """A running server; `url` is where it is. Close it, or use it in a ``with``.

    With `making`, pages of a site whose relics are still being made are told how far that is.
    """

    def __init__(
        self, folder: Path, host: str, port: int, *, watch: bool = False, making: Making | None = None
    ) -> None:
        self.folder = folder
        self.watches = watch
        self.making = making
        self.squeezed = Squeezed()
        self.stopping = threading.Event()
        self._http = _listen(self, host, port)
        self.port = int(self._http.server_address[1])
        name = f"[{host}]" if ":" in host else "localhost" if host in ("127.0.0.1", "") else host
        self.url = f"http://{name}:{self.port}/"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.1,), daemon=True)
        self._thread.start()

    def __enter__(self) -> SiteServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop answering and free the port."""
        self.stopping.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(timeout=5)

    def built_at(self) -> int:
        """Return a number that changes whenever the site was written again."""
        try:
            return (self.folder / MANIFEST).stat().st_mtime_ns
        except OSError:
            return 0


def serve(
    folder: Path,
    host: str = "127.0.0.1",
    port: int = 8000,
    *,
    watch: bool = False,
    on_ready: Callable[[str], None] = lambda address: None,
    stop: threading.Event | None = None,
) -> None:
    """Serve `folder` until Ctrl-C, or until `stop` is set.

    Parameters
    ----------
    folder : a built site.
    host : address to listen on; the default is for this machine only.
    port : tried first, then the following ones; 0 takes any free one.
    watch : pages in a browser reload when the site was written again.
    on_ready : called once with the address, when the server answers.

    Raises
    ------
    UsageError
        The folder is not there or holds no site.
    OutputError
        No port is free, or the address is not this machine's.
    """
    if not (folder / "index.html").is_file():
        raise UsageError("holds no site: there is no index.html.", where=str(folder), hint="Run `exhibit build` first.")
    with SiteServer(folder, host, port, watch=watch) as server:
        on_ready(server.url)
        wait_for_stop(stop or threading.Event())


def wait_for_stop(stop: threading.Event) -> None:
    """Wait for Ctrl-C, or until `stop` is set."""
    with contextlib.suppress(KeyboardInterrupt):
        while not stop.wait(0.2):  # short waits, because on Windows Ctrl-C does not end a long one
            pass


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    # elsewhere it lets a port be taken over after a stop; on Windows it would share a port that is in use
    allow_reuse_address = os.name != "nt"
    site: SiteServer

    def server_bind(self) -> None:
        # without asking the name server what this machine is called, which takes seconds on some networks
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, int(self.allow_reuse_address))
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a browser that went away in mid-answer is no news."""


class _Http6(_Http):
    address_family = socket.AF_INET6


def _listen(site: SiteServer, host: str, port: int) -> _Http:
    kind = _Http6 if ":" in host else _Http
    for candidate in range(port, min(port + _PORTS_TRIED, 65536)) if port else (0,):
        try:
            http = kind((host, candidate), SiteAnswer)
        except OSError as fault:
            if fault.errno in (errno.EADDRINUSE, errno.EACCES) and port:
                continue
            raise OutputError(
                f"nothing can listen there: {fault.strerror or fault}.",
                where=f"{host}:{port}",
                hint="Use an address of this machine, such as 127.0.0.1, or 0.0.0.0 for all of them.",
            ) from fault
        http.site = site
        return http
    raise OutputError(
        f"ports {port} to {port + _PORTS_TRIED - 1} are all in use.", where=host, hint="Choose another --port."
    )
