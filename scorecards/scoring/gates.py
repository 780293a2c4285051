"""The conditions of the stage ladder (section 2.6), each met, not met or unknown.

A condition in words is a yes of an assessment with linked evidence; one in numbers is computed.
Unknown is not zero: what nobody assessed, or what is known too little, is met = None, and lifts
as little as it lowers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, Literal

from scorecards.scoring.beside import badge_of
from scorecards.scoring.evidence import combined, day_of, standing_ratings, within
from scorecards.scoring.factors import held_meetings, is_norm_session, levels_met
from scorecards.scoring.facts import DossierFacts, GateFact, MeetingFact, RatingFact, Source
from scorecards.scoring.integration import Integration, integration
from scorecards.scoring.method import CORE, TOLERANCE, Method
from scorecards.scoring.violations import COUNTED, ORDERED, PATTERN_MONTHS, is_pattern

# The numbers of section 2.6: the rungs themselves, no weights of a weight set.
MEETINGS, MEETING_MONTHS = 2, 12
LEVELS = 2
ACCEPTED_GRADE = "B2"
NO_CONTRARY_RULE = 2  # D11
PROGRAMME_CRITERIA, PROGRAMME_AT = ("P1", "P2", "P4"), 2
DOCTRINE_AT, BEGUN_AT = 0.50, 0.25
APPLIED_AT, OWNED_AT = 0.50, 0.75
OWNED_CRITERIA, OWNED_CRITERIA_AT = ("Tt5", "S4", "P5"), 3
MONTHS_APPLIED = 24
VERIFIED = "V2"
INCORPORATED_BELOW, APPLIED_BELOW, OWNED_BELOW = 0.40, 0.40, 0.60
ORDERED_MONTHS = 12
NOT_SUBSTANTIVE = frozenset({"courtesy", "msg"})
ENTITLED = frozenset({"L1", "L2", "LP"})

Kind = Literal["meetings", "levels", "answer", "criterion", "value", "pattern", "time", "verified"]


@dataclass(frozen=True, slots=True)
class Gate:
    """One condition. `have` and `need` are in its own unit: meetings, levels, a rating 0-4, a
    starred value 0..1, months in the stage, V0-V5; None where there is none.
    """

    code: str
    kind: Kind
    met: bool | None
    behind: tuple[Source, ...] = ()
    have: float | str | None = None
    need: float | str | None = None


@dataclass(frozen=True)
class Known:
    """What is known of one dossier on a day, at one clearance: give it the facts of that one.

    `scored` is the scorecard of these facts on that day, if somebody has worked it out already.
    """

    facts: DossierFacts
    as_of: date
    method: Method
    scored: Integration | None = None

    @cached_property
    def card(self) -> Integration:
        return self.scored or integration(self.facts, self.as_of, self.method)

    @cached_property
    def ratings(self) -> dict[str, RatingFact]:
        found = standing_ratings(self.facts.ratings, self.as_of, self.method)
        return {code: one.in_force for code, one in found.items() if one.in_force}

    @cached_property
    def answers(self) -> dict[str, GateFact]:
        """Per worded condition the answer in force: the latest, as of ratings (section 0)."""
        rows = [row for row in self.facts.gates if row.as_of <= self.as_of and not _gone(row)]
        return {row.gate: row for row in sorted(rows, key=_order)}

    def by(self, last: tuple[date, str]) -> Known:
        """The same as it was known by an assessment: (its date, its finalisation)."""
        facts = replace(
            self.facts,
            ratings=tuple(row for row in self.facts.ratings if (row.as_of, row.finalised) <= last),
            gates=tuple(row for row in self.facts.gates if (row.as_of, row.finalised) <= last),
        )
        return Known(facts, last[0], self.method)

    def on(self, day: date) -> Known:
        return Known(self.facts, day, self.method)


def entry_gates(stage: int, known: Known, months_in_stage: float = 0.0) -> list[Gate]:
    """The conditions for entering a stage 1..6; `months_in_stage` counts for stage 6 alone."""
    if stage == 1:
        return [_meetings(known), answer(known, "safety_assured")]
    if stage == 2:
        return [_levels(known), answer(known, "norm_restated")]
    if stage == 3:
        return [_accepted(known), _criterion(known, "D11", NO_CONTRARY_RULE)]
    if stage == 4:
        named = [_criterion(known, code, PROGRAMME_AT) for code in PROGRAMME_CRITERIA]
        doctrine = _value(known, "doctrine", DOCTRINE_AT)
        return [*named, doctrine, _either(known, ("training", "sanctions"), BEGUN_AT)]
    if stage == 5:
        return [*(_value(known, code, APPLIED_AT) for code in CORE), _no_pattern(known)]
    values = [_value(known, code, OWNED_AT) for code in CORE]
    named = [_criterion(known, code, OWNED_CRITERIA_AT) for code in OWNED_CRITERIA]
    return [*values, *named, _months(months_in_stage), _verified(known)]


def falls(stage: int, known: Known) -> dict[int, list[Gate]]:
    """What pulls down from a stage, by the stage that names it: its own, and those of 3-5 below
    it (2.6). `met` says that the condition holds, that is, that it pulls.
    """
    return {row: _falls(row, known) for row in {*range(3, stage), stage}}


def _falls(stage: int, known: Known) -> list[Gate]:
    if stage == 1:
        return [answer(known, "contact_ended")]
    if stage == 3:
        return [answer(known, "acceptance_retracted"), answer(known, "contrary_order")]
    if stage == 4:
        return [_below(known, "doctrine", INCORPORATED_BELOW)]
    if stage == 5:
        return [*(_below(known, code, APPLIED_BELOW) for code in CORE), _pattern(known)]
    return [_below(known, code, OWNED_BELOW) for code in CORE] if stage == 6 else []


def answer(known: Known, code: str) -> Gate:
    """A condition in words: a yes counts with evidence linked to it; open is unknown."""
    row = known.answers.get(code)
    if row is None:
        return Gate(code, "answer", None)
    if row.met and not row.evidence:
        return Gate(code, "answer", None, (row.source,), have="no evidence")
    return Gate(code, "answer", row.met, _sources(row))


def ordered_breaches(known: Known) -> list[Source]:
    """Breaches ordered by L1 or L2, credible or better, of the last 12 months."""
    rows = within(known.facts.incidents, known.as_of, ORDERED_MONTHS)
    return [row.source for row in rows if row.attribution == ORDERED and row.standard in COUNTED]


def last_contact(known: Known) -> date | None:
    """The day of the newest contact of whatever type that was held."""
    days = (day_of(row.date, known.as_of) for row in known.facts.meetings if _was_held(row))
    return max((day for day in days if day), default=None)


def _was_held(row: MeetingFact) -> bool:
    return row.held and row.type != "cancel"


def _meetings(known: Known) -> Gate:
    recent = within(known.facts.meetings, known.as_of, MEETING_MONTHS)
    mandates: dict[str, set[str]] = {}
    for row in known.facts.mandates:
        mandates.setdefault(row.meeting, set()).add(row.mandate)
    counted = [row for row in recent if _is_substantive(row) and _is_entitled(row, mandates)]
    met = len(counted) >= MEETINGS
    sources = tuple(row.source for row in counted)
    return Gate("two_meetings", "meetings", met, sources, have=len(counted), need=MEETINGS)


def _is_substantive(row: MeetingFact) -> bool:
    return _was_held(row) and row.type not in NOT_SUBSTANTIVE


def _is_entitled(row: MeetingFact, mandates: dict[str, set[str]]) -> bool:
    """Mandate "yes", or none recorded and L1, L2 or LP present."""
    said = mandates.get(row.source.id)
    if said:
        return "yes" in said
    return bool(ENTITLED & (row.levels | {row.highest_level}))


def _levels(known: Known) -> Gate:
    """Levels L1-L4 met in norm sessions of any date (3.2: LP counts as L1)."""
    rules = known.method.conduciveness.computed
    sessions = [
        row
        for row in held_meetings(known.facts, rules)
        if is_norm_session(row, known.facts.norm, rules) and day_of(row.date, known.as_of)
    ]
    reached = levels_met(sessions, rules)
    sources = tuple(row.source for row in sessions if levels_met([row], rules))
    met = len(reached) >= LEVELS
    return Gate("two_levels", "levels", met, sources, have=len(reached), need=LEVELS)


def _accepted(known: Known) -> Gate:
    """Accepted as right, graded B2 or better: its own grade, else that of its evidence."""
    gate = answer(known, "norm_accepted")
    if not gate.met:
        return gate
    row, grades = known.answers["norm_accepted"], known.method.grades
    r = grades.reliability[row.grade] if row.grade else combined(row.evidence, grades)
    if r >= grades.reliability[ACCEPTED_GRADE] - TOLERANCE:
        return gate
    return replace(gate, met=False, have="weak evidence", need=ACCEPTED_GRADE)


def _criterion(known: Known, code: str, need: int) -> Gate:
    """The rating in force at any age; null and "na" fail."""
    row = known.ratings.get(code)
    if row is None:
        return Gate(code, "criterion", None, need=need)
    has = row.rating if isinstance(row.rating, int) else None
    met = has is not None and has >= need
    return Gate(code, "criterion", met, _sources(row), have=row.rating, need=need)


def _value(known: Known, code: str, need: float) -> Gate:
    """A starred value (2.4); below coverage .40 there is none."""
    value = known.card.dimensions[code].capped
    met = None if value is None else value >= need - TOLERANCE
    return Gate(code, "value", met, _of_dimension(known, code), have=value, need=need)


def _either(known: Known, codes: Sequence[str], need: float) -> Gate:
    """One of several starred values; the best of those that are known is shown."""
    gates = [_value(known, code, need) for code in codes]
    states = {gate.met for gate in gates}
    met = True if True in states else None if None in states else False
    behind = tuple(source for gate in gates if gate.met is not False for source in gate.behind)
    values = [gate.have for gate in gates if isinstance(gate.have, float)]
    return Gate("_or_".join(codes), "value", met, behind, max(values, default=None), need)


def _below(known: Known, code: str, limit: float) -> Gate:
    value = known.card.dimensions[code].capped
    met = None if value is None else value < limit - TOLERANCE
    return Gate(f"{code}_low", "value", met, _of_dimension(known, code), have=value, need=limit)


def _pattern(known: Known) -> Gate:
    found = is_pattern(known.facts.incidents, known.as_of)
    recent = within(known.facts.incidents, known.as_of, PATTERN_MONTHS)
    behind = tuple(row.source for row in recent if row.standard in COUNTED) if found else ()
    return Gate("pattern", "pattern", found, behind)


def _no_pattern(known: Known) -> Gate:
    gate = _pattern(known)
    return Gate("no_pattern", "pattern", not gate.met, () if not gate.met else gate.behind)


def _months(months: float) -> Gate:
    met = months >= MONTHS_APPLIED - TOLERANCE
    return Gate("months_applied", "time", met, have=months, need=MONTHS_APPLIED)


def _verified(known: Known) -> Gate:
    badge = badge_of(known.facts.commitments, known.as_of)
    met = badge.verification is not None and badge.verification >= VERIFIED
    behind = tuple(
        row.source for row in known.facts.commitments if row.verification >= VERIFIED and met
    )
    return Gate("verified", "verified", met, behind, have=badge.verification, need=VERIFIED)


def _of_dimension(known: Known, code: str) -> tuple[Source, ...]:
    rules = known.method.integration.criterion
    rows = (row for key, row in known.ratings.items() if rules[key].dimension == code)
    return _once(source for row in rows for source in _sources(row))


def _sources(row: RatingFact | GateFact) -> tuple[Source, ...]:
    """The records linked to a rating or an answer, else its assessment."""
    linked = [Source(one.kind, one.origin) for one in row.evidence if not one.withdrawn]
    return tuple(linked) or (row.source,)


def _once(sources: Iterable[Source]) -> tuple[Source, ...]:
    return tuple(dict.fromkeys(sources))


def _gone(row: GateFact) -> bool:
    return bool(row.evidence) and all(one.withdrawn for one in row.evidence)


def _order(row: GateFact) -> tuple[Any, ...]:
    return (row.as_of, row.finalised, row.source.id, row.met)
