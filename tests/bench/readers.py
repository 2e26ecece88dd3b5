"""Ways to read the same answers, each in a process of its own.

    readers.py pull SOURCE FOLDER       pull, as a run does
    readers.py ours SOURCE FOLDER       the same; writes down the requests
    readers.py bare SOURCE FOLDER       the same, in a bare loop
    readers.py by_rows SOURCE FOLDER    the same, through dlt row by row

Each prints one line of JSON: records, seconds of CPU between imports and the end, and
the peak of memory. Holds the readers; `test_ingest.py` compares them.
"""

from __future__ import annotations

import io
import json
import resource
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dlt
import httpx
import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from ingestion.http import HttpClient
from ingestion.pipelines import pull

_ROWS_PER_GROUP = 20_000
Request = tuple[str, str, dict[str, str], str]


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def only_pull(source: str, folder: Path) -> int:
    """Pull, and nothing else."""
    report = pull(source, lake_url=str(folder / "lake"), pipelines_dir=folder / "dlt")
    return sum(stream.rows for stream in report.streams.values())


def ours(source: str, folder: Path) -> int:
    """Pull, and write down what was asked for in the order of asking."""
    asked: list[Request] = []
    send = HttpClient._send

    def noting(self: HttpClient, *args: Any) -> Any:
        response, failure = send(self, *args)
        if response is not None:
            sent = response.request
            body = sent.body.decode() if isinstance(sent.body, bytes) else sent.body
            asked.append((sent.method, sent.url, dict(sent.headers), body or ""))
        return response, failure

    HttpClient._send = noting
    records = only_pull(source, folder)
    (folder / "asked.json").write_text(json.dumps(asked))
    return records


def pages(folder: Path) -> Iterator[list[Any]]:
    """Ask for all of it again, and give the records of each answer."""
    asked: list[Request] = json.loads((folder / "asked.json").read_text())
    with httpx.Client(timeout=60) as client:
        for method, url, headers, body in asked:
            headers.pop("Content-Length", None)
            answer = client.request(method, url, headers=headers, content=body or None)
            yield from records_of(answer.content)


def records_of(content: bytes) -> Iterator[list[Any]]:
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = archive.read(archive.namelist()[0])
        yield [orjson.loads(line) for line in content.splitlines() if line]
        return
    found = orjson.loads(content) if content else {}
    if "result" in found and isinstance(found["result"], dict):
        found = found["result"]
    lists = [v for v in found.values() if isinstance(v, list)] if found else []
    # The records are what an answer has most of; sideloads stand beside them.
    yield max(lists, key=len, default=[]) if isinstance(found, dict) else []


def bare(source: str, folder: Path) -> int:
    """One row per record: its key and the record as text, in groups of rows."""
    schema = pa.schema([("key", pa.string()), ("payload", pa.string())])
    keys: list[str] = []
    payloads: list[bytes] = []
    count = 0
    with pq.ParquetWriter(folder / "bare.parquet", schema) as writer:
        for records in _with_end(pages(folder)):
            for record in records or ():
                if isinstance(record, dict):
                    keys.append(str(record.get("id")))
                    payloads.append(orjson.dumps(record))
            if keys and (records is None or len(keys) >= _ROWS_PER_GROUP):
                told = pa.array(payloads, pa.binary()).cast(pa.string())
                writer.write_table(pa.table([pa.array(keys), told], schema=schema))
                count += len(keys)
                keys, payloads = [], []
    return count


def _with_end(found: Iterator[list[Any]]) -> Iterator[list[Any] | None]:
    yield from found
    yield None


def by_rows(source: str, folder: Path) -> int:
    """Hand dlt each record as a dict, and let it do as it does by default."""
    count = 0

    @dlt.resource(name="records", write_disposition="append")
    def records() -> Iterator[Any]:
        nonlocal count
        for page in pages(folder):
            for record in page:
                if isinstance(record, dict):
                    count += 1
                    yield record

    pipeline = dlt.pipeline(
        f"{source}_by_rows",
        pipelines_dir=str(folder / "dlt"),
        destination=dlt.destinations.duckdb(str(folder / "by_rows.duckdb")),
        dataset_name="rows",
    )
    pipeline.run(records())
    return count


def main() -> None:
    way, source, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    before = cpu()
    ways = {"pull": only_pull, "ours": ours, "bare": bare, "by_rows": by_rows}
    records = ways[way](source, folder)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told = {"records": records, "seconds": cpu() - before, "mib": peak}
    sys.stdout.write("\n" + json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
