"""The key ledger is append-only and survives a crash."""

from __future__ import annotations

from orchestration.identity.ledger import append_to_ledger, ledger_dir, read_ledger
from orchestration.warehouse import connect


def _append(settings, *rows: tuple[str, str, str]) -> int:
    with connect(None, settings) as connection:
        connection.execute(
            "CREATE TABLE rows (source VARCHAR, source_id VARCHAR, "
            "customer_key VARCHAR)"
        )
        for row in rows:
            connection.execute("INSERT INTO rows VALUES (?, ?, ?)", row)
        return append_to_ledger(connection, settings, "rows")


def _ledger(settings) -> list[tuple]:
    with connect(None, settings) as connection:
        read_ledger(connection, settings)
        return connection.execute("SELECT * FROM ledger ORDER BY ALL").fetchall()


def test_ledger_without_segments_is_empty(people):
    assert _ledger(people.settings) == []


def test_segments_are_added_never_rewritten(people):
    assert _append(people.settings, ("zendesk", "1", "cus_a")) == 1
    first = next(ledger_dir(people.settings).glob("*.parquet"))
    content = first.read_bytes()
    assert _append(people.settings, ("zendesk", "2", "cus_b")) == 1
    assert first.read_bytes() == content
    assert _ledger(people.settings) == [
        ("zendesk", "1", "cus_a", 1),
        ("zendesk", "2", "cus_b", 2),
    ]


def test_nothing_to_add_makes_no_segment(people):
    assert _append(people.settings) == 0
    assert not ledger_dir(people.settings).exists()


def test_segment_that_was_cut_off_is_not_read(people):
    _append(people.settings, ("zendesk", "1", "cus_a"))
    folder = ledger_dir(people.settings)
    (folder / ".00000002.parquet.unfinished").write_bytes(b"PAR1 torn")
    assert _ledger(people.settings) == [("zendesk", "1", "cus_a", 1)]
    assert _append(people.settings, ("zendesk", "2", "cus_b")) == 1
    assert len(_ledger(people.settings)) == 2
