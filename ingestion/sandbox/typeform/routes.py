"""The survey vendor's paths, its authentication and its errors.

Holds one small function per resource. Does not hold records or paging.
Tests: tests/ingestion/sandbox/test_typeform.py
"""

from __future__ import annotations

import hmac
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ingestion.sandbox import limits as limits_
from ingestion.sandbox.answers import VendorError, json_response, number
from ingestion.sandbox.clock import Clock
from ingestion.sandbox.credentials import Credentials
from ingestion.sandbox.limits import Limits
from ingestion.sandbox.typeform.forms import FORMS, Form, form_definition, form_item
from ingestion.sandbox.typeform.paging import Index, invalid
from ingestion.sandbox.typeform.responses import render_responses, responses_of
from ingestion.sandbox.world.world import World

_DEFAULT_SIZE, _MAX_SIZE = 10, 200


class _Typeform:
    """Answers for one account."""

    def __init__(self, world: World, clock: Clock) -> None:
        self._world = world
        self._clock = clock
        self._indexes = {form.id: Index(responses_of(world, form)) for form in FORMS}

    def forms(self, request: Request) -> Response:
        """Answer the list of forms."""
        query = request.query_params
        size = number(query.get("page_size")) or _DEFAULT_SIZE
        if not 1 <= size <= _MAX_SIZE:
            raise invalid("page_size", f"must be between 1 and {_MAX_SIZE}")
        page = max(number(query.get("page")) or 1, 1)
        found = [
            form_item(self._world, form)
            for form in FORMS
            if query.get("search", "").lower() in form.title.lower()
        ]
        if query.get("order_by") == "desc":
            found.reverse()
        return json_response(
            {
                "total_items": len(found),
                "page_count": -(-len(found) // size),
                "items": found[(page - 1) * size : page * size],
            }
        )

    def form(self, request: Request) -> Response:
        """Answer with one form."""
        return json_response(form_definition(self._world, _form(request)))

    def responses(self, request: Request) -> Response:
        """Answer with a page of responses."""
        form = _form(request)
        index = self._indexes[form.id]
        selection = index.select(request.query_params, self._clock.seconds)
        records = render_responses(self._world, form, selection.rows)
        return json_response(selection.totals, {"items": records})


def _form(request: Request) -> Form:
    for form in FORMS:
        if form.id == request.path_params["form_id"]:
            return form
    raise VendorError(
        404, {"code": "FORM_NOT_FOUND", "description": "Non existing form with uid"}
    )


def typeform_routes(
    world: World, clock: Clock, credentials: Credentials, limits: Limits
) -> list[Route]:
    """Build the routes."""
    account = _Typeform(world, clock)

    def guarded(answer: Callable[[Request], Response]) -> Callable[[Request], Response]:
        def respond(request: Request) -> Response:
            try:
                _authenticate(request, credentials)
                _count(limits)
                return answer(request)
            except VendorError as error:
                return error.response()

        return respond

    resources = {
        "/forms": account.forms,
        "/forms/{form_id}": account.form,
        "/forms/{form_id}/responses": account.responses,
    }
    return [
        Route(path + slash, guarded(answer), methods=["GET"])
        for path, answer in resources.items()
        for slash in ("", "/")
    ]


def _authenticate(request: Request, credentials: Credentials) -> None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    expected = credentials.typeform_token.encode()
    if scheme.lower() != "bearer" or not hmac.compare_digest(token.encode(), expected):
        body = {"code": "AUTHENTICATION_FAILED"}
        description = "Authentication credentials not found on the Request Headers"
        raise VendorError(401, {**body, "description": description})


def _count(limits: Limits) -> None:
    allowance = limits.take(limits_.TYPEFORM)
    if not allowance.allowed:
        body = {"code": "TOO_MANY_REQUESTS", "description": "Too many requests"}
        raise VendorError(429, body, {"Retry-After": str(allowance.reset)})
