"""What a dossier's success factors would be: factors moved by hand, a meeting supposed.

Worked out from today's facts at one clearance, stored nowhere. What a reader of months is told
follows from what success-factors shows them already: see `_may_suppose`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.access import Viewer
from engagements.models import Dossier
from engagements.selectors.scores import Reading, reading_of, unstored_head, unstored_json
from scorecards.models.snapshots import SUCCESS_FACTORS
from scorecards.results import conduciveness_result
from scorecards.scoring.conduciveness import conduciveness
from scorecards.scoring.draws import spread_of
from scorecards.scoring.method import Method
from scorecards.scoring.what_if import SupposedMeeting, moved, supposing
from scorecards.variants import before_result, spread_result

NOTE = (
    "A planning aid, not a forecast: what the score would be if this were so. Nothing of it is "
    "stored."
)
BY_THE_MONTH = (
    "You read meetings by the month, and a supposed meeting would tell their days. Move factors "
    "instead."
)
_NO_FACTOR = "There is no such success factor."
_NO_WEIGHT = "This factor is recorded and counts nothing: there is nothing to move."
_NO_MEAN = "Write a number from 0 to 1."


def what_if_json(
    viewer: Viewer,
    dossier: Dossier,
    means: Mapping[str, Any],
    meeting: SupposedMeeting | None = None,
    clearance: int | None = None,
    *,
    as_of: date | None = None,
) -> dict[str, Any]:
    """Success factors in their usual shape with this meeting and these means, then `spread`, what
    it was `before`, and a `note`.

    `means`: factor -> mean as it was sent, 0..1. Raises as `success_factors_json`, and
    ValidationError by field for a factor or mean that does not fit.
    """
    read = reading_of(viewer, dossier, clearance, as_of)
    checked = checked_means(means, read.method)
    if meeting is not None and not may_suppose(read):
        raise ValidationError({"interaction": BY_THE_MONTH})
    day = as_of or timezone.localdate()
    facts = read.facts
    before = conduciveness(facts, day, read.method)
    if meeting is not None:
        supposed = supposing(facts, meeting, closed_on=dossier.closed_on)
        facts = supposed.at_clearance(read.clearance)
    after = moved(conduciveness(facts, day, read.method), checked, read.method)
    result, _ = conduciveness_result(after)
    shown = unstored_json(read, SUCCESS_FACTORS, result, day)
    return (
        shown
        | unstored_head(read, SUCCESS_FACTORS, day)
        | {
            "spread": spread_result(spread_of(after, read.method)),
            "before": before_result(before, spread_of(before, read.method)),
            "note": NOTE,
        }
    )


def may_suppose(read: Reading) -> bool:
    """A reader of months may move factors, whose means, spreads and weights they are shown, but
    suppose no meeting: a refusal by L1 gives way to any later meeting with L1, so whoever may
    choose the day of one finds, guess by guess, the day of the other.
    """
    return not read.is_coarse


def checked_means(told: Mapping[str, Any], method: Method) -> dict[str, float]:
    """The means as numbers; ValidationError naming every factor or mean that does not fit."""
    faults = {}
    for code, mean in told.items():
        if sentence := _fault(code, mean, method):
            faults[f"factors.{code[:60]}"] = sentence
    if faults:
        raise ValidationError(faults)
    return {code: float(mean) for code, mean in told.items()}


def _fault(code: str, mean: Any, method: Method) -> str:
    weight = method.conduciveness.omega.get(code)
    if weight is None:
        return _NO_FACTOR
    if not weight:
        return _NO_WEIGHT
    # A yes is a number to Python, and to nobody else; NaN lies between no two numbers.
    is_number = isinstance(mean, int | float) and not isinstance(mean, bool)
    return "" if is_number and 0 <= mean <= 1 else _NO_MEAN
