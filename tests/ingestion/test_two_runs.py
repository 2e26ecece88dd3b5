"""What happens between two pulls: nothing that a vendor gives is lost.

One vendor, two pulls, all cases at once: each test looks at one promise.
"""

import json
from datetime import timedelta

import pytest

REACHED = "2026-03-01T11:00:00Z"  # the latest moment that the first pull sees


def rating(number: int, updated_at: str | None, **more) -> dict:
    return {"id": number, "updated_at": updated_at, "score": 1, **more}


FIRST = [
    rating(1, REACHED, comment="first"),
    rating(2, "2026-03-01T10:00:00Z", comment="first"),
    rating(3, None),
    rating(4, "2036-03-01T11:00:00Z"),
    rating(5, "2026-03-01T10:30:00Z", comment="newer"),
    rating(6, REACHED, score=5),
    rating(7, REACHED),
]
SECOND = [
    *FIRST,
    rating(11, REACHED, comment="same second, other id"),
    rating(12, "2026-03-01T10:59:59Z", comment="one second below the cursor"),
    rating(13, "2026-03-01T11:00:00.500Z", comment="finer than the cursor"),
    rating(14, "2026-03-01T06:30:00-05:00", comment="11:30 UTC"),
    rating(15, "2026-03-02T11:00:00Z", comment="after the one from the future"),
    rating(16, None),
]
# Edited again within the second that the cursor stands at.
SECOND[0] = rating(1, REACHED, comment="second")
# An older version is delivered once more.
SECOND[4] = rating(5, "2026-03-01T10:10:00Z", comment="older")
# Types change: number to text, scalar to list, a new column.
SECOND[5] = rating(6, REACHED, score="n/a")
SECOND[6] = rating(7, REACHED, score=[1, 2], brand_new={"a": None})


@pytest.fixture(scope="module")
def after_two_pulls(module_zendesk, module_workplace):
    """The workplace after both pulls."""
    rows = module_zendesk.rows
    rows["satisfaction_ratings"] = FIRST
    rows["organizations"] = [
        {"id": 1, "updated_at": "2026-03-01T11:00:00Z", "name": "first"},
        {"id": 2, "updated_at": "2036-03-01T11:00:00Z", "name": "future"},
    ]
    module_workplace.pull("zendesk")
    rows["satisfaction_ratings"] = SECOND
    rows["organizations"] += [
        {"id": 1, "updated_at": "2026-03-01T11:00:00Z", "name": "second"},
        {"id": 3, "updated_at": "2026-03-01T11:00:00Z", "name": "same second"},
        {"id": 4, "updated_at": "2026-03-01T10:59:59Z", "name": "one second late"},
        {"id": 5, "updated_at": "2026-03-02T11:00:00Z", "name": "after the future"},
    ]
    module_zendesk.now += timedelta(days=1)
    module_workplace.pull("zendesk")
    return module_workplace


@pytest.fixture(scope="module")
def ratings(after_two_pulls):
    return after_two_pulls.latest("zendesk", "satisfaction_ratings")


def test_no_row_of_either_pull_is_lost(ratings):
    assert set(ratings) == {str(row["id"]) for row in FIRST + SECOND}


def test_an_edit_within_the_second_of_the_cursor_is_kept(ratings):
    assert ratings["1"]["comment"] == "second"
    assert ratings["11"]["comment"] == "same second, other id"


def test_a_row_one_second_below_the_cursor_is_kept(ratings):
    assert "12" in ratings


def test_moments_of_other_precision_or_offset_are_ordered_by_time(
    ratings, after_two_pulls
):
    assert {"13", "14"} <= set(ratings)
    rows = after_two_pulls.rows(
        "zendesk", "satisfaction_ratings", "key, cursor_at::VARCHAR, version"
    )
    moments = {key: (cursor, version) for key, cursor, version in rows}
    assert moments["13"] == ("2026-03-01 11:00:00.5+00", 1_772_362_800_500_000)
    assert moments["14"] == ("2026-03-01 11:30:00+00", 1_772_364_600_000_000)


def test_a_row_without_cursor_is_kept(ratings, after_two_pulls):
    assert {"3", "16"} <= set(ratings)
    rows = after_two_pulls.rows("zendesk", "satisfaction_ratings", "key, cursor_at")
    assert ("16", None) in rows


def test_a_row_ten_years_ahead_loses_nothing_that_comes_later(ratings):
    assert {"4", "15"} <= set(ratings)


def test_a_stale_version_delivered_again_does_not_win(ratings, after_two_pulls):
    assert ratings["5"]["comment"] == "newer"
    rows = after_two_pulls.rows("zendesk", "satisfaction_ratings", "key, payload")
    comments = [json.loads(text)["comment"] for key, text in rows if key == "5"]
    assert comments == ["newer", "older"]


def test_changed_types_and_new_columns_stay_in_the_payload(ratings):
    assert ratings["6"]["score"] == "n/a"
    assert ratings["7"] == rating(7, REACHED, score=[1, 2], brand_new={"a": None})


def test_a_time_export_keeps_the_same_cases(after_two_pulls):
    organizations = after_two_pulls.latest("zendesk", "organizations")
    names = {key: row["name"] for key, row in organizations.items()}
    assert names == {
        "1": "second",
        "2": "future",
        "3": "same second",
        "4": "one second late",
        "5": "after the future",
    }


def test_both_pulls_say_how_far_they_looked(after_two_pulls):
    rows = after_two_pulls.rows(
        "zendesk", "pulls", "stream, window_from::VARCHAR, window_to::VARCHAR"
    )
    assert [row[1:] for row in rows if row[0] == "satisfaction_ratings"] == [
        (None, "2026-03-01 12:00:00+00"),
        ("2026-03-01 12:00:00+00", "2026-03-02 12:00:00+00"),
    ]
    assert [row[1:] for row in rows if row[0] == "tickets"] == [
        (None, "2026-03-01 11:59:00+00"),
        ("2026-03-01 11:59:00+00", "2026-03-02 11:59:00+00"),
    ]
