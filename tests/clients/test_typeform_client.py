"""The forms, read by the client that their vendor publishes for node.

It runs in a process of node, which gets the sandbox's address and prints what it read.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ingestion.sandbox.server import RunningSandbox
from ingestion.sandbox.typeform.forms import CONTACT, RELATIONSHIP, Form
from ingestion.sandbox.typeform.responses import responses_of
from ingestion.sandbox.world import World

HERE = Path(__file__).parent
MODULES = Path(os.environ.get("CX_NODE_MODULES", HERE / "node_modules"))
LIBRARY = MODULES / "@typeform" / "api-client"
NODE = shutil.which("node")

pytestmark = [
    pytest.mark.skipif(NODE is None, reason="node is not installed"),
    pytest.mark.skipif(
        not LIBRARY.is_dir(),
        reason=f"{LIBRARY} is not there; "
        "`npm install --prefix tests/clients` or `make clients` installs it",
    ),
]

Pages = Callable[[str], int]
Call = Callable[..., Any]


@pytest.fixture
def call(sandbox: RunningSandbox) -> Call:
    """Call a method of the library, such as `responses.list`."""

    def run(method: str, **arguments: Any) -> Any:
        settings = {
            "library": str(LIBRARY.resolve()),
            "apiBaseUrl": sandbox.base_url,
            "token": sandbox.credentials.typeform_token,
            "method": method,
            "arguments": arguments,
        }
        answer = subprocess.run(
            [str(NODE), str(HERE / "typeform.cjs")],
            input=json.dumps(settings),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,  # what it says on failure is worth more than its code
        )
        assert answer.returncode == 0, answer.stderr
        return json.loads(answer.stdout)

    return run


def completed(world: World, form: Form) -> int:
    """Count the responses that were sent off; the vendor gives these by default."""
    submitted = responses_of(world, form).submitted
    return int(((submitted > 0) & (submitted <= world.span.now)).sum())


def test_the_vendors_client_lists_all_forms_by_itself(call: Call) -> None:
    found = call("forms.list", page="auto")
    assert {one["id"] for one in found["items"]} == {RELATIONSHIP.id, CONTACT.id}


def test_the_vendors_client_lists_one_form_a_page(call: Call, pages: Pages) -> None:
    first = call("forms.list", page=1, pageSize=1)
    assert (first["total_items"], first["page_count"]) == (2, 2)
    second = call("forms.list", page=2, pageSize=1)
    found = {one["id"] for one in first["items"] + second["items"]}
    assert found == {RELATIONSHIP.id, CONTACT.id}
    assert pages("/forms") == 2


def test_the_vendors_client_pages_through_all_responses_by_itself(
    call: Call, world: World, pages: Pages
) -> None:
    found = call("responses.list", uid=RELATIONSHIP.id, page="auto")
    tokens = Counter(one["response_id"] for one in found["items"])
    expected = completed(world, RELATIONSHIP)
    assert len(found["items"]) == len(tokens) == found["total_items"] == expected
    # It asks for a thousand a page, the most that there are.
    assert pages(f"/forms/{RELATIONSHIP.id}/responses") == -(-expected // 1000) > 1


def test_the_vendors_client_goes_back_by_the_token_of_the_last_response(
    call: Call, world: World, pages: Pages
) -> None:
    found: list[Any] = []
    while True:
        before = found[-1]["token"] if found else None
        page = call("responses.list", uid=CONTACT.id, pageSize=90, before=before)
        found += page["items"]
        if page["page_count"] <= 1:
            break
    expected = completed(world, CONTACT)
    assert len(found) == len({one["token"] for one in found}) == expected
    assert pages(f"/forms/{CONTACT.id}/responses") == -(-expected // 90) > 2


def test_the_vendors_client_gets_landings_when_it_asks_for_them(
    call: Call, world: World
) -> None:
    responses, now = responses_of(world, RELATIONSHIP), world.span.now
    landed = int((responses.landed <= now).sum())
    found = call("responses.list", uid=RELATIONSHIP.id, page="auto", completed=False)
    expected = landed - completed(world, RELATIONSHIP)
    assert len({one["token"] for one in found["items"]}) == expected > 20
