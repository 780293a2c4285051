"""Incidents by quarter and category, the standard of proof by shape; below, what was watched."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
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
_RISE = 20  # of the effort line, from nothing to its highest point
_ROOM_BELOW = 8
QUIET = "No incident recorded"
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
class Watched:
    """The effort of one quarter; `from_at` and `from_y` where a line comes from the one before."""

    at: str
    y: str
    text: str
    words: str
    from_at: str | None
    from_y: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """One category in one quarter, as the table tells it."""

    category: str
    quarter: str
    counts: list[str]
    details: str
    watched: str


@dataclass(frozen=True, slots=True)
class IncidentChart:
    quarters: list[tuple[str, str]]
    lanes: list[Lane]
    watched: list[Watched]
    watched_top: int
    width: int
    height: int
    table: list[Line]


def incidents_by_quarter(
    incidents: Iterable[Row],
    list_href: str | None = None,
    effort: Mapping[date, float] | None = None,
) -> IncidentChart:
    """Lay out incidents `{occurred_on: date, category, standard, href}`, one lane a category.

    Up to three incidents of a quarter stand beside each other; more are one sign with their
    number, which links to `list_href`. `when`, `attribution` and `response` are their words.
    `effort` is the location-months watched by quarter; a quarter without it has no point.
    """
    rows = sorted(incidents, key=lambda row: row["occurred_on"])
    watched = {_quarter(day): months for day, months in (effort or {}).items()}
    quarters = _quarters([*map(_quarter_of, rows), *watched])
    lanes = _lanes(rows, quarters, list_href)
    top = _LANE_HEIGHT * len(lanes)
    return IncidentChart(
        quarters=[(_quarter_name(q), _column(n, quarters)) for n, q in enumerate(quarters)],
        lanes=lanes,
        watched=_watched(watched, quarters, top),
        watched_top=top,
        width=max(1, len(quarters)) * _QUARTER_WIDTH,
        height=top + (_LANE_HEIGHT if watched else 0) + _AXIS_HEIGHT,
        table=_table(rows, watched),
    )


def _quarter_of(row: Row) -> tuple[int, int]:
    return _quarter(row["occurred_on"])


def _quarter(day: date) -> tuple[int, int]:
    return day.year, (day.month - 1) // 3 + 1


def _quarter_name(quarter: tuple[int, int]) -> str:
    return f"{quarter[0]} Q{quarter[1]}"


def _quarters(told: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Every quarter from the first to the last, also the empty ones between."""
    if not told:
        return []
    numbers = range(_number(min(told)), _number(max(told)) + 1)
    return [(number // 4, number % 4 + 1) for number in numbers]


def _number(quarter: tuple[int, int]) -> int:
    return 4 * quarter[0] + quarter[1] - 1


def _column(number: int, quarters: list[tuple[int, int]]) -> str:
    return place(number + 0.5, 0, len(quarters))


def _lanes(rows: list[Row], quarters: list[tuple[int, int]], list_href: str | None) -> list[Lane]:
    cells: dict[str, dict[tuple[int, int], list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        cells[row["category"]][_quarter_of(row)].append(row)
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
    when = row.get("when") or row["occurred_on"].isoformat()
    words = f"{row['category']}, {word}, {when}"
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


def _watched(
    effort: Mapping[tuple[int, int], float], quarters: list[tuple[int, int]], top: int
) -> list[Watched]:
    """Points of the effort line, joined where two quarters follow each other."""
    most = max(effort.values(), default=0) or 1
    floor = top + _LANE_HEIGHT - _ROOM_BELOW
    points: list[Watched] = []
    before: Watched | None = None
    for column, quarter in enumerate(quarters):
        months = effort.get(quarter)
        if months is None:
            before = None
            continue
        at, y = _column(column, quarters), f"{floor - _RISE * months / most:.1f}"
        text = f"{months:g}"
        words = f"{_quarter_name(quarter)}: {text} location-months watched"
        from_at, from_y = (before.at, before.y) if before else (None, None)
        before = Watched(at, y, text, words, from_at, from_y)
        points.append(before)
    return points


def _table(rows: list[Row], effort: Mapping[tuple[int, int], float]) -> list[Line]:
    """One line for each category and quarter, and one for a quarter watched without an incident."""
    cells: dict[tuple[str, tuple[int, int]], list[Row]] = {}
    for row in rows:
        cells.setdefault((row["category"], _quarter_of(row)), []).append(row)
    quiet = [(QUIET, quarter) for quarter in effort if quarter not in {q for _, q in cells}]
    return [
        Line(
            category=category,
            quarter=_quarter_name(quarter),
            counts=_counted(cells.get((category, quarter), ())),
            details=_details(cells.get((category, quarter), ())),
            watched=f"{effort[quarter]:g}" if quarter in effort else "",
        )
        for category, quarter in [*sorted(cells), *sorted(quiet)]
    ]


def _counted(found: Iterable[Row]) -> list[str]:
    number = Counter(row["standard"] for row in found)
    return [str(number[standard]) for standard in STANDARDS]


def _details(found: Iterable[Row]) -> str:
    """ "2 tolerated, 1 individual act; 3 denial": whose acts, then what the group did."""
    parts = []
    for name in ("attribution", "response"):
        number = Counter(row[name].lower() for row in found if row.get(name))
        parts.append(", ".join(f"{count} {word}" for word, count in sorted(number.items())))
    return "; ".join(part for part in parts if part)
