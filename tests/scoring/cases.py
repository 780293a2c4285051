"""Facts for the tests of the method: short builders, every argument with a plain default."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from records.dates import PartialDate
from scorecards.scoring.facts import (
    CommitmentFact,
    ContactFact,
    DossierFacts,
    EvidenceFact,
    GateFact,
    GroupStart,
    IncidentFact,
    ItemFact,
    MandateFact,
    MeetingFact,
    ObservationFact,
    PromiseFact,
    RatingFact,
    ReadingFact,
    ServiceFact,
    Source,
    StageMoveFact,
    StateFact,
)
from scorecards.scoring.method import Method

AS_OF = date(2026, 11, 22)
METHOD = Method.default()


def days_ago(days: int) -> PartialDate:
    return PartialDate(AS_OF - timedelta(days=days))


def source(name: str = "one") -> Source:
    return Source("interaction", name)


def rating(
    criterion: str,
    value: Any,
    grade: str | None = "A1",
    *,
    age: int = 0,
    as_of: date = AS_OF,
    finalised: str = "2026-11-22T09:00:00Z",
    level: int = 3,
    name: str = "assessment",
    evidence: Iterable[EvidenceFact] = (),
) -> RatingFact:
    return RatingFact(
        criterion,
        value,
        grade,
        days_ago(age),
        as_of,
        finalised,
        level,
        Source("assessment", name),
        tuple(evidence),
    )


def piece(
    origin: str, grade: str | None = "B2", *, level: int = 3, withdrawn: bool = False
) -> EvidenceFact:
    return EvidenceFact(origin, grade, level, withdrawn)


def incident(
    standard: str = "credible",
    *,
    category: str = "murder",
    attribution: str = "unknown",
    response: str = "none",
    age: int = 0,
    on: PartialDate | None = None,
    level: int = 3,
    name: str = "one",
) -> IncidentFact:
    where = Source("incident", name)
    day = on or days_ago(age)
    return IncidentFact(category, standard, attribution, response, day, level, where)


def watched(
    quarter: str, location_months: float, *, level: int = 3, name: str = "one"
) -> ObservationFact:
    when = PartialDate.parse(quarter, "season")
    return ObservationFact(when, location_months, level, Source("observation", name))


def reading(
    factor: str,
    value: int,
    grade: str | None = "A1",
    *,
    age: int = 0,
    level: int = 3,
    name: str = "one",
) -> ReadingFact:
    return ReadingFact(factor, value, grade, days_ago(age), level, source(name))


def meeting(
    age: int = 0,
    *,
    kind: str = "norm",
    held: bool = True,
    highest: str | None = "L3",
    levels: Iterable[str] = (),
    topics: Iterable[str] = (),
    outcome: int | None = 0,
    grade: str | None = "B2",
    level: int = 3,
    name: str = "one",
) -> MeetingFact:
    return MeetingFact(
        days_ago(age),
        kind,
        held,
        highest,
        frozenset(levels),
        frozenset(topics),
        outcome,
        grade,
        level,
        source(name),
    )


def contact(
    age: int, grade: str | None = "A1", *, level: int = 1, name: str = "first"
) -> ContactFact:
    return ContactFact(days_ago(age), grade, level, source(name))


def item(state: str, age: int = 0) -> ItemFact:
    return ItemFact(state, days_ago(age), 3, source())


def promise(outcome: Any, due: int = 0, settled: int | None = None) -> PromiseFact:
    settled_on = None if settled is None else days_ago(settled)
    return PromiseFact(days_ago(due).first, outcome, settled_on, 3, Source("claim", "promise"))


def state(
    kind: str,
    value: str,
    age: int | None = 0,
    *,
    ended: int | None = None,
    grade: str | None = "A1",
    level: int = 1,
    name: str = "fact",
) -> StateFact:
    begun = None if age is None else days_ago(age)
    end = None if ended is None else days_ago(ended)
    return StateFact(kind, value, begun, end, grade, level, Source("context", name))


def service(begun: str, ended: str | None = None) -> ServiceFact:
    end = PartialDate.parse(ended) if ended else None
    return ServiceFact(PartialDate.parse(begun), end, "B2", 1, Source("ngo", "service"))


def group_start(age: int, grade: str | None = "A1") -> GroupStart:
    return GroupStart(days_ago(age), grade, Source("armed_group", "group"))


def facts(norm: str = "GEN", **lists: Any) -> DossierFacts:
    return DossierFacts(norm, **{name: _frozen(value) for name, value in lists.items()})


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def altered(**changes: Any) -> Method:
    """The shipped method with parts of it replaced: `altered(conduciveness={"rho": 0})`."""
    plain = METHOD.to_dict()
    for part, values in changes.items():
        plain[part] = {**plain[part], **values}
    return Method.from_dict(plain)


def with_only(factors: dict[str, float | None], **rules: Any) -> Method:
    """The method with weight on these factors alone; None keeps a factor's half-life."""
    plain = METHOD.to_dict()["conduciveness"]["factors"]
    for one in plain:
        one["weight"] = 1.0 if one["code"] in factors else 0.0
        one["half_life"] = factors.get(one["code"]) or one["half_life"]
    return altered(conduciveness={"factors": plain, **rules})


def gate(
    code: str,
    met: bool = True,
    *,
    as_of: date = AS_OF,
    finalised: str = "2026-11-22T09:00:00Z",
    grade: str | None = None,
    level: int = 3,
    name: str = "assessment",
    evidence: Iterable[EvidenceFact] | None = None,
) -> GateFact:
    """An answer to a worded condition of the ladder, resting on one meeting if not told else."""
    rests_on = (piece("meeting", level=level),) if evidence is None else tuple(evidence)
    return GateFact(code, met, grade, as_of, finalised, level, Source("assessment", name), rests_on)


def mandate(meeting: str, said: str, *, level: int = 3) -> MandateFact:
    return MandateFact(meeting, said, level, source(meeting))


def move(
    after: int,
    age: int = 400,
    *,
    before: int | None = None,
    reason: str = "risen",
    proposed: bool = False,
    void: bool = False,
    level: int = 1,
    name: str = "move",
    behind: Iterable[tuple[str, str, str]] = (),
) -> StageMoveFact:
    """A stored move, made at noon of its day."""
    day = days_ago(age).first
    return StageMoveFact(
        after - 1 if before is None else before,
        after,
        reason,
        proposed,
        day,
        f"{day}T12:00:00Z",
        None,
        void,
        level,
        Source("stage_move", name),
        tuple(behind),
    )


def commitment(
    status: str = "in_force", verification: str = "V2", *, level: int = 1
) -> CommitmentFact:
    return CommitmentFact(
        status, "DOC", verification, days_ago(500), level, Source("commitment", "deed")
    )
