"""Why a score moved: the exact split of section 3.4.

Each part is computed after the one before it, so nothing is left over:

    published --corrections--> facts of then --ageing--> at the later date
        --new facts--> all facts --method--> another weight set

All four are of the score without its cap; the cap's line is the fifth part.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from scorecards.scoring.conduciveness import Conduciveness, FactorRow, conduciveness
from scorecards.scoring.facts import DossierFacts, Source
from scorecards.scoring.method import Method

Contributions = Mapping[str, float]
MIDDLE = 50.0


@dataclass(frozen=True, slots=True)
class Standpoint:
    """A score at one of the two dates: 0..100, unrounded; `contributions` c_f in points."""

    as_of: date
    score: float
    contributions: Contributions

    @property
    def uncapped(self) -> float:
        """S = 50 + sum of c_f (3.3)."""
        return math.fsum([MIDDLE, *self.contributions.values()])

    @property
    def blocked(self) -> float:
        """The cap's line: 0, or what a blocker takes away (negative)."""
        return self.score - self.uncapped


class NewFact(NamedTuple):
    """A reading entered since: it owns `points` = 100 omega w (u - m_age) / (kappa + W) (3.4).

    u 0..1, w its weight at the later date; `mean` is m_age, the factor's mean without the new
    readings, `total` kappa + W, with W the factor's whole weight after adding them.
    """

    source: Source
    grade: str | None
    observed_on: str | None
    u: float
    w: float
    mean: float
    total: float
    points: float


@dataclass(frozen=True, slots=True)
class FactorMove:
    """One factor's parts, in points. `new` are the readings behind `new_facts`, newest first.

    A computed factor's new part stands as one: `arrived` are the records that it rests on.
    `left` went out of the factor's window by the later date; `newest_age` in months then.
    """

    factor: str
    bundle: str
    kind: Literal["computed", "judged"]
    corrections: float
    ageing: float
    new_facts: float
    method: float
    new: tuple[NewFact, ...]
    arrived: tuple[Source, ...]
    left: tuple[Source, ...]
    aged: tuple[FactorRow, ...]
    newest_age: float | None

    @property
    def total(self) -> float:
        return math.fsum((self.corrections, self.ageing, self.new_facts, self.method))


@dataclass(frozen=True, slots=True)
class Movement:
    """From one score to another: five parts in points that add up to the difference."""

    start: Standpoint
    end: Conduciveness
    corrections: float
    ageing: float
    new_facts: float
    method: float
    blocked: float
    factors: tuple[FactorMove, ...]

    @property
    def parts(self) -> dict[str, float]:
        return {
            "corrections": self.corrections,
            "ageing": self.ageing,
            "new_facts": self.new_facts,
            "method": self.method,
            "blocked": self.blocked,
        }

    @property
    def remainder(self) -> float:
        """What the parts leave unexplained: rounding of floats, below 1e-9."""
        return (self.end.score - self.start.score) - math.fsum(self.parts.values())


@dataclass(frozen=True, slots=True)
class Steps:
    """The four scores on the way: facts of then on both dates, all facts, the other method."""

    then: Conduciveness
    aged: Conduciveness
    added: Conduciveness
    end: Conduciveness


def movement(
    known_then: DossierFacts,
    known_now: DossierFacts,
    dates: tuple[date, date],
    methods: tuple[Method, Method],
    published: Standpoint | None = None,
) -> Movement:
    """Split the move between two dates into its parts.

    `known_then` are the facts of records entered by the first date, as they stand now (their
    corrections in); `known_now` all facts. `published` is the score of the first date as it was
    published, by the first method; without one the first score is what the facts of then give,
    and nothing was corrected.
    """
    steps = _steps(known_then, known_now, dates, methods)
    start = published or standpoint(steps.then)
    return Movement(
        start=start,
        end=steps.end,
        corrections=steps.then.uncapped - start.uncapped,
        ageing=steps.aged.uncapped - steps.then.uncapped,
        new_facts=steps.added.uncapped - steps.aged.uncapped,
        method=steps.end.uncapped - steps.added.uncapped,
        blocked=steps.end.blocked - start.blocked,
        factors=_factors(start, steps, methods[0]),
    )


def standpoint(score: Conduciveness) -> Standpoint:
    return Standpoint(score.as_of, score.score, contributions_of(score))


def contributions_of(score: Conduciveness) -> dict[str, float]:
    """c_f by factor, unrounded."""
    return {part.factor: part.contribution for part in score.factors}


def _steps(
    known_then: DossierFacts,
    known_now: DossierFacts,
    dates: tuple[date, date],
    methods: tuple[Method, Method],
) -> Steps:
    (first, last), (old, new) = dates, methods
    added = conduciveness(known_now, last, old)
    return Steps(
        then=conduciveness(known_then, first, old),
        aged=conduciveness(known_then, last, old),
        added=added,
        end=added if new is old else conduciveness(known_now, last, new),
    )


def _factors(start: Standpoint, steps: Steps, method: Method) -> tuple[FactorMove, ...]:
    scores = (steps.then, steps.aged, steps.added, steps.end)
    then, aged, added, end = (contributions_of(score) for score in scores)
    rows_then, rows_aged, rows_added = (_rows(score) for score in scores[:3])
    return tuple(
        FactorMove(
            factor=(code := part.factor),
            bundle=part.bundle,
            kind=part.kind,
            corrections=then.get(code, 0.0) - start.contributions.get(code, 0.0),
            ageing=aged.get(code, 0.0) - then.get(code, 0.0),
            new_facts=added.get(code, 0.0) - aged.get(code, 0.0),
            method=end.get(code, 0.0) - added.get(code, 0.0),
            new=_new_readings(code, rows_aged.get(code, ()), rows_added.get(code, ()), method),
            arrived=_apart(rows_added.get(code, ()), rows_aged.get(code, ())),
            left=_apart(rows_then.get(code, ()), rows_aged.get(code, ())),
            aged=tuple(rows_aged.get(code, ())),
            newest_age=part.newest_age,
        )
        for part in steps.aged.factors
    )


def _rows(score: Conduciveness) -> dict[str, list[FactorRow]]:
    found: dict[str, list[FactorRow]] = {}
    for row in score.evidence:
        found.setdefault(row["factor"], []).append(row)
    return found


def _new_readings(
    code: str, before: Iterable[FactorRow], after: Iterable[FactorRow], method: Method
) -> tuple[NewFact, ...]:
    """What each reading added owns of a judged factor's new part (3.4)."""
    rules = method.conduciveness
    judged = [row for row in after if row["kind"] == "judged"]
    total = rules.kappa + math.fsum(row["w"] for row in judged)
    old = [row for row in before if row["kind"] == "judged"]
    known = {_source(row) for row in old}
    said = math.fsum(row["w"] * row["u"] for row in old)
    mean = (rules.kappa / 2 + said) / (rules.kappa + math.fsum(row["w"] for row in old))
    owned = 100 * rules.omega[code] / total
    return tuple(
        NewFact(
            source=source,
            grade=row["grade"],
            observed_on=row["observed_on"],
            u=row["u"],
            w=row["w"],
            mean=mean,
            total=total,
            points=owned * row["w"] * (row["u"] - mean),
        )
        for row in judged
        if (source := _source(row)) not in known
    )


def _source(row: FactorRow) -> Source:
    source = row["source"] or {"kind": "", "id": ""}
    return Source(source["kind"], source["id"])


def _apart(rows: Iterable[FactorRow], others: Iterable[FactorRow]) -> tuple[Source, ...]:
    """Records that a computed factor rests on in `rows` and not in `others`."""
    known = {source for row in others for source in _records(row)}
    return tuple(source for row in rows for source in _records(row) if source not in known)


def _records(row: FactorRow) -> list[Source]:
    return [Source(one["kind"], one["id"]) for one in row.get("records", ())]
