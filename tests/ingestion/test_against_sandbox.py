"""Both connectors against the sandbox: the vendors' own manners, as far as known."""

from collections.abc import Iterator

import pytest

from ingestion.sandbox.server import RunningSandbox, running_sandbox

STREAMS = {
    "zendesk": (
        "tickets",
        "users",
        "organizations",
        "ticket_events",
        "satisfaction_ratings",
        "groups",
    ),
    "typeform": ("forms", "responses"),
}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[RunningSandbox]:
    with (
        running_sandbox(customers=60) as sandbox,
        pytest.MonkeyPatch.context() as patch,
    ):
        for name, value in sandbox.environment.items():
            patch.setenv(name, value)
        # Pages small enough for every stream to have several.
        patch.setenv("SOURCES__ZENDESK__EXPORT_PAGE_SIZE", "40")
        patch.setenv("SOURCES__ZENDESK__LIST_PAGE_SIZE", "20")
        patch.setenv("SOURCES__TYPEFORM__PAGE_SIZE", "15")
        yield sandbox


@pytest.fixture(scope="module")
def pulls(sandbox, module_workplace):
    """Reports of a first pull, a second one, and one a day later; keys after each."""
    reports, keys = [], []
    for step in range(3):
        if step == 2:
            sandbox.clock.advance(days=1)
        reports.append(
            {source: module_workplace.pull(source).streams for source in STREAMS}
        )
        keys.append(
            {
                table: {row[0] for row in module_workplace.rows(source, table, "key")}
                for source, tables in STREAMS.items()
                for table in tables
            }
        )
    return reports, keys


def test_every_stream_lands_each_record_once(pulls, module_workplace):
    reports, keys = pulls
    for source, tables in STREAMS.items():
        for table in tables:
            report = reports[0][source][table]
            assert report.rows > 0, table
            assert report.rejected == 0, table
            repeated = report.rows - len(keys[0][table])
            # Exports by time repeat the rows of each page's last second.
            assert 0 <= repeated <= (report.pages if table in BY_TIME else 0), table


BY_TIME = ("organizations", "ticket_events")


def test_paging_went_through_several_pages(pulls):
    reports, _ = pulls
    for stream in ("tickets", "users", "ticket_events", "satisfaction_ratings"):
        assert reports[0]["zendesk"][stream].pages > 1, stream
    assert reports[0]["typeform"]["responses"].pages > 3


def test_a_second_pull_finds_nothing_new(pulls):
    reports, keys = pulls
    assert keys[1] == keys[0]
    assert reports[1]["zendesk"]["tickets"].rows == 0
    assert reports[1]["zendesk"]["users"].rows == 0
    for stream in (*BY_TIME, "satisfaction_ratings"):
        # Only what the overlap reads again.
        assert reports[1]["zendesk"][stream].rows <= 5, stream
    assert reports[1]["typeform"]["responses"].rows <= 5


def test_a_day_later_only_the_new_comes(pulls):
    reports, keys = pulls
    new = keys[2]["ticket_events"] - keys[1]["ticket_events"]
    assert new
    assert reports[2]["zendesk"]["ticket_events"].rows <= len(new) + 5
    assert reports[2]["zendesk"]["tickets"].rows < len(keys[0]["tickets"]) / 5
    for table, before in keys[1].items():
        assert before <= keys[2][table]


def test_every_payload_is_json_and_every_moment_is_read(pulls, module_workplace):
    for source, tables in STREAMS.items():
        for table in tables:
            rows = module_workplace.rows(
                source,
                table,
                "json_valid(payload), cursor_at IS NOT NULL, version IS NOT NULL",
            )
            assert set(rows) == {(True, True, True)}, table


def test_tickets_carry_their_metric_set(pulls, module_workplace):
    tickets = module_workplace.latest("zendesk", "tickets").values()
    alive = [ticket for ticket in tickets if ticket["status"] != "deleted"]
    assert alive
    assert all("replies" in ticket["metric_set"] for ticket in alive)
