"""What each success factor is told: computed factors from the register, judged ones from readings.

Sections 3.1-3.3. A computed factor is one small function: facts, a date and the method in, one
observation out, or None where nothing is recorded (unknown is not zero). `basis` holds every
count and parameter, so that a stranger can work out `u` and `w` again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from records.dates import PartialDate
from scorecards.scoring.evidence import day_of, fade, months_between, window_start, within
from scorecards.scoring.facts import (
    ContactFact,
    DossierFacts,
    GroupStart,
    MeetingFact,
    PromiseFact,
    ReadingFact,
    ServiceFact,
    Source,
    StateFact,
)
from scorecards.scoring.method import TOLERANCE, ComputedRules, Method, Step

INTENSITY = "intensity"
PEACE_PROCESS = "peace_process"
CRIMINALISED = "criminalised"
WHOLE_LAW = "GEN"


@dataclass(frozen=True, slots=True)
class Observation:
    """What a computed factor reads: u in 0..1 (higher helps) and its weight w in 0..4.

    `reliability`, `grade` and `observed_on` are those of the record used (state type); None for
    counts. `day` is the day of the newest record behind it. `records` are in no order.
    """

    u: float
    w: float
    reliability: float | None
    grade: str | None
    observed_on: PartialDate | None
    day: date | None
    basis: Mapping[str, Any]
    records: tuple[Source, ...]


class Judged(NamedTuple):
    """A reading of a judged factor at a date: its age in months, r, and w = r 0.5^(age/HL)."""

    reading: ReadingFact
    day: date
    age: float
    reliability: float
    w: float


def judged_readings(
    readings: Iterable[ReadingFact], as_of: date, method: Method
) -> dict[str, list[Judged]]:
    """Readings by factor, weighed (3.3); those dated later and of no judged factor left out."""
    half_lives = {rule.code: rule.half_life for rule in method.conduciveness.factors}
    table = method.grades.reliability
    weighed: dict[str, list[Judged]] = {code: [] for code in half_lives}
    for reading in readings:
        half_life = half_lives.get(reading.factor)
        day = day_of(reading.date, as_of)
        if half_life is not None and day is not None:
            age, r = months_between(day, as_of), table[reading.grade]
            w = fade(r, age=age, half_life=half_life)
            weighed[reading.factor].append(Judged(reading, day, age, r, w))
    return {code: found for code, found in weighed.items() if found}


def judged_at_clearance(
    judged: Mapping[str, list[Judged]], clearance: int
) -> dict[str, list[Judged]]:
    """Those of weighed readings that a reader of this clearance may see: as if weighed alone."""
    seen = {
        code: [one for one in readings if one.reading.level <= clearance]
        for code, readings in judged.items()
    }
    return {code: readings for code, readings in seen.items() if readings}


def low_intensity(facts: DossierFacts, as_of: date, method: Method) -> Observation | None:
    """EN1: the newest intensity record in force, begun in the last 36 months (3.2)."""
    rules = method.conduciveness.computed
    found = _newest_state(facts, INTENSITY, rules.intensity, as_of, method)
    if found is None:
        return None
    state, day = found
    return _of_state(rules.intensity[state.value], state, day, method, {"value": state.value})


def peace_process_alive(facts: DossierFacts, as_of: date, method: Method) -> Observation | None:
    """EN2: the newest peace-process record in force, begun in the last 36 months (3.2).

    Talks that collapsed 12 months ago or earlier read as none.
    """
    rules = method.conduciveness.computed
    found = _newest_state(facts, PEACE_PROCESS, rules.peace_process, as_of, method)
    if found is None:
        return None
    state, day = found
    months = months_between(day, as_of)
    over = state.value == "collapsed" and months >= rules.collapsed_months - TOLERANCE
    value = "none" if over else state.value
    basis = {"value": state.value, "read_as": value, "months": months}
    return _of_state(rules.peace_process[value], state, day, method, basis)


def early_engagement(facts: DossierFacts, as_of: date, method: Method) -> Observation | None:
    """EN3: months from the group's start to the first contact (3.2); of two grades the lower r.

    A contact older than the group (with those who formed it) reads as an early one.
    """
    start, contact = _start_of_group(facts, as_of), first_contact(facts, as_of, method)
    if start is None or contact is None:
        return None
    day = _known_day(contact.date, as_of)
    months = months_between(_known_day(start.date, as_of), day)
    steps = method.conduciveness.computed.first_contact
    r = method.grades.reliability
    weaker = start if r[start.grade] < r[contact.grade] else contact
    return _of_record(
        _step(steps, months),
        weaker,
        method,
        observed_on=contact.date,
        day=day,
        basis={"months": months, "steps": _plain_steps(steps)},
        records=(start.source, contact.source),
    )


def contact_possible(facts: DossierFacts, as_of: date, method: Method) -> Observation | None:
    """EN4: the lowest of the listings and stances in force, an explicit "none" included (3.2).

    Of two that are equally low the one with the better grade is the record used.
    """
    table = method.conduciveness.computed.access
    items = list(_access_in_force(facts, table, as_of))
    if not items:
        return None
    r = method.grades.reliability
    used = min(items, key=lambda state: (table[state.value], -r[state.grade], state.source.id))
    day = day_of(used.begun, as_of) if used.begun else None
    basis = {"value": used.value, "in_force": sorted(state.value for state in items)}
    return _of_state(table[used.value], used, day, method, basis)


def meetings_held_safely(facts: DossierFacts, as_of: date, method: Method) -> Observation | None:
    """EN5: (held + 1)/(held or cancelled + 2), last 12 months (3.2)."""
    rules = method.conduciveness.computed
    planned = list(within(_meetings(facts, rules), as_of, rules.held_months))
    held = sum(_was_held(meeting, rules) for meeting in planned)
    counts = {"held": held, "planned": len(planned), "months": rules.held_months}
    return _of_done(held, planned, rules, as_of, counts)


def useful_record(facts: DossierFacts, as_of: date, method: Method) -> Observation | None:
    """NG3: .5 + .1 per calendar year with a recorded service, at most .9 (3.2)."""
    rules = method.conduciveness.computed
    begun = [service for service in facts.services if day_of(service.begun, as_of)]
    years = {year for service in begun for year in _years_of(service, as_of)}
    u = min(rules.service_top, rules.service_base + rules.service_step * len(years))
    basis = {
        "years": len(years),
        "base": rules.service_base,
        "per_year": rules.service_step,
        "top": rules.service_top,
    }
    newest = [min(date(year, 12, 31), as_of) for year in years]
    return _of_count(u, len(years), rules, newest, basis, begun)


def levels_reached(facts: DossierFacts, as_of: date, method: Method) -> Observation | None:
    """GR5: (levels reached of 4)/4 in meetings held in the last 24 months (3.2).

    LP counts as L1. A meeting with only a representative abroad, an intermediary or an unknown
    level tells nothing of the levels inside the group: it is no fact here.
    """
    rules = method.conduciveness.computed
    met = within(held_meetings(facts, rules), as_of, rules.levels_months)
    meetings = [meeting for meeting in met if levels_met((meeting,), rules)]
    levels = levels_met(meetings, rules)
    basis = {
        "levels": sorted(levels),
        "full_levels": rules.levels_full,
        "months": rules.levels_months,
    }
    u = min(1.0, len(levels) / rules.levels_full)
    return _of_count(u, len(meetings), rules, _days(meetings, as_of), basis, meetings)


def newness(facts: DossierFacts, as_of: date, method: Method) -> Observation | None:
    """GR10: the age of the group in months (3.2)."""
    start = _start_of_group(facts, as_of)
    if start is None:
        return None
    day = _known_day(start.date, as_of)
    months, steps = months_between(day, as_of), method.conduciveness.computed.group_age
    return _of_record(
        _step(steps, months),
        start,
        method,
        observed_on=start.date,
        day=day,
        basis={"months": months, "steps": _plain_steps(steps)},
        records=(start.source,),
    )


def first_problem_solved(facts: DossierFacts, as_of: date, method: Method) -> Observation | None:
    """QI2: (items delivered + 1)/(items + 2), last 24 months, items in whatever state (3.2)."""
    rules = method.conduciveness.computed
    items = list(within(facts.items, as_of, rules.items_months))
    delivered = sum(item.state == "delivered" for item in items)
    counts = {"delivered": delivered, "items": len(items), "months": rules.items_months}
    return _of_done(delivered, items, rules, as_of, counts)


def regular_contact(facts: DossierFacts, as_of: date, method: Method) -> Observation | None:
    """QI4: .5 min(1, meetings12/12) + .5 min(1, months since first contact/36) (3.2)."""
    rules = method.conduciveness.computed
    held = list(within(held_meetings(facts, rules), as_of, rules.contact_facts_months))
    recent = sum(1 for _ in within(held, as_of, rules.contact_months))
    contact = first_contact(facts, as_of, method)
    since = months_between(_known_day(contact.date, as_of), as_of) if contact else 0.0
    basis = {
        "meetings": recent,
        "full_meetings": rules.contact_full,
        "months": rules.contact_months,
        "months_since_first_contact": since,
        "full_months": rules.contact_span,
        "facts_months": rules.contact_facts_months,
    }
    u = 0.5 * min(1.0, recent / rules.contact_full) + 0.5 * min(1.0, since / rules.contact_span)
    return _of_count(u, len(held), rules, _days(held, as_of), basis, held)


def exposure(facts: DossierFacts, as_of: date, method: Method) -> Observation | None:
    """QI5: .5 min(1, sessions24/8) + .5 levels/4, levels met in those norm sessions (3.2)."""
    rules = method.conduciveness.computed
    meetings = within(held_meetings(facts, rules), as_of, rules.sessions_months)
    sessions = [meeting for meeting in meetings if is_norm_session(meeting, facts.norm, rules)]
    levels = levels_met(sessions, rules)
    basis = {
        "sessions": len(sessions),
        "full_sessions": rules.sessions_full,
        "levels": sorted(levels),
        "full_levels": rules.levels_full,
        "months": rules.sessions_months,
    }
    exposed = min(1.0, len(sessions) / rules.sessions_full)
    u = 0.5 * exposed + 0.5 * min(1.0, len(levels) / rules.levels_full)
    return _of_count(u, len(sessions), rules, _days(sessions, as_of), basis, sessions)


def promises_kept(facts: DossierFacts, as_of: date, method: Method) -> Observation | None:
    """QI6: (kept by their due date + 1)/(due + 2), both sides, last 12 months (3.2).

    Unclear ones are left out, and so are kept ones of which no day is recorded.
    """
    rules = method.conduciveness.computed
    start = window_start(as_of, rules.promises_months)
    due = [row for row in facts.promises if start <= row.due_on <= as_of and _is_settled(row)]
    kept = sum(_kept_in_time(promise, as_of) for promise in due)
    basis = {"kept": kept, "due": len(due), "months": rules.promises_months, **_priors(rules)}
    u = _done_share(kept, len(due), rules)
    return _of_count(u, len(due), rules, [row.due_on for row in due], basis, due)


COMPUTED: Mapping[str, Callable[[DossierFacts, date, Method], Observation | None]] = {
    "EN1": low_intensity,
    "EN2": peace_process_alive,
    "EN3": early_engagement,
    "EN4": contact_possible,
    "EN5": meetings_held_safely,
    "NG3": useful_record,
    "GR5": levels_reached,
    "GR10": newness,
    "QI2": first_problem_solved,
    "QI4": regular_contact,
    "QI5": exposure,
    "QI6": promises_kept,
}


def first_contact(facts: DossierFacts, as_of: date, method: Method) -> ContactFact | None:
    """The engagement's start or its first held interaction, the earlier; tie: the best grade."""
    r = method.grades.reliability
    known = [fact for fact in facts.contacts if day_of(fact.date, as_of)]
    return min(
        known,
        key=lambda fact: (_known_day(fact.date, as_of), -r[fact.grade], fact.source.id),
        default=None,
    )


def criminalised_since(facts: DossierFacts, as_of: date) -> list[tuple[date, StateFact]]:
    """Laws in force that make contact a crime, with the day each began (`date.min`: not known)."""
    in_force = _access_in_force(facts, (CRIMINALISED,), as_of)
    return [(_begun(state, as_of) or date.min, state) for state in in_force]


def _newest_state(
    facts: DossierFacts, kind: str, table: Mapping[str, float], as_of: date, method: Method
) -> tuple[StateFact, date] | None:
    """The newest record in force; None also where the newest says unknown (3.2).

    Of two of the same day a known one goes before an unknown one, then the better grade, then
    the one that helps less.
    """
    start = window_start(as_of, method.conduciveness.computed.record_months)
    r = method.grades.reliability
    dated = [
        (day, state.value in table, r[state.grade], -table.get(state.value, 0.0), state)
        for state in facts.states
        if state.kind == kind and _in_force(state, as_of)
        if (day := _begun(state, as_of)) is not None and day >= start
    ]
    if not dated:
        return None
    day, known, _, _, state = max(dated, key=lambda row: (*row[:4], row[4].source.id))
    return (state, day) if known else None


def _access_in_force(
    facts: DossierFacts, values: Iterable[str], as_of: date
) -> Iterator[StateFact]:
    """Listings and stances in force. A beginning or end not recorded is no limit."""
    for state in facts.states:
        if state.kind not in (INTENSITY, PEACE_PROCESS) and state.value in values:
            begun = state.begun is None or _begun(state, as_of) is not None
            if begun and _in_force(state, as_of):
                yield state


def _begun(state: StateFact, as_of: date) -> date | None:
    return day_of(state.begun, as_of) if state.begun else None


def _in_force(state: StateFact, as_of: date) -> bool:
    """Whether a state has not ended before `as_of`, its last day included.

    A yearly figure of intensity stays in force until the next: the end of its year ends nothing.
    """
    if state.ended is None or (state.kind == INTENSITY and _is_yearly(state)):
        return True
    end = day_of(state.ended, as_of)
    return end is None or end >= as_of


def _is_yearly(state: StateFact) -> bool:
    return state.begun is not None and state.begun.precision == "year"


def _start_of_group(facts: DossierFacts, as_of: date) -> GroupStart | None:
    start = facts.group_start
    return start if start is not None and day_of(start.date, as_of) else None


def _known_day(when: PartialDate, as_of: date) -> date:
    """The day of a date that is known to have come."""
    return day_of(when, as_of) or as_of


def _step(steps: tuple[Step, ...], months: float) -> float:
    """The value of the first step whose limit is not passed; limits are inclusive (3.2)."""
    return next(step.u for step in steps if step.up_to is None or months <= step.up_to + TOLERANCE)


def _plain_steps(steps: tuple[Step, ...]) -> list[dict[str, float | None]]:
    return [{"up_to": step.up_to, "u": step.u} for step in steps]


def _meetings(facts: DossierFacts, rules: ComputedRules) -> list[MeetingFact]:
    """Interactions of any type but messages, held or cancelled (3.2)."""
    return [meeting for meeting in facts.meetings if meeting.type not in rules.message_types]


def _was_held(meeting: MeetingFact, rules: ComputedRules) -> bool:
    return meeting.held and meeting.type not in rules.cancelled_types


def held_meetings(facts: DossierFacts, rules: ComputedRules) -> list[MeetingFact]:
    """Meetings that took place, of any date; a message is none, nor is a cancelled one (3.2)."""
    return [meeting for meeting in _meetings(facts, rules) if _was_held(meeting, rules)]


def is_norm_session(meeting: MeetingFact, norm: str, rules: ComputedRules) -> bool:
    """A norm session: of a teaching type and touching the dossier's topic; GEN takes any (3.2)."""
    return meeting.type in rules.session_types and (norm == WHOLE_LAW or norm in meeting.topics)


def levels_met(meetings: Iterable[MeetingFact], rules: ComputedRules) -> set[str]:
    """Distinct rungs L1-L4 met; LP counts as L1, LX and LI as none (3.2)."""
    met: set[str | None] = set()
    for meeting in meetings:
        met.add(meeting.highest_level)
        met |= meeting.levels
    return {rung for code, rung in rules.levels.items() if code in met}


def _years_of(service: ServiceFact, as_of: date) -> range:
    begun = _known_day(service.begun, as_of)
    end = day_of(service.ended, as_of) if service.ended else None
    return range(begun.year, max(begun, end or as_of).year + 1)


def _is_settled(promise: PromiseFact) -> bool:
    if promise.outcome == "kept":
        return promise.settled_on is not None
    return promise.outcome == "not_kept"


def _kept_in_time(promise: PromiseFact, as_of: date) -> bool:
    if promise.outcome != "kept" or promise.settled_on is None:
        return False
    day = day_of(promise.settled_on, as_of)
    return day is not None and day <= promise.due_on


def _days(facts: Iterable[Any], as_of: date) -> list[date]:
    return [_known_day(fact.date, as_of) for fact in facts]


def _done_share(done: int, planned: int, rules: ComputedRules) -> float:
    """(done + 1)/(planned + 2) (3.2)."""
    return (done + rules.done_prior) / (planned + rules.planned_prior)


def _priors(rules: ComputedRules) -> dict[str, float]:
    return {"done_prior": rules.done_prior, "planned_prior": rules.planned_prior}


def _of_done(
    done: int, planned: list[Any], rules: ComputedRules, as_of: date, counts: Mapping[str, Any]
) -> Observation | None:
    u = _done_share(done, len(planned), rules)
    basis = {**counts, **_priors(rules)}
    return _of_count(u, len(planned), rules, _days(planned, as_of), basis, planned)


def _of_count(
    u: float,
    facts: int,
    rules: ComputedRules,
    days: list[date],
    basis: Mapping[str, Any],
    records: Iterable[Any],
) -> Observation | None:
    """A count-type factor: w = min(4, facts/2), nothing without a fact (3.2)."""
    if not facts:
        return None
    weighing = {
        "facts": facts,
        "facts_per_weight": rules.facts_per_weight,
        "weight_limit": rules.count_limit,
    }
    return Observation(
        u=u,
        w=min(rules.count_limit, facts / rules.facts_per_weight),
        reliability=None,
        grade=None,
        observed_on=None,
        day=max(days),
        basis={**basis, **weighing},
        records=tuple(record.source for record in records),
    )


def _of_state(
    u: float, state: StateFact, day: date | None, method: Method, basis: Mapping[str, Any]
) -> Observation:
    return _of_record(
        u,
        state,
        method,
        observed_on=state.begun,
        day=day,
        basis=basis,
        records=(state.source,),
    )


def _of_record(
    u: float,
    record: StateFact | ContactFact | GroupStart,
    method: Method,
    *,
    observed_on: PartialDate | None,
    day: date | None,
    basis: Mapping[str, Any],
    records: tuple[Source, ...],
) -> Observation:
    """A state-type factor: w = 4r of the record used (3.2)."""
    strength, r = (
        method.conduciveness.computed.state_strength,
        method.grades.reliability[record.grade],
    )
    return Observation(
        u=u,
        w=strength * r,
        reliability=r,
        grade=record.grade,
        observed_on=observed_on,
        day=day,
        basis={**basis, "u": u, "strength": strength, "reliability": r},
        records=records,
    )
