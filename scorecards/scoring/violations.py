"""The violations panel (section 2.7): what happened, shown beside the index and never netted.

Plain counting over the incidents of one dossier. Only what is credible or better proven counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from scorecards.scoring.evidence import within
from scorecards.scoring.facts import IncidentFact

COUNTED = frozenset({"credible", "verified"})
# By top or senior command (L1, L2): a lower commander's own order is coded as an individual act.
ORDERED = "ordered"
PATTERN_MONTHS = 12
PATTERN_INCIDENTS = 3


def is_pattern(incidents: Iterable[IncidentFact], as_of: date) -> bool:
    """Whether the last 12 months show a pattern (section 2.7).

    Three credible or verified incidents of one category, or one of them ordered. The window
    includes both ends; a partial date stands for the middle of its period (section 3.2).
    """
    counted = [row for row in incidents if row.standard in COUNTED]
    recent = list(within(counted, as_of, PATTERN_MONTHS))
    by_category = Counter(row.category for row in recent)
    return any(row.attribution == ORDERED for row in recent) or any(
        number >= PATTERN_INCIDENTS for number in by_category.values()
    )
