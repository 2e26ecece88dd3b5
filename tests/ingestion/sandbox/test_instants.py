import numpy as np

from ingestion.sandbox.instants import iso, iso_or_none
from ingestion.sandbox.world import NEVER


def test_instants_are_written_in_utc_to_the_second() -> None:
    seconds = np.array([0, 1_709_251_199, 1_709_251_200, 86_399])
    assert iso(seconds) == [
        "1970-01-01T00:00:00Z",
        "2024-02-29T23:59:59Z",
        "2024-03-01T00:00:00Z",
        "1970-01-01T23:59:59Z",
    ]
    assert iso(np.array([], dtype=np.int64)) == []


def test_instants_that_never_come_are_none() -> None:
    known = "2001-09-09T01:46:40Z"
    assert iso_or_none(np.array([NEVER, 10**9, -1])) == [None, known, None]
