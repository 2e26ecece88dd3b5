"""The format of a data folder: which version of this project can use it.

Holds the number, where it is written, and the refusal of what cannot be used. Work
file, dlt's and dbt's folders are made anew by every build and have no format.
Tests: tests/orchestration/test_data_format.py
"""

from __future__ import annotations

import json

from orchestration.errors import RunError
from orchestration.publication.durable import write_json
from orchestration.settings import Settings

# 1: lake of envelopes, key ledger, ledger of releases. A change of any of them that an
# older version cannot read raises the number and brings a step that raises the data.
FORMAT = 1
_FILE = "format.json"


class ForeignData(RunError):
    """The data folder was made by a version that this one does not understand."""


def require_usable(settings: Settings) -> None:
    """Check that this version may work on the data folder, and write its format there.

    A folder without a number was made before numbers were written; its format is 1.

    Raises:
        ForeignData: It was made by a newer version, or its number cannot be read.
    """
    path = settings.state_dir / _FILE
    try:
        found = int(json.loads(path.read_text(encoding="utf-8"))["format"])
    except FileNotFoundError:
        write_json(path, {"format": FORMAT})
        return
    except (ValueError, KeyError, TypeError) as error:
        raise ForeignData(
            f"The format of the data folder cannot be read ({type(error).__name__}).",
            str(path),
            "Restore the folder `state` from a backup.",
        ) from error
    require_known(found, str(path))


def require_known(found: int, where: str) -> None:
    """Check a format.

    Raises:
        ForeignData: It is newer than this version.
    """
    if found > FORMAT:
        raise ForeignData(
            f"The data has format {found}; this version knows formats up to {FORMAT}.",
            where,
            "Use the version that made it, or a newer one; `cx releases` names the"
            " version of each release. Nothing was changed.",
        )
