import pickle
from datetime import UTC, datetime

import pytest

from ingestion.configuration import Secret, SourceConfiguration
from ingestion.errors import MissingCredentials, SourceError
from ingestion.typeform.settings import TypeformSettings
from ingestion.zendesk.settings import ZendeskSettings


def test_a_secret_shows_itself_nowhere():
    secret = Secret("open sesame")
    assert "sesame" not in f"{secret} {secret!r} {[secret]} {secret!s}"
    assert not hasattr(secret, "__dict__")
    with pytest.raises(TypeError):
        pickle.dumps(secret)
    assert secret.reveal() == "open sesame"


def test_the_environment_gives_a_setting(monkeypatch):
    monkeypatch.setenv("SOURCES__ZENDESK__SUBDOMAIN", " acme ")
    assert SourceConfiguration("zendesk").text("subdomain") == "acme"
    monkeypatch.setenv("SOURCES__ZENDESK__SUBDOMAIN", "")
    assert SourceConfiguration("zendesk").text("subdomain") is None


def test_settings_hide_their_credentials_and_default_to_the_vendor(monkeypatch):
    monkeypatch.setenv("SOURCES__ZENDESK__SUBDOMAIN", "acme")
    monkeypatch.setenv("SOURCES__ZENDESK__EMAIL", "who@example.com")
    monkeypatch.setenv("SOURCES__ZENDESK__API_TOKEN", "open-sesame")
    monkeypatch.setenv("SOURCES__TYPEFORM__TOKEN", "open-sesame")
    zendesk = ZendeskSettings.from_configuration()
    typeform = TypeformSettings.from_configuration()
    assert zendesk.base_url == "https://acme.zendesk.com"
    assert typeform.base_url == "https://api.typeform.com"
    # Basic base64("who@example.com/token:open-sesame"), made with another tool.
    assert zendesk.authorization.reveal() == (
        "Basic d2hvQGV4YW1wbGUuY29tL3Rva2VuOm9wZW4tc2VzYW1l"
    )
    assert "sesame" not in repr(zendesk) + repr(typeform)
    assert "d2hv" not in repr(zendesk)


def test_missing_credentials_name_every_place_where_they_could_be(monkeypatch):
    monkeypatch.setenv("SOURCES__ZENDESK__SUBDOMAIN", "acme")
    with pytest.raises(MissingCredentials) as caught:
        ZendeskSettings.from_configuration()
    message = str(caught.value)
    for part in (
        "SOURCES__ZENDESK__EMAIL",
        "SOURCES__ZENDESK__API_TOKEN",
        "SOURCES__ZENDESK__OAUTH_TOKEN",
        ".dlt/secrets.toml",
        "[sources.zendesk]",
    ):
        assert part in message
    with pytest.raises(MissingCredentials, match="SOURCES__TYPEFORM__TOKEN"):
        TypeformSettings.from_configuration()
    monkeypatch.delenv("SOURCES__ZENDESK__SUBDOMAIN")
    with pytest.raises(MissingCredentials, match="SOURCES__ZENDESK__SUBDOMAIN"):
        ZendeskSettings.from_configuration()


@pytest.mark.parametrize("text", ["many", "0", "-5", "1.5"])
def test_a_number_that_is_none_is_refused_by_name(monkeypatch, text):
    monkeypatch.setenv("SOURCES__ZENDESK__EXPORT_PAGE_SIZE", text)
    with pytest.raises(SourceError, match="SOURCES__ZENDESK__EXPORT_PAGE_SIZE"):
        SourceConfiguration("zendesk").number("export_page_size", 1000)


def test_a_date_is_read_as_utc_and_refused_by_name(monkeypatch):
    configuration = SourceConfiguration("zendesk")
    default = datetime(2007, 1, 1, tzinfo=UTC)
    assert configuration.instant("start_date", default) == default
    monkeypatch.setenv("SOURCES__ZENDESK__START_DATE", "2024-01-31")
    expected = datetime(2024, 1, 31, tzinfo=UTC)
    assert configuration.instant("start_date", default) == expected
    monkeypatch.setenv("SOURCES__ZENDESK__START_DATE", "last year")
    with pytest.raises(SourceError, match="SOURCES__ZENDESK__START_DATE"):
        configuration.instant("start_date", default)
