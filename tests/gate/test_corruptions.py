"""Every planted corruption is caught by the check that is named for it."""

from __future__ import annotations

import pytest

from expectations.constancy import CONSTANCY
from expectations.drift import DRIFT
from expectations.last_loads import LAST_LOADS
from expectations.versions import VERSIONS
from expectations.volume import VOLUME
from tests.gate import report
from tests.gate.corruptions import CORPUS
from tests.gate.planting import noticed_by

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(900)]

ALL = [(layer, one) for layer, kinds in CORPUS.items() for one in kinds]


@pytest.mark.parametrize(
    ("layer", "corruption"), ALL, ids=lambda x: getattr(x, "name", x)
)
def test_planted_corruption_is_caught_by_name(layer, corruption, base, tmp_path):
    caught = noticed_by(corruption, base, tmp_path)
    report.corruption(layer, corruption, caught)
    assert caught == list(corruption.caught_by)


def test_every_check_on_history_has_a_corruption_that_it_catches():
    caught = {name for _, corruption in ALL for name in corruption.caught_by}
    checks = (*VERSIONS, *VOLUME, *DRIFT, *LAST_LOADS, *CONSTANCY)
    assert {check.name for check in checks} <= caught


def test_corpus_has_enough_kinds_and_no_name_twice():
    names = [corruption.name for _, corruption in ALL]
    assert len(set(names)) == len(names) >= 60
    assert all(corruption.caught_by for _, corruption in ALL)
