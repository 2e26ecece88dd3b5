"""Reading what callers of the CRM send as JSON.

Holds the checks that several paths share. Does not hold search (`search.py`).
Tests: tests/ingestion/sandbox/test_hubspot_objects.py
"""

from __future__ import annotations

from typing import Any

import orjson

from ingestion.sandbox.hubspot import errors


def read_body(body: bytes) -> dict[str, Any]:
    """Read a body that must be a JSON object.

    Raises:
        VendorError: 400, it is none.
    """
    try:
        read = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise errors.invalid(f"Invalid input JSON: {error}") from error
    if not isinstance(read, dict):
        raise errors.invalid("Invalid input JSON: an object is expected")
    return read


def inputs_of(body: dict[str, Any], most: int) -> list[dict[str, Any]]:
    """Give the `inputs` of a batch.

    Raises:
        VendorError: 400, there are none, too many, or some without an id.
    """
    inputs = body.get("inputs")
    if not isinstance(inputs, list):
        raise errors.invalid("Some required fields were not set: [inputs]")
    if len(inputs) > most:
        raise errors.invalid(f"The maximum batch size is {most}")
    if not all(isinstance(each, dict) and "id" in each for each in inputs):
        raise errors.invalid("Some required fields were not set: [id]")
    return inputs


def names_in(value: object, field: str) -> tuple[str, ...]:
    """Read a list of names.

    Raises:
        VendorError: 400, it is something else.
    """
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise errors.invalid(f"Invalid input JSON: {field} must be a list of names")
    return tuple(value)
