"""The options that steer cleaning, the same for every command that cleans a scan."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

_OPTIONS = (
    click.option("--keep-table", is_flag=True, help="Keep the table or floor under the object."),
    click.option("--keep-neighbours", is_flag=True, help="Keep plants, walls and other loose parts."),
    click.option("--crop", metavar="BOX", help="Only what lies in x0,y0,z0,x1,y1,z1, the file's coordinates."),
    click.option("--plane", metavar="PLANE", help="The table: z=0.12 (below goes), nx,ny,nz,d, or none."),
    click.option("--keep-largest", type=click.IntRange(1), metavar="N", help="Keep the N largest pieces, no other."),
    click.option(
        "--skip",
        multiple=True,
        metavar="STEP",
        help="Leave out outliers, strays, fragments, neighbours or table. Repeat it for more.",
    ),
    click.option("--align", is_flag=True, help="Move the scans of one file together where they lie apart (E57)."),
    click.option(
        "--mask", type=click.Path(path_type=Path, dir_okay=False), help="Saved mask (JSON); overrules all steps."
    ),
)


def steering_options(command: Command) -> Command:
    """Add the options to a command, in their order."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def steered(given: dict[str, Any]) -> dict[str, Any]:
    """Return the options as fields of `RelicOptions` and `CompareOptions`.

    Raises
    ------
    UsageError, DefinitionError : one of them means nothing.
    """
    from exhibit.model.steering import check_steps, parse_crop, parse_plane
    from exhibit.pipeline.mask_file import load_mask

    plane = parse_plane(given["plane"]) if given["plane"] else None
    return {
        "keep_table": given["keep_table"] or (bool(given["plane"]) and plane is None),
        "keep_neighbours": given["keep_neighbours"],
        "crop": parse_crop(given["crop"]) if given["crop"] else None,
        "plane": plane,
        "keep_largest": given["keep_largest"],
        "skip": check_steps(given["skip"]),
        "align": given["align"],
        "mask": load_mask(given["mask"]) if given["mask"] else None,
    }
