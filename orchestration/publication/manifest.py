"""The manifest: every file of a release with its hash, and what is in them.

Holds reading, writing and verifying `manifest.json`. The hash of this file stands
for the whole release: the audit is kept under it and the gate compares it. Does not
decide whether a release may be published.
Tests: tests/orchestration/publication/test_manifest.py
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from orchestration.publication.durable import sha256_of, write_json
from orchestration.publication.errors import ReleaseDamaged
from orchestration.publication.fingerprints import Fingerprint, combined
from orchestration.publication.layout import MANIFEST_FILE

BUILD_AGAIN = "Nothing was published. Run `cx run` again: it builds a new candidate."


@dataclass(frozen=True)
class Manifest:
    """What a release consists of.

    Attributes:
        release_id: The release.
        created_at: When the candidate was built, ISO 8601 in UTC.
        sealed_at: When the audit closed the files; None before. This is the
            `published_at` of `meta.releases`.
        as_of: Up to which instant the data speaks, ISO 8601 in UTC.
        code_version: Version of the project that built it.
        duckdb_version: Version that wrote the files.
        previous: The release that it was compared with.
        input_loads: Load ids per source that the lake views read.
        tables: Fingerprint of each published table, by `schema.table`.
        files: SHA-256 of each file, by path inside the folder.
        checks: How many checks ran, failed and warned.
    """

    release_id: str
    created_at: str
    sealed_at: str | None
    as_of: str | None
    code_version: str
    duckdb_version: str
    previous: str | None
    input_loads: dict[str, list[str]]
    tables: dict[str, Fingerprint]
    files: dict[str, str]
    checks: dict[str, int]

    @property
    def release_fingerprint(self) -> str:
        """One digest over the tables of schema `marts`."""
        return combined(self.marts)

    @property
    def marts(self) -> dict[str, Fingerprint]:
        """Return the fingerprints of schema `marts` only."""
        names = [name for name in self.tables if name.startswith("marts.")]
        return {name: self.tables[name] for name in names}

    @property
    def rows(self) -> int:
        """Rows of all tables of schema `marts`."""
        return sum(found.rows for found in self.marts.values())

    def write(self, directory: Path) -> str:
        """Write it into `directory`; return the SHA-256 of the file."""
        path = directory / MANIFEST_FILE
        extra = {"release_fingerprint": self.release_fingerprint, "rows": self.rows}
        write_json(path, asdict(self) | extra, mode=0o444)
        return sha256_of(path)

    def with_files_of(self, directory: Path) -> Manifest:
        """Return a copy that lists the files now in `directory`."""
        return replace(self, files=hashes_of(directory))


def read_manifest(directory: Path) -> Manifest:
    """Read the manifest of a release or a candidate.

    Raises:
        ReleaseDamaged: It is missing or unreadable.
    """
    path = directory / MANIFEST_FILE
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        del data["release_fingerprint"], data["rows"]
        tables = {name: Fingerprint(**data["tables"][name]) for name in data["tables"]}
        return Manifest(**(data | {"tables": tables}))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReleaseDamaged(
            f"{path} cannot be read ({type(error).__name__}).", BUILD_AGAIN
        ) from error


def hashes_of(directory: Path) -> dict[str, str]:
    """Return the SHA-256 of every file but the manifest, by relative path."""
    paths = (
        path
        for path in sorted(directory.rglob("*"))
        if path.is_symlink() or not path.is_dir()
    )
    names = {str(path.relative_to(directory)): path for path in paths}
    return {
        # A link could point to other bytes tomorrow: it never matches a hash.
        name: "link" if path.is_symlink() else sha256_of(path)
        for name, path in names.items()
        if name != MANIFEST_FILE
    }


def verify_files(directory: Path, manifest: Manifest) -> None:
    """Check that `directory` holds exactly the files of its manifest.

    Raises:
        ReleaseDamaged: A file is missing, changed, or not in the manifest.
    """
    found = hashes_of(directory)
    complaints = [f"{name} is missing" for name in manifest.files.keys() - found.keys()]
    complaints += [
        f"{name} is foreign" for name in found.keys() - manifest.files.keys()
    ]
    complaints += [
        f"{name} was changed"
        for name in found.keys() & manifest.files.keys()
        if found[name] != manifest.files[name]
    ]
    if complaints:
        raise ReleaseDamaged(
            f"{directory} is not what its manifest lists: "
            + "; ".join(sorted(complaints)),
            BUILD_AGAIN,
        )
