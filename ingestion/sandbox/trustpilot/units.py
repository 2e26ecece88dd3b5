"""The company's profile on the review site.

Holds its record, with counts and score as known at an instant. Does not hold reviews.
Tests: tests/ingestion/sandbox/test_trustpilot.py
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ingestion.sandbox.world.contacts import COMPANY_DOMAIN
from ingestion.sandbox.world.timeline import Array

API = "https://api.trustpilot.com/v1"
UNIT_ID = "5f3a9c1be07d4400018e2b17"
UNIT_NAME = "Northlight"
REFERRING = (COMPANY_DOMAIN, f"www.{COMPANY_DOMAIN}")
_COUNTS = ("oneStar", "twoStars", "threeStars", "fourStars", "fiveStars")


def unit_reference() -> dict[str, Any]:
    """Name the company inside another record."""
    return {
        "id": UNIT_ID,
        "identifyingName": COMPANY_DOMAIN,
        "displayName": UNIT_NAME,
        "links": [_link()],
    }


def unit_record(stars: Array) -> dict[str, Any]:
    """Write the profile, given the stars of all reviews that are shown."""
    counts = np.bincount(stars, minlength=6)[1:].tolist()
    # The score starts as if there were seven reviews of 3.5 stars.
    score = round((7 * 3.5 + float(stars.sum())) / (7 + len(stars)), 1)
    return {
        "id": UNIT_ID,
        "displayName": UNIT_NAME,
        "name": {"identifying": COMPANY_DOMAIN, "referring": list(REFERRING)},
        "websiteUrl": f"https://www.{COMPANY_DOMAIN}",
        "country": "US",
        "numberOfReviews": {
            "total": len(stars),
            "usedForTrustScoreCalculation": len(stars),
            **dict(zip(_COUNTS, counts, strict=True)),
        },
        "status": "active",
        "score": {"trustScore": score, "stars": round(2 * score) / 2},
        "links": [_link()],
    }


def _link() -> dict[str, str]:
    return {
        "href": f"{API}/business-units/{UNIT_ID}",
        "method": "GET",
        "rel": "business-units",
    }
