"""Reviews as the site writes them, as known at an instant.

Holds their JSON, public and private, and when each last changed. Does not hold which
of them an answer lists (`paging.py`).
Tests: tests/ingestion/sandbox/test_trustpilot.py
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import orjson

from ingestion.sandbox.instants import iso, iso_or_none
from ingestion.sandbox.trustpilot import texts
from ingestion.sandbox.trustpilot.units import API, UNIT_ID, unit_reference
from ingestion.sandbox.world.identities import REVIEWS
from ingestion.sandbox.world.people import LANGUAGES
from ingestion.sandbox.world.timeline import DAY, Array
from ingestion.sandbox.world.world import World
from ingestion.sandbox.zendesk.ids import ticket_id

_COUNTRIES = ("US", "DE", "FR", "ES")
_MASK = 2**64 - 1


@dataclass(frozen=True)
class Snapshot:
    """The reviews of a world at an instant.

    Attributes:
        world: Whose reviews.
        clock: As of when, in epoch seconds.
    """

    world: World
    clock: int

    @cached_property
    def rows(self) -> Array:
        """Rows that the site shows, oldest first."""
        return self.world.reviews.visible(self.clock)

    def has_happened(self, when: Array) -> Array:
        """Tell which instants are not in the future."""
        return when <= self.clock

    def stars(self, rows: Array) -> Array:
        """Give the stars as they are now."""
        reviews = self.world.reviews
        is_edited = self.has_happened(reviews.edited[rows])
        return np.where(is_edited, reviews.stars_after[rows], reviews.stars[rows])

    def changed(self, rows: Array) -> Array:
        """Give the newest date that each record carries."""
        reviews = self.world.reviews
        newest = reviews.created[rows]
        for when in (
            reviews.edited,
            reviews.replied,
            reviews.reply_edited,
            reviews.reported,
        ):
            moment = when[rows]
            happened = np.where(self.has_happened(moment), moment, 0)
            newest = np.maximum(newest, happened)
        return newest


def review_id(world: World, row: int) -> str:
    """Give the id of a review: its instant and a number, 24 hexadecimal digits."""
    reviews = world.reviews
    return f"{int(reviews.created[row]):08x}{int(reviews.number[row]):016x}"


def render_reviews(snapshot: Snapshot, rows: Array, *, is_private: bool) -> list[bytes]:
    """Write some reviews; private answers say more about who wrote them."""
    if not len(rows):
        return []
    reviews = snapshot.world.reviews
    stars = snapshot.stars(rows).tolist()
    created = iso(reviews.created[rows])
    experienced = iso(reviews.created[rows] // DAY * DAY)
    # What has not happened yet is left out, as if it never came.
    edited, replied, rewritten, reported = (
        iso_or_none(np.where(snapshot.has_happened(when[rows]), when[rows], -1))
        for when in (
            reviews.edited,
            reviews.replied,
            reviews.reply_edited,
            reviews.reported,
        )
    )
    records = []
    for place, row in enumerate(rows.tolist()):
        record = _public(snapshot.world, row, stars[place])
        record |= _wording(snapshot.world, row, stars[place], edited[place])
        record["createdAt"] = created[place]
        record["updatedAt"] = edited[place]
        record["experiencedAt"] = experienced[place]
        record["companyReply"] = _reply(
            snapshot.world, row, replied[place], rewritten[place]
        )
        record["reportData"] = _report(reported[place])
        if is_private:
            record |= _private(snapshot.world, row)
        records.append(orjson.dumps(record))
    return records


def _public(world: World, row: int, stars: int) -> dict[str, Any]:
    reviews = world.reviews
    identifier = review_id(world, row)
    is_invited = bool(reviews.ticket[row] >= 0)
    return {
        "id": identifier,
        "consumer": _consumer(world, row),
        "businessUnit": unit_reference(),
        "location": None,
        "stars": stars,
        "language": LANGUAGES[int(reviews.language[row])],
        "source": "InvitationApi" if is_invited else "Organic",
        "status": "active",
        "isVerified": is_invited,
        "reviewVerificationLevel": "invited" if is_invited else "not-verified",
        "numberOfLikes": int(reviews.number[row]) % 4,
        "complianceLabels": [],
        "countsTowardsTrustScore": True,
        "countsTowardsLocationTrustScore": None,
        "invitation": {"businessUnitId": UNIT_ID} if is_invited else None,
        "businessUnitHistory": [],
        "links": [
            {"href": f"{API}/reviews/{identifier}", "method": "GET", "rel": "reviews"}
        ],
    }


def _consumer(world: World, row: int) -> dict[str, Any]:
    person = int(world.reviews.person[row])
    scrambled = (person + 1) * 0x9E3779B97F4A7C15 & _MASK
    identifier = f"5b{person:06x}{scrambled:016x}"
    name = world.directory.display_name(person, REVIEWS)
    country = _COUNTRIES[int(world.reviews.language[row])]
    return {
        "id": identifier,
        "displayName": name,
        "displayLocation": None if person % 4 == 0 else country,
        "numberOfReviews": 1 + person % 5,
        "links": [
            {"href": f"{API}/consumers/{identifier}", "method": "GET", "rel": "self"}
        ],
    }


def _wording(world: World, row: int, stars: int, edited: str | None) -> dict[str, str]:
    reviews = world.reviews
    language, ticket = int(reviews.language[row]), int(reviews.ticket[row])
    topic = int(world.tickets.topic[ticket]) if ticket >= 0 else -1
    title, text = texts.opinion(language, stars, topic, row)
    return {
        "title": title,
        "text": text if edited is None else text + texts.addition(language),
    }


def _reply(
    world: World, row: int, replied: str | None, rewritten: str | None
) -> dict[str, Any] | None:
    if replied is None:
        return None
    reviews = world.reviews
    text = texts.reply(
        int(reviews.language[row]),
        int(reviews.stars[row]),
        is_edited=rewritten is not None,
    )
    return {
        "text": text,
        "authorBusinessUserId": "5c0a77e1d4b2f60001a3c9e8",
        "createdAt": replied,
        "updatedAt": rewritten,
    }


def _report(reported: str | None) -> dict[str, Any] | None:
    if reported is None:
        return None
    return {
        "source": "BusinessUnit",
        "publicComment": None,
        "createdAt": reported,
        "reasons": ["notGenuineExperience"],
        "reason": "notGenuineExperience",
        "reviewVisibility": "visible",
    }


def _private(world: World, row: int) -> dict[str, Any]:
    reviews = world.reviews
    ticket, person = int(reviews.ticket[row]), int(reviews.person[row])
    has_email = bool(reviews.has_email[row])
    address = world.directory.address(person, REVIEWS) if has_email else None
    return {
        "referenceId": str(ticket_id(ticket)) if reviews.is_linked[row] else None,
        "referralEmail": address,
        "tags": [{"group": "channel", "value": "support"}] if ticket >= 0 else [],
        "findReviewer": {"isEligible": address is None, "requests": []},
    }
