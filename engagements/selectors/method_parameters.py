"""The parameters of a method as a person reads them: named, in order, none of them typed here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from records.codes import load
from scorecards.scoring.method import CORE, PROGRAMME, Method

DIMENSIONS = load("scorecards")["dimensions"]
_FACTOR_LISTS = load("scorecards", "factors.toml")
BUNDLES, FACTORS = _FACTOR_LISTS["bundles"], _FACTOR_LISTS["factors"]


@dataclass(frozen=True, slots=True)
class FactorLine:
    """`weight` is the share of the score, `share` that inside the bundle; months."""

    code: str
    name: str
    kind: str
    hypotheses: str
    share: float
    weight: float
    half_life: float | None
    says: str


@dataclass(frozen=True, slots=True)
class BundleLine:
    name: str
    weight: float
    factors: Sequence[FactorLine]


@dataclass(frozen=True, slots=True)
class DimensionLine:
    """`criteria` counts those that are asked; `bounds` names the neighbours that limit it."""

    name: str
    weight: float
    half_life: float
    criteria: int
    bounds: str


@dataclass(frozen=True, slots=True)
class Parameters:
    method: Method
    bundles: Sequence[BundleLine]
    dimensions: Sequence[DimensionLine]
    programme: DimensionLine
    grades: Sequence[tuple[str, Sequence[float]]]


def parameters_of(method: Method) -> Parameters:
    return Parameters(
        method=method,
        bundles=[
            BundleLine(BUNDLES[rule.code].label(), rule.weight, _factors(method, rule.code))
            for rule in method.conduciveness.bundles
        ],
        dimensions=[_dimension(method, code) for code in CORE],
        programme=_dimension(method, PROGRAMME),
        grades=[
            (source, [method.grades.reliability[source + one] for one in method.grades.contents])
            for source in method.grades.sources
        ],
    )


def _factors(method: Method, bundle: str) -> list[FactorLine]:
    return [
        FactorLine(
            code=rule.code,
            name=FACTORS[rule.code].label(),
            kind=rule.kind,
            hypotheses=", ".join(rule.hypotheses),
            share=rule.weight,
            weight=method.conduciveness.omega[rule.code],
            half_life=rule.half_life,
            says=FACTORS[rule.code].extra["says"],
        )
        for rule in method.conduciveness.factors
        if rule.bundle == bundle
    ]


def _dimension(method: Method, code: str) -> DimensionLine:
    rule = method.integration.dimension[code]
    asked = [one for one in method.integration.criteria if one.dimension == code]
    return DimensionLine(
        name=DIMENSIONS[code].label(),
        weight=rule.weight,
        half_life=rule.half_life,
        criteria=len(asked),
        bounds=" or ".join(DIMENSIONS[one].label() for one in rule.bounded_by),
    )
