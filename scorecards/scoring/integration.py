"""The integration scorecard: dimensions, coverage and range, caps, index (sections 2.3-2.5)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypedDict

from scorecards.scoring.evidence import (
    Standing,
    day_of,
    fade,
    months_between,
    observed,
    rating_reliability,
    standing_ratings,
)
from scorecards.scoring.facts import DossierFacts, Rating, RatingFact
from scorecards.scoring.method import (
    CORE,
    PROGRAMME,
    TOLERANCE,
    CriterionRule,
    IntegrationRules,
    Method,
)

DimensionStanding = Literal["supported", "indicative", "not_enough"]
RowState = Literal["counted", "not_assessed", "not_applicable", "withdrawn"]


class CriterionRow(TypedDict):
    """One row of a scorecard's evidence, unrounded. Months for `age_months` and `half_life`.

    Over all rows of a dimension: R = sum(weight q s) / sum(weight q) with s = rating/4, and
    Q = sum(weight q) / sum(weight). Rows that are not applicable or withdrawn weigh 0.
    """

    criterion: str
    dimension: str
    rating: Rating | None
    grade: str | None
    observed_on: str | None
    age_months: float | None
    reliability: float | None
    half_life: float
    q: float
    weight: float
    state: RowState
    source: dict[str, str] | None


@dataclass(frozen=True, slots=True)
class Block:
    """What the evidence says (R), how well it is known (Q), and the range (formulas 2.3).

    `estimate` is R, None where nothing counts; `low` is Q R, `high` is Q R + (1 - Q). All 0..1.
    """

    estimate: float | None
    coverage: float
    low: float
    high: float
    standing: DimensionStanding

    @property
    def value(self) -> float | None:
        """R where it may be published (Q at .40 or more), else None (2.3)."""
        return None if self.standing == "not_enough" else self.estimate


@dataclass(frozen=True, slots=True)
class Dimension(Block):
    """One of the four. `capped` is R* (2.4); `bound_by` names the neighbour whose limit binds."""

    capped: float | None
    bound_by: str | None


@dataclass(frozen=True, slots=True)
class Integration:
    """How far the norm is built in, at a date. Dimensions 0..1; index and its company 0..100.

    `index` and the figures printed beside it are None unless all four dimensions may be
    published; the range is always there (2.5). The programme is in neither caps nor index.
    """

    as_of: date
    method_version: str
    dimensions: Mapping[str, Dimension]
    programme: Block
    training_blocks: Mapping[str, Block]
    index: float | None
    index_low: float
    index_high: float
    arithmetic_mean: float | None
    minimum: float | None
    balance_penalty: float | None
    evidence: tuple[CriterionRow, ...]


def integration(facts: DossierFacts, as_of: date, method: Method) -> Integration:
    """Score one dossier's ratings at a date; give it the facts of one clearance.

    Nulls never reach this function: a criterion without a rating in force is not assessed.
    """
    return of_rows(_rows(facts.ratings, as_of, method), as_of, method)


def of_rows(rows: Sequence[CriterionRow], as_of: date, method: Method) -> Integration:
    """The scorecard that these rows of evidence make (2.3-2.5)."""
    rules = method.integration
    raw = {code: _block([row for row in rows if row["dimension"] == code], rules) for code in CORE}
    dimensions = {code: _capped(code, raw, rules) for code in CORE}
    return Integration(
        as_of=as_of,
        method_version=method.version,
        dimensions=dimensions,
        programme=_block([row for row in rows if row["dimension"] == PROGRAMME], rules),
        training_blocks=_blocks(rows, rules),
        **_headline([dimensions[code].capped for code in CORE], rules),
        index_low=_index_of_ends({code: raw[code].low for code in CORE}, rules),
        index_high=_index_of_ends({code: raw[code].high for code in CORE}, rules),
        evidence=tuple(rows),
    )


def geometric_index(values: Iterable[float], weights: Iterable[float], floor: float) -> float:
    """Formula 2.5: I = 100 * prod(max(R*_k, floor) ^ w_k).

    Geometric, so that strong training does not buy off absent sanctions; the floor keeps a
    single zero from erasing everything.

    >>> round(geometric_index([0.25, 1, 1, 1], [0.25] * 4, 0.05), 4)  # fourth root of a quarter
    70.7107
    """
    pairs = zip(values, weights, strict=True)
    return 100 * math.prod(math.pow(max(value, floor), weight) for value, weight in pairs)


def limit_on(neighbours: Iterable[float], slack: float) -> float:
    """Formula 2.4: the most that a dimension may show, slack + its best neighbour.

    >>> limit_on([0.3, 0.25], 0.5)
    0.8
    """
    return slack + max(neighbours)


def _rows(ratings: Iterable[RatingFact], as_of: date, method: Method) -> list[CriterionRow]:
    standing = standing_ratings(ratings, as_of, method)
    nothing = Standing(None, ())
    rows = []
    for criterion in method.integration.criteria:
        found = standing.get(criterion.code, nothing)
        rows.append(_row(criterion, found.in_force, as_of, method))
        rows += [_filed_row(criterion, rating, "withdrawn", method) for rating in found.withdrawn]
    return rows


def _row(
    criterion: CriterionRule, rating: RatingFact | None, as_of: date, method: Method
) -> CriterionRow:
    if rating is None:
        return _bare_row(criterion, method)
    if rating.rating == "na":
        return _filed_row(criterion, rating, "not_applicable", method)
    row = _filed_row(criterion, rating, "counted", method)
    reliability = rating_reliability(rating, method.grades)
    age = months_between(day_of(observed(rating), as_of) or as_of, as_of)
    row["age_months"] = age
    row["reliability"] = reliability
    row["q"] = fade(reliability, age=age, half_life=row["half_life"])
    return row


def _filed_row(
    criterion: CriterionRule, rating: RatingFact, state: RowState, method: Method
) -> CriterionRow:
    row = _bare_row(criterion, method)
    row["rating"] = rating.rating
    row["grade"] = rating.grade
    row["observed_on"] = str(observed(rating))
    row["state"] = state
    row["source"] = {"kind": rating.source.kind, "id": rating.source.id}
    if state != "counted":
        # What does not apply or is withdrawn stands in no denominator.
        row["weight"] = 0.0
    return row


def _bare_row(criterion: CriterionRule, method: Method) -> CriterionRow:
    return {
        "criterion": criterion.code,
        "dimension": criterion.dimension,
        "rating": None,
        "grade": None,
        "observed_on": None,
        "age_months": None,
        "reliability": None,
        "half_life": method.integration.dimension[criterion.dimension].half_life,
        "q": 0.0,
        "weight": criterion.weight,
        "state": "not_assessed",
        "source": None,
    }


def _blocks(rows: Iterable[CriterionRow], rules: IntegrationRules) -> dict[str, Block]:
    """The blocks inside training, shown apart (2.1): education and training proper."""
    parted: dict[str, list[CriterionRow]] = {}
    for row in rows:
        block = rules.criterion[row["criterion"]].block
        if block is not None:
            parted.setdefault(block, []).append(row)
    return {block: _block(parts, rules) for block, parts in parted.items()}


def _block(rows: Iterable[CriterionRow], rules: IntegrationRules) -> Block:
    """Formulas 2.3: R = sum(w q s) / sum(w q), Q = sum(w q) / sum(w), range [QR, QR + 1 - Q]."""
    rows = list(rows)
    said = math.fsum(row["weight"] * row["q"] * _share(row["rating"], rules) for row in rows)
    known = math.fsum(row["weight"] * row["q"] for row in rows)
    asked = math.fsum(row["weight"] for row in rows)
    coverage = known / asked if asked else 0.0
    low = said / asked if asked else 0.0
    return Block(
        # Cut at 1: the last digit of a quotient of tiny sums may stand above it.
        estimate=min(said / known, 1.0) if known else None,
        coverage=coverage,
        low=low,
        high=min(low + (1 - coverage), 1.0),
        standing=_standing(coverage, rules),
    )


def _share(rating: Rating | None, rules: IntegrationRules) -> float:
    return rating / rules.top_rating if isinstance(rating, int) else 0.0


def _standing(coverage: float, rules: IntegrationRules) -> DimensionStanding:
    if coverage >= rules.supported - TOLERANCE:
        return "supported"
    return "indicative" if coverage >= rules.indicative - TOLERANCE else "not_enough"


def _capped(code: str, raw: Mapping[str, Block], rules: IntegrationRules) -> Dimension:
    """R* of section 2.4. A neighbour that is not publishable sets no limit: it stands as 1."""
    block = raw[code]
    neighbours = {other: _as_neighbour(raw[other]) for other in rules.dimension[code].bounded_by}
    value = block.value
    limit = limit_on(neighbours.values(), rules.slack)
    binds = value is not None and value > limit + TOLERANCE
    return Dimension(
        estimate=block.estimate,
        coverage=block.coverage,
        low=block.low,
        high=block.high,
        standing=block.standing,
        capped=None if value is None else min(value, limit),
        bound_by=max(neighbours, key=neighbours.__getitem__) if binds else None,
    )


def _as_neighbour(block: Block) -> float:
    return 1.0 if block.value is None else block.value


def _headline(capped: list[float | None], rules: IntegrationRules) -> dict[str, float | None]:
    values = [value for value in capped if value is not None]
    if len(values) < len(CORE):
        names = ("index", "arithmetic_mean", "minimum", "balance_penalty")
        return dict.fromkeys(names)
    index = geometric_index(values, _weights(rules), rules.floor)
    mean = 100 * math.fsum(values) / len(values)
    return {
        "index": index,
        "arithmetic_mean": mean,
        "minimum": 100 * min(values),
        "balance_penalty": max(0.0, mean - index),
    }


def _index_of_ends(ends: Mapping[str, float], rules: IntegrationRules) -> float:
    """Caps and index on one end of the ranges, all caps at any coverage (2.5)."""
    capped = [
        min(
            ends[code],
            limit_on(map(ends.__getitem__, rules.dimension[code].bounded_by), rules.slack),
        )
        for code in CORE
    ]
    return geometric_index(capped, _weights(rules), rules.floor)


def _weights(rules: IntegrationRules) -> list[float]:
    return [rules.dimension[code].weight for code in CORE]
