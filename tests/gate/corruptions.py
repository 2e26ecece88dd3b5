"""The corpus: what can be wrong with data, and which check must say so.

Holds the layers; each has its corruptions as data in `corpus`, where those of a new
source go. How they are planted and judged is in `planting` and `test_corruptions`.
"""

from __future__ import annotations

from tests.gate.corpus.facts import FACTS, SALES_AND_REVIEWS
from tests.gate.corpus.figures import METRICS, PUBLIC_TABLES
from tests.gate.corpus.lake_files import LAKE_FILES
from tests.gate.corpus.landed_rows import LANDED_ROWS
from tests.gate.corpus.releases import CANDIDATE_FILES, PUBLISHED
from tests.gate.planting import Corruption

CORPUS: dict[str, tuple[Corruption, ...]] = {
    "lake files": LAKE_FILES,
    "landed rows": LANDED_ROWS,
    "facts": FACTS,
    "sales and reviews": SALES_AND_REVIEWS,
    "metrics": METRICS,
    "public tables": PUBLIC_TABLES,
    "candidate": CANDIDATE_FILES,
    "published": PUBLISHED,
}
