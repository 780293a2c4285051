"""What the page of the method shows: its parameters, and the examples worked out as it loads."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engagements.selectors.method_ladder import LadderRules, ladder_rules
from engagements.selectors.method_parameters import Parameters, parameters_of
from records.codes import Code, load
from scorecards.scoring import violations
from scorecards.scoring.conduciveness import Conduciveness, Posterior, certainty, posterior
from scorecards.scoring.evidence import DAYS_PER_MONTH, fade
from scorecards.scoring.examples import (
    B_BEFORE,
    B_HALF_LIVES,
    B_INTENSITY,
    B_SINCE,
    LONG,
    example_a,
    example_b,
)
from scorecards.scoring.integration import Dimension, Integration, limit_on
from scorecards.scoring.method import CORE, Method

DIMENSIONS = load("scorecards")["dimensions"]
CRITERIA = load("scorecards", "criteria.toml")["criteria"]
_FACTOR_LISTS = load("scorecards", "factors.toml")
FACTORS, HYPOTHESES = _FACTOR_LISTS["factors"], _FACTOR_LISTS["hypotheses"]


@dataclass(frozen=True, slots=True)
class RatingStep:
    """One line of a dimension's sum: w = 1, q = r x 0.5^(age / half-life), s = rating / 4."""

    criterion: str
    rating: Any
    grade: str
    half_lives: float | None
    reliability: float | None
    q: float
    said: float | None


@dataclass(frozen=True, slots=True)
class DimensionStep:
    """A dimension of example A with its sums, and the limit its neighbours set."""

    name: str
    ratings: Sequence[RatingStep]
    said: float
    known: float
    asked: float
    found: Dimension
    limit: float
    weight: float
    bound_by: str


@dataclass(frozen=True, slots=True)
class FactorStep:
    """A factor of example B: `ageing` and `new` in points of the score."""

    code: str
    name: str
    before: Any
    aged: Any
    after: Any

    @property
    def ageing(self) -> float:
        return float(self.aged.contribution - self.before.contribution)

    @property
    def new(self) -> float:
        return float(self.after.contribution - self.aged.contribution)


@dataclass(frozen=True, slots=True)
class ScoreSteps:
    """Example B as a whole."""

    factors: Sequence[FactorStep]
    readings_before: str
    readings_since: str
    intensity: Sequence[float]
    half_lives: str
    before: Conduciveness
    aged: Conduciveness
    after: Conduciveness

    @property
    def move(self) -> float:
        return self.after.uncapped - self.before.uncapped

    @property
    def ageing(self) -> float:
        return self.aged.uncapped - self.before.uncapped

    @property
    def new(self) -> float:
        return self.after.uncapped - self.aged.uncapped

    @property
    def certainty(self) -> float:
        return certainty(self.after.uncapped, self.after.sd)


@dataclass(frozen=True, slots=True)
class ViolationRules:
    """The cut-offs of the panel beside the card (section 2.7)."""

    pattern_incidents: int = violations.PATTERN_INCIDENTS
    pattern_months: int = violations.PATTERN_MONTHS
    period_months: int = violations.PERIOD_MONTHS
    prior: float = violations.PRIOR
    sure: float = violations.SURE
    high_index: float = violations.HIGH_INDEX

    @property
    def falls_short(self) -> float:
        """At or below this probability the rate rises."""
        return round(1 - self.sure, 10)


@dataclass(frozen=True, slots=True)
class MethodPage:
    parameters: Parameters
    criteria: Sequence[tuple[str, Sequence[Code]]]
    hypotheses: Sequence[Code]
    unweighted: Sequence[Code]
    card: Integration
    dimensions: Sequence[DimensionStep]
    score: ScoreSteps
    ladder: LadderRules
    violations: ViolationRules
    half_left: float
    days_per_month: float
    prior: float
    unknown: Posterior
    peace: Sequence[tuple[str, float]]
    access: Sequence[tuple[str, float]]


def method_page(method: Method) -> MethodPage:
    """Everything on the page is worked out here from the method given: nothing is typed twice."""
    card, success = example_a(method), method.conduciveness
    return MethodPage(
        parameters=parameters_of(method),
        criteria=[(entry.label(), _criteria_of(str(entry.code))) for entry in DIMENSIONS],
        hypotheses=list(HYPOTHESES),
        unweighted=[entry for entry in FACTORS if not entry.extra["weighted"]],
        card=card,
        dimensions=[_dimension_step(card, code, method) for code in CORE],
        score=_score_steps(method),
        ladder=ladder_rules(method),
        violations=ViolationRules(),
        half_left=fade(1.0, age=LONG, half_life=LONG),
        days_per_month=DAYS_PER_MONTH,
        prior=success.kappa / 2,
        unknown=posterior([], success.kappa),
        peace=_in_words(success.computed.peace_process),
        access=_in_words(success.computed.access),
    )


def _in_words(values: Mapping[str, float]) -> list[tuple[str, float]]:
    return [(code.replace("_", " "), value) for code, value in values.items()]


def _criteria_of(dimension: str) -> list[Code]:
    return [entry for entry in CRITERIA if entry.extra["dimension"] == dimension]


def _dimension_step(card: Integration, code: str, method: Method) -> DimensionStep:
    rows = [row for row in card.evidence if row["dimension"] == code]
    steps = [_rating_step(row, method.integration.top_rating) for row in rows]
    bounds = method.integration.dimension[code].bounded_by
    neighbours = [card.dimensions[other].value for other in bounds]
    limit = limit_on(
        [1.0 if value is None else value for value in neighbours], method.integration.slack
    )
    found = card.dimensions[code]
    return DimensionStep(
        name=DIMENSIONS[code].label(),
        ratings=steps,
        said=math.fsum(step.said or 0.0 for step in steps),
        known=math.fsum(row["weight"] * row["q"] for row in rows),
        asked=math.fsum(row["weight"] for row in rows),
        found=found,
        limit=limit,
        weight=method.integration.dimension[code].weight,
        bound_by=DIMENSIONS[found.bound_by].label() if found.bound_by else "",
    )


def _rating_step(row: Any, top: int) -> RatingStep:
    counted = row["state"] == "counted"
    return RatingStep(
        criterion=row["criterion"],
        rating=row["rating"],
        grade=row["grade"] or "",
        half_lives=row["age_months"] / row["half_life"] if counted else None,
        reliability=row["reliability"],
        q=row["q"],
        said=row["weight"] * row["q"] * row["rating"] / top if counted else None,
    )


def _score_steps(method: Method) -> ScoreSteps:
    example = example_b(method)
    three = (example.before, example.aged, example.after)
    parts = [{part.factor: part for part in one.factors if part.weight} for one in three]
    factors = [
        FactorStep(code, FACTORS[code].label(), *(one[code] for one in parts)) for code in parts[0]
    ]
    half_lives = (f"{months} months for {code}" for code, months in B_HALF_LIVES.items() if months)
    return ScoreSteps(
        factors,
        _readings(B_BEFORE),
        _readings(B_SINCE),
        list(B_INTENSITY.values()),
        ", ".join(half_lives),
        *three,
    )


def _readings(rows: Iterable[tuple[str, int, str]]) -> str:
    """ "GR4 read 1 (A1), GR4 read 3 (C3)" """
    return ", ".join(f"{factor} read {rating} ({grade})" for factor, rating, grade in rows)
