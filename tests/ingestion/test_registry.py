import subprocess
import sys

import pytest

from ingestion.errors import UnknownSource
from ingestion.pipelines import CONNECTORS
from ingestion.registry import SOURCES, get_source


def test_every_registered_source_has_a_connector_with_its_streams(
    zendesk, typeform, monkeypatch
):
    monkeypatch.setenv("SOURCES__HUBSPOT__ACCESS_TOKEN", "pat-eu1-anything")
    assert set(CONNECTORS) == set(SOURCES)
    for name, connect in CONNECTORS.items():
        assert tuple(stream.spec for stream in connect()) == SOURCES[name].streams


def test_an_unknown_source_is_answered_with_the_known_ones():
    with pytest.raises(UnknownSource, match="typeform, zendesk"):
        get_source("zendsk")


def test_the_registry_is_cheap_to_import():
    code = "import ingestion.registry, sys; sys.exit('dlt' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
