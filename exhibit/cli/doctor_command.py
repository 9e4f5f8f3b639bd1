"""``exhibit doctor``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from exhibit.errors import DependencyError

if TYPE_CHECKING:
    from exhibit.engines.health import Check


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def command(as_json: bool) -> int:
    """List what this machine lacks, with the line to type.

    Ends with exit code 6 when something necessary is missing.
    """
    import dataclasses

    checks = _examine()
    if as_json:
        click.echo(json.dumps([dataclasses.asdict(check) for check in checks], ensure_ascii=False, indent=2))
    else:
        for check in checks:
            _print(check)
    lacking = [check for check in checks if check.is_required and not check.is_sound]
    if not as_json:
        remedies = list(dict.fromkeys(check.remedy for check in lacking if check.remedy))
        if lacking:
            click.echo("\nType:\n" + "\n".join(f"  {remedy}" for remedy in remedies))
        else:
            click.echo("\nEverything needed is here.")
    return DependencyError.exit_code if lacking else 0


def _print(check: Check) -> None:
    mark = (
        click.style("ok", fg="green")
        if check.is_sound
        else click.style("--", fg="red" if check.is_required else "yellow")
    )
    click.echo(f"{mark}  {check.name:<22} {check.detail:<14} {check.purpose}")


def _examine() -> list[Check]:
    import os
    import platform
    import shutil
    import sys

    from exhibit.engines.health import LIBRARIES, Check, check_module, check_node, missing_shared_libraries

    is_new_enough = sys.version_info >= (3, 11)
    checks = [
        Check("python", "this program", is_new_enough, True, platform.python_version(), "Install Python 3.11 or later")
    ]
    shared = missing_shared_libraries()
    if shared:
        sudo = "" if hasattr(os, "geteuid") and os.geteuid() == 0 else "sudo "
        line = f"{sudo}apt-get install -y {' '.join(package for _, package in shared)}"
        checks += [
            Check(file, "a system library that Open3D needs", False, True, "missing", line) for file, _ in shared
        ]
    for name, purpose in LIBRARIES:
        check = check_module(name, purpose)
        if name == "open3d" and shared and not check.is_sound:
            check = Check(name, purpose, False, True, "waits for the system libraries above")
        checks.append(check)
    checks.append(check_node())
    free = shutil.disk_usage(".").free
    checks.append(Check("disk", "room for results here", free > 2 * 10**9, False, f"{free / 1e9:.0f} GB free", ""))
    return checks
