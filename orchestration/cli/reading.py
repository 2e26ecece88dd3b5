"""Commands that read releases, or go back to one.

Holds `cx query`, `releases` and `rollback`. Does not hold SQL of the headline figures
nor the link (`orchestration.publication`).
Tests: tests/orchestration/cli/test_commands.py, tests/end_to_end/
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Literal

from rich.console import Console
from rich.table import Table

from orchestration.data_folder import working_on
from orchestration.publication.headline import headlines
from orchestration.publication.query import run_query
from orchestration.publication.releases import list_releases
from orchestration.publication.releases import rollback as roll_back
from orchestration.settings import Settings

SHOWN_ROWS = 200
WIDE = 200
_STALE = (
    "SELECT source || '.' || table_name || ' is ' || replace(status, '_', ' ')"
    " FROM meta.sources WHERE status IN ('stale', 'never_loaded') ORDER BY ALL"
)


def console() -> Console:
    """Return a console that is wide enough for a file or a pipe, too."""
    return Console() if sys.stdout.isatty() else Console(width=WIDE)


def query(sql: str, *, as_json: bool, as_csv: bool) -> None:
    """Print the rows of a query on the published release."""
    limit = None if as_json or as_csv else SHOWN_ROWS + 1
    result = run_query(Settings.from_environment(), sql, limit=limit)
    rows = [dict(zip(result.columns, row, strict=True)) for row in result.rows]
    if as_json:
        print_json({"release_id": result.release_id, "rows": rows})
    elif as_csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(result.columns)
        writer.writerows(result.rows)
    else:
        screen = console()
        screen.print(table_of(rows[:SHOWN_ROWS], result.columns))
        if len(rows) > SHOWN_ROWS:
            screen.print(f"... more than {SHOWN_ROWS} rows; --csv prints them all.")


def releases(as_json: bool) -> None:
    """List all releases, newest first."""
    found = [asdict(one) for one in list_releases(Settings.from_environment())]
    if as_json:
        print_json(found)
    elif found:
        console().print(table_of([_in_short(release) for release in found]))
    else:
        console().print("Nothing has been published yet. `cx run` makes a release.")


def _in_short(release: Mapping[str, Any]) -> dict[str, Any]:
    place = "current" if release["is_current"] else ""
    if not release["is_present"]:
        place = "removed"
    return {
        "release": release["release_id"],
        "": place,
        "published_at": release["published_at"][:16],
        "as_of": str(release["as_of"])[:16],
        "rows": release["rows"],
        "code_version": release["code_version"],
    }


def rollback(release_id: str, as_json: bool) -> None:
    """Flip the link back, under the lock of the data folder."""
    settings = Settings.from_environment()
    with working_on(settings, command=f"cx rollback {release_id}"):
        entry = roll_back(settings, release_id)
    if as_json:
        print_json(asdict(entry))
    else:
        console().print(
            f"Readers now get release {entry.release_id}, data as of {entry.as_of}."
        )


def headline_rows(settings: Settings) -> list[dict[str, Any]]:
    """Return the headline figures of the published release."""
    return [asdict(headline) for headline in headlines(settings)]


def stale_tables(settings: Settings) -> tuple[str, ...]:
    """Return one sentence per table that is older than its source promises."""
    return tuple(str(row[0]) for row in run_query(settings, _STALE).rows)


def table_of(
    rows: Sequence[Mapping[str, Any]], columns: Sequence[str] | None = None
) -> Table:
    """Lay rows out, numbers to the right."""
    names = list(columns or (rows[0] if rows else ()))
    table = Table(box=None, padding=(0, 2, 0, 0))
    for name in names:
        is_number = any(isinstance(row[name], int | float) for row in rows)
        justify: Literal["left", "right"] = "right" if is_number else "left"
        table.add_column(name, justify=justify, overflow="fold")
    for row in rows:
        table.add_row(*["" if row[name] is None else str(row[name]) for name in names])
    return table


def records(settings: Settings, sql: str) -> list[dict[str, Any]]:
    """Return the rows of a query on the published release, by column."""
    result = run_query(settings, sql)
    return [dict(zip(result.columns, row, strict=True)) for row in result.rows]


def print_json(document: Any) -> None:
    """Print one JSON document."""
    # Dates and decimals as text: exact, and no reader has to guess.
    sys.stdout.write(json.dumps(document, indent=1, default=str) + "\n")
