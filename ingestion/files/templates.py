"""An example to start from: a mapping of one entity, and a file that fits it.

Holds both as text, made from the entities. Does not hold the entities (entities.py).
Tests: tests/ingestion/files/test_checking.py
"""

from __future__ import annotations

import csv
import io

from ingestion.files.entities import Column, Entity

_HEAD = """\
# {description}
# Save this as data/files/<name>/mapping.yaml beside the files, put the names of your
# own columns on the right, and take away what you do not have. Then:
#   cx files check data/files/<name>      says what would be taken, loads nothing
#   cx run --source files_<name>          takes it, builds, checks and publishes
# expected_every: 24h     # how often files come; leave it out for a single export
# time_zone: Europe/Berlin   # of times that carry no offset; UTC if left out
entities:
  {name}:
    files: "{name}*.csv"   # or .parquet, .jsonl; .gz and .zip too
    # delimiter: ";"       # found by the header if left out
    # encoding: cp1252     # utf-8 if left out
    # date_format: "%d.%m.%Y %H:%M"   # ISO 8601 if left out
    # decimal: ","
    # mode: snapshot       # the last files are all there is; what they lack is gone
    # constants: {{{constant}}}
    columns:
"""


def mapping_template(entity: Entity) -> str:
    """A mapping whose files have the columns of the warehouse."""
    optional = [column for column in entity.columns if not column.is_required]
    shown = next((one for one in optional if one.example), optional[0])
    head = _HEAD.format(
        name=entity.name,
        description=entity.description,
        constant=f"{shown.name}: {shown.example or 'text'}",
    )
    width = max(len(column.name) for column in entity.columns)
    lines = []
    for column in entity.columns:
        field = f"{column.name}: {column.name}".ljust(2 * width + 2)
        lines.append(f"      {field}   # {_about(column)}\n")
    return head + "".join(lines)


def _about(column: Column) -> str:
    need = "must be there" if column.is_required else "may be missing"
    values = f" One of {', '.join(column.values)}." if column.values else ""
    return f"{column.kind}, {need}. {column.description}{values}"


def csv_template(entity: Entity) -> str:
    """A CSV file of one row that fits the mapping."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(column.name for column in entity.columns)
    writer.writerow(column.example for column in entity.columns)
    return text.getvalue()
