"""``exhibit serve``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from exhibit.cli.console import shown_path


@click.command("serve")
@click.argument("site", type=click.Path(path_type=Path), default=".", metavar="[SITE]")
@click.option("--port", "-p", type=click.IntRange(0, 65535), default=8000, show_default=True,
              help="Port; the next free one is taken if it is busy.")  # fmt: skip
@click.option("--host", default="127.0.0.1", show_default=True, help="0.0.0.0 lets other devices of the network in.")
@click.option("--watch", is_flag=True, help="Reload open pages when the site's files change.")
@click.option("--open/--no-open", "opens", default=False, help="Open the browser of this machine.  [default: no]")
def command(site: Path, port: int, host: str, watch: bool, opens: bool) -> int:
    """Show a built site in the browser of this machine.

    A headset or phone needs HTTPS for VR and AR: put the site on any static host, or forward the port
    (adb reverse tcp:8000 tcp:8000).
    """
    serve_site(site, host=host, port=port, watch=watch, opens=opens)
    return 0


def serve_site(
    site: Path, *, host: str = "127.0.0.1", port: int = 8000, watch: bool = False, opens: bool = False
) -> None:
    """Serve until Ctrl-C, saying where."""
    from exhibit.publish.serve import serve

    def ready(address: str) -> None:
        say_moved(int(address.rstrip("/").rpartition(":")[2]), port, click.echo)
        click.echo(f"Serving {shown_path(site)} at {address}  (Ctrl-C stops)")
        if opens:
            click.launch(address)

    serve(site, host=host, port=port, watch=watch, on_ready=ready)


def say_moved(port: int, wanted: int, say: Callable[[str], None]) -> None:
    """Say that another port had to be taken, since somebody may look at the one that was asked for."""
    if wanted and port != wanted:
        say(f"Port {wanted} is in use by another program, so this is at port {port}.")
