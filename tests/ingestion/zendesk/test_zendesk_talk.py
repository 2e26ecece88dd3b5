"""The telephone is read with the account's own credentials, from where it ended."""

from __future__ import annotations

import pytest

from ingestion.errors import MissingCredentials
from ingestion.pipelines import CONNECTORS

VOICE = "/api/v2/channels/voice"
CALLS = f"{VOICE}/stats/incremental/calls"
CALL = {"id": 1, "updated_at": "2026-02-20T00:00:00Z"}
END = 1_771_545_600  # that instant


@pytest.fixture
def telephone(zendesk):
    for name in ("calls", "legs"):
        zendesk.routes[f"{VOICE}/stats/incremental/{name}"] = lambda _, name=name: {
            name: [CALL] if name == "calls" else [],
            "count": 1,
            "next_page": "https://elsewhere.example",
            "end_time": END + 1,
        }
    zendesk.routes[f"{VOICE}/phone_numbers"] = lambda _: {
        "phone_numbers": [{"id": 7, "created_at": "2020-01-01T00:00:00Z"}],
        "next_page": None,
    }
    return zendesk


def test_a_short_page_is_the_last_where_nothing_follows(telephone, workplace):
    report = workplace.pull("zendesk_talk")
    rows = {name: stream.rows for name, stream in report.streams.items()}
    # The last second is read again.
    assert rows == {"calls": 2, "legs": 0, "phone_numbers": 1}
    query, following = telephone.queries(CALLS)
    assert query == {"limit": "1000", "start_time": "1167609600"}
    assert following["start_time"] == str(END + 1)


def test_the_next_pull_reads_the_last_hours_again(telephone, workplace):
    workplace.pull("zendesk_talk")
    workplace.pull("zendesk_talk")
    query = telephone.queries(CALLS)[2]
    assert query["start_time"] == str(END + 1 - 6 * 3600)
    assert set(workplace.latest("zendesk_talk", "calls")) == {"1"}


def test_without_the_accounts_credentials_the_error_names_them(telephone, monkeypatch):
    monkeypatch.delenv("SOURCES__ZENDESK__API_TOKEN")
    with pytest.raises(MissingCredentials, match="SOURCES__ZENDESK__API_TOKEN"):
        CONNECTORS["zendesk_talk"]()
