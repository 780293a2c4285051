"""What a dossier's success factors would be: factors moved by hand, a meeting supposed.

Worked out from today's facts at one clearance, stored nowhere. What a reader of months is told
follows from what success-factors shows them already: see `Asking.may_suppose`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.access import Viewer
from engagements.models import Dossier
from engagements.selectors.dossier_page import FACTOR_NAMES
from engagements.selectors.scores import Reading, reading_of, unstored_head, unstored_json
from scorecards.models.snapshots import SUCCESS_FACTORS
from scorecards.results import conduciveness_result
from scorecards.scoring.conduciveness import Conduciveness, conduciveness
from scorecards.scoring.draws import spread_of
from scorecards.scoring.method import Method
from scorecards.scoring.what_if import SupposedMeeting, moved, supposing
from scorecards.variants import before_result, likelihood_result, spread_result

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
    return Asking(reading_of(viewer, dossier, clearance, as_of)).answer(means, meeting)


@dataclass(frozen=True)
class Asking:
    """One reading of a dossier's facts, of which any number of suppositions may be made."""

    read: Reading

    @property
    def may_suppose(self) -> bool:
        """A reader of months may move factors, whose means, spreads and strengths they are shown,
        but suppose no meeting: a refusal by L1 gives way to any later meeting with L1, so whoever
        may choose the day of one finds, guess by guess, the day of the other.
        """
        return not self.read.is_coarse

    @property
    def day(self) -> date:
        return self.read.as_of or timezone.localdate()

    @cached_property
    def before(self) -> Conduciveness:
        return conduciveness(self.read.facts, self.day, self.read.method)

    def answer(
        self, means: Mapping[str, Any], meeting: SupposedMeeting | None = None
    ) -> dict[str, Any]:
        """As `what_if_json`."""
        method = self.read.method
        checked = checked_means(means, method)
        after = moved(self._with(meeting), checked, method)
        result, _ = conduciveness_result(after)
        shown = unstored_json(self.read, SUCCESS_FACTORS, result, self.day)
        return (
            shown
            | unstored_head(self.read, SUCCESS_FACTORS, self.day)
            | {
                **likelihood_result(after),
                "spread": spread_result(spread_of(after, method)),
                "before": before_result(self.before, spread_of(self.before, method)),
                "note": NOTE,
            }
        )

    def _with(self, meeting: SupposedMeeting | None) -> Conduciveness:
        if meeting is None:
            return self.before
        if not self.may_suppose:
            raise ValidationError({"interaction": BY_THE_MONTH})
        facts = supposing(self.read.facts, meeting, closed_on=self.read.dossier.closed_on)
        seen = facts.at_clearance(self.read.clearance)
        return conduciveness(seen, self.day, self.read.method)


@dataclass(frozen=True, slots=True)
class MovedFactor:
    """A factor that stands elsewhere than before; `points` is what that does to the score."""

    code: str
    name: str
    before: float
    after: float
    points: float


def moved_factors(answer: Mapping[str, Any]) -> list[MovedFactor]:
    """What moved in an answer, the most points first."""
    means = answer["before"]["means"]
    found = [
        MovedFactor(
            row["factor"],
            FACTOR_NAMES[row["factor"]],
            means[row["factor"]],
            row["mean"],
            100 * row["weight"] * (row["mean"] - means[row["factor"]]),
        )
        for row in answer["factors"]
        if row["mean"] != means[row["factor"]] and row["weight"]
    ]
    return sorted(found, key=lambda one: -abs(one.points))


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
