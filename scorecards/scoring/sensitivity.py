"""Does the conclusion hold when the judgements behind the success factors are turned (3.6 a-d)?

Robustness is a property of the conclusion, not of the index: every variant is asked for its
direction word. Figures are those before any blocker: a blocked dossier is blocked in all of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from scorecards.scoring.conduciveness import (
    Conduciveness,
    Direction,
    FactorPart,
    conduciveness,
    direction_of,
    spread,
)
from scorecards.scoring.draws import SEED, dirichlet, percentile
from scorecards.scoring.facts import DossierFacts
from scorecards.scoring.integration import geometric_index
from scorecards.scoring.method import ConducivenessRules, Method

WEIGHT_DRAWS = 1000
CONCENTRATION = 50.0
"""alpha_f = 50 omega_f: how closely the drawn weights keep to the set's own (3.6 b)."""

KAPPAS = (1.0, 2.0, 4.0)
RHOS = (0.0, 0.3, 0.6)
HALF_LIFE_FACTORS = (0.5, 1.0, 2.0)
"""Halved, as they are, doubled (3.6 c)."""

MOST_CHANGED = 0.05
"""A conclusion holds while at most this share of the drawn weights changes it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A score before blockers with what is printed beside it; points, 0..100."""

    score: float
    sd: float
    low: float
    high: float
    direction: Direction | None


@dataclass(frozen=True, slots=True)
class Variant:
    """The outcome with one parameter at this value; `in_force`: the method has it so.

    The value in force stands among the others, also where a weight set has one of its own.
    """

    value: float
    in_force: bool
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The outcome without one factor, and what that does to the score, in points."""

    factor: str
    bundle: str
    weight: float
    outcome: Outcome
    effect: float


@dataclass(frozen=True, slots=True)
class DrawnWeights:
    """Where the score lies over drawn weights; `changed` is the share with another conclusion."""

    draws: int
    seed: int
    concentration: float
    p5: float
    p50: float
    p95: float
    changed: float


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """How far the score and its direction word depend on what is judgement.

    `left_out` comes with the largest effect first. `geometric` is the score multiplied up with the
    floor of the integration index instead of added up.
    """

    blocked: bool
    base: Outcome
    left_out: tuple[LeftOut, ...]
    weights: DrawnWeights
    kappa: tuple[Variant, ...]
    half_lives: tuple[Variant, ...]
    rho: tuple[Variant, ...]
    geometric: float

    @property
    def changes(self) -> list[tuple[str, str | float]]:
        """Every variant that ends in another word: what was turned, and to what."""
        said = self.base.direction
        found: list[tuple[str, str | float]] = [
            ("left_out", one.factor) for one in self.left_out if one.outcome.direction != said
        ]
        for name, variants in self._by_parameter():
            found += [(name, one.value) for one in variants if one.outcome.direction != said]
        if said and (self.geometric > 50) != (self.base.score > 50):
            found.append(("geometric", self.geometric))
        return found

    @property
    def holds(self) -> bool:
        return not self.changes and self.weights.changed <= MOST_CHANGED

    def _by_parameter(self) -> Iterator[tuple[str, tuple[Variant, ...]]]:
        yield "kappa", self.kappa
        yield "half_lives", self.half_lives
        yield "rho", self.rho


def sensitivity(facts: DossierFacts, as_of: date, method: Method) -> Sensitivity:
    """Turn each judgement of the success factors once; give it the facts of one clearance."""
    rules = method.conduciveness
    score = conduciveness(facts, as_of, method)
    parts = [part for part in score.factors if part.weight]
    base = outcome_of(parts, _weights(parts), rules)
    return Sensitivity(
        blocked=bool(score.blockers),
        base=base,
        left_out=_left_out(parts, base, rules),
        weights=_over_weights(parts, base, rules),
        kappa=tuple(
            _recomputed(facts, as_of, method, value, value == rules.kappa, kappa=value)
            for value in sorted({*KAPPAS, rules.kappa})
        ),
        half_lives=tuple(
            _recomputed(
                facts, as_of, method, value, value == 1, factors=_with_half_lives(rules, value)
            )
            for value in HALF_LIFE_FACTORS
        ),
        rho=tuple(
            Variant(
                value,
                value == rules.rho,
                outcome_of(parts, _weights(parts), replace(rules, rho=value)),
            )
            for value in sorted({*RHOS, rules.rho})
        ),
        geometric=geometric_index(
            [part.mean for part in parts],
            [part.weight for part in parts],
            method.integration.floor,
        ),
    )


def without(parts: Sequence[FactorPart], factor: str) -> dict[str, float]:
    """The weights when one factor counts nothing: the others of its bundle share what it had, in
    proportion to their own; if it stood alone there, the other bundles do.
    """
    left = next(part for part in parts if part.factor == factor)
    others = [part for part in parts if part.factor != factor]
    heirs = [part for part in others if part.bundle == left.bundle] or others
    had = math.fsum(part.weight for part in heirs)
    weights = {part.factor: part.weight for part in others}
    for part in heirs:
        weights[part.factor] += left.weight * part.weight / had
    return weights


def outcome_of(
    parts: Sequence[FactorPart], weights: Mapping[str, float], rules: ConducivenessRules
) -> Outcome:
    """Formulas 3.3 with these weights: S = 100 sum(omega m), its sd, range and word."""
    used = [(weights[part.factor], part) for part in parts if part.factor in weights]
    score = 50 + math.fsum(100 * weight * (part.mean - 0.5) for weight, part in used)
    sd = 100 * spread([weight * part.sd for weight, part in used], rules.rho)
    return Outcome(
        score=score,
        sd=sd,
        low=max(score - rules.z * sd, 0.0),
        high=min(score + rules.z * sd, 100.0),
        direction=direction_of(score, sd, rules.confidence),
    )


def _weights(parts: Sequence[FactorPart]) -> dict[str, float]:
    return {part.factor: part.weight for part in parts}


def _left_out(
    parts: Sequence[FactorPart], base: Outcome, rules: ConducivenessRules
) -> tuple[LeftOut, ...]:
    if len(parts) < 2:
        return ()
    found = []
    for part in parts:
        outcome = outcome_of(parts, without(parts, part.factor), rules)
        effect = outcome.score - base.score
        found.append(LeftOut(part.factor, part.bundle, part.weight, outcome, effect))
    return tuple(sorted(found, key=lambda one: -abs(one.effect)))


def _over_weights(
    parts: Sequence[FactorPart], base: Outcome, rules: ConducivenessRules
) -> DrawnWeights:
    outcomes = [
        outcome_of(parts, drawn, rules)
        for drawn in dirichlet(_weights(parts), CONCENTRATION, WEIGHT_DRAWS)
    ]
    totals = sorted(outcome.score for outcome in outcomes)
    changed = sum(outcome.direction != base.direction for outcome in outcomes)
    return DrawnWeights(
        draws=WEIGHT_DRAWS,
        seed=SEED,
        concentration=CONCENTRATION,
        p5=percentile(totals, 0.05),
        p50=percentile(totals, 0.50),
        p95=percentile(totals, 0.95),
        changed=changed / WEIGHT_DRAWS,
    )


def _recomputed(
    facts: DossierFacts, as_of: date, method: Method, value: float, in_force: bool, **changed: Any
) -> Variant:
    """The outcome under a method with other rules: every posterior is worked out again."""
    rules = replace(method.conduciveness, **changed)
    score: Conduciveness = conduciveness(facts, as_of, replace(method, conduciveness=rules))
    parts = [part for part in score.factors if part.weight]
    return Variant(value, in_force, outcome_of(parts, _weights(parts), rules))


def _with_half_lives(rules: ConducivenessRules, times: float) -> tuple[Any, ...]:
    return tuple(
        replace(rule, half_life=rule.half_life * times) if rule.half_life else rule
        for rule in rules.factors
    )
