"""A move in words: at most three lines, the largest part first, each with its record and grade.

Text rule of section 3.4. No line quotes a note; a meeting is called as its reader may call it.
Ageing that raises a score is an old bad sign that weighs less, never progress.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from accounts.access import COARSE_FROM
from engagements.details import CODES
from engagements.selectors.dossier_page import FACTOR_NAMES, age_words
from engagements.selectors.movement import Split
from engagements.selectors.movement_records import (
    Corrected,
    Known,
    behind,
    corrected_records,
    key_of,
    known_records,
    newest_first,
)
from engagements.selectors.places import Place, places_of, word_for
from engagements.selectors.score_evidence import Key
from scorecards.scoring.facts import Source
from scorecards.scoring.movement import FactorMove

MOST_LINES = 3
SMALLEST = 0.05  # points: less reads as 0.0
WEIGHS_LESS = "an old bad sign weighs less"


@dataclass(frozen=True, slots=True)
class Line:
    """One owner of points. `words` may hold a `{}` for what the reader calls the record.

    `grade` is that of the record; `source` None where there is no single one.
    """

    part: str
    points: float
    words: str
    factor: str | None = None
    source: Source | None = None
    grade: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A line as its reader sees it: `lead` in plain words, `place` linked, `rest` after it."""

    line: Line
    lead: str
    place: Place
    rest: str

    @property
    def words(self) -> str:
        return f"{self.lead}{self.place.text}{self.rest}"

    @property
    def text(self) -> str:
        """ "+5.1 Top command committed: Norm dialogue, 2026-05-12 (A1)" """
        if self.line.part == "blocked":
            return self.words
        return f"{self.line.points:+.1f} {self.words}"


def told_lines(split: Split) -> list[Told]:
    """The largest of a split's lines, as its reader may read them."""
    return Reading(split).told()


class Reading:
    """A split read by one person: its lines, and the records behind them that they may open."""

    def __init__(self, split: Split) -> None:
        self.split = split
        self.known: Mapping[Key, Known] = known_records(split)

    @cached_property
    def corrected(self) -> list[Corrected]:
        """The records behind the corrections, looked for where there are any."""
        moves = self.split.moved.factors
        return corrected_records(self.split) if any(move.corrections for move in moves) else []

    @cached_property
    def levels(self) -> dict[Key, int]:
        """Of every record that a line may name."""
        found = {key_of(one.source): one.level for one in self.corrected}
        return found | {key: one.level for key, one in self.known.items()}

    def told(self) -> list[Told]:
        lines = sorted(self.lines(), key=lambda one: -abs(one.points))
        chosen = [one for one in lines if abs(one.points) >= SMALLEST][:MOST_LINES]
        places = self.places(one.source for one in chosen if one.source)
        return [_told(one, places) for one in chosen]

    def places(self, sources: Iterable[Source]) -> dict[Source, Place]:
        """What the reader calls these records, linked where they may follow them singly."""
        wanted = set(sources)
        found = places_of(self.split.viewer, map(key_of, wanted), self.split.dossier)
        return {
            one: Place(found[key_of(one)].text) if self.is_apart(one) else found[key_of(one)]
            for one in wanted
        }

    def is_apart(self, source: Source) -> bool:
        """Level 3 and up, for a reader of pseudonymised records: no link and no grade."""
        return self.split.is_coarse and self.levels.get(key_of(source), COARSE_FROM) >= COARSE_FROM

    def grade(self, source: Source | None) -> str | None:
        if source is None or self.is_apart(source):
            return None
        known = self.known.get(key_of(source))
        changed = (one.grade for one in self.corrected if one.source == source)
        return known.grade if known else next(changed, None)

    def lines(self) -> Iterator[Line]:
        """Every part's owners, in no order."""
        for move in self.split.moved.factors:
            yield from self._new(move)
            yield self._aged(move)
            yield self._corrected(move)
        yield self._method()
        yield self._blocked()

    # --- One part each ----------------------------------------------------------------------------

    def _line(self, part: str, points: float, words: str, move: FactorMove, *of: Source) -> Line:
        """A line on a factor that names the first of some records and counts the others."""
        source = of[0] if of else None
        if len(of) > 1:
            words += f" and {len(of) - 1} more"
        name = FACTOR_NAMES.get(move.factor, move.factor)
        grade = self.grade(source)
        return Line(part, points, f"{name}: {words}", move.factor, source, grade)

    def _new(self, move: FactorMove) -> Iterator[Line]:
        if move.kind == "computed":
            arrived = newest_first(move.arrived, self.known)
            if self.split.is_coarse and any(map(self.is_apart, arrived)):
                arrived = []
            words = "{}" if arrived else "counted anew with what was entered since"
            yield self._line("new_facts", move.new_facts, words, move, *arrived)
            return
        apart = [one for one in move.new if self.is_apart(one.source)]
        for one in move.new:
            if one not in apart:
                yield self._line("new_facts", one.points, "{}", move, one.source)
        if apart:
            points = sum(one.points for one in apart)
            words = f"{len(apart)} new reading{'' if len(apart) == 1 else 's'}"
            yield self._line("new_facts", points, words, move)

    def _aged(self, move: FactorMove) -> Line:
        judge = self._aged_reading if move.kind == "judged" else self._aged_count
        words, sources = judge(move)
        return self._line("ageing", move.ageing, words, move, *sources)

    def _aged_reading(self, move: FactorMove) -> tuple[str, list[Source]]:
        """Newest reading for a loss; for a gain the bad one that weighed most."""
        rows = [row for row in move.aged if row["source"]]
        if move.ageing > 0:
            bad = sorted(rows, key=lambda row: (row["u"], -row["w"]))[:1]
            return WEIGHS_LESS, [_source(row) for row in bad]
        age = self._age(move.newest_age)
        return f"last reading is {age} old", [_source(row) for row in rows[:1]]

    def _aged_count(self, move: FactorMove) -> tuple[str, list[Source]]:
        left = newest_first(move.left, self.known)
        if move.ageing > 0:
            return f"{WEIGHS_LESS}; nothing new was entered", left[:1]
        if left and not any(map(self.is_apart, left)):
            return "{} no longer counts, too long ago", left[:1]
        return "time has passed and nothing new was entered", []

    def _age(self, months: float | None) -> str:
        """An age in words; whole months for a reader of months."""
        if self.split.is_coarse and months is not None:
            if months < 2:
                return "about a month" if months >= 1 else "less than a month"
            return age_words(float(int(months)))
        return age_words(months)

    def _corrected(self, move: FactorMove) -> Line:
        found = behind(move.factor, move.kind == "judged", self.corrected)
        if not found:
            words = "a record was corrected or withdrawn"
            return self._line("corrections", move.corrections, words, move)
        how = "was withdrawn" if found[0].withdrawn else "was corrected"
        words = "{} " + how
        return self._line("corrections", move.corrections, words, move, *(c.source for c in found))

    def _method(self) -> Line:
        old, new = self.split.sets
        words = f"Method: version {new.version} instead of {old.version}"
        return Line("method", self.split.moved.method, words)

    def _blocked(self) -> Line:
        moved = self.split.moved
        blockers = moved.end.blockers
        if not blockers:
            words = f"blocked: {moved.blocked:+.1f} (the score is no longer held down)"
            return Line("blocked", moved.blocked, words)
        reason = CODES["blocker_reasons"].label(blockers[0].reason)
        words = f"blocked: {moved.blocked:+.1f} ({reason[0].lower()}{reason[1:]}: {{}})"
        source = blockers[0].source
        return Line("blocked", moved.blocked, words, None, source, self.grade(source))


def _source(row: Any) -> Source:
    return Source(row["source"]["kind"], row["source"]["id"])


def _told(line: Line, places: Mapping[Source, Place]) -> Told:
    """The line around its record; a record that words do not name is linked by them as a whole."""
    grade = f" ({line.grade})" if line.grade else ""
    if line.source is None:
        return Told(line, line.words, Place(""), grade)
    place = places.get(line.source, Place(word_for(line.source.kind)))
    if "{}" not in line.words:
        name, _, words = line.words.partition(": ")
        return Told(line, f"{name}: ", Place(words, place.href), grade)
    lead, _, rest = line.words.partition("{}")
    return Told(line, lead, place, f"{rest}{grade}")
