"""A planted credential is nowhere but on the wire."""

import base64
import json
import logging
import zlib
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import ingestion
from ingestion.errors import AuthFailed, SourceError, VendorUnavailable

PACKAGE = Path(ingestion.__file__).parent
CONTROL = "control-string-that-must-be-found"


def decoded(path: Path) -> str:
    """All that a file holds, as text: cells, and what is packed inside them."""
    raw = path.read_bytes()
    if path.suffix == ".parquet":
        return str(pq.read_table(path).to_pylist())
    text = raw.decode("latin-1")
    if path.suffix == ".jsonl":
        state = json.loads(text).get("state")
        if state:
            text += zlib.decompress(base64.b64decode(state)).decode()
    return text


def everything_in(folder: Path) -> str:
    return "".join(decoded(path) for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def planted(zendesk) -> list[str]:
    """The token, and the forms in which it could show."""
    token = zendesk.environment["SOURCES__ZENDESK__API_TOKEN"]
    pair = f"{zendesk.environment['SOURCES__ZENDESK__EMAIL']}/token:{token}"
    return [token, pair, base64.b64encode(pair.encode()).decode()]


@pytest.fixture
def spoken(caplog, capfd, monkeypatch):
    """All that is logged, at the most talkative level, or printed."""
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("RUNTIME__LOG_LEVEL", "DEBUG")
    return lambda: caplog.text + "".join(capfd.readouterr())


def test_no_file_and_no_log_of_a_pull_holds_a_credential(
    zendesk, workplace, planted, spoken
):
    zendesk.routes["/api/v2/incremental/tickets/cursor"] = lambda _: {
        "tickets": [{"id": 1, "subject": CONTROL}, {"no": CONTROL}],
        "after_cursor": f"cursor-{CONTROL}",
        "end_of_stream": True,
    }
    workplace.pull("zendesk")
    assert zendesk.requests[0][2]["Authorization"] == f"Basic {planted[2]}"
    found = everything_in(workplace.folder)
    # What was planted to be found is found: in a cell, in a reject and in the state.
    assert found.count(CONTROL) == 3
    said = found + spoken()
    assert not [form for form in planted if form in said]


@pytest.mark.parametrize("failure", [(401, AuthFailed), (503, VendorUnavailable)])
def test_no_failure_shows_a_credential(zendesk, workplace, planted, spoken, failure):
    status, kind = failure
    # The vendor even says it back.
    answer = status, {}, {"error": f"not a valid token: {planted[0]}"}
    zendesk.routes["/api/v2/incremental/users/cursor"] = lambda _: answer
    with pytest.raises(kind) as caught:
        workplace.pull("zendesk")
    said = everything_in(workplace.folder) + spoken() + everything_about(caught.value)
    assert not [form for form in planted if form in said]


def everything_about(error: SourceError) -> str:
    """Texts of the error, of its chain, and of all that its frames can show."""
    parts = []
    current: BaseException | None = error
    while current is not None:
        parts += [str(current), repr(vars(current))]
        frame = current.__traceback__
        while frame is not None:
            if Path(frame.tb_frame.f_code.co_filename).is_relative_to(PACKAGE):
                parts.append(repr(frame.tb_frame.f_locals))
            frame = frame.tb_next
        current = current.__cause__ or current.__context__
    return "".join(parts)
