"""Owners of checks are those that the sources name themselves."""

from expectations.owners import DATA, owner_of
from ingestion.registry import SOURCES


def test_sources_have_the_owner_that_the_registry_names():
    assert {name: owner_of(name) for name in SOURCES} == {
        name: f"team:{source.owner}" for name, source in SOURCES.items()
    }


def test_unknown_source_belongs_to_those_who_run_the_warehouse():
    assert owner_of("carrier_pigeon") == DATA
