"""Ways to harm files: those of the lake, of a candidate, of a release.

Holds one function per harm, and what a person does next. Does not hold who notices.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.publication.candidate import build_candidate
from orchestration.publication.layout import audit_path, candidate_dir, ledger_path
from orchestration.publication.link import standing
from orchestration.publication.publish import publish
from orchestration.publication.query import run_query
from orchestration.publication.releases import rollback
from orchestration.settings import Settings
from tests.gate.lakes import FIRST_LOAD, SECOND_LOAD

RELEASE, CANDIDATE = "r000001", "r000002"


# The lake.


def data_files(lake: Path, table: str, load_id: str) -> list[Path]:
    source, _, name = table.partition(".")
    return sorted((lake / source / name).glob(f"{load_id}.*.parquet"))


def data_file(lake: Path, table: str, load_id: str = SECOND_LOAD) -> Path:
    (path,) = data_files(lake, table, load_id)
    return path


def status_file(lake: Path, source: str, load_id: str = FIRST_LOAD) -> Path:
    return lake / source / "_dlt_loads" / f"{source}__{load_id}.jsonl"


def lose_file(lake: Path) -> None:
    data_file(lake, "zendesk.tickets").unlink()


def lose_table(lake: Path) -> None:
    shutil.rmtree(lake / "zendesk" / "users")


def lose_log(lake: Path) -> None:
    data_file(lake, "zendesk.pulls").unlink()


def double_file(lake: Path) -> None:
    path = data_file(lake, "zendesk.tickets")
    shutil.copyfile(path, path.with_name(f"{SECOND_LOAD}.ffffffffff.parquet"))


def double_load(lake: Path) -> None:
    again = "1999999999.000001"
    for path in (lake / "zendesk").rglob(f"{SECOND_LOAD}.*.parquet"):
        shutil.copyfile(path, path.with_name(path.name.replace(SECOND_LOAD, again)))
    row = json.loads(status_file(lake, "zendesk", SECOND_LOAD).read_text())
    status_file(lake, "zendesk", again).write_text(
        json.dumps({**row, "load_id": again})
    )


def halve_file(lake: Path) -> None:
    path = data_file(lake, "zendesk.tickets")
    table = pq.read_table(path)
    pq.write_table(table.slice(0, table.num_rows // 2), path)


def add_foreign_file(lake: Path) -> None:
    target = lake / "zendesk" / "tickets" / f"{SECOND_LOAD}.ffffffffff.parquet"
    shutil.copyfile(data_file(lake, "zendesk.users"), target)


def swap_files(lake: Path) -> None:
    _swap(data_file(lake, "zendesk.tickets"), data_file(lake, "zendesk.ticket_events"))


def rename_file(lake: Path) -> None:
    path = data_file(lake, "zendesk.tickets")
    path.rename(path.with_name("1999999999.000001.0000000000.parquet"))


def lose_status(lake: Path) -> None:
    status_file(lake, "zendesk").unlink()


def change_status(lake: Path) -> None:
    path = status_file(lake, "zendesk")
    path.write_text(json.dumps({**json.loads(path.read_text()), "status": 1}))


def tear_status(lake: Path) -> None:
    path = status_file(lake, "typeform")
    os.truncate(path, path.stat().st_size // 2)


def change_record(lake: Path) -> None:
    path = data_file(lake, "zendesk.ticket_events", FIRST_LOAD)
    table = pq.read_table(path)
    payloads = table["payload"].to_pylist()
    payloads[0] = payloads[0].replace("1", "2", 1)
    place = table.schema.get_field_index("payload")
    changed = table.set_column(place, table.schema.field(place), pa.array(payloads))
    pq.write_table(changed, path)


def turn_seq_round(lake: Path) -> None:
    path = data_file(lake, "zendesk.tickets", FIRST_LOAD)
    table = pq.read_table(path)
    place = table.schema.get_field_index("seq")
    turned = pa.array(table["seq"].to_pylist()[::-1])
    pq.write_table(table.set_column(place, table.schema.field(place), turned), path)


def truncate_file(lake: Path) -> None:
    truncate(data_file(lake, "zendesk.tickets", FIRST_LOAD))


def flip_footer(lake: Path) -> None:
    path = data_file(lake, "zendesk.tickets")
    content = bytearray(path.read_bytes())
    content[-20:-8] = bytes(byte ^ 0xFF for byte in content[-20:-8])
    path.write_bytes(content)


def empty_file(lake: Path) -> None:
    os.truncate(data_file(lake, "zendesk.tickets"), 0)


def add_junk(lake: Path) -> None:
    junk = lake / "zendesk" / "tickets" / f"{SECOND_LOAD}.ffffffffff.parquet"
    junk.write_text("ticket_id,status\n1,open\n")


def drop_column(lake: Path) -> None:
    path = data_file(lake, "zendesk.tickets")
    pq.write_table(pq.read_table(path).drop_columns(["payload"]), path)


def unpull_typeform(lake: Path) -> None:
    for path in (lake / "typeform").rglob(f"*{SECOND_LOAD}*"):
        path.unlink()


# A candidate.


def truncate(path: Path) -> None:
    path.chmod(0o644)
    os.truncate(path, path.stat().st_size // 2)


def candidate_file(settings: Settings, name: str = "cx.duckdb") -> Path:
    return candidate_dir(settings, CANDIDATE) / name


def edit_candidate(settings: Settings) -> None:
    _change(candidate_file(settings), "UPDATE marts.fct_tickets SET csat = 1")


def add_table(settings: Settings) -> None:
    _change(candidate_file(settings), "CREATE TABLE marts.more AS SELECT 1 AS one")


def remove_parquet(settings: Settings) -> None:
    candidate_file(settings, "parquet/fct_tickets.parquet").unlink()


def swap_parquet(settings: Settings) -> None:
    _swap(
        candidate_file(settings, "parquet/fct_tickets.parquet"),
        candidate_file(settings, "parquet/dim_date.parquet"),
    )


def leave_log(settings: Settings) -> None:
    candidate_file(settings, "cx.duckdb.wal").write_bytes(b"of another build")


def truncate_candidate(settings: Settings) -> None:
    truncate(candidate_file(settings))


def flip_personal(settings: Settings) -> None:
    path = candidate_file(settings, "cx_pii.duckdb")
    path.chmod(0o644)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


def link_file(settings: Settings) -> None:
    path = candidate_file(settings)
    elsewhere = settings.data_dir / "elsewhere.duckdb"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)


def edit_manifest(settings: Settings) -> None:
    _edit_manifest(
        candidate_file(settings, "manifest.json"), as_of="2030-01-01T00:00:00Z"
    )


def rebuild(settings: Settings) -> None:
    audit = audit_path(settings, CANDIDATE)
    kept = audit.read_bytes()
    audit.unlink()
    shutil.rmtree(candidate_dir(settings, CANDIDATE))
    assert build_candidate(settings, code_version="another").release_id == CANDIDATE
    audit.write_bytes(kept)


def wrong_fingerprint(settings: Settings) -> None:
    """Needs a new audit: that one is the first to compare."""
    path = candidate_file(settings, "manifest.json")
    manifest = json.loads(path.read_text())
    manifest["tables"]["marts.fct_tickets"]["digest"] = "of other rows"
    _write(path, manifest)


def lose_audit(settings: Settings) -> None:
    audit_path(settings, CANDIDATE).unlink()


def forge_verdict(settings: Settings) -> None:
    path = audit_path(settings, CANDIDATE)
    record = json.loads(path.read_text())
    record["checks"][0] |= {"success": False, "severity": "error"}
    assert record["passed"]
    path.write_text(json.dumps(record))


def borrow_audit(settings: Settings) -> None:
    shutil.copyfile(audit_path(settings, RELEASE), audit_path(settings, CANDIDATE))


# What is published.


def relink(settings: Settings, target: str) -> None:
    settings.published_link.unlink()
    settings.published_link.symlink_to(target)


def link_to_candidate(settings: Settings) -> None:
    relink(settings, f"releases/.candidate_{CANDIDATE}")


def link_to_forgery(settings: Settings) -> None:
    shutil.copytree(
        candidate_dir(settings, CANDIDATE), settings.releases_dir / "r000009"
    )
    relink(settings, "releases/r000009")


def link_to_nowhere(settings: Settings) -> None:
    relink(settings, "releases/r000007")


def folder_for_link(settings: Settings) -> None:
    release = settings.published_link.resolve()
    settings.published_link.unlink()
    shutil.copytree(release, settings.published_link)


def edit_published_manifest(settings: Settings) -> None:
    path = settings.releases_dir / RELEASE / "manifest.json"
    _edit_manifest(path, as_of="2030-01-01")


def edit_release(settings: Settings) -> None:
    path = settings.releases_dir / RELEASE / "cx.duckdb"
    _change(path, "UPDATE marts.fct_tickets SET csat = 1")


def garble_ledger(settings: Settings) -> None:
    path = ledger_path(settings)
    path.write_text("published r000001, I think\n" + path.read_text())


def lose_ledger(settings: Settings) -> None:
    ledger_path(settings).unlink()


# What a person does next.


def publish_candidate(settings: Settings) -> None:
    publish(settings, CANDIDATE)


def read(settings: Settings) -> None:
    run_query(settings, "SELECT count(*) FROM marts.fct_tickets")


def roll_back(settings: Settings) -> None:
    rollback(settings, RELEASE)


class Standing(Exception):
    """What is wrong with the link, as `cx status` tells."""


def status(settings: Settings) -> None:
    problem = standing(settings).problem
    if problem:
        raise Standing(problem)


def _swap(one: Path, other: Path) -> None:
    aside = one.with_name("aside")
    one.rename(aside)
    other.rename(one)
    aside.rename(other)


def _change(path: Path, statement: str) -> None:
    path.chmod(0o644)
    with duckdb.connect(str(path)) as connection:
        connection.execute(statement)


def _edit_manifest(path: Path, **fields: str) -> None:
    _write(path, json.loads(path.read_text()) | fields)


def _write(path: Path, content: object) -> None:
    path.chmod(0o644)
    path.write_text(json.dumps(content))
