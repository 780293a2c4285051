"""Setbacks (section 2.4): a dimension that fell from one final assessment to the next.

A setback carries over to the neighbours, so somebody looks at them again. It changes no number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from scorecards.scoring.facts import DossierFacts, RatingFact, Source
from scorecards.scoring.integration import Dimension, integration
from scorecards.scoring.method import CORE, TOLERANCE, Method

FALL = 0.15  # of R, from 0 to 1
NEIGHBOURS: Mapping[str, tuple[str, ...]] = {
    "doctrine": ("training", "equipment", "sanctions"),
    "training": ("doctrine", "equipment"),
    "equipment": ("doctrine", "training"),
    "sanctions": ("doctrine", "training"),
}


@dataclass(frozen=True, slots=True)
class Setback:
    """R of a dimension at the assessment before and at this one, both 0..1."""

    dimension: str
    before: float
    after: float
    assessment: Source
    on: date


def newest_setbacks(facts: DossierFacts, method: Method) -> tuple[Setback, ...]:
    """What the newest final assessment brought down by .15 or more, of the facts of one clearance.

    Each assessment is read on its own day with what was final by then, so that the daily ageing
    of a score is no setback. Both readings must be known well enough to be published (Q >= .40).
    """
    assessments = sorted({_of(rating) for rating in facts.ratings})
    if len(assessments) < 2:
        return ()
    return _between(facts, assessments[-2], assessments[-1], method)


def setbacks_at(facts: DossierFacts, assessment: str, method: Method) -> tuple[Setback, ...]:
    """The same for one assessment, by its id: what it brought down when it became final."""
    assessments = sorted({_of(rating) for rating in facts.ratings})
    at = next((n for n, one in enumerate(assessments) if one[2] == assessment), 0)
    return _between(facts, assessments[at - 1], assessments[at], method) if at else ()


_Assessment = tuple[date, str, str]  # its date, the instant it became final, its id


def _of(rating: RatingFact) -> _Assessment:
    return rating.as_of, rating.finalised, rating.source.id


def _between(
    facts: DossierFacts, earlier: _Assessment, later: _Assessment, method: Method
) -> tuple[Setback, ...]:
    before, after = _at(facts, earlier, method), _at(facts, later, method)
    source = Source("assessment", later[2])
    return tuple(
        Setback(code, old, new, source, later[0])
        for code in CORE
        if (old := before[code].value) is not None and (new := after[code].value) is not None
        if old - new >= FALL - TOLERANCE
    )


def _at(facts: DossierFacts, last: _Assessment, method: Method) -> Mapping[str, Dimension]:
    """The four dimensions on an assessment's day, from it and those before it."""
    known = tuple(rating for rating in facts.ratings if _of(rating) <= last)
    return integration(replace(facts, ratings=known), last[0], method).dimensions
