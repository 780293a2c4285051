"""Incidents by quarter and category, the standard of proof by shape."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from .places import Row, place

# Shape and word of each standard, the best proven first.
STANDARDS = {
    "verified": ("s-square", "warned", "verified"),
    "credible": ("s-diamond", "warned", "credible"),
    "alleged": ("s-disc", "warned hollow", "alleged"),
    "refuted": ("s-cross", "bare", "refuted"),
}
_SIDE_BY_SIDE = 3
_QUARTER_WIDTH = 56
_SIGN_WIDTH = 16
_LANE_HEIGHT = 48
_AXIS_HEIGHT = 32


@dataclass(frozen=True, slots=True)
class Sign:
    """One incident, or several of one quarter under the strongest standard among them."""

    at: str
    shift: int
    shape: str
    style: str
    count: int
    words: str
    href: str | None


@dataclass(frozen=True, slots=True)
class Lane:
    name: str
    top: int
    middle: int
    signs: list[Sign]


@dataclass(frozen=True, slots=True)
class IncidentChart:
    quarters: list[tuple[str, str]]
    lanes: list[Lane]
    width: int
    height: int
    table: list[list[str]]


def incidents_by_quarter(incidents: Iterable[Row], list_href: str | None = None) -> IncidentChart:
    """Lay out incidents `{occurred_on: date, category, standard, href}`, one lane a category.

    Up to three incidents of a quarter stand beside each other; more are one sign with their
    number, which links to `list_href`.
    """
    rows = sorted(incidents, key=lambda row: row["occurred_on"])
    quarters = _quarters(rows)
    lanes = _lanes(rows, quarters, list_href)
    return IncidentChart(
        quarters=[(_quarter_name(q), _column(n, quarters)) for n, q in enumerate(quarters)],
        lanes=lanes,
        width=max(1, len(quarters)) * _QUARTER_WIDTH,
        height=_LANE_HEIGHT * len(lanes) + _AXIS_HEIGHT,
        table=_table(rows),
    )


def _quarter(day: date) -> tuple[int, int]:
    return day.year, (day.month - 1) // 3 + 1


def _quarter_name(quarter: tuple[int, int]) -> str:
    return f"{quarter[0]} Q{quarter[1]}"


def _quarters(rows: list[Row]) -> list[tuple[int, int]]:
    """Every quarter from the first to the last, also the empty ones between."""
    if not rows:
        return []
    first, last = (_number(_quarter(rows[end]["occurred_on"])) for end in (0, -1))
    return [(number // 4, number % 4 + 1) for number in range(first, last + 1)]


def _number(quarter: tuple[int, int]) -> int:
    return 4 * quarter[0] + quarter[1] - 1


def _column(number: int, quarters: list[tuple[int, int]]) -> str:
    return place(number + 0.5, 0, len(quarters))


def _lanes(rows: list[Row], quarters: list[tuple[int, int]], list_href: str | None) -> list[Lane]:
    cells: dict[str, dict[tuple[int, int], list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        cells[row["category"]][_quarter(row["occurred_on"])].append(row)
    return [
        Lane(
            name=category,
            top=_LANE_HEIGHT * number,
            middle=_LANE_HEIGHT * number + _LANE_HEIGHT // 2,
            signs=[
                sign
                for column, quarter in enumerate(quarters)
                for sign in _signs(found[quarter], _column(column, quarters), quarter, list_href)
            ],
        )
        for number, (category, found) in enumerate(sorted(cells.items()))
    ]


def _signs(
    found: list[Row], at: str, quarter: tuple[int, int], list_href: str | None
) -> list[Sign]:
    ordered = sorted(found, key=lambda row: list(STANDARDS).index(row["standard"]))
    if len(ordered) > _SIDE_BY_SIDE:
        return [_many(ordered, at, quarter, list_href)]
    left = -_SIGN_WIDTH * (len(ordered) - 1) // 2
    return [_one(row, at, left + _SIGN_WIDTH * number) for number, row in enumerate(ordered)]


def _one(row: Row, at: str, shift: int) -> Sign:
    shape, style, word = STANDARDS[row["standard"]]
    words = f"{row['category']}, {word}, {row['occurred_on'].isoformat()}"
    return Sign(at, shift, shape, style, 1, words, row.get("href"))


def _many(rows: list[Row], at: str, quarter: tuple[int, int], list_href: str | None) -> Sign:
    shape, style, _ = STANDARDS[rows[0]["standard"]]
    counts = ", ".join(
        f"{number} {word}"
        for standard, (_, _, word) in STANDARDS.items()
        if (number := sum(row["standard"] == standard for row in rows))
    )
    words = f"{rows[0]['category']}, {_quarter_name(quarter)}: {counts}"
    return Sign(at, -8, shape, style, len(rows), words, list_href or rows[0].get("href"))


def _table(rows: list[Row]) -> list[list[str]]:
    """Category, quarter, then one count for each standard."""
    counts: dict[tuple[str, tuple[int, int]], dict[str, int]] = {}
    for row in rows:
        key = (row["category"], _quarter(row["occurred_on"]))
        found = counts.setdefault(key, dict.fromkeys(STANDARDS, 0))
        found[row["standard"]] += 1
    return [
        [category, _quarter_name(quarter), *(str(count) for count in found.values())]
        for (category, quarter), found in sorted(counts.items())
    ]
