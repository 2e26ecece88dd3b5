"""A large CSV file is taken in bounded memory, about as fast as DuckDB copies it.

The baseline is DuckDB's own `COPY` of the same file to Parquet, in its own process.
`CX_BENCH_ROWS` sets how many rows there are.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(0)]

ROWS = int(os.environ.get("CX_BENCH_ROWS", "10000000"))
ROUNDS = 3
AT_MOST_MIB, AT_MOST_TIMES = 1024, 1.5
MAPPING = """
entities:
  orders:
    files: "*.csv"
    columns:
      order_id: order_id
      customer_id: customer
      ordered_at: ordered_at
      amount: amount
      currency: currency
      status: status
      channel: channel
"""
_MEASURED = """
import json, resource, sys, time
from pathlib import Path
{setup}
started = time.perf_counter()
{work}
seconds = time.perf_counter() - started
mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({{"seconds": seconds, "mib": mib, "rows": rows}}))
"""
_COPY = _MEASURED.format(
    setup="import duckdb; path = Path(sys.argv[1])",
    work="""
source, target = path / "files" / "shop" / "orders.csv", path / "copy.parquet"
rows = duckdb.sql(f"COPY (FROM read_csv('{source}')) TO '{target}'") or None
""",
)
_PULL = _MEASURED.format(
    setup="from ingestion.pipelines import pull; path = Path(sys.argv[1])",
    work="""
report = pull(
    "files_shop",
    lake_url=str(path / sys.argv[2]),
    pipelines_dir=path / "dlt",
    files_dir=path / "files",
)
rows = report.streams["orders"].rows - report.streams["orders"].rejected
""",
)


def test_a_large_file_is_taken_about_as_fast_as_it_is_copied(tmp_path: Path) -> None:
    folder = tmp_path / "files" / "shop"
    folder.mkdir(parents=True)
    (folder / "mapping.yaml").write_text(MAPPING)
    _write(folder / "orders.csv")
    copies, pulls = [], []
    # In turns, so that what else the machine does falls on both.
    for number in range(ROUNDS):
        copies.append(_measured(_COPY, tmp_path))
        pulls.append(_measured(_PULL, tmp_path, f"lake{number}"))
    ratio = _best(pulls) / _best(copies)
    mib = max(one["mib"] for one in pulls)
    print(
        f"\n{ROWS:,} rows  COPY {_best(copies):.1f} s  taken {_best(pulls):.1f} s"
        f"  ratio {ratio:.2f}  {mib:.0f} MiB"
    )
    assert all(one["rows"] == ROWS for one in pulls)
    assert mib < AT_MOST_MIB
    assert ratio < AT_MOST_TIMES


def _best(rounds: list[dict[str, float]]) -> float:
    return min(one["seconds"] for one in rounds)


def _measured(code: str, *arguments: str | Path) -> dict[str, float]:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


def _write(path: Path) -> None:
    duckdb.sql(
        f"""COPY (
            SELECT
                number AS order_id,
                'C' || (number * 7919 % 500000) AS customer,
                timestamp '2023-01-01' + to_seconds(number * 9) AS ordered_at,
                (number * 31 % 100000) / 100.0 AS amount,
                ['EUR', 'USD', 'GBP'][1 + number % 3] AS currency,
                ['paid', 'refunded', 'open'][1 + number % 3] AS status,
                'web' AS channel,
                'SKU-' || (number % 1000) AS item
            FROM range({ROWS}) AS numbers (number)
        ) TO '{path}'"""
    )
