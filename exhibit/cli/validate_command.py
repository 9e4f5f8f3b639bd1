"""``exhibit validate``."""

from __future__ import annotations

import json
from pathlib import Path

import click

from exhibit.model.finding import Finding


@click.command("validate")
@click.argument("path", type=click.Path(path_type=Path), metavar="PATH")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def command(path: Path, as_json: bool) -> int:
    """Check a GLB, a folder of them, or a built site.

    GLBs go through Khronos' glTF-Validator. Of a site, links, languages and addresses are checked too.
    Ends with exit code 1 when there are faults.
    """
    import dataclasses

    from exhibit.publish.validate import validate

    findings = validate(path)
    faults = [finding for finding in findings if finding.severity == "warning"]
    if as_json:
        click.echo(json.dumps([dataclasses.asdict(finding) for finding in findings], ensure_ascii=False, indent=2))
    else:
        _print(findings, faults)
    return 1 if faults else 0


def _print(findings: tuple[Finding, ...], faults: list[Finding]) -> None:
    for finding in findings:
        is_fault = finding.severity == "warning"
        mark = click.style("fault", fg="red") if is_fault else click.style("note ", fg="cyan")
        click.echo(f"{mark} {finding.hint}")
    click.echo(f"{len(faults)} faults." if faults else "No faults.")
