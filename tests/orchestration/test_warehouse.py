"""Every connection has the limits and the time zone of the settings."""

from dataclasses import replace

import duckdb
import pytest

from orchestration.warehouse import connect


def test_connection_has_the_settings_limits_and_speaks_utc(settings, monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Kolkata")
    limited = replace(settings, memory_limit="300MB", threads=1)
    with connect(limited.warehouse_path, limited) as connection:
        found = connection.execute(
            "SELECT current_setting('threads'), current_setting('TimeZone'), "
            "current_setting('memory_limit'), current_setting('temp_directory')"
        ).fetchone()
    assert found == (1, "UTC", "286.1 MiB", str(settings.temp_dir))


def test_reader_of_a_file_that_is_not_there_is_told(settings):
    with pytest.raises(duckdb.IOException):
        connect(settings.warehouse_path, settings, read_only=True)


def test_reader_cannot_write(settings):
    connect(settings.warehouse_path, settings).close()
    with (
        connect(settings.warehouse_path, settings, read_only=True) as connection,
        pytest.raises(duckdb.InvalidInputException),
    ):
        connection.execute("CREATE TABLE t (i INTEGER)")
