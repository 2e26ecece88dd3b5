"""Vendors that hold what a test gives them and speak real HTTP on loopback.

They keep just enough of the vendors' manners (order, cursors, what is withheld, when a
list ends) for one promise at a time. The sandbox is the faithful one.
"""

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import duckdb
import pytest

from ingestion.lake import Lake
from ingestion.pipelines import PullReport, pull

NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
SECRET = "s3cr3t-7b1e-in-no-file"

Query = dict[str, str]
Row = dict[str, Any]
# A route gives a body (an object, text or bytes) or (status, headers, body).
Route = Callable[[Query], Any]


class Vendor:
    """Routes by path, a clock that stands still, and a record of what was asked."""

    def __init__(self) -> None:
        self.now = NOW
        self.routes: dict[str, Route] = {}
        self.requests: list[tuple[str, Query, dict[str, str]]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.base_url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(
            target=self._server.serve_forever, args=(0.01,), daemon=True
        ).start()

    def answer(self, path: str, query: Query) -> tuple[int, dict[str, str], bytes]:
        route = self.routes.get(path)
        if route is None:
            return 404, {}, b'{"error":"RecordNotFound"}'
        given = route(query)
        status, headers, body = given if isinstance(given, tuple) else (200, {}, given)
        if isinstance(body, str):
            body = body.encode()
        elif not isinstance(body, bytes):
            body = json.dumps(body).encode()
        return status, headers, body

    def queries(self, path: str) -> list[Query]:
        return [query for at, query, _ in self.requests if at == path]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _handler(vendor: Vendor) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            self._answer(urlsplit(self.path).query)

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            self._answer(self.rfile.read(length).decode())

        def _answer(self, form: str) -> None:
            parts = urlsplit(self.path)
            query = {name: each[-1] for name, each in parse_qs(form).items()}
            vendor.requests.append((parts.path, query, dict(self.headers)))
            status, headers, body = vendor.answer(parts.path, query)
            self.send_response_only(status)
            all_headers = {
                "Date": format_datetime(vendor.now, usegmt=True),
                "Content-Length": str(len(body)),
                **headers,
            }
            for name, value in all_headers.items():
                if value:
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


class Zendesk(Vendor):
    """Rows per stream; tickets and users come in order of generated_timestamp."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[str, list[Row]] = {
            "tickets": [],
            "users": [],
            "organizations": [],
            "ticket_events": [],
            "satisfaction_ratings": [],
            "survey_responses": [],
            "ticket_metric_events": [],
            "groups": [],
            "brands": [],
            "ticket_fields": [],
            "sla_policies": [],
            "schedules": [],
        }
        export = "/api/v2/incremental/"
        for items in ("tickets", "users"):
            self.routes[f"{export}{items}/cursor"] = self._by_cursor(items)
        for items in ("organizations", "ticket_events", "ticket_metric_events"):
            self.routes[export + items] = self._by_time(items)
        for items in ("satisfaction_ratings", "groups", "brands", "ticket_fields"):
            self.routes[f"/api/v2/{items}"] = self._by_list(items)
        self.routes[SURVEY_RESPONSES] = self._by_list("survey_responses")
        self.routes["/api/v2/slas/policies"] = self._whole("sla_policies")
        self.routes[SCHEDULES] = self._whole("schedules")

    @property
    def environment(self) -> dict[str, str]:
        return {
            "SOURCES__ZENDESK__BASE_URL": self.base_url,
            "SOURCES__ZENDESK__EMAIL": "admin@example.com",
            "SOURCES__ZENDESK__API_TOKEN": SECRET,
        }

    def _by_cursor(self, items: str) -> Route:
        def route(query: Query) -> Row:
            after = [int(query.get("start_time", 0)) - 1, 0]
            if "cursor" in query:
                after = json.loads(query["cursor"])
            horizon = self.now.timestamp() - 60
            rows = sorted(
                (
                    row
                    for row in self.rows[items]
                    if after < position(row) and row["generated_timestamp"] < horizon
                ),
                key=position,
            )
            page = rows[: int(query["per_page"])]
            last = position(page[-1]) if page else after
            return {
                items: page,
                "after_cursor": json.dumps(last),
                "end_of_stream": len(page) == len(rows),
            }

        def position(row: Row) -> list[int]:
            return [row["generated_timestamp"], row["id"]]

        return route

    def _whole(self, items: str) -> Route:
        return lambda _: {items: self.rows[items], "next_page": None}

    def add_schedule(self, row: Row, holidays: list[Row]) -> None:
        """Add a schedule with what its own path answers."""
        self.rows["schedules"].append(row)
        path = f"{SCHEDULES}/{row['id']}/holidays"
        self.routes[path] = lambda _: {"holidays": holidays}

    def _by_time(self, items: str) -> Route:
        def route(query: Query) -> Any:
            start = int(query["start_time"])
            horizon = self.now.timestamp() - 60
            if start > horizon:
                return 422, {}, {"error": "InvalidValue", "description": TOO_RECENT}
            rows = sorted(
                (row for row in self.rows[items] if start <= seconds(row)), key=seconds
            )
            page = rows[: int(query["per_page"])]
            return {
                items: page,
                "count": len(page),
                "end_time": int(seconds(page[-1])) if page else None,
                "end_of_stream": len(page) == len(rows),
            }

        return route

    def _by_list(self, items: str) -> Route:
        def route(query: Query) -> Row:
            start = int(query.get("start_time", 0))
            rows = [
                row
                for row in self.rows[items]
                if not seconds(row) or seconds(row) >= start
            ]
            first = int(query.get("page[after]", 0))
            end = first + int(query["page[size]"])
            return {
                items: rows[first:end],
                "meta": {"has_more": end < len(rows), "after_cursor": str(end)},
            }

        return route


SURVEY_RESPONSES = "/api/v2/guide/survey_responses"
SCHEDULES = "/api/v2/business_hours/schedules"
TOO_RECENT = "Too recent start_time. Use a start_time older than 60 seconds"


def seconds(row: Row) -> float:
    """When a row was last changed; 0 when it does not say."""
    text = row.get("updated_at") or row.get("created_at") or row.get("time")
    return datetime.fromisoformat(text).timestamp() if text else 0.0


class Typeform(Vendor):
    """Forms with responses, newest first."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, list[Row]] = {}
        self.routes["/forms"] = self._list

    @property
    def environment(self) -> dict[str, str]:
        return {
            "SOURCES__TYPEFORM__BASE_URL": self.base_url,
            "SOURCES__TYPEFORM__TOKEN": SECRET,
        }

    def add_form(self, form: str, responses: list[Row]) -> None:
        self.forms[form] = responses
        self.routes[f"/forms/{form}"] = lambda _: {
            "id": form,
            "title": f"Form {form}",
            "last_updated_at": "2026-01-01T00:00:00Z",
        }
        self.routes[f"/forms/{form}/responses"] = lambda query: self._page(form, query)

    def _list(self, query: Query) -> Row:
        size, number = int(query["page_size"]), int(query["page"])
        ids = sorted(self.forms)
        return {
            "total_items": len(ids),
            "page_count": -(-len(ids) // size),
            "items": [
                {"id": form} for form in ids[(number - 1) * size : number * size]
            ],
        }

    def _page(self, form: str, query: Query) -> Row:
        rows = sorted(
            self.forms[form], key=lambda row: row["submitted_at"], reverse=True
        )
        if "before" in query:
            tokens = [row["token"] for row in rows]
            rows = rows[tokens.index(query["before"]) + 1 :]
        rows = [row for row in rows if row["submitted_at"] >= query.get("since", "")]
        size = int(query["page_size"])
        return {
            "total_items": len(rows),
            "page_count": -(-len(rows) // size),
            "items": rows[:size],
        }


class Trustpilot(Vendor):
    """Reviews of one company, newest first; the public view."""

    def __init__(self) -> None:
        super().__init__()
        self.reviews: list[Row] = []
        self.routes["/v1/business-units/find"] = lambda query: (
            {"id": "unit", "displayName": "Acme"}
            if query["name"] == "acme.example"
            else (404, {}, {"message": "Not found"})
        )
        self.routes["/v1/business-units/unit/reviews"] = self._numbered
        self.routes["/v1/business-units/unit/all-reviews"] = self._by_token

    @property
    def environment(self) -> dict[str, str]:
        return {
            "SOURCES__TRUSTPILOT__BASE_URL": self.base_url,
            "SOURCES__TRUSTPILOT__BUSINESS_UNIT": "acme.example",
            "SOURCES__TRUSTPILOT__API_KEY": SECRET,
        }

    def _newest_first(self) -> list[Row]:
        return sorted(self.reviews, key=lambda row: row["createdAt"], reverse=True)

    def _numbered(self, query: Query) -> Row:
        size = int(query["perPage"])
        first = (int(query["page"]) - 1) * size
        return {"links": [], "reviews": self._newest_first()[first : first + size]}

    def _by_token(self, query: Query) -> Row:
        first, size = int(query.get("pageToken", 0)), int(query["perPage"])
        rows, end = self._newest_first(), first + size
        more = {"nextPageToken": str(end)} if end < len(rows) else {}
        return {"reviews": rows[first:end], **more}


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    vendor = Vendor()
    yield vendor
    vendor.close()


@pytest.fixture
def zendesk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Zendesk]:
    vendor = Zendesk()
    for name, value in vendor.environment.items():
        monkeypatch.setenv(name, value)
    yield vendor
    vendor.close()


@pytest.fixture
def typeform(monkeypatch: pytest.MonkeyPatch) -> Iterator[Typeform]:
    vendor = Typeform()
    for name, value in vendor.environment.items():
        monkeypatch.setenv(name, value)
    yield vendor
    vendor.close()


@pytest.fixture
def trustpilot(monkeypatch: pytest.MonkeyPatch) -> Iterator[Trustpilot]:
    vendor = Trustpilot()
    for name, value in vendor.environment.items():
        monkeypatch.setenv(name, value)
    yield vendor
    vendor.close()


@pytest.fixture(autouse=True)
def _quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNTIME__REQUEST_BACKOFF_FACTOR", "0.01")
    monkeypatch.setenv("RUNTIME__REQUEST_MAX_ATTEMPTS", "3")


@pytest.fixture(autouse=True)
def _no_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """These vendors on loopback have no rates of their own."""
    for source in ("ZENDESK", "TYPEFORM", "HUBSPOT", "TRUSTPILOT", "QUALTRICS"):
        monkeypatch.setenv(f"SOURCES__{source}__RATE_FACTOR", "1000000")


class Workplace:
    """A lake and dlt's folder of one test, and a look at what is committed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lake_url = str(folder / "lake")
        self.pipelines_dir = folder / "dlt"

    def pull(self, source: str) -> PullReport:
        return pull(source, lake_url=self.lake_url, pipelines_dir=self.pipelines_dir)

    def rows(
        self, source: str, table: str, columns: str = "*"
    ) -> list[tuple[Any, ...]]:
        """Rows of committed loads, oldest first."""
        files = Lake(self.lake_url).committed_files(source).get(table, [])
        if not files:
            return []
        with duckdb.connect() as connection:
            connection.execute("SET TimeZone = 'UTC'")
            return connection.execute(
                f"SELECT {columns} FROM read_parquet(?) "
                f"ORDER BY _dlt_load_id, {'stream' if table == 'pulls' else 'seq'}",
                [[file.path for file in files]],
            ).fetchall()

    def latest(self, source: str, table: str) -> dict[str, Row]:
        """Key to payload of its latest version, as staging will choose it."""
        rows = self.rows(source, table, "key, payload, version, _dlt_load_id, seq")
        ordered = sorted(rows, key=lambda row: (row[2] or 0, row[3], row[4]))
        return {key: json.loads(payload) for key, payload, *_ in ordered}


@pytest.fixture
def workplace(tmp_path: Path) -> Workplace:
    return Workplace(tmp_path)


@pytest.fixture(scope="module")
def module_workplace(tmp_path_factory: pytest.TempPathFactory) -> Workplace:
    """One workplace for all tests of a module."""
    return Workplace(tmp_path_factory.mktemp("workplace"))


@pytest.fixture(scope="module")
def module_zendesk() -> Iterator[Zendesk]:
    """One Zendesk for all tests of a module."""
    vendor = Zendesk()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in vendor.environment.items():
            patch.setenv(name, value)
        yield vendor
    vendor.close()
