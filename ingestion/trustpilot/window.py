"""What is known of a company's reviews between two pulls: the trailing window.

The vendor has no list of what changed: edits, replies and removals show only when old
reviews are read again. Holds how far back that goes, which versions were landed, and
what follows when a review comes back older than it was, hidden, or not at all. Does not
hold requests. Tests: tests/ingestion/trustpilot/test_window.py
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

import msgspec

from ingestion.batches import Page
from ingestion.instants import from_datetime, to_datetime, to_microseconds
from ingestion.paging import State

TRAILING = timedelta(days=30)
_NAMES = {"created": "createdAt", "updated": "updatedAt"}


class _Dated(msgspec.Struct, rename=_NAMES):
    """The dates of a part of a review; anything may stand there."""

    created: Any = None
    updated: Any = None


class _Review(
    msgspec.Struct, rename=_NAMES | {"reply": "companyReply", "report": "reportData"}
):
    """The few fields that are looked at."""

    id: str
    created: Any = None
    updated: Any = None
    reply: _Dated | None = None
    report: _Dated | None = None
    status: Any = None

    @property
    def is_hidden(self) -> bool:
        """Whether the vendor lists it but shows it to nobody."""
        return self.status not in (None, "active")


class _Known(msgspec.Struct, array_like=True):
    """What the state keeps of a review, as short as can be: there may be many."""

    created: int
    version: int
    is_gone: bool = False


class TrailingWindow:
    """The reviews of one company from 30 days before the newest one on."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._known = msgspec.convert(state.get("known", {}), dict[str, _Known])
        self._newest: int | None = to_microseconds(state.get("created_at"))
        self._begin = None if self._newest is None else self._newest - _TRAILING_US
        self._seen: set[str] = set()
        self._at: datetime | None = None

    @property
    def is_first(self) -> bool:
        """Whether nothing was ever read, so that all of history is due."""
        return self._begin is None

    @property
    def missing(self) -> list[str]:
        """Reviews that were there before and have not come up in this pull."""
        return [
            review
            for review, known in self._known.items()
            if review not in self._seen and not known.is_gone
        ]

    def begins_after(self, item: msgspec.Raw) -> bool:
        """Whether a review, and all that follow it, need not be read again."""
        return self._begin is not None and is_before(item, to_datetime(self._begin))

    def unseen(self, items: Sequence[msgspec.Raw]) -> list[msgspec.Raw]:
        """The reviews that have not come up in this pull yet."""
        found = ((item, _read(item)) for item in items)
        return [
            item
            for item, review in found
            if review is not None and review.id not in self._seen
        ]

    def pages(
        self, items: Sequence[msgspec.Raw], at: datetime, *, parent_key: str
    ) -> Iterator[Page]:
        """Turn the reviews of one answer into pages: those shown, those hidden.

        They keep their order: one that is hidden and shown again is not hidden.
        """
        self._at = at
        if not items:
            yield _page([], at, parent_key)
        taken = [self._taken(item, from_datetime(at)) for item in items]
        for are_gone, run in groupby(taken, key=lambda each: each[2]):
            records = [(item, version) for item, version, _ in run]
            yield _page(records, at, parent_key, are_gone=are_gone)

    def _taken(
        self, item: msgspec.Raw, at: int
    ) -> tuple[msgspec.Raw, int | None, bool]:
        """A review, the version that it is landed under, whether it is hidden."""
        review = _read(item)
        if review is None:
            # The envelope says what is wrong with it.
            return item, None, False
        is_gone = review.is_hidden
        return item, self._take_in(review, at, is_gone=is_gone), is_gone

    def close(self, *, parent_key: str) -> Iterator[Page]:
        """Tell what is gone, and keep what the next pull needs."""
        gone = self.missing
        if gone and self._at is not None:
            now = from_datetime(self._at)
            for review in gone:
                known = self._known[review]
                self._known[review] = _Known(known.created, now, is_gone=True)
            records = [
                (msgspec.Raw(msgspec.json.encode({"id": review})), now)
                for review in gone
            ]
            yield _page(records, self._at, parent_key, are_gone=True)
        if self._newest is not None:
            self._keep(self._newest)

    def _take_in(self, review: _Review, at: int, *, is_gone: bool) -> int:
        """Note a review; return the version under which this state of it is landed.

        A reply that was taken back, or a review that was hidden or gone for a while,
        carries older dates than what was landed last. Then the vendor's clock orders
        it, as it does a state that has no date of its own.
        """
        created = to_microseconds(review.created)
        version = _version(review)
        before = self._known.get(review.id)
        if version is None or is_gone or (before and version < before.version):
            version = at
        self._seen.add(review.id)
        if created is not None and created <= at:
            self._newest = max(created, self._newest or created)
        self._known[review.id] = _Known(
            at if created is None else created, version, is_gone
        )
        return version

    def _keep(self, newest: int) -> None:
        oldest = newest - _TRAILING_US
        self._state["created_at"] = to_datetime(newest).isoformat()
        self._state["known"] = {
            review: [known.created, known.version, known.is_gone]
            for review, known in self._known.items()
            if known.created >= oldest
        }


_TRAILING_US = TRAILING // timedelta(microseconds=1)


def is_before(item: msgspec.Raw, moment: datetime) -> bool:
    """Whether a review was written before an instant; False when it does not say."""
    review = _read(item)
    created = None if review is None else to_microseconds(review.created)
    return created is not None and created < from_datetime(moment)


def _version(review: _Review) -> int | None:
    """The newest date of a review, None when something about it has no date."""
    if review.reply is not None and to_microseconds(review.reply.created) is None:
        return None
    parts = (review, review.reply, review.report)
    texts = [text for part in parts if part for text in (part.created, part.updated)]
    moments = [to_microseconds(text) for text in texts]
    return max((moment for moment in moments if moment is not None), default=None)


def _read(item: msgspec.Raw) -> _Review | None:
    try:
        return msgspec.json.decode(item, type=_Review)
    except (msgspec.DecodeError, RecursionError):
        return None


def _page(
    records: Sequence[tuple[msgspec.Raw, int | None]],
    at: datetime,
    parent_key: str,
    *,
    are_gone: bool = False,
) -> Page:
    return Page(
        [record for record, _ in records],
        at,
        parent_key=parent_key,
        versions=[version for _, version in records],
        are_gone=are_gone,
    )
