"""A process that has the warehouse loaded and forks one child for every run.

Reads one JSON request per line and answers with the pid of the child; a second request
waits for it. A child is `cx` as people type it, less the seconds of its imports. It may
be told to die at a point inside dlt that has no name of its own.
"""

import gc
import json
import os
import signal
import sys
import traceback
from pathlib import Path
from typing import Any

from dlt.destinations.impl.filesystem.filesystem import FilesystemClient

import orchestration.defs.in_process
from ingestion import pipelines
from orchestration.cli import app

assert orchestration.defs.in_process
POINTS = {
    "before complete_package": (FilesystemClient, "complete_load"),
    "between state and loads row": (FilesystemClient, "_store_load"),
    "after completion": (pipelines, "PullReport"),
}


def die(*_: Any, **__: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def child(request: dict[str, Any]) -> None:
    os.environ.update(request["environment"])
    if request["point"] in POINTS:
        owner, name = POINTS[request["point"]]
        setattr(owner, name, die)
    elif request["point"]:
        os.environ["CX_KILL_AT"] = request["point"]
    os.setsid()
    for descriptor, name in ((1, "out"), (2, "err")):
        with Path(request[name]).open("w") as file:
            os.dup2(file.fileno(), descriptor)
    app(request["arguments"], standalone_mode=True)


def main() -> None:
    # Collecting garbage would copy the parent's pages into every child.
    gc.disable()
    # Not standard output: imports may print, when dbt parses a changed project.
    answers = os.fdopen(int(sys.argv[1]), "w")
    for line in sys.stdin:
        request = json.loads(line)
        if "wait" in request:
            _, status = os.waitpid(request["wait"], 0)
            print(os.waitstatus_to_exitcode(status), file=answers, flush=True)
            continue
        pid = os.fork()
        if pid == 0:
            try:
                child(request)
            except SystemExit as stop:
                sys.stdout.flush()
                os._exit(stop.code if isinstance(stop.code, int) else 1)
            except BaseException:
                traceback.print_exc()
            os._exit(1)
        print(pid, file=answers, flush=True)


if __name__ == "__main__":
    main()
