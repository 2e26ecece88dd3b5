r"""JSON texts that a strict parser refuses though a vendor sends them.

Holds the repair of a page that holds a lone surrogate (`"\ud800"`, half a character) or
another slip, so that strict readers (here and in DuckDB) take it. All else in the page
stays byte for byte. Does not hold the reading of pages.
Tests: tests/ingestion/test_raw_json.py
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

# One escape of a JSON text: a pair of surrogates, a lone one, or any other.
_ESCAPE = re.compile(
    rb"\\(?:(?P<pair>u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})"
    rb"|(?P<lone>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)


def mended(body: bytes) -> Iterator[bytes]:
    """The body as it came, then ever stronger repairs of it; take the first that reads.

    The last one writes the page anew: integers keep all digits, other numbers may lose
    some, and `NaN` becomes null.
    """
    yield body
    repaired = replace_lone_surrogates(body)
    yield repaired
    try:
        # `strict=False` lets raw control characters stand inside strings.
        page = json.loads(
            repaired.decode("utf-8", "replace"),
            strict=False,
            parse_constant=lambda _: None,
        )
    except (ValueError, RecursionError):
        return
    yield json.dumps(page, ensure_ascii=False, separators=(",", ":")).encode()


def replace_lone_surrogates(body: bytes) -> bytes:
    r"""Half characters become U+FFFD; `\\ud800` (an escaped backslash) is no escape."""
    return _ESCAPE.sub(
        lambda match: rb"\ufffd" if match["lone"] else match[0],
        body,
    )
