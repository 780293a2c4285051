"""Everything of a dossier on one time axis: marks in lanes, the score above, silence shaded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from .places import Axis, Row
from .score_line import SCORE_HEIGHT, ScoreStep, score_steps, sets_in_words

# kind -> lane, shape, style, word. The shape carries the meaning, the style only underlines it.
KINDS: dict[str, tuple[str, str, str, str]] = {
    "meeting_forward": ("meetings", "s-disc", "", "meeting, moved forward"),
    "meeting_heard": ("meetings", "s-disc", "hollow", "meeting, heard, no movement"),
    "meeting_back": ("meetings", "s-down", "hollow", "meeting, refused or broken off"),
    "meeting_not_held": ("meetings", "s-dash", "bare", "meeting not held"),
    "promise_due": ("promises", "s-square", "hollow", "promise due"),
    "promise_kept": ("promises", "s-square", "", "promise kept"),
    "promise_broken": ("promises", "s-cross", "bare", "promise broken"),
    "promise_unclear": ("promises", "s-diamond", "hollow", "promise unclear"),
    "commitment": ("commitments", "s-diamond", "", "commitment"),
    "incident_verified": ("incidents", "s-square", "warned", "incident, verified"),
    "incident_credible": ("incidents", "s-diamond", "warned", "incident, credible"),
    "incident_alleged": ("incidents", "s-disc", "warned hollow", "incident, alleged"),
    "incident_refuted": ("incidents", "s-cross", "bare", "incident, refuted"),
    "assessment": ("assessments", "s-bar", "", "assessment"),
    "stage": ("assessments", "s-up", "", "stage move"),
}
_LANES = {
    "meetings": "Meetings",
    "promises": "Promises",
    "commitments": "Commitments",
    "incidents": "Incidents",
    "assessments": "Assessments",
}
_HELD = frozenset({"meeting_forward", "meeting_heard", "meeting_back"})
SILENT_DAYS = 180
_LANE_HEIGHT, _AXIS_HEIGHT = 40, 32
_ROWS = (20, 9, 31)  # the middle first, then above and below
_MARK_WIDTH, _BUNDLE_WIDTH = 14, 22
_TICK_WIDTH = 64
_TABLE_ROWS = 100


def meeting_kind(outcome: int | None, held: bool) -> str:
    """The kind of mark for a meeting with this outcome (-2..5)."""
    if not held:
        return "meeting_not_held"
    if outcome is None or outcome == 0:
        return "meeting_heard"
    return "meeting_forward" if outcome > 0 else "meeting_back"


@dataclass(frozen=True, slots=True)
class Mark:
    at: str
    y: int
    shape: str
    style: str
    words: str
    href: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Lane:
    key: str
    name: str
    top: int
    height: int
    marks: list[Mark]


@dataclass(frozen=True, slots=True)
class Silence:
    at: str
    width: str
    words: str


@dataclass(frozen=True, slots=True)
class TableRow:
    day: str
    kind: str
    label: str
    href: str | None


@dataclass(frozen=True, slots=True)
class Timeline:
    lanes: list[Lane]
    score: list[ScoreStep]
    ticks: list[tuple[str, str]]
    silences: list[Silence]
    width: int
    height: int
    axis_at: int
    words: str
    table: list[TableRow]
    total: int


def timeline(
    marks: Iterable[Row],
    score: Iterable[Row] = (),
    as_of: date | None = None,
    list_href: str | None = None,
) -> Timeline:
    """Lay out a dossier's events and its score.

    marks: `{date, kind (see KINDS), label, href}`; score: `{date, value, low, high, set}` on
    0..100, a value of None leaves a gap; the line breaks where the weight set changes, and steps
    that were computed again (`restated`) are drawn apart. Marks that would lie on each other become
    one with their number, linked to `list_href`. `as_of` is the right-hand end; without it, the
    newest date given.
    """
    rows = sorted(marks, key=lambda row: row["date"])
    points = sorted(score, key=lambda row: row["date"])
    axis = _axis([row["date"] for row in [*rows, *points]], as_of)
    width = _width(rows, axis)
    lanes = _lanes(rows, axis, width, list_href, SCORE_HEIGHT if points else 0)
    axis_at = lanes[-1].top + lanes[-1].height
    return Timeline(
        lanes=lanes,
        score=score_steps(points, axis),
        ticks=_ticks(axis, width),
        silences=_silences(rows, axis),
        width=width,
        height=axis_at + _AXIS_HEIGHT,
        axis_at=axis_at,
        words=_words(rows, axis) + sets_in_words(points),
        table=_table(rows),
        total=len(rows),
    )


def _axis(days: Sequence[date], as_of: date | None) -> Axis:
    last = max([*days, as_of] if as_of else days, default=date.min)
    first = min(days, default=last)
    if (last - first).days < 60:
        first = first - timedelta(days=60) if first > date.min + timedelta(days=60) else first
    return Axis(first, last)


def _width(rows: Sequence[Row], axis: Axis) -> int:
    """Pixels: wide enough for the busiest month to show its marks in three rows, within reason."""
    months = max(1.0, axis.days / 30.4375)
    busiest = Counter(
        (KINDS[row["kind"]][0], row["date"].year, row["date"].month) for row in rows
    ).most_common(1)
    needed = _MARK_WIDTH * busiest[0][1] / len(_ROWS) if busiest else 0
    return round(min(4000, max(320, months * min(96, max(12, needed)))))


def _lanes(
    rows: Sequence[Row], axis: Axis, width: int, list_href: str | None, top: int
) -> list[Lane]:
    used = {KINDS[row["kind"]][0] for row in rows} | {"meetings"}
    lanes = []
    for key in (key for key in _LANES if key in used):
        mine = [row for row in rows if KINDS[row["kind"]][0] == key]
        marks = _spread(mine, axis, width, list_href, top)
        lanes.append(Lane(key, _LANES[key], top, _LANE_HEIGHT, marks))
        top += _LANE_HEIGHT
    return lanes


def _spread(
    rows: Sequence[Row], axis: Axis, width: int, list_href: str | None, top: int
) -> list[Mark]:
    """Marks close together stand in rows of their lane; more than there are rows are bundled."""
    marks: list[Mark] = []
    for group in _crowds(rows, axis, width):
        if len(group) > len(_ROWS):
            marks.append(_bundle(group, axis, list_href, top))
            continue
        marks.extend(_mark(row, axis, top + y) for row, y in zip(group, _ROWS, strict=False))
    return marks


def _crowds(rows: Sequence[Row], axis: Axis, width: int) -> list[list[Row]]:
    """Runs of marks that lie within one mark's width of the run's first."""
    crowds: list[list[Row]] = []
    begun = -float(width)
    for row in rows:
        x = axis.share(row["date"]) * width
        bundled = bool(crowds) and len(crowds[-1]) > len(_ROWS)
        if x - begun < (_BUNDLE_WIDTH if bundled else _MARK_WIDTH):
            crowds[-1].append(row)
        else:
            crowds.append([row])
            begun = x
    return crowds


def _mark(row: Row, axis: Axis, y: int) -> Mark:
    _, shape, style, word = KINDS[row["kind"]]
    words = f"{row['date'].isoformat()}, {word}: {row['label']}"
    return Mark(axis.at(row["date"]), y, shape, style, words, row.get("href"), 1)


def _bundle(group: Sequence[Row], axis: Axis, list_href: str | None, top: int) -> Mark:
    first, last = group[0]["date"], group[-1]["date"]
    lane = _LANES[KINDS[group[0]["kind"]][0]].lower()
    words = f"{len(group)} {lane}, {first.isoformat()} to {last.isoformat()}"
    href = list_href or group[0].get("href")
    return Mark(axis.at(first), top + 20, "s-many", "hollow", words, href, len(group))


def _ticks(axis: Axis, width: int) -> list[tuple[str, str]]:
    """The beginning of each quarter where there is room to write it, else of each year."""
    if axis.last == date.min:
        return []
    by_quarter = width / axis.days * 91 >= _TICK_WIDTH
    months = (1, 4, 7, 10) if by_quarter else (1,)
    years = range(axis.first.year, axis.last.year + 1)
    days = [date(year, month, 1) for year in years for month in months]
    return [
        (axis.at(day), day.isoformat()[:7] if by_quarter else str(day.year))
        for day in days
        if axis.first <= day <= axis.last
    ]


def _silences(rows: Sequence[Row], axis: Axis) -> list[Silence]:
    """Stretches without a held meeting, after the first one, longer than half a year."""
    held = [row["date"] for row in rows if row["kind"] in _HELD]
    ends = [*held[1:], axis.last] if held else []
    return [
        Silence(
            axis.at(start),
            axis.between(start, end),
            f"no meeting held from {start.isoformat()} to {end.isoformat()}",
        )
        for start, end in zip(held, ends, strict=True)
        if (end - start).days > SILENT_DAYS
    ]


def _words(rows: Sequence[Row], axis: Axis) -> str:
    """The chart as a sentence: its text alternative."""
    if not rows:
        return "Nothing recorded yet."
    counts = Counter(KINDS[row["kind"]][0] for row in rows)
    parts = ", ".join(f"{counts[key]} {key}" for key in _LANES if counts[key])
    silent = _silences(rows, axis)
    pauses = f" Silent periods: {'; '.join(pause.words for pause in silent)}." if silent else ""
    first, last = rows[0]["date"].isoformat(), rows[-1]["date"].isoformat()
    return f"From {first} to {last}: {parts}.{pauses}"


def _table(rows: Sequence[Row]) -> list[TableRow]:
    """The newest marks, newest first: the same facts without the drawing."""
    return [
        TableRow(row["date"].isoformat(), KINDS[row["kind"]][3], row["label"], row.get("href"))
        for row in reversed(rows[-_TABLE_ROWS:])
    ]
