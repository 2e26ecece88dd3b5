"""`cx files`: what a folder of exports would bring, and examples to start from.

Holds how both are shown. Does not hold how files are read (`ingestion.files`).
Tests: tests/orchestration/cli/test_files_commands.py
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ingestion.files.canonical import ENTITIES
from ingestion.files.checking import CheckedFile, CheckReport
from ingestion.files.checking import check as trial
from ingestion.files.templates import csv_template, mapping_template
from orchestration.cli.reading import console
from orchestration.data_folder import working_on
from orchestration.files_export import LACKING, export
from orchestration.settings import Settings

_ROW_WIDTH = 100


def check(path: Path, *, as_json: bool) -> int:
    """Try the files of a folder and print what would become of them.

    Returns 0 where everything would be taken, else 1.
    """
    report = trial(path, None if as_json else _told)
    if as_json:
        told = {**asdict(report), "is_well": report.is_well}
        sys.stdout.write(json.dumps(told, indent=1) + "\n")
    else:
        _print(report, console())
    return 0 if report.is_well else 1


def template(entity: str, *, as_csv: bool) -> None:
    """Print a mapping for an entity, or a file that fits it.

    Raises:
        typer.BadParameter: There is no such entity.
    """
    if entity not in ENTITIES:
        known = ", ".join(ENTITIES)
        raise typer.BadParameter(f"{entity!r} is no entity; those are: {known}")
    make = csv_template if as_csv else mapping_template
    sys.stdout.write(make(ENTITIES[entity]))


def export_files(folder: Path, *, as_json: bool) -> None:
    """Write the last build as files, and say what they cannot hold."""
    settings = Settings.from_environment()
    with working_on(settings, command=f"cx files export {folder}"):
        written = export(settings, folder)
    vendors = dict.fromkeys(file.name.partition("/")[0] for file in written)
    if as_json:
        told = {
            "files": [asdict(file) for file in written],
            "lacking": {vendor: LACKING[vendor] for vendor in vendors},
        }
        sys.stdout.write(json.dumps(told, indent=1) + "\n")
        return
    output = console()
    table = Table(box=None, pad_edge=False)
    table.add_column("file", no_wrap=True)
    table.add_column("rows", justify="right")
    for file in written:
        table.add_row(file.name, f"{file.rows:,}")
    output.print(table)
    output.print("\n[bold]What files lack[/]")
    for vendor in vendors:
        for gap in LACKING[vendor]:
            output.print(f"  {vendor}: {gap}", highlight=False)
    output.print(
        f"\nTo use them: put a folder of {folder} into {settings.files_dir}; "
        "`cx files check` says what it would bring.",
        highlight=False,
    )


def _told(file: CheckedFile) -> None:
    if sys.stderr.isatty():
        Console(stderr=True).print(f"[dim]{escape(file.name)}[/]", highlight=False)


def _print(report: CheckReport, output: Console) -> None:
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("entity", no_wrap=True)
    table.add_column("file")
    table.add_column("taken", justify="right", no_wrap=True)
    table.add_column("not taken", justify="right", no_wrap=True)
    for file in report.files:
        shown = f"[red]{file.bad_rows:,}[/]" if file.bad_rows else "0"
        table.add_row(file.entity, escape(file.name), f"{file.rows:,}", shown)
    output.print(table)
    for file in report.files:
        _print_problems(file, output)
    for name in report.unnamed:
        output.print(
            f"[yellow]not used[/]  {escape(name)}: no `files` pattern names it"
        )
    for name in report.without_files:
        output.print(f"[yellow]no file[/]   {name}: its pattern names none")
    rows = sum(file.rows for file in report.files)
    bad = sum(file.bad_rows for file in report.files)
    output.print(f"\n{rows:,} rows would be taken, {bad:,} not. Nothing was loaded.")


def _print_problems(file: CheckedFile, output: Console) -> None:
    if not file.bad_rows:
        return
    output.print(f"\n[bold]{escape(file.name)}[/]")
    for reason, count in file.reasons.items():
        output.print(f"  {count:,} x {reason}", highlight=False)
    for row in file.examples:
        place = "the file" if row.line is None else f"line {row.line}"
        shown = " ".join(row.detail.split())[:_ROW_WIDTH]
        output.print(
            f"  [dim]{place}: {row.reason}:[/] {escape(shown)}", highlight=False
        )
