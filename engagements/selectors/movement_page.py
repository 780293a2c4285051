"""What a page tells of a move: the split as a table, the lines, and every factor's parts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from accounts.access import Viewer
from engagements.models import Dossier
from engagements.selectors.dossier_page import FACTOR_NAMES
from engagements.selectors.movement import Period, Split, split_of
from engagements.selectors.movement_lines import Reading, Told
from engagements.selectors.movement_records import behind, newest_first
from engagements.selectors.places import Place
from scorecards.scoring.facts import Source
from scorecards.scoring.movement import FactorMove

SMALLEST = 0.00005  # points: less reads as 0.0000
_PARTS = (
    ("ageing", "Ageing", "the same facts, older"),
    ("new_facts", "New facts", "entered since, whatever their date"),
    ("corrections", "Corrections", "edited, regraded or withdrawn since"),
    ("method", "Method", "another set of weights"),
    ("blocked", "Blocked", "held down, or held down no longer"),
)


@dataclass(frozen=True, slots=True)
class Part:
    """One line of the table, in points."""

    name: str
    words: str
    points: float


@dataclass(frozen=True, slots=True)
class Mention:
    """A record behind a factor's part. `points` where it owns some of its own."""

    place: Place
    how: str
    points: float | None = None
    grade: str | None = None


@dataclass(frozen=True, slots=True)
class FactorLine:
    """One factor's parts, and the records behind them."""

    move: FactorMove
    name: str
    mentions: list[Mention]


@dataclass(frozen=True, slots=True)
class Moved:
    """A move as a page shows it."""

    split: Split
    parts: list[Part]
    told: list[Told]

    @property
    def total(self) -> float:
        return self.split.moved.end.score - self.split.moved.start.score

    @property
    def query(self) -> str:
        """The period as the address has it."""
        period = self.split.period
        days = {"since": period.since.isoformat()}
        if not period.is_open:
            days["until"] = period.last.isoformat()
        return urlencode(days)


@dataclass(frozen=True, slots=True)
class MovedInFull:
    """A move with every factor; `still` are the names of those that did not move."""

    moved: Moved
    factors: list[FactorLine]
    still: list[str]


def moved_of(viewer: Viewer, dossier: Dossier, period: Period) -> Moved:
    """The move over a period; see `split_of` for what it refuses."""
    return _moved(Reading(split_of(viewer, dossier, period)))


def moved_in_full(viewer: Viewer, dossier: Dossier, period: Period) -> MovedInFull:
    """The same with every factor's parts and the records behind them."""
    reading = Reading(split_of(viewer, dossier, period))
    moves = reading.split.moved.factors
    moving = [move for move in moves if _is_moving(move)]
    moving.sort(key=lambda move: -abs(move.total))
    places = reading.places(source for move in moving for source in _sources(move, reading))
    return MovedInFull(
        moved=_moved(reading),
        factors=[_factor_line(move, reading, places) for move in moving],
        still=[FACTOR_NAMES[move.factor] for move in moves if not _is_moving(move)],
    )


def _moved(reading: Reading) -> Moved:
    points = reading.split.moved.parts
    parts = [Part(name, words, points[key]) for key, name, words in _PARTS]
    return Moved(reading.split, parts, reading.told())


def _is_moving(move: FactorMove) -> bool:
    parts = (move.corrections, move.ageing, move.new_facts, move.method)
    return any(abs(points) >= SMALLEST for points in parts)


def _sources(move: FactorMove, reading: Reading) -> list[Source]:
    corrected = behind(move.factor, move.kind == "judged", reading.corrected)
    return [
        *(one.source for one in move.new),
        *move.arrived,
        *move.left,
        *(one.source for one in corrected),
    ]


def _factor_line(move: FactorMove, reading: Reading, places: dict[Source, Place]) -> FactorLine:
    mentions = [*_new(move, reading, places)]
    mentions += _mentions(move.arrived, "counts now", reading, places)
    mentions += _mentions(move.left, "no longer counts, too long ago", reading, places)
    if abs(move.corrections) >= SMALLEST:
        for one in behind(move.factor, move.kind == "judged", reading.corrected):
            how = "withdrawn" if one.withdrawn else "corrected"
            mentions += _mentions([one.source], how, reading, places)
    return FactorLine(move, FACTOR_NAMES[move.factor], mentions)


def _new(move: FactorMove, reading: Reading, places: dict[Source, Place]) -> list[Mention]:
    """New readings with the points that each owns; those of level 3 and up as one, for analysts."""
    apart = [one for one in move.new if reading.is_apart(one.source)]
    rows = [
        Mention(places[one.source], "new", one.points, one.grade)
        for one in move.new
        if one not in apart
    ]
    if apart:
        rows.append(Mention(_together(len(apart)), "new", sum(one.points for one in apart)))
    return rows


def _mentions(
    sources: Iterable[Source], how: str, reading: Reading, places: dict[Source, Place]
) -> list[Mention]:
    ordered = newest_first(sources, reading.known)
    apart = [one for one in ordered if reading.is_apart(one)]
    rows = [
        Mention(places[one], how, grade=reading.grade(one)) for one in ordered if one not in apart
    ]
    return [*rows, Mention(_together(len(apart)), how)] if apart else rows


def _together(count: int) -> Place:
    return Place(f"{count} record{'' if count == 1 else 's'} of level 3 and up")


def shown_period(told: dict[str, Any], default: Period) -> Period:
    """The period that was asked for; what was left open is the default's."""
    return Period(told.get("since") or default.since, told.get("until"))
