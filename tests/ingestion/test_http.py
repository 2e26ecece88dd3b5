import time
from datetime import timedelta

import pytest

from ingestion.configuration import Secret
from ingestion.errors import (
    AuthFailed,
    BadAnswer,
    RateLimited,
    SourceError,
    VendorUnavailable,
)
from ingestion.http import HttpClient

TOKEN = "tok-5e11-on-the-wire-only"


def client(base_url: str) -> HttpClient:
    return HttpClient(
        "zendesk",
        base_url,
        Secret(f"Bearer {TOKEN}"),
        "SOURCES__ZENDESK__API_TOKEN",
        patience=timedelta(0),
    )


def in_turn(*answers):
    """A route that gives these answers one after the other, the last one for ever."""
    left = list(answers)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


def everything_about(error: BaseException | None) -> str:
    """Texts, attributes and inner errors of an exception."""
    parts = []
    while error is not None:
        parts += [str(error), repr(error), repr(vars(error))]
        error = error.__cause__ or error.__context__
    return " ".join(parts)


def test_an_answer_brings_the_vendors_clock_and_is_asked_with_the_credentials(vendor):
    vendor.routes["/a"] = lambda query: {"echo": query}
    answer = client(vendor.base_url).get("/a", {"page[size]": 5})
    assert answer.body == b'{"echo": {"page[size]": "5"}}'
    assert answer.at == vendor.now
    assert vendor.requests[0][2]["Authorization"] == f"Bearer {TOKEN}"


def test_a_proxy_and_certificates_that_the_environment_names_are_used(
    vendor, monkeypatch, tmp_path
):
    monkeypatch.setenv("http_proxy", vendor.base_url)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    vendor.routes["/a"] = lambda _: {"by": "the proxy"}
    assert client("http://vendor.example").get("/a").body == b'{"by": "the proxy"}'
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "missing.pem"))
    monkeypatch.setenv("no_proxy", "*")
    with pytest.raises(OSError, match=r"missing\.pem"):
        client("https://127.0.0.1:1").get("/a")


def test_a_netrc_file_does_not_replace_the_credentials(vendor, monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login other password other\n")
    monkeypatch.setenv("NETRC", str(netrc))
    vendor.routes["/a"] = lambda _: {}
    client(vendor.base_url).get("/a")
    assert vendor.requests[0][2]["Authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize(
    "first",
    [
        (
            429,
            {"Retry-After": "0"},
            "Number of allowed API requests per minute exceeded",
        ),
        (429, {}, {}),
        (500, {}, "oops"),
        (503, {}, ""),
        (200, {}, b'{"cut": "of'),
        (200, {"Content-Length": "999"}, b'{"a":1}'),
    ],
)
def test_passing_trouble_is_asked_again(vendor, first, monkeypatch):
    if "Content-Length" in first[1]:  # the connection closes before the promised end
        first = (200, {"Content-Length": "999", "Connection": "close"}, first[2])
    vendor.routes["/a"] = in_turn(first, {"ok": True})
    assert client(vendor.base_url).get("/a").body == b'{"ok": true}'
    assert len(vendor.requests) == 2


@pytest.mark.parametrize("header", ["Retry-After", "ratelimit-reset"])
def test_the_wait_is_as_long_as_the_vendor_asks(vendor, header):
    vendor.routes["/a"] = in_turn((429, {header: "1"}, {}), {})
    started = time.monotonic()
    client(vendor.base_url).get("/a")
    assert time.monotonic() - started >= 1.0


@pytest.mark.parametrize(
    ("answer", "kind", "part"),
    [
        ((401, {}, {"error": "Couldn't authenticate you"}), AuthFailed, "(401)"),
        ((403, {}, {"error": {"title": "Forbidden"}}), AuthFailed, "API_TOKEN"),
        ((429, {}, "slow down"), RateLimited, "429"),
        ((502, {}, "bad gateway"), VendorUnavailable, "(502)"),
        ((404, {}, {}), BadAnswer, "404"),
        ((301, {"Location": "http://example.com/"}, ""), BadAnswer, "BASE_URL"),
        ((200, {"Date": ""}, {}), BadAnswer, "Date"),
        ((200, {"Date": "yesterday"}, {}), BadAnswer, "Date"),
    ],
)
def test_lasting_trouble_is_told_in_our_words_without_the_secret(
    vendor, answer, kind, part
):
    vendor.routes["/a"] = lambda _: answer
    with pytest.raises(SourceError) as caught:
        client(vendor.base_url).get("/a", {"start_time": 0})
    assert type(caught.value) is kind
    assert part in str(caught.value)
    assert vendor.base_url + "/a" in str(caught.value)
    assert TOKEN not in everything_about(caught.value)


def test_a_status_that_the_caller_expects_is_an_answer(vendor):
    vendor.routes["/a"] = lambda _: (422, {}, {"error": "InvalidValue"})
    assert client(vendor.base_url).get("/a", also=(422,)).status == 422


def test_a_vendor_that_is_down_is_named_by_its_base_url(vendor):
    base_url = vendor.base_url
    vendor.close()
    with pytest.raises(VendorUnavailable) as caught:
        client(base_url).get("/a")
    assert base_url in str(caught.value)
    assert "refused" in str(caught.value)
    assert TOKEN not in everything_about(caught.value)


def test_credentials_inside_a_base_url_are_dropped(vendor):
    vendor.routes["/a"] = lambda _: (404, {}, {})
    address = vendor.base_url.replace("http://", "http://me:hidden@")
    with pytest.raises(BadAnswer) as caught:
        client(address + "/").get("/a")
    assert "hidden" not in everything_about(caught.value)
