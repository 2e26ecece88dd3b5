from datetime import timedelta

import pytest

ALL = ("tickets", "users", "organizations", "ticket_events", "satisfaction_ratings")

QUIET = (
    *("ticket_metric_events", "brands", "ticket_fields", "sla_policies"),
    *("schedules", "holidays", "survey_responses"),
)


@pytest.fixture
def one_of_each(zendesk):
    zendesk.rows["tickets"] = [{"id": 1, "generated_timestamp": 1_772_000_000}]
    zendesk.rows["users"] = [{"id": 2, "generated_timestamp": 1_772_000_000}]
    for number, stream in enumerate(ALL[2:], 3):
        zendesk.rows[stream] = [{"id": number, "updated_at": "2026-02-20T00:00:00Z"}]
    zendesk.rows["groups"] = [{"id": 9, "updated_at": "2026-02-20T00:00:00Z"}]
    return zendesk


def test_the_first_pull_asks_for_everything(one_of_each, workplace):
    workplace.pull("zendesk")
    (tickets,) = one_of_each.queries("/api/v2/incremental/tickets/cursor")
    assert tickets == {
        "include": "metric_sets,users,groups,organizations",
        "support_type_scope": "all",
        "per_page": "1000",
        "start_time": "1167609600",  # 2007-01-01
    }
    (events,) = one_of_each.queries("/api/v2/incremental/ticket_events")
    assert events["include"] == "comment_events"
    (ratings,) = one_of_each.queries("/api/v2/satisfaction_ratings")
    assert ratings == {"page[size]": "100", "start_time": "1167609600"}
    (groups,) = one_of_each.queries("/api/v2/groups")
    assert groups == {"page[size]": "100"}


def test_later_pulls_ask_from_where_the_last_one_ended(one_of_each, workplace):
    workplace.pull("zendesk")
    one_of_each.now += timedelta(days=1)
    report = workplace.pull("zendesk")
    reached = 1_771_545_600  # 2026-02-20
    for stream in ("tickets", "users"):
        query = one_of_each.queries(f"/api/v2/incremental/{stream}/cursor")[1]
        assert query["cursor"].startswith("[1772000000,")
        assert "start_time" not in query
    for stream in ("organizations", "ticket_events"):
        query = one_of_each.queries(f"/api/v2/incremental/{stream}")[1]
        assert query["start_time"] == str(reached - 6 * 3600)
    query = one_of_each.queries("/api/v2/satisfaction_ratings")[1]
    assert query["start_time"] == str(reached - 24 * 3600)
    # Nothing new but what the overlaps read again, and the whole of the snapshot.
    assert {name: stream.rows for name, stream in report.streams.items()} == {
        "tickets": 0,
        "users": 0,
        "organizations": 1,
        "ticket_events": 1,
        "satisfaction_ratings": 1,
        "groups": 1,
        **dict.fromkeys(QUIET, 0),
    }


def test_the_windows_follow_the_vendors_clock(one_of_each, workplace):
    first = workplace.pull("zendesk").streams
    one_of_each.now += timedelta(days=1)
    second = workplace.pull("zendesk").streams
    noon = one_of_each.now
    # Exports leave out the last minute; the others do not.
    assert second["tickets"].window_to == noon - timedelta(seconds=60)
    assert second["groups"].window_to == noon
    for name, stream in second.items():
        assert stream.window_from == first[name].window_to
        assert first[name].window_from is None


def test_an_account_that_has_just_been_read_is_no_error(one_of_each, workplace):
    # 2026-03-01T11:59:30Z: the next start_time would be too recent.
    one_of_each.rows["organizations"] = [
        {"id": 3, "updated_at": "2026-03-01T11:59:30Z"}
    ]
    workplace.pull("zendesk")
    one_of_each.routes["/api/v2/incremental/organizations"] = lambda _: (
        422,
        {},
        {"error": "InvalidValue", "description": "Too recent start_time. Use a ..."},
    )
    report = workplace.pull("zendesk")
    assert report.streams["organizations"].rows == 0
    assert report.streams["organizations"].window_to == one_of_each.now - timedelta(
        seconds=60
    )
