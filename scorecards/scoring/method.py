"""Every parameter of the method, read from a plain dict and frozen.

What the numbers mean stands in sections 2 and 3 of the method; all of them are expert judgement
(section 3.6), so a change makes a new version and never rewrites a stored score.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, get_args, get_origin, get_type_hints

ENGINE = "1.0.0"
"""Version of the code that applies a method; stored with every score."""

TOLERANCE = 1e-9
"""Cut-offs compare unrounded values, inclusive, within this much (section 0)."""

DEFAULT_VERSION = "1.0.0"
CORE = ("doctrine", "training", "equipment", "sanctions")
PROGRAMME = "programme"
HYPOTHESES = ("H1", "H2", "H3", "H4", "H5", "H6")

_FILES = Path(__file__).with_name("method")


class NotAMethod(ValueError):
    """The parameters do not make a method; the message names the one that is wrong."""


@dataclass(frozen=True)
class Grades:
    """Section 1.7: weights of source and content; reliability r is their product.

    >>> round(Method.default().grades.reliability["B2"], 2)  # .8 x .8
    0.64
    """

    sources: Mapping[str, float]
    contents: Mapping[str, float]
    ungraded: str

    @cached_property
    def reliability(self) -> Mapping[str | None, float]:
        """Grade -> r; None, no grade recorded, reads as `ungraded`."""
        table: dict[str | None, float] = {
            source + content: source_weight * content_weight
            for source, source_weight in self.sources.items()
            for content, content_weight in self.contents.items()
        }
        table[None] = table[self.ungraded]
        return MappingProxyType(table)


@dataclass(frozen=True)
class DimensionRule:
    """Half-life in months (2.3), weight in the index (2.5), neighbours that limit it (2.4)."""

    code: str
    half_life: float
    weight: float
    bounded_by: tuple[str, ...]


@dataclass(frozen=True)
class CriterionRule:
    """One criterion of 2.2. `block` parts training into education and training, shown apart."""

    code: str
    dimension: str
    block: str | None
    weight: float
    na_allowed: bool


@dataclass(frozen=True)
class IntegrationRules:
    """Section 2: criteria, half-lives, slack lambda, floor, coverage cut-offs."""

    top_rating: int
    dimensions: tuple[DimensionRule, ...]
    criteria: tuple[CriterionRule, ...]
    slack: float
    floor: float
    supported: float
    indicative: float

    @cached_property
    def dimension(self) -> Mapping[str, DimensionRule]:
        return MappingProxyType({rule.code: rule for rule in self.dimensions})

    @cached_property
    def criterion(self) -> Mapping[str, CriterionRule]:
        return MappingProxyType({rule.code: rule for rule in self.criteria})


@dataclass(frozen=True)
class BundleRule:
    """A bundle of factors and its share of the score (3.3)."""

    code: str
    weight: float


@dataclass(frozen=True)
class FactorRule:
    """One factor of 3.1. `weight` is its share inside the bundle before it is made to sum to 1."""

    code: str
    bundle: str
    hypotheses: tuple[str, ...]
    kind: Literal["computed", "judged"]
    weight: float
    half_life: float | None


@dataclass(frozen=True)
class Step:
    """`u` holds up to this many months, the limit included; no limit on the last step."""

    up_to: float | None
    u: float


@dataclass(frozen=True)
class ComputedRules:
    """Every cut-off of section 3.2. Months are days / 30.4375."""

    state_strength: float
    count_limit: float
    facts_per_weight: float
    done_prior: float
    planned_prior: float
    record_months: float
    intensity: Mapping[str, float]
    peace_process: Mapping[str, float]
    collapsed_months: float
    access: Mapping[str, float]
    first_contact: tuple[Step, ...]
    group_age: tuple[Step, ...]
    held_months: float
    items_months: float
    promises_months: float
    service_base: float
    service_step: float
    service_top: float
    levels_months: float
    levels: Mapping[str, str]
    levels_full: float
    contact_months: float
    contact_full: float
    contact_span: float
    contact_facts_months: float
    sessions_months: float
    sessions_full: float
    session_types: tuple[str, ...]
    message_types: tuple[str, ...]
    cancelled_types: tuple[str, ...]


@dataclass(frozen=True)
class ConducivenessRules:
    """Section 3: prior strength kappa, rho, direction and range, cap, bundles and factors.

    >>> round(Method.default().conduciveness.omega["QI1"], 6)  # .25 over six factors
    0.041667
    """

    top_rating: int
    kappa: float
    rho: float
    confidence: float
    z: float
    cap: float
    blocking_grade: str
    bundles: tuple[BundleRule, ...]
    factors: tuple[FactorRule, ...]
    computed: ComputedRules

    @cached_property
    def omega(self) -> Mapping[str, float]:
        """Formula 3.3: omega_f = bundle weight x share inside the bundle; they sum to 1."""
        bundle = {rule.code: rule.weight for rule in self.bundles}
        inside = {
            code: math.fsum(rule.weight for rule in self.factors if rule.bundle == code)
            for code in bundle
        }
        return MappingProxyType(
            {
                rule.code: bundle[rule.bundle] * rule.weight / inside[rule.bundle]
                if rule.weight
                else 0.0
                for rule in self.factors
            }
        )

    @cached_property
    def factor(self) -> Mapping[str, FactorRule]:
        return MappingProxyType({rule.code: rule for rule in self.factors})


@dataclass(frozen=True)
class Method:
    """One version of the method: the whole set of parameters.

    `Method.from_dict(d).to_dict()` gives `d` back with every number as its declared type.
    """

    version: str
    grades: Grades
    integration: IntegrationRules
    conduciveness: ConducivenessRules

    @classmethod
    def from_dict(cls, parameters: Mapping[str, Any]) -> Method:
        """Read parameters; raise NotAMethod with the name of the one that is wrong."""
        method: Method = _read(cls, parameters, "method")
        if faults := _faults(method):
            raise NotAMethod(" ".join(faults))
        return method

    @classmethod
    def default(cls) -> Method:
        """The method that ships with the product."""
        return _shipped(DEFAULT_VERSION)

    def to_dict(self) -> dict[str, Any]:
        """Plain dicts, lists, numbers and texts, fit for JSON."""
        plain: dict[str, Any] = _plain(self)
        return plain

    @cached_property
    def checksum(self) -> str:
        """sha256 of the parameters as canonical JSON: sorted keys, no spaces."""
        text = json.dumps(self.to_dict(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


@cache
def _shipped(version: str) -> Method:
    return Method.from_dict(json.loads((_FILES / f"{version}.json").read_text("utf-8")))


def _read(kind: Any, value: Any, place: str) -> Any:
    """`value` as the declared `kind`; `place` names it in the error."""
    if is_dataclass(kind) and isinstance(kind, type):
        return _read_fields(kind, value, place)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is tuple:
        return tuple(
            _read(arguments[0], item, f"{place}[{number}]")
            for number, item in enumerate(_expect(list, value, place))
        )
    if origin is Mapping:
        items = _expect(Mapping, value, place).items()
        return MappingProxyType(
            {key: _read(arguments[1], item, f"{place}.{key}") for key, item in items}
        )
    if type(None) in arguments:
        return None if value is None else _read(arguments[0], value, place)
    return _read_plain(kind, value, place)


def _read_fields(kind: type, value: Any, place: str) -> Any:
    hints = get_type_hints(kind)
    names = [field.name for field in fields(kind)]
    given = _expect(Mapping, value, place)
    wrong = set(names) ^ set(given)
    if wrong:
        raise NotAMethod(f"{place}: missing or unknown: {', '.join(sorted(wrong))}.")
    return kind(**{name: _read(hints[name], given[name], f"{place}.{name}") for name in names})


def _read_plain(kind: Any, value: Any, place: str) -> Any:
    if kind is float:
        number = float(_expect((int, float), value, place))
        if isinstance(value, bool) or not math.isfinite(number) or number < 0:
            raise NotAMethod(f"{place}: write a number of 0 or more.")
        return number
    if get_origin(kind) is Literal:
        if value not in get_args(kind):
            raise NotAMethod(f"{place}: write one of {', '.join(get_args(kind))}.")
        return value
    return _expect(kind, value, place)


def _expect(kind: Any, value: Any, place: str) -> Any:
    if not isinstance(value, kind):
        raise NotAMethod(f"{place}: a {type(value).__name__} cannot stand here.")
    return value


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def _faults(method: Method) -> list[str]:
    """Sentences on what would make the formulas meaningless; empty when all is well."""
    grades = [*method.grades.sources.values(), *method.grades.contents.values()]
    checks = {
        "Every weight of a grade must lie between 0 and 1.": max(grades) <= 1,
        **_card_checks(method.integration),
        **_success_checks(method.conduciveness),
    }
    return [sentence for sentence, right in checks.items() if not right]


def _card_checks(card: IntegrationRules) -> dict[str, bool]:
    codes = [rule.code for rule in card.dimensions]
    weights = {rule.code: rule.weight for rule in card.dimensions}
    return {
        "The dimensions must be the four and the programme.": codes == [*CORE, PROGRAMME],
        "The programme has no weight in the index.": not weights.get(PROGRAMME),
        "The index weights must sum to 1.": _is_one(weights.values()),
        "Every half-life must be above 0.": all(rule.half_life > 0 for rule in card.dimensions),
        "Every criterion needs a known dimension.": all(
            rule.dimension in codes for rule in card.criteria
        ),
        "Each criterion stands once.": _once(rule.code for rule in card.criteria),
    }


def _success_checks(success: ConducivenessRules) -> dict[str, bool]:
    weighted = {rule.bundle for rule in success.factors if rule.weight}
    bundles = {rule.code: rule.weight for rule in success.bundles}
    return {
        "The bundle weights must sum to 1.": _is_one(bundles.values()),
        "kappa must be above 0.": success.kappa > 0,
        "rho must lie between 0 and 1.": success.rho <= 1,
        "A judged factor needs a half-life above 0, a computed one has none.": all(
            bool(rule.half_life) == (rule.kind == "judged") for rule in success.factors
        ),
        "Every factor needs a known bundle.": all(
            rule.bundle in bundles for rule in success.factors
        ),
        "A bundle with weight needs a factor with weight.": all(
            code in weighted for code, weight in bundles.items() if weight
        ),
        "Each factor stands once.": _once(rule.code for rule in success.factors),
    }


def _is_one(weights: Iterable[float]) -> bool:
    return abs(math.fsum(weights) - 1) <= TOLERANCE


def _once(codes: Iterable[str]) -> bool:
    listed = list(codes)
    return len(listed) == len(set(listed))
