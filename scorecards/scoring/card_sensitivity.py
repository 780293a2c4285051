"""Does the reading of the integration index hold when its judgements are turned (3.6 a-e)?

The conclusion of a card is "high" (50 or more: a row of the four-cell reading, 2.7), "low", or
"not available" where a dimension is known too little.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from scorecards.scoring.draws import SEED, dirichlet, percentile
from scorecards.scoring.facts import DossierFacts
from scorecards.scoring.integration import Integration, geometric_index, integration, of_rows
from scorecards.scoring.method import CORE, TOLERANCE, IntegrationRules, Method
from scorecards.scoring.sensitivity import (
    CONCENTRATION,
    HALF_LIFE_FACTORS,
    MOST_CHANGED,
    WEIGHT_DRAWS,
    DrawnWeights,
)

Reading = Literal["high", "low", "not_available"]
HIGH = 50.0
SLACKS = (0.2, 0.35, 1.0)
"""lambda of 2.4: strict, as shipped, switched off (3.6 e)."""


@dataclass(frozen=True, slots=True)
class CardOutcome:
    """The index (None: not available), its range, and the reading; 0..100."""

    index: float | None
    low: float
    high: float

    @property
    def reading(self) -> Reading:
        if self.index is None:
            return "not_available"
        return "high" if self.index >= HIGH - TOLERANCE else "low"


@dataclass(frozen=True, slots=True)
class CardVariant:
    """The outcome with one parameter at this value; `in_force`: the method has it so."""

    value: float
    in_force: bool
    outcome: CardOutcome


@dataclass(frozen=True, slots=True)
class CriterionLeftOut:
    """The outcome without one criterion; `effect` in points, None where an index is missing."""

    criterion: str
    dimension: str
    outcome: CardOutcome
    effect: float | None


@dataclass(frozen=True, slots=True)
class CardSensitivity:
    """How far the index and its reading depend on what is judgement.

    `left_out` comes with the largest effect first, and names only criteria that count. `weights`
    is None and `arithmetic` too where there is no index.
    """

    base: CardOutcome
    left_out: tuple[CriterionLeftOut, ...]
    weights: DrawnWeights | None
    half_lives: tuple[CardVariant, ...]
    slack: tuple[CardVariant, ...]
    arithmetic: float | None

    @property
    def changes(self) -> list[tuple[str, str | float]]:
        """Every variant that ends in another reading: what was turned, and to what."""
        said = self.base.reading
        found: list[tuple[str, str | float]] = [
            ("left_out", one.criterion) for one in self.left_out if one.outcome.reading != said
        ]
        for name, variants in self._by_parameter():
            found += [(name, one.value) for one in variants if one.outcome.reading != said]
        if self.arithmetic is not None and (self.arithmetic >= HIGH - TOLERANCE) != (
            said == "high"
        ):
            found.append(("arithmetic", self.arithmetic))
        return found

    @property
    def holds(self) -> bool:
        changed = self.weights.changed if self.weights else 0.0
        return not self.changes and changed <= MOST_CHANGED

    def _by_parameter(self) -> Iterator[tuple[str, tuple[CardVariant, ...]]]:
        yield "half_lives", self.half_lives
        yield "slack", self.slack


def card_sensitivity(facts: DossierFacts, as_of: date, method: Method) -> CardSensitivity:
    """Turn each judgement of the scorecard once; give it the facts of one clearance."""
    rules = method.integration
    card = integration(facts, as_of, method)
    base = _outcome(card)
    return CardSensitivity(
        base=base,
        left_out=_left_out(card, as_of, method),
        weights=_over_weights(card, base, rules),
        half_lives=tuple(
            CardVariant(times, times == 1, _with_half_lives(facts, as_of, method, times))
            for times in HALF_LIFE_FACTORS
        ),
        slack=tuple(
            CardVariant(
                slack,
                slack == rules.slack,
                _outcome(of_rows(card.evidence, as_of, _with(method, replace(rules, slack=slack)))),
            )
            for slack in sorted({*SLACKS, rules.slack})
        ),
        arithmetic=card.arithmetic_mean,
    )


def _outcome(card: Integration) -> CardOutcome:
    return CardOutcome(card.index, card.index_low, card.index_high)


def _with(method: Method, rules: IntegrationRules) -> Method:
    return replace(method, integration=rules)


def _left_out(card: Integration, as_of: date, method: Method) -> tuple[CriterionLeftOut, ...]:
    """Without each criterion that counts: the others of its dimension stand for it alone."""
    found = []
    for row in card.evidence:
        if row["state"] != "counted" or row["dimension"] not in CORE:
            continue
        rest = [one for one in card.evidence if one["criterion"] != row["criterion"]]
        outcome = _outcome(of_rows(rest, as_of, method))
        known = card.index is not None and outcome.index is not None
        effect = (outcome.index or 0.0) - (card.index or 0.0) if known else None
        found.append(CriterionLeftOut(row["criterion"], row["dimension"], outcome, effect))
    # What takes the index away altogether moves most.
    return tuple(
        sorted(found, key=lambda one: -abs(one.effect) if one.effect is not None else -101.0)
    )


def _over_weights(
    card: Integration, base: CardOutcome, rules: IntegrationRules
) -> DrawnWeights | None:
    """The index over drawn weights of the four dimensions, around their own."""
    capped = {code: card.dimensions[code].capped for code in CORE}
    values = {code: value for code, value in capped.items() if value is not None}
    if base.index is None:
        return None
    shares = {code: rules.dimension[code].weight for code in CORE}
    totals = sorted(
        geometric_index([values[code] for code in drawn], drawn.values(), rules.floor)
        for drawn in dirichlet(shares, CONCENTRATION, WEIGHT_DRAWS)
    )
    changed = sum((total >= HIGH - TOLERANCE) != (base.reading == "high") for total in totals)
    return DrawnWeights(
        draws=WEIGHT_DRAWS,
        seed=SEED,
        concentration=CONCENTRATION,
        p5=percentile(totals, 0.05),
        p50=percentile(totals, 0.50),
        p95=percentile(totals, 0.95),
        changed=changed / WEIGHT_DRAWS,
    )


def _with_half_lives(facts: DossierFacts, as_of: date, method: Method, times: float) -> CardOutcome:
    rules = method.integration
    dimensions = tuple(replace(rule, half_life=rule.half_life * times) for rule in rules.dimensions)
    return _outcome(integration(facts, as_of, _with(method, replace(rules, dimensions=dimensions))))
