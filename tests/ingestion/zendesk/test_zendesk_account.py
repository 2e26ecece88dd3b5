"""The set-up of an account is read whole, each time."""

from __future__ import annotations

import json

import pytest

from ingestion.errors import BadAnswer

LONDON = {"id": 51, "updated_at": "2026-01-01T00:00:00Z"}
BERLIN = {"id": 52, "updated_at": "2026-01-01T00:00:00Z"}
EASTER = {"id": 7, "name": "Easter", "start_date": "2026-04-06"}


def test_a_holiday_names_its_schedule_and_is_dated_by_the_answer(zendesk, workplace):
    zendesk.add_schedule(LONDON, [EASTER])
    zendesk.add_schedule(BERLIN, [])
    report = workplace.pull("zendesk")
    assert report.streams["schedules"].rows == 2
    columns = "key, parent_key, version, payload"
    ((key, parent, version, payload),) = workplace.rows("zendesk", "holidays", columns)
    assert (key, parent) == ("7", "51")
    assert json.loads(payload) == EASTER
    assert version == int(zendesk.now.timestamp() * 1_000_000)


def test_a_schedule_that_goes_away_while_we_read_is_left_out(zendesk, workplace):
    zendesk.rows["schedules"] = [LONDON]
    report = workplace.pull("zendesk")
    assert report.streams["schedules"].rows == 1
    assert report.streams["holidays"].rows == 0


def test_policies_are_read_page_by_page(zendesk, workplace):
    policies = [{"id": n, "updated_at": "2026-01-01T00:00:00Z"} for n in (1, 2, 3)]

    def page(query):
        number = int(query["page"])
        following = None if number == 3 else "https://elsewhere.example/3"
        return {"sla_policies": policies[number - 1 : number], "next_page": following}

    zendesk.routes["/api/v2/slas/policies"] = page
    workplace.pull("zendesk")
    assert set(workplace.latest("zendesk", "sla_policies")) == {"1", "2", "3"}
    assert [q["page"] for q in zendesk.queries("/api/v2/slas/policies")] == [
        *("1", "2", "3"),
    ]


def test_a_schedule_without_an_id_is_no_answer(zendesk, workplace):
    zendesk.rows["schedules"] = [{"name": "Office"}]
    with pytest.raises(BadAnswer, match="schedule without id"):
        workplace.pull("zendesk")


def test_metric_events_go_on_from_the_end_of_the_last_pull(zendesk, workplace):
    zendesk.rows["ticket_metric_events"] = [
        {"id": 1, "type": "breach", "time": "2026-02-20T00:00:00Z", "deleted": False}
    ]
    workplace.pull("zendesk")
    assert set(workplace.latest("zendesk", "ticket_metric_events")) == {"1"}
    workplace.pull("zendesk")
    query = zendesk.queries("/api/v2/incremental/ticket_metric_events")[1]
    assert query["start_time"] == str(1_771_545_600 - 6 * 3600)
