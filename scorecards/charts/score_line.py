"""The score on a time axis: flat pieces with their band, broken where the weight set changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from .places import Axis, Row, one_decimal

SCORE_HEIGHT = 104


@dataclass(frozen=True, slots=True)
class ScoreStep:
    """A stored score stands from its day until the next one: a flat piece with its band."""

    at: str
    until: str
    width: str
    y: str
    band_top: str
    band_height: str
    from_y: str | None
    words: str
    # Computed again by a later weight set; and the set that begins here, where the line breaks.
    restated: bool = False
    new_set: str = ""


def score_steps(points: Sequence[Row], axis: Axis) -> list[ScoreStep]:
    steps: list[ScoreStep] = []
    before: str | None = None
    of = points[0].get("set") if points else None
    for number, point in enumerate(points):
        until = points[number + 1]["date"] if number + 1 < len(points) else axis.last
        breaks = point.get("set") != of
        of = point.get("set")
        if point["value"] is None:
            before = None
            continue
        step = _score_step(point, until, None if breaks else before, axis)
        steps.append(replace(step, new_set=str(of) if breaks else ""))
        before = step.y
    return steps


def _score_step(point: Row, until: date, before: str | None, axis: Axis) -> ScoreStep:
    value = point["value"]
    low = value if point.get("low") is None else point["low"]
    high = value if point.get("high") is None else point["high"]
    return ScoreStep(
        at=axis.at(point["date"]),
        until=axis.at(until),
        width=axis.between(point["date"], until),
        y=_height(value),
        band_top=_height(high),
        band_height=f"{float(_height(low)) - float(_height(high)):.1f}",
        from_y=before,
        words=f"{point['date'].isoformat()}: {one_decimal(value)}, "
        f"{one_decimal(low)} to {one_decimal(high)}{_of_set(point)}",
        restated=bool(point.get("restated")),
    )


def _of_set(point: Row) -> str:
    if point.get("restated"):
        return f", computed again by set {point['set']}"
    return f", by set {point['set']}" if point.get("set") else ""


def _height(value: float) -> str:
    return f"{4 + (SCORE_HEIGHT - 8) * (1 - min(100.0, max(0.0, value)) / 100):.1f}"


def sets_in_words(points: Sequence[Row]) -> str:
    """Where the score line breaks, and what of it was computed again."""
    changes = [new for old, new in pairwise(points) if old.get("set") != new.get("set")]
    told = [f" From {one['date'].isoformat()} on by weight set {one['set']}." for one in changes]
    again = sum(bool(point.get("restated")) for point in points)
    if again:
        days = "1 day was" if again == 1 else f"{again} days were"
        told.append(f" {days} computed again by set {points[-1]['set']}.")
    return "".join(told)
