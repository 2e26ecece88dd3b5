"""Candidates and releases that somebody or something touched."""

from __future__ import annotations

from tests.gate import files
from tests.gate.planting import Corruption, Files

_REFUSED = "GateRefused"
CANDIDATE_FILES = (
    Corruption(
        "edited after the audit",
        "a row of the audited file was changed",
        Files(files.edit_candidate),
        (f"{_REFUSED}: cx.duckdb was changed",),
    ),
    Corruption(
        "extra table",
        "a table was added to the audited file",
        Files(files.add_table),
        (f"{_REFUSED}: cx.duckdb was changed",),
    ),
    Corruption(
        "missing table",
        "a Parquet file of a table is gone",
        Files(files.remove_parquet),
        (f"{_REFUSED}: parquet/fct_tickets.parquet is missing",),
    ),
    Corruption(
        "swapped Parquet",
        "two tables have each other's Parquet file",
        Files(files.swap_parquet),
        (f"{_REFUSED}: parquet/fct_tickets.parquet was changed",),
    ),
    Corruption(
        "stale log",
        "a write-ahead log of another build lies beside the file",
        Files(files.leave_log),
        (f"{_REFUSED}: cx.duckdb.wal is foreign",),
    ),
    Corruption(
        "truncated candidate",
        "the file ends in the middle",
        Files(files.truncate_candidate),
        (f"{_REFUSED}: cx.duckdb was changed",),
    ),
    Corruption(
        "bit-flipped contacts",
        "one byte of the personal file is another one",
        Files(files.flip_personal),
        (f"{_REFUSED}: cx_pii.duckdb was changed",),
    ),
    Corruption(
        "link for a file",
        "a file is a link to the same bytes",
        Files(files.link_file),
        (f"{_REFUSED}: cx.duckdb was changed",),
    ),
    Corruption(
        "manifest edited",
        "the manifest tells of a later as_of",
        Files(files.edit_manifest),
        (f"{_REFUSED}: its audit is of other files",),
    ),
    Corruption(
        "rebuilt after the audit",
        "files and manifest are those of another build",
        Files(files.rebuild),
        (f"{_REFUSED}: its audit is of other files",),
    ),
    Corruption(
        "wrong fingerprint",
        "the copy is not what the work file held",
        Files(files.wrong_fingerprint),
        (f"{_REFUSED}: does not hold what was audited",),
    ),
    Corruption(
        "never audited",
        "the record of the audit is gone",
        Files(files.lose_audit),
        (f"{_REFUSED}: it has not been audited",),
    ),
    Corruption(
        "forged verdict",
        "a failed audit was turned into a passed one",
        Files(files.forge_verdict),
        (f"{_REFUSED}: 1 check with severity error failed",),
    ),
    Corruption(
        "borrowed audit",
        "the audit of the last release lies in its place",
        Files(files.borrow_audit),
        (f"{_REFUSED}: its audit is of other files",),
    ),
)

PUBLISHED = (
    Corruption(
        "link to a candidate",
        "readers are led past the gate",
        Files(files.link_to_candidate, files.read),
        ("NoRelease: which is no release",),
    ),
    Corruption(
        "link to an unknown release",
        "a folder that looks like a release was put there by hand",
        Files(files.link_to_forgery, files.read),
        ("NoRelease: never passed the gate",),
    ),
    Corruption(
        "link to nowhere",
        "the link points to nothing",
        Files(files.link_to_nowhere, files.read),
        ("NoRelease: which is no release",),
    ),
    Corruption(
        "folder for a link",
        "the link was replaced by a copy",
        Files(files.folder_for_link, files.publish_candidate),
        ("PublicationError: is not a link",),
    ),
    Corruption(
        "manifest of a release edited",
        "the published manifest is another one",
        Files(files.edit_published_manifest, files.read),
        ("NoRelease: never passed the gate",),
    ),
    Corruption(
        "release edited",
        "a published file was changed",
        Files(files.edit_release, files.roll_back),
        ("ReleaseDamaged: cx.duckdb was changed",),
    ),
    Corruption(
        "garbled ledger",
        "a line of the ledger is not one",
        Files(files.garble_ledger, files.publish_candidate),
        ("ReleaseDamaged: is not an entry of the ledger",),
    ),
    Corruption(
        "lost ledger",
        "the ledger of releases is gone",
        Files(files.lose_ledger, files.status),
        ("Standing: which the ledger does not know",),
    ),
)
