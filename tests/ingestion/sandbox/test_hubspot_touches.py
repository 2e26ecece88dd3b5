"""Calls, meetings, e-mails, notes and survey answers as the CRM tells them."""

from ingestion.sandbox.world import DEFAULT_NOW

LOGGED = ("calls", "meetings", "emails", "notes")


def listed(hubspot, kind):
    """The first hundred objects of a kind with all their properties."""
    definitions = hubspot.get(f"/crm/v3/properties/{kind}").json()["results"]
    query = {"limit": 100, "properties": ",".join(each["name"] for each in definitions)}
    answer = hubspot.get(f"/crm/v3/objects/{kind}", params=query).json()
    return [record["properties"] for record in answer["results"]]


def test_properties_that_always_come_have_a_prefix(hubspot):
    for kind in (*LOGGED, "feedback_submissions"):
        record = hubspot.get(f"/crm/v3/objects/{kind}").json()["results"][0]
        assert record["properties"].keys() == {
            "hs_createdate",
            "hs_lastmodifieddate",
            "hs_object_id",
        }
        assert record["properties"]["hs_createdate"] == record["createdAt"]


def test_calls_last_milliseconds_and_have_a_direction(hubspot):
    calls = listed(hubspot, "calls")
    durations = [int(each["hs_call_duration"]) for each in calls]
    assert max(durations) > 60_000
    assert 0 in durations
    assert {each["hs_call_direction"] for each in calls} == {"INBOUND", "OUTBOUND"}
    assert None in {each["hs_call_disposition"] for each in calls}


def test_meetings_are_scheduled_until_they_are_over(hubspot, sandbox):
    now = DEFAULT_NOW.strftime("%Y-%m-%dT%H:%M:%S")
    meetings = listed(hubspot, "meetings")
    for each in meetings:
        assert each["hs_meeting_start_time"] == each["hs_timestamp"]
        assert each["hs_meeting_start_time"] < each["hs_meeting_end_time"]
        if each["hs_meeting_end_time"] > now:
            assert each["hs_meeting_outcome"] == "SCHEDULED"
    assert {each["hs_meeting_outcome"] for each in meetings} > {"COMPLETED", "NO_SHOW"}


def test_answers_are_grouped_by_their_score(hubspot):
    answers = listed(hubspot, "feedback_submissions")
    groups = {
        each["hs_response_group"]
        for each in answers
        if each["hs_survey_type"] == "NPS" and int(each["hs_value"]) >= 9
    }
    assert groups == {"PROMOTER"}
    assert None in {each["hs_content"] for each in answers}
    assert None in {each["hs_contact_email_rollup"] for each in answers}


def test_what_is_logged_is_found_by_the_time_of_its_change(hubspot):
    path = "/crm/v3/objects/emails"
    first = hubspot.get(path).json()["results"][0]
    moment = first["properties"]["hs_lastmodifieddate"]
    condition = {
        "propertyName": "hs_lastmodifieddate",
        "operator": "EQ",
        "value": moment,
    }
    body = {"filterGroups": [{"filters": [condition]}]}
    found = hubspot.post(f"{path}/search", json=body).json()
    assert first["id"] in {record["id"] for record in found["results"]}
    # Unsorted, the oldest one comes first: that order is by the date of creation.
    every = hubspot.post(f"{path}/search", json={"limit": 200}).json()["results"]
    dates = [record["createdAt"] for record in every]
    assert dates == sorted(dates)
