"""What the CRM knows at an instant: which objects there are, and what links them.

Holds the rows of every kind at the clock with their dates, and links in both
directions. Does not hold pages, properties or JSON.
Tests: tests/ingestion/sandbox/test_hubspot_objects.py
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from ingestion.sandbox.hubspot.ids import (
    CALLS,
    COMPANIES,
    CONTACTS,
    DEALS,
    EMAILS,
    FEEDBACK,
    MEETINGS,
    NOTES,
    fractions,
)
from ingestion.sandbox.world.crm.contacts import campaigns_of
from ingestion.sandbox.world.crm.links import Links
from ingestion.sandbox.world.crm.lives import Lives
from ingestion.sandbox.world.timeline import Array
from ingestion.sandbox.world.world import World

# Both ends of every kind of link that there is.
ENDS = {
    (CONTACTS, COMPANIES): "contact_companies",
    (DEALS, CONTACTS): "deal_contacts",
    (DEALS, COMPANIES): "deal_companies",
    (FEEDBACK, CONTACTS): "feedback_submission_contacts",
    (CALLS, CONTACTS): "call_contacts",
    (MEETINGS, CONTACTS): "meeting_contacts",
    (EMAILS, CONTACTS): "email_contacts",
    (NOTES, CONTACTS): "note_contacts",
}
# Type numbers by direction: of the primary link, and of any.
TYPES = {
    (CONTACTS, COMPANIES): (1, 279),
    (COMPANIES, CONTACTS): (2, 280),
    (DEALS, CONTACTS): (None, 3),
    (CONTACTS, DEALS): (None, 4),
    (DEALS, COMPANIES): (5, 341),
    (COMPANIES, DEALS): (6, 342),
    (FEEDBACK, CONTACTS): (None, 98),
    (CONTACTS, FEEDBACK): (None, 97),
    (CALLS, CONTACTS): (None, 194),
    (CONTACTS, CALLS): (None, 193),
    (MEETINGS, CONTACTS): (None, 200),
    (CONTACTS, MEETINGS): (None, 199),
    (EMAILS, CONTACTS): (None, 198),
    (CONTACTS, EMAILS): (None, 197),
    (NOTES, CONTACTS): (None, 202),
    (CONTACTS, NOTES): (None, 201),
}


@dataclass(frozen=True)
class Shelf:
    """Objects of one kind; `live` and `archived` are rows, ascending.

    `created`, `updated` and `gone` hold one instant per row of the world, in
    milliseconds; `merges` lists who lost to whom by now.
    """

    live: Array
    archived: Array
    created: Array
    updated: Array
    gone: Array
    merges: dict[int, list[int]]

    def is_live(self, row: int) -> bool:
        """Tell whether a row is among the live ones."""
        place = int(np.searchsorted(self.live, row))
        return place < len(self.live) and int(self.live[place]) == row


@dataclass(frozen=True)
class Neighbours:
    """Links of one direction, sorted by where they start."""

    low: Array
    high: Array
    is_primary: Array

    def of(self, row: int) -> list[tuple[int, bool]]:
        """Give where a row is linked to, and whether each link is the primary one."""
        start = int(np.searchsorted(self.low, row, "left"))
        stop = int(np.searchsorted(self.low, row, "right"))
        places = slice(start, stop)
        return list(
            zip(self.high[places].tolist(), self.is_primary[places].tolist(),
                strict=True)
        )  # fmt: skip


class Snapshot:
    """The world as the CRM has it at one instant."""

    def __init__(self, world: World, clock: int) -> None:
        self.world = world
        self.crm = world.crm
        self.clock = clock
        self._shelves: dict[str, Shelf] = {}
        self._neighbours: dict[tuple[str, str], Neighbours] = {}

    def shelf(self, kind: str) -> Shelf:
        """Give the objects of a kind."""
        if kind not in self._shelves:
            campaigns = campaigns_of(self.world.span)
            lives = self.crm.lives[kind]
            self._shelves[kind] = _shelf(kind, lives, self.clock, campaigns)
        return self._shelves[kind]

    def neighbours(self, start: str, end: str) -> Neighbours | None:
        """Give the links from one kind to another, None where there are none."""
        if (start, end) not in TYPES:
            return None
        if (start, end) not in self._neighbours:
            made = self._made_neighbours(start, end)
            self._neighbours[start, end] = made
        return self._neighbours[start, end]

    def _made_neighbours(self, start: str, end: str) -> Neighbours:
        if (start, end) in ENDS:
            links = self.crm.links[ENDS[start, end]]
            return _neighbours(links, links.low, links.high, self.clock)
        links = self.crm.links[ENDS[end, start]]
        return _neighbours(links, links.high, links.low, self.clock)

    @cached_property
    def workplaces(self) -> dict[int, int]:
        """Primary company of every contact that has one."""
        links = self.crm.links["contact_companies"]
        now = (
            links.is_primary & (links.since <= self.clock) & (links.until > self.clock)
        )
        return dict(zip(links.low[now].tolist(), links.high[now].tolist(), strict=True))


def _shelf(kind: str, lives: Lives, clock: int, campaigns: tuple[int, int]) -> Shelf:
    before = fractions(kind, np.arange(len(lives)))
    known = lives.created <= clock
    gone = known & (lives.archived <= clock)
    merges: dict[int, list[int]] = {}
    for loser in np.flatnonzero(gone & (lives.merged_into >= 0)).tolist():
        merges.setdefault(int(lives.merged_into[loser]), []).append(loser)
    updated = lives.updated(clock)
    # What many were changed by at once has one and the same time.
    at_once = np.isin(updated, campaigns) & (updated > lives.created)
    return Shelf(
        live=np.flatnonzero(known & ~gone),
        archived=np.flatnonzero(gone),
        created=lives.created * 1000 - before,
        updated=updated * 1000 - np.where(at_once, 0, before),
        gone=np.where(gone, lives.archived, 0) * 1000 - before,
        merges=merges,
    )


def _neighbours(links: Links, low: Array, high: Array, clock: int) -> Neighbours:
    now = np.flatnonzero((links.since <= clock) & (links.until > clock))
    order = now[np.lexsort((high[now], low[now]))]
    return Neighbours(low[order], high[order], links.is_primary[order])


class Snapshots:
    """The last few snapshots of one world, since clocks mostly stand still."""

    def __init__(self, world: World) -> None:
        self._at = lru_cache(maxsize=6)(lambda clock: Snapshot(world, clock))

    def at(self, clock: int) -> Snapshot:
        """Give the snapshot at an instant."""
        return self._at(clock)
