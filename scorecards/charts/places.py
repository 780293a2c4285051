"""Where a number lies on a chart, as text that a drawing can take.

Lengths are shares of the box ("63.45%"): the drawing stretches with the page while strokes and
letters keep their size. They are text so that no language setting can turn the point into a comma.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

Row = Mapping[str, Any]
EDGE = 0.02  # share of a time axis kept free at either end


def place(value: float, low: float = 0.0, high: float = 1.0) -> str:
    """Share of the way from low to high, cut to the box: place(0.6345) == "63.45%"."""
    share = (value - low) / (high - low)
    return f"{100 * min(1.0, max(0.0, share)):.2f}%"


def stretch(start: float, end: float, low: float = 0.0, high: float = 1.0) -> str:
    """Length from start to end as a share of the box, each end cut to it; never negative."""
    inside_start, inside_end = (min(high, max(low, value)) for value in (start, end))
    return f"{100 * max(0.0, inside_end - inside_start) / (high - low):.2f}%"


def two_decimals(value: float | None) -> str:
    """A value on 0..1 as people read it ("0.63"), empty when there is none."""
    return "" if value is None else f"{value:.2f}"


def one_decimal(value: float | None) -> str:
    """A score on 0..100 as people read it ("39.4"), empty when there is none."""
    return "" if value is None else f"{value:.1f}"


def signed(value: float) -> str:
    """A contribution with its sign ("+4.0", "−1.2"), "0.0" without one."""
    text = f"{abs(value):.1f}"
    return text if text == "0.0" else f"{'+' if value > 0 else '−'}{text}"


@dataclass(frozen=True, slots=True)
class Axis:
    """Days from left to right, a little free at either end so that no mark is cut."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return max(1, (self.last - self.first).days)

    def share(self, day: date) -> float:
        return EDGE + (1 - 2 * EDGE) * (day - self.first).days / self.days

    def at(self, day: date) -> str:
        return place(self.share(day))

    def between(self, start: date, end: date) -> str:
        return stretch(self.share(start), self.share(end))
