"""Conditions for the conversation: S on its line, bundles around 50, factors, the H-profile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .places import Row, one_decimal, place, signed, stretch, two_decimals

BUNDLES: Mapping[str, str] = {
    "environment": "Environment",
    "ngo": "NGO",
    "armed_group": "Armed group",
    "interaction": "Interaction",
}
CAP = 40.0
_HYPOTHESES: Mapping[str, str] = {
    "H1": "Group and setting open to the rule",
    "H2": "Its aims leave room for the rule",
    "H3": "The NGO stands for a community it wants to join",
    "H4": "Principled, fitting argument",
    "H5": "Little politics and publicity",
    "H6": "Long, regular dealings",
}
# Spans of the axis around 50, the smallest that holds every contribution is taken.
_SPANS = (5.0, 10.0, 20.0, 30.0, 50.0)
_TEXTURES = ("solid", "hatched", "dotted", "outlined")


@dataclass(frozen=True, slots=True)
class Segment:
    """One bundle's contribution as a piece of the stacked bar."""

    key: str
    name: str
    points: float
    contribution: str
    start: str
    width: str
    texture: str
    href: str | None


@dataclass(frozen=True, slots=True)
class Conduciveness:
    """S on 0..100, its 90% range, and what each bundle adds to or takes from 50."""

    score: str
    score_at: str | None
    low: str
    high: str
    low_at: str
    width: str
    direction: str
    blocked: str
    cap_at: str | None
    segments: list[Segment]
    axis: tuple[str, str, str]

    @property
    def words(self) -> str:
        """The chart as a sentence: its text alternative."""
        if not self.score:
            return "No score yet."
        parts = ", ".join(f"{part.name} {part.contribution}" for part in self.segments)
        cap = f" Blocked: {self.blocked}." if self.cap_at else ""
        return (
            f"Score {self.score} of 100, range {self.low} to {self.high}, {self.direction}."
            f" Around 50: {parts}.{cap}"
        )


def conduciveness(factors: Row, evidence: str | None = None) -> Conduciveness:
    """Place S and its parts (3.3) from a success-factors answer in the shape of `api.md`.

    The contributions are those of the uncapped S; while a blocker stands the difference to the
    printed score is shown as a line of its own, so that the parts still add up.
    """
    score = factors.get("score")
    sums = _sums_by_bundle(factors.get("factors") or [])
    low, high = factors.get("low"), factors.get("high")
    low, high = (0.0 if low is None else low), (100.0 if high is None else high)
    blocked = bool(factors.get("blockers"))
    span = _span(sums.values())
    return Conduciveness(
        score=one_decimal(score),
        score_at=None if score is None else place(score, 0, 100),
        low=one_decimal(low),
        high=one_decimal(high),
        low_at=place(low, 0, 100),
        width=stretch(low, high, 0, 100),
        direction=factors.get("direction") or ("blocked" if blocked else "no clear direction yet"),
        blocked=_blocked_by(score, sums) if blocked else "",
        cap_at=place(CAP, 0, 100) if blocked else None,
        segments=_segments(sums, span, evidence),
        axis=(f"{50 - span:.0f}", "50", f"{50 + span:.0f}"),
    )


def _sums_by_bundle(factors: Iterable[Row]) -> dict[str, float]:
    sums = dict.fromkeys(BUNDLES, 0.0)
    for factor in factors:
        sums[factor["bundle"]] += factor.get("contribution") or 0.0
    return sums


def _span(sums: Iterable[float]) -> float:
    values = list(sums)
    needed = max(sum(v for v in values if v > 0), -sum(v for v in values if v < 0))
    return next((span for span in _SPANS if span >= needed), _SPANS[-1])


def _blocked_by(score: float | None, sums: Mapping[str, float]) -> str:
    return signed(min(0.0, (score or 0.0) - (50.0 + sum(sums.values()))))


def _segments(sums: Mapping[str, float], span: float, evidence: str | None) -> list[Segment]:
    """Positive pieces stack to one side of 50, negative ones to the other."""
    reached = {True: 50.0, False: 50.0}
    segments = []
    for (key, name), texture in zip(BUNDLES.items(), _TEXTURES, strict=True):
        points = sums[key]
        start, end = sorted((reached[points > 0], reached[points > 0] + points))
        reached[points > 0] += points
        segments.append(
            Segment(
                key=key,
                name=name,
                points=points,
                contribution=signed(points),
                start=place(start, 50 - span, 50 + span),
                width=stretch(start, end, 50 - span, 50 + span),
                texture=texture,
                href=f"{evidence}?bundle={key}" if evidence else None,
            )
        )
    return segments


@dataclass(frozen=True, slots=True)
class FactorRow:
    """One factor: its mean with one standard deviation on either side, on 0..1."""

    key: str
    name: str
    bundle: str
    mean: str
    mean_at: str
    spread: str
    low_at: str
    width: str
    count: int
    contribution: str
    newest: str
    recorded_only: bool
    spark: str
    href: str | None

    @property
    def words(self) -> str:
        """The interval as a sentence: its text alternative."""
        facts = f"{self.count} fact{'' if self.count == 1 else 's'}" if self.count else "no facts"
        return f"{self.name}: mean {self.mean} of 1, spread {self.spread}, {facts}."


def factor_rows(
    factors: Row,
    names: Mapping[str, str] | None = None,
    evidence: str | None = None,
    sparks: Mapping[str, Sequence[float]] | None = None,
    newest: Mapping[str, str] | None = None,
) -> list[FactorRow]:
    """Every factor of a success-factors answer, in its order.

    `names` gives each factor's wording, `newest` the age of its newest fact in words, `sparks`
    its earlier means, oldest first (fewer than two draw no line).
    """
    return [
        _factor_row(factor, names or {}, evidence, (sparks or {}).get(factor["factor"], ()), newest)
        for factor in factors.get("factors") or []
    ]


def _factor_row(
    factor: Row,
    names: Mapping[str, str],
    evidence: str | None,
    spark: Sequence[float],
    newest: Mapping[str, str] | None,
) -> FactorRow:
    key, mean, sd = factor["factor"], factor["mean"], factor["sd"]
    return FactorRow(
        key=key,
        name=names.get(key, key),
        bundle=factor["bundle"],
        mean=two_decimals(mean),
        mean_at=place(mean),
        spread=two_decimals(sd),
        low_at=place(mean - sd),
        width=stretch(mean - sd, mean + sd),
        count=factor.get("evidence_count") or 0,
        contribution=signed(factor.get("contribution") or 0.0),
        newest=(newest or {}).get(key, ""),
        recorded_only=factor.get("weight") == 0,
        spark=spark_points(spark),
        href=f"{evidence}?factor={key}" if evidence else None,
    )


def spark_points(values: Sequence[float]) -> str:
    """Points of a line in a box of 100 by 24 for values on 0..1; empty for fewer than two."""
    if len(values) < 2:
        return ""
    step = 100 / (len(values) - 1)
    return " ".join(
        f"{number * step:.1f},{22 - 20 * min(1.0, max(0.0, value)):.1f}"
        for number, value in enumerate(values)
    )


@dataclass(frozen=True, slots=True)
class HypothesisBar:
    key: str
    name: str
    value: str
    bar: str | None


def hypothesis_bars(factors: Row) -> list[HypothesisBar]:
    """H1 to H6, the plain mean of their factors; one that has none keeps its place, empty."""
    found = factors.get("hypotheses") or {}
    return [
        HypothesisBar(key, name, two_decimals(found.get(key)), _place_or_none(found.get(key)))
        for key, name in _HYPOTHESES.items()
    ]


def _place_or_none(value: float | None) -> str | None:
    return None if value is None else place(value)
