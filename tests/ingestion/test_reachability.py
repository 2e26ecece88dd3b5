import time

import pytest

from ingestion.errors import (
    AuthFailed,
    MissingCredentials,
    SourceError,
    UnknownSource,
    VendorUnavailable,
)
from ingestion.reachability import reach, require_configured


def test_one_request_tells_the_vendors_clock(typeform):
    assert reach("typeform") == typeform.now
    assert len(typeform.requests) == 1


def test_a_refusal_is_told_after_one_try(zendesk):
    zendesk.routes["/api/v2/groups"] = lambda _: (401, {}, {"error": "no"})
    with pytest.raises(AuthFailed):
        reach("zendesk")
    zendesk.routes["/api/v2/groups"] = lambda _: (503, {}, {})
    with pytest.raises(VendorUnavailable):
        reach("zendesk")
    assert len(zendesk.requests) == 2


def test_a_limit_is_not_waited_out(zendesk):
    zendesk.routes["/api/v2/groups"] = lambda _: (429, {"Retry-After": "60"}, {})
    with pytest.raises(SourceError, match="429"):
        reach("zendesk")
    assert len(zendesk.requests) == 1


def test_a_vendor_that_does_not_answer_is_given_up(typeform):
    typeform.routes["/forms"] = lambda _: time.sleep(2)
    started = time.monotonic()
    with pytest.raises(VendorUnavailable, match="timed out"):
        reach("typeform", seconds=0.2)
    assert time.monotonic() - started < 1.5


def test_settings_are_checked_without_a_request(typeform, monkeypatch):
    require_configured("typeform")
    assert typeform.requests == []
    monkeypatch.delenv("SOURCES__TYPEFORM__TOKEN")
    for check in (require_configured, reach):
        with pytest.raises(MissingCredentials):
            check("typeform")
        with pytest.raises(UnknownSource):
            check("typeforn")
