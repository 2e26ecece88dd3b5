"""Exports of responses: jobs, their progress and their files.

Holds the jobs of one sandbox, in memory. Does not hold HTTP (`routes.py`).
Tests: tests/ingestion/sandbox/test_qualtrics.py
"""

from __future__ import annotations

import io
import threading
import uuid
import zipfile
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ingestion.sandbox.clock import Clock
from ingestion.sandbox.qualtrics.errors import not_found
from ingestion.sandbox.qualtrics.ids import code
from ingestion.sandbox.qualtrics.options import Options, write_token
from ingestion.sandbox.qualtrics.responses import (
    as_table,
    by_change,
    known,
    render_responses,
    response_values,
)
from ingestion.sandbox.qualtrics.surveys import Survey
from ingestion.sandbox.world.timeline import Array
from ingestion.sandbox.world.world import World

_PAGE = 1000
# How often a job says that it is still at work, the last time with 100 per cent.
_POLLS = 2


@dataclass(frozen=True)
class _Job:
    survey: Survey
    options: Options
    clock: int
    file: str
    polls: int = 0


class Exports:
    """The jobs that were started and the files that they made."""

    def __init__(self, world: World, clock: Clock) -> None:
        self._world = world
        self._clock = clock
        self._jobs: dict[str, _Job] = {}
        # Requests are answered in several threads.
        self._lock = threading.Lock()

    def start(self, survey: Survey, options: Options) -> dict[str, Any]:
        """Start a job."""
        job = _Job(survey, options, self._clock.seconds, str(uuid.uuid4()))
        progress = "ES_" + code(uuid.uuid4().int % 2**64)
        with self._lock:
            self._jobs[progress] = job
        return {"progressId": progress, "percentComplete": 0.0, "status": "inProgress"}

    def progress(self, survey: Survey, progress: str) -> dict[str, Any]:
        """Tell how far a job is; one with a filter that does not exist fails."""
        with self._lock:
            job = self._jobs.get(progress)
            if job is None or job.survey is not survey:
                raise not_found("The export")
            self._jobs[progress] = replace(job, polls=job.polls + 1)
        if job.polls < _POLLS:
            percent = 100.0 * (job.polls + 1) / _POLLS
            return {"percentComplete": percent, "status": "inProgress"}
        if job.options.filter is not None:
            return {"fileId": None, "percentComplete": 100.0, "status": "failed"}
        token = {}
        if job.options.continues:
            token = {"continuationToken": write_token(survey, job.clock)}
        done = {"fileId": job.file, "percentComplete": 100.0, "status": "complete"}
        return done | token

    def file(self, survey: Survey, file: str) -> tuple[str, bytes, bool]:
        """Give a file of a job that is complete: its name, content, whether zipped."""
        with self._lock:
            jobs = [job for job in self._jobs.values() if job.file == file]
        if not jobs or jobs[0].survey is not survey or jobs[0].polls <= _POLLS:
            raise not_found("The file")
        job = jobs[0]
        name, content = f"{survey.name}.{job.options.format}", self._content(job)
        if not job.options.compress:
            return name, content, False
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, content)
        return f"{survey.name}.zip", target.getvalue(), True

    def _content(self, job: _Job) -> bytes:
        rows, options = self._rows(job), job.options
        if options.format in ("csv", "tsv"):
            mark = "," if options.format == "csv" else "\t"
            values = response_values(
                self._world, job.survey, rows, job.clock, options.by_change
            )
            table = as_table(job.survey, values, mark, with_change=options.by_change)
            return table.encode()
        records = []
        for low in range(0, len(rows), _PAGE):
            records += render_responses(
                self._world,
                job.survey,
                rows[low : low + _PAGE],
                job.clock,
                with_change=options.by_change,
            )
        if options.format == "ndjson":
            return b"".join(record + b"\n" for record in records)
        return b'{"responses":[' + b",".join(records) + b"]}"

    def _rows(self, job: _Job) -> Array:
        """Select responses by the date that they are sorted by."""
        options, answers = job.options, self._world.campaigns.answers
        if options.by_change:
            rows = by_change(self._world, job.survey, job.clock)
            dates = answers.changed(job.clock)[rows]
        else:
            rows = known(self._world, job.survey, job.clock)
            dates = answers.recorded[rows]
        # Every response of the world is recorded as soon as it is known.
        kept = np.full(len(rows), not options.in_progress)
        if options.start is not None:
            kept &= dates >= options.start
        if options.end is not None:
            kept &= dates < options.end
        if options.after is not None:
            kept &= dates > options.after
        return rows[kept][: options.limit]
