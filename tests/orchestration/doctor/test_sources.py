"""Sources against the running sandbox: answered, refused, silent, not configured."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from ingestion.registry import SOURCES
from ingestion.sandbox.server import RunningSandbox, running_sandbox
from orchestration.doctor.finding import Finding, State
from orchestration.doctor.sources import sources
from orchestration.settings import Settings


@pytest.fixture(scope="module")
def vendors() -> Iterator[RunningSandbox]:
    with running_sandbox(customers=20) as sandbox:
        yield sandbox


@pytest.fixture(autouse=True)
def connected(vendors: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in vendors.environment.items():
        monkeypatch.setenv(name, value)
    vendors.requests.clear()


def by_name(findings: list[Finding]) -> dict[str, Finding]:
    return {finding.probe: finding for finding in findings}


def test_every_source_answers_with_its_clock(
    settings: Settings, vendors: RunningSandbox
) -> None:
    found = sources(settings, offline=False)
    assert [one.probe for one in found] == list(SOURCES)
    assert {one.state for one in found} == {State.OK}
    assert all("2026-06-30 12:00" in one.seen for one in found)
    # One request each, and a token for the one that needs it.
    assert vendors.requests.total() == len(SOURCES) + 1


def test_offline_asks_nobody(settings: Settings, vendors: RunningSandbox) -> None:
    found = sources(settings, offline=True)
    assert {one.state for one in found} == {State.OK}
    assert vendors.requests.total() == 0


@pytest.mark.parametrize(
    ("source", "variable"),
    [
        ("zendesk", "API_TOKEN"),
        ("typeform", "TOKEN"),
        ("hubspot", "ACCESS_TOKEN"),
        ("trustpilot", "API_KEY"),
        ("trustpilot", "API_SECRET"),
        ("qualtrics", "API_TOKEN"),
    ],
)
def test_a_wrong_credential_fails_and_is_not_shown(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, source: str, variable: str
) -> None:
    name = f"SOURCES__{source}__{variable}".upper()
    monkeypatch.setenv(name, "wr0ng-credential")
    found = by_name(sources(settings, offline=False))
    failed = [one.probe for one in found.values() if one.state is State.FAIL]
    # One account answers for both.
    telephone = ["zendesk_talk"] if source == "zendesk" else []
    assert failed == [source, *telephone]
    assert "refused" in found[source].seen
    assert f"SOURCES__{source.upper()}__" in found[source].next_step
    assert "wr0ng" not in repr(found)


def test_a_vendor_that_is_down_fails_at_once(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCES__TYPEFORM__BASE_URL", "http://127.0.0.1:9")
    found = by_name(sources(settings, offline=False))["typeform"]
    assert found.state is State.FAIL
    assert "no connection" in found.seen


def test_a_missing_setting_names_its_variable_and_the_way_out(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SOURCES__TYPEFORM__TOKEN")
    found = by_name(sources(settings, offline=True))["typeform"]
    assert found.state is State.FAIL
    assert "SOURCES__TYPEFORM__TOKEN" in found.next_step
    assert "CX_SOURCES" in found.next_step
    without = replace(settings, sources=("zendesk",))
    found = by_name(sources(without, offline=True))["typeform"]
    assert (found.state, found.seen) == (State.OK, "not used (CX_SOURCES)")


def test_folders_of_files_are_looked_at_without_loading_them(
    settings: Settings,
) -> None:
    mapping = """
entities:
  orders: {files: "*.csv", columns: {order_id: id, amount: n, ordered_at: at}}
"""
    for name, text in (("good", mapping), ("empty", mapping), ("odd", "entities: 1")):
        folder = settings.files_dir / name
        folder.mkdir(parents=True)
        (folder / "mapping.yaml").write_text(text)
    (settings.files_dir / "good" / "a.csv").write_text("id,n,at\n")
    chosen = replace(settings, sources=("files_good", "files_empty", "files_odd"))
    found = by_name(sources(chosen, offline=True))
    assert found["files_good"].state is State.OK
    assert "1 files" in found["files_good"].seen
    assert found["files_empty"].state is State.WARN
    assert found["files_odd"].state is State.FAIL
    assert "mapping.yaml" in found["files_odd"].seen
