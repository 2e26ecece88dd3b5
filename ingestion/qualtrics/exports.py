"""Exports of responses: started, waited for, and read line by line.

Holds the life of one export and what bounds it. Does not hold what is asked for, nor
what is remembered of it (`streams.py`). A file never stands in memory as a whole.
Tests: tests/ingestion/qualtrics/test_qualtrics_streams.py
"""

from __future__ import annotations

import tempfile
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from itertools import islice
from typing import Any, BinaryIO

import msgspec

from ingestion.errors import VendorUnavailable
from ingestion.http import HttpClient
from ingestion.qualtrics.api import ROOT, result_of

_ATTEMPTS = 3
_FIRST_WAIT, _LONGEST_WAIT = 0.1, 10.0
_RECORDS = 1000


class TokenRefused(Exception):
    """The continuation token is too old, or none of this survey's."""


class _Job(msgspec.Struct, rename="camel"):
    progress_id: str


class _Progress(msgspec.Struct, rename="camel"):
    status: str
    file_id: str | None = None
    continuation_token: str | None = None


@dataclass(frozen=True)
class Export:
    """A finished export.

    Attributes:
        at: The vendor's clock when it was started: it has all that was there by then.
        token: What the next export can go on from, where that was asked for.
    """

    path: str
    file: str
    at: datetime
    token: str | None


def export(
    client: HttpClient, survey: str, wishes: dict[str, Any], patience: timedelta
) -> Export | None:
    """Let the vendor make a file; None for a survey that is gone.

    Raises:
        TokenRefused: The vendor does not go on from the token among the wishes.
        SourceError: No file, after three attempts or all patience.
    """
    path = f"{ROOT}/surveys/{survey}/export-responses"
    give_up_at = time.monotonic() + patience.total_seconds()
    also: tuple[int, ...] = (HTTPStatus.NOT_FOUND,)
    if "continuationToken" in wishes:
        also += (HTTPStatus.BAD_REQUEST,)
    for _ in range(_ATTEMPTS):
        answer = client.post_json(path, wishes, also=also)
        if answer.status == HTTPStatus.NOT_FOUND:
            return None
        if answer.status == HTTPStatus.BAD_REQUEST:
            raise TokenRefused(survey)
        job = result_of(client, path, answer, _Job).progress_id
        done = _wait(client, f"{path}/{job}", give_up_at)
        if done is not None and done.file_id is not None:
            return Export(path, done.file_id, answer.at, done.continuation_token)
    raise VendorUnavailable(
        client.source,
        f"the export of {survey} failed {_ATTEMPTS} times",
        client.base_url + path,
        "Run again later. If it comes again, try an export in the vendor's own screen; "
        "nothing of this pull was kept, the lake is as it was.",
    )


def _wait(client: HttpClient, path: str, give_up_at: float) -> _Progress | None:
    """The end of a job; None when it failed or is gone.

    Only the status counts: the percentage may be 100 before it is done.
    """
    wait = _FIRST_WAIT
    while True:
        answer = client.get(path, also=(HTTPStatus.NOT_FOUND,))
        if answer.status == HTTPStatus.NOT_FOUND:
            return None
        progress: _Progress = result_of(client, path, answer, _Progress)
        if progress.status == "failed":
            return None
        if progress.status == "complete":
            return progress
        if time.monotonic() + wait >= give_up_at:
            raise VendorUnavailable(
                client.source,
                "an export took longer than it may",
                client.base_url + path,
                "Run again later, or raise SOURCES__QUALTRICS__EXPORT_MINUTES.",
            )
        time.sleep(wait)
        wait = min(2 * wait, _LONGEST_WAIT)


def records(client: HttpClient, made: Export) -> Iterator[list[msgspec.Raw]]:
    """The responses of an export, a thousand at a time, each as the vendor wrote it.

    Raises:
        SourceError: The file cannot be had, or is no archive.
    """
    path = f"{made.path}/{made.file}/file"
    with tempfile.TemporaryFile() as target:
        client.download(path, target)
        try:
            yield from _lines(target)
        except (zipfile.BadZipFile, EOFError, OSError) as error:
            problem = str(error)
        else:
            return
    raise client.bad_answer(path, f"the file of an export cannot be read: {problem}")


def _lines(target: BinaryIO) -> Iterator[list[msgspec.Raw]]:
    # More than a million responses come in several files of one archive.
    with zipfile.ZipFile(target) as archive:
        for name in archive.namelist():
            with archive.open(name) as file:
                lines = (line.strip() for line in file)
                given = (msgspec.Raw(line) for line in lines if line)
                while some := list(islice(given, _RECORDS)):
                    yield some
