"""What the public literature says of real companies, beside which the world is held.

Holds ranges and where they come from. A range is what the source gives across
companies or industries; where it gives one number only, both ends are that number and
the width is the reader's to judge. Does not hold the world's own figures
(`description.py`). Tests: tests/ingestion/sandbox/test_description.py
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Reference:
    """A published range, in the unit of the figure that it stands beside.

    Attributes:
        low: Lower end.
        high: Upper end.
        source: Who published it, and of whom.
        remark: Why the world may lie elsewhere.
    """

    low: float
    high: float
    source: str
    remark: str = ""


REFERENCES = {
    "CSAT": Reference(
        0.77,
        0.96,
        "Zendesk, Customer Satisfaction Index, March 2012: by industry, 86 % overall",
    ),
    "first reply, median": Reference(
        1.8,
        12.2,
        "Jitbit, 1 000 companies: median of 7 h 04 min; EmailAnalytics 2024, 1 000 "
        "companies: mean of 12 h 10 min; Zendesk as quoted by Softabase 2026: best "
        "quarter under 1.8 h",
    ),
    "one-touch tickets": Reference(
        0.41,
        0.94,
        "MetricNet, service desks: first contact resolution of 41 to 94 %, mean 74 %",
    ),
    "calls abandoned": Reference(
        0.10,
        0.16,
        "Talkdesk, Call Center KPI Benchmarks 2015: by industry, 12 % overall",
    ),
    "survey mails answered": Reference(
        0.03,
        0.26,
        "CustomerGauge 2026, 5 million survey mails of 50 companies",
    ),
    "surveys begun that were finished": Reference(
        0.80, 0.90, "CustomerGauge 2026: stable at about 85 %"
    ),
    "NPS": Reference(
        20, 55, "Satmetrix 2024 as quoted by Rapitek: by industry, software 30 to 40"
    ),
    "people with two records in one system": Reference(
        0.05,
        0.30,
        "AHIMA: 10 % of hospital records, and 5 % at a group of physicians; Black Book "
        "Research: 10 to 18 %, up to 30 %",
    ),
    "deals won of those closed": Reference(
        0.19,
        0.30,
        "The Bridge Group as quoted by Storylane: B2B software, median of 19 %; 20 to "
        "30 % across B2B",
        "every customer's first deal, which was won, is in this CRM",
    ),
    "solved by the bot of those it met": Reference(
        0.20,
        0.75,
        "CoreBee: bots with ready answers 20 to 30 %, the best 60 to 75 %",
    ),
    "subscriptions cancelled a month": Reference(
        0.0327,
        0.0681,
        "Recurly Research: median of 5.48 % in 2019 (consumers 6.81 %), 3.27 % later",
    ),
    "reviews with one or five stars": Reference(
        0.50,
        1.0,
        "Hu, Zhang, Pavlou, Communications of the ACM 52(10), 2009: J-shaped, most "
        "reviews at the ends",
    ),
}
