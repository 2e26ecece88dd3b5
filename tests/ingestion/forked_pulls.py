"""A process that has dlt loaded and forks one child for every pull it is asked for.

Reads one JSON request per line; answers with the child's exit code (-9 when it was
killed). A request may name a point at which the child kills itself, as a crash would:
no clean-up, no buffers flushed.
"""

import gc
import importlib
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dlt.destinations.impl.filesystem.filesystem import (
    FilesystemClient,
    FilesystemLoadJob,
)
from dlt.pipeline.pipeline import Pipeline

import ingestion.lake
from ingestion import pipelines
from ingestion.stream import Progress

# What a pull imports on its way: here once, not in every child.
for module in ("dlt._workspace", "fsspec.implementations.local", "pyarrow.parquet"):
    importlib.import_module(module)
importlib.import_module("pandas")


def die(*_: Any, **__: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def replace(owner: Any, name: str, instead: Callable[..., Any]) -> None:
    """Put a function in the place of another, which it gets as first argument."""
    original = getattr(owner, name)
    setattr(owner, name, lambda *args, **more: instead(original, *args, **more))


def at_page(number: int) -> None:
    seen = []

    def on_progress(progress: Progress) -> None:
        seen.append(progress)
        if len(seen) == number:
            die()

    replace(
        pipelines,
        "_source",
        lambda original, name, streams, reports, _, window: original(
            name, streams, reports, on_progress, window
        ),
    )


def after_jobs(number: int) -> None:
    done = []

    def run(original: Callable[..., Any], job: Any) -> None:
        original(job)
        done.append(job)
        if len(done) == number:
            die()

    replace(FilesystemLoadJob, "run", run)


def inside_job() -> None:
    def run(_: Callable[..., Any], job: Any) -> None:
        target = Path(job.make_remote_path())
        target.parent.mkdir(parents=True, exist_ok=True)
        content = Path(job._file_path).read_bytes()
        target.write_bytes(content[: len(content) // 2])
        die()

    replace(FilesystemLoadJob, "run", run)


def inside_file(folder: str) -> None:
    """Cut off the write of a bookkeeping file."""

    def write(original: Callable[..., Any], client: Any, path: str, data: Any) -> None:
        if folder in path:
            Path(path).write_text(json.dumps(data, default=str)[:20])
            die()
        original(client, path, data)

    replace(FilesystemClient, "_write_to_json_file", write)


def at(owner: Any, name: str) -> None:
    setattr(owner, name, die)


POINTS: dict[str, Callable[[], None]] = {
    "at the 3rd page": lambda: at_page(3),
    "after extract": lambda: at(Pipeline, "normalize"),
    "after normalize": lambda: at(Pipeline, "load"),
    "inside the 1st load job": inside_job,
    "after the 1st load job": lambda: after_jobs(1),
    "after the 3rd load job": lambda: after_jobs(3),
    "before complete_package": lambda: at(FilesystemClient, "complete_load"),
    "inside the schema file": lambda: inside_file("_dlt_version"),
    "inside the state file": lambda: inside_file("_dlt_pipeline_state"),
    "between state and loads row": lambda: at(FilesystemClient, "_store_load"),
    "inside the loads row": lambda: inside_file("_dlt_loads"),
    "after completion": lambda: at(pipelines, "PullReport"),
}


def child(request: dict[str, Any]) -> None:
    os.environ.update(request["environment"])
    # One job after the other: "the 3rd job" is then always the same one.
    os.environ["LOAD__WORKERS"] = "1"
    if not request.get("purge", True):
        ingestion.lake.Lake.purge_uncommitted_state = lambda *_: []
    if request.get("kill_at"):
        POINTS[request["kill_at"]]()
    pipelines.pull(
        request["source"],
        lake_url=request["lake_url"],
        pipelines_dir=Path(request["pipelines_dir"]),
    )


def main() -> None:
    # Collecting garbage would copy the parent's pages into every child.
    gc.disable()
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            try:
                child(json.loads(line))
            except BaseException:
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        _, status = os.waitpid(pid, 0)
        print(json.dumps(os.waitstatus_to_exitcode(status)), flush=True)


if __name__ == "__main__":
    main()
