from datetime import date

import pytest

from orchestration.publication.errors import NoRelease
from orchestration.publication.headline import headlines


def test_each_metric_is_told_once_in_its_default_mode_with_n_and_interval(with_release):
    told = [(h.metric, h.mode, h.value, h.n, h.ci_low) for h in headlines(with_release)]
    assert told == [
        ("tickets_created", "standard", 2.0, 2, None),
        ("csat", "all_rated", 1.0, 1, 0.206549),
        ("nps", "relationship", 0.0, 2, -90.0),
    ]
    assert {h.period_start for h in headlines(with_release)} == {date(2023, 12, 3)}
    assert all(h.is_low_n for h in headlines(with_release))


def test_months_give_the_latest_month_of_each_metric(with_release):
    months = {h.metric: h.period_start for h in headlines(with_release, "month")}
    assert months == {
        "tickets_created": date(2024, 2, 1),
        "csat": date(2024, 1, 1),
        "nps": date(2024, 2, 1),
        "win_rate": date(2024, 2, 1),
        "review_rating": date(2024, 2, 1),
        "review_reply_rate": date(2024, 2, 1),
    }


def test_no_release_has_no_headlines(settings):
    with pytest.raises(NoRelease):
        headlines(settings)
