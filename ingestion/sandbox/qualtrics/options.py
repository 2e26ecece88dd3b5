"""What a caller may ask of an export, and which wishes exclude each other.

Holds the checks of the body and the continuation token. Does not hold jobs
(`exports.py`). Tests: tests/ingestion/sandbox/test_qualtrics.py
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from ingestion.sandbox.qualtrics.errors import invalid
from ingestion.sandbox.qualtrics.surveys import Survey
from ingestion.sandbox.world.timeline import DAY

FORMATS = ("csv", "tsv", "json", "ndjson")
TOKEN_DAYS = 7
_OBJECTS = ("json", "ndjson")
_BY_CHANGE = "sortByLastModifiedDate"
_LABEL_COLUMNS = "includeLabelColumns"
_IN_PROGRESS = "exportResponsesInProgress"
_TABLES_ONLY = (
    "useLabels",
    "includeDisplayOrder",
    "formatDecimalAsComma",
    "seenUnansweredRecode",
    "multiselectSeenUnansweredRecode",
    "timeZone",
    "newlineReplacement",
    "breakoutSets",
)
# Names are case sensitive; any other is refused.
_NAMES = {
    *_TABLES_ONLY,
    _LABEL_COLUMNS,
    _IN_PROGRESS,
    "format",
    "startDate",
    "endDate",
    "limit",
    "compress",
    "questionIds",
    "embeddedDataIds",
    "surveyMetadataIds",
    "filterId",
    _BY_CHANGE,
    "allowContinuation",
    "continuationToken",
}


@dataclass(frozen=True)
class Options:
    """One export; instants in epoch seconds, `end` is not in it.

    `after` is where the export before this one ended; `in_progress` asks for what is
    not recorded yet, and for nothing else.
    """

    format: str
    start: int | None = None
    end: int | None = None
    after: int | None = None
    limit: int | None = None
    compress: bool = True
    by_change: bool = False
    continues: bool = False
    filter: str | None = None
    in_progress: bool = False


def read_options(body: bytes, survey: Survey, clock: int) -> Options:
    """Check a body.

    Raises:
        VendorError: It asks for what the vendor refuses.
    """
    try:
        wishes = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise invalid("The request body is not valid JSON.") from error
    if not isinstance(wishes, dict) or set(wishes) - _NAMES:
        raise invalid("The request body has unknown parameters.")
    kind = wishes.get("format")
    if kind not in FORMATS:
        raise invalid("format must be csv, tsv, json or ndjson.")
    if kind in _OBJECTS and not wishes.keys().isdisjoint(_TABLES_ONLY):
        raise invalid(f"These are not allowed with {kind}: {', '.join(_TABLES_ONLY)}.")
    if _flag(wishes, "useLabels") and _flag(wishes, _LABEL_COLUMNS):
        raise invalid(f"useLabels excludes {_LABEL_COLUMNS}.")
    token, by_change = wishes.get("continuationToken"), _flag(wishes, _BY_CHANGE)
    continues = token is not None or _flag(wishes, "allowContinuation")
    if "filterId" in wishes and (continues or by_change):
        raise invalid(
            "filterId excludes allowContinuation, continuationToken and "
            "sortByLastModifiedDate."
        )
    return Options(
        format=kind,
        start=_instant(wishes, "startDate"),
        end=_instant(wishes, "endDate"),
        after=None if token is None else _read_token(token, survey, clock),
        limit=_limit(wishes),
        compress=_flag(wishes, "compress", default=True),
        by_change=by_change,
        continues=continues,
        filter=wishes.get("filterId"),
        in_progress=_flag(wishes, _IN_PROGRESS),
    )


def write_token(survey: Survey, clock: int) -> str:
    """Write the token of an export that ended at the clock."""
    text = orjson.dumps([survey.id, clock])
    return base64.urlsafe_b64encode(text).decode()


def _read_token(token: Any, survey: Survey, clock: int) -> int:
    try:
        of, ended = orjson.loads(base64.urlsafe_b64decode(token))
        ended = int(ended)
    except (ValueError, TypeError, binascii.Error) as error:
        raise invalid("The continuationToken is invalid.") from error
    if of != survey.id:
        raise invalid("The continuationToken belongs to another survey.")
    if clock - ended > TOKEN_DAYS * DAY:
        raise invalid("The continuationToken has expired.")
    return ended


def _flag(wishes: dict[str, Any], name: str, *, default: bool = False) -> bool:
    value = wishes.get(name, default)
    if not isinstance(value, bool):
        raise invalid(f"{name} must be true or false.")
    return value


def _limit(wishes: dict[str, Any]) -> int | None:
    limit = wishes.get("limit")
    if limit is not None and (type(limit) is not int or limit < 1):
        raise invalid("limit must be a whole number above 0.")
    return limit


def _instant(wishes: dict[str, Any], name: str) -> int | None:
    text = wishes.get(name)
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise invalid(f"{name} must be a date and time in ISO 8601.") from error
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return int(moment.timestamp())
