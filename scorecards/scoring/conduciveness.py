"""How good conditions are for persuasion: the success-factor score (section 3.3).

The score is a sum, so that each point has an owner; blockers cap it and stand as their own line.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, NamedTuple, TypedDict

from scorecards.scoring.evidence import day_of, months_between
from scorecards.scoring.factors import (
    COMPUTED,
    Judged,
    Observation,
    criminalised_since,
    judged_readings,
)
from scorecards.scoring.facts import BlockerFact, DossierFacts, MeetingFact, Source
from scorecards.scoring.method import (
    HYPOTHESES,
    TOLERANCE,
    ConducivenessRules,
    FactorRule,
    Method,
)

Direction = Literal["favourable", "unfavourable"]
BlockerReason = Literal["core_aim", "refused_by_l1", "unsafe", "unlawful"]
HINDERS_STRONGLY = 0
HOSTILE, NO_ANSWER = -2, -1


class _FactorRow(TypedDict):
    factor: str
    kind: Literal["computed", "judged"]
    u: float
    reliability: float | None
    age_months: float | None
    half_life: float | None
    w: float
    grade: str | None
    observed_on: str | None
    source: dict[str, str] | None
    basis: dict[str, Any]


class FactorRow(_FactorRow, total=False):
    """One row of a score's evidence, unrounded; months for ages and half-lives.

    A judged factor has one row per reading, a computed one a single row with `basis` (every
    count and parameter behind u and w) and `records` (what was counted).
    """

    records: list[dict[str, str]]


class Posterior(NamedTuple):
    """Mean and standard deviation of a factor, both 0..1."""

    mean: float
    sd: float


@dataclass(frozen=True, slots=True)
class FactorPart:
    """One factor's part of the score. `weight` is omega_f; `contribution` c_f is in points.

    `strength` is a + b of its posterior: kappa and all the weight of its evidence.
    `evidence_count` is the number of records behind it; `newest_age` is in months, None where
    nothing is recorded or the record has no date.
    """

    factor: str
    bundle: str
    hypotheses: tuple[str, ...]
    kind: Literal["computed", "judged"]
    weight: float
    mean: float
    sd: float
    strength: float
    contribution: float
    evidence_count: int
    newest_age: float | None


@dataclass(frozen=True, slots=True)
class BundlePart:
    """A bundle's weight and the points its factors add to 50 together."""

    weight: float
    contribution: float


@dataclass(frozen=True, slots=True)
class Blocker:
    """A reason why the score is capped. `since` is the day of the fact that raises it, if known."""

    reason: str
    since: date | None
    source: Source
    by_hand: bool


@dataclass(frozen=True, slots=True)
class Tension:
    """Newness helps (GR10), but new groups lack structure (GR6): both from H1, never averaged."""

    newness: float
    structure: float


@dataclass(frozen=True, slots=True)
class Conduciveness:
    """The success-factor score of one dossier at a date; score, sd and range 0..100.

    50 + the sum of the factors' contributions + `blocked` = `score`; `uncapped` is the score
    without blockers, to which `sd` and the contributions belong. `direction` is None where the
    evidence does not carry a word.
    """

    as_of: date
    method_version: str
    score: float
    sd: float
    low: float
    high: float
    direction: Direction | None
    uncapped: float
    blocked: float
    blockers: tuple[Blocker, ...]
    bundles: Mapping[str, BundlePart]
    factors: tuple[FactorPart, ...]
    hypotheses: Mapping[str, float | None]
    tension: Tension | None
    _rows: Callable[[], tuple[FactorRow, ...]] = field(repr=False, compare=False)

    @property
    def evidence(self) -> tuple[FactorRow, ...]:
        """Rows from which every figure can be worked out again; made when asked for."""
        return self._rows()


def conduciveness(
    facts: DossierFacts,
    as_of: date,
    method: Method,
    judged: Mapping[str, Sequence[Judged]] | None = None,
) -> Conduciveness:
    """Score one dossier's conditions at a date; give it the facts of one clearance.

    Readings are one per interaction and factor, and withdrawn records are no facts: both are
    for whoever gathers the facts to see to. `judged` are these readings weighed already, from
    whoever scores several clearances.
    """
    rules = method.conduciveness
    if judged is None:
        judged = judged_readings(facts.readings, as_of, method)
    computed = {code: COMPUTED[code](facts, as_of, method) for code in _computed_codes(rules)}
    parts = tuple(
        _part(rule, judged.get(rule.code, ()), computed.get(rule.code), as_of, rules)
        for rule in rules.factors
    )
    blockers = tuple(_blockers(facts, judged.get("GR2", ()), as_of, method))
    return combine(parts, blockers, as_of, method, lambda: tuple(_rows(judged, computed, rules)))


def combine(
    parts: Sequence[FactorPart],
    blockers: Sequence[Blocker],
    as_of: date,
    method: Method,
    rows: Callable[[], tuple[FactorRow, ...]],
) -> Conduciveness:
    """The score that these parts make under these blockers (3.3)."""
    rules = method.conduciveness
    means = {part.factor: part.mean for part in parts}
    return Conduciveness(
        as_of=as_of,
        method_version=method.version,
        **_headline(parts, blockers, rules),
        blockers=tuple(blockers),
        bundles=_bundles(parts, rules),
        factors=tuple(parts),
        hypotheses={code: _hypothesis(code, parts) for code in HYPOTHESES},
        tension=Tension(means["GR10"], means["GR6"]) if {"GR10", "GR6"} <= means.keys() else None,
        _rows=rows,
    )


def posterior(observations: Iterable[tuple[float, float]], kappa: float) -> Posterior:
    """Mean and sd of a factor from (u, w) pairs, with a neutral prior of strength kappa (3.3).

    a = kappa/2 + sum(w u), b = kappa/2 + sum(w (1 - u)); m = a/(a+b);
    sd = sqrt(ab / ((a+b)^2 (a+b+1))). Without evidence m = .5.

    >>> posterior([(1.0, 2.0)], 2.0).mean  # (1 + 2) / (2 + 2)
    0.75
    >>> round(posterior([], 2.0).sd, 4)  # sqrt(1/12)
    0.2887
    """
    pairs = list(observations)
    a = kappa / 2 + math.fsum(w * u for u, w in pairs)
    b = kappa / 2 + math.fsum(w * (1 - u) for u, w in pairs)
    total = a + b
    return Posterior(a / total, math.sqrt(a * b / (total * total * (total + 1))))


def spread(weighted: Sequence[float], rho: float) -> float:
    """sd_S / 100 from omega_f sd_f: sqrt((1-rho) sum(x^2) + rho (sum x)^2) (3.3).

    rho is above 0 because one meeting feeds several factors.

    >>> spread([0.3, 0.4], 0.0)
    0.5
    >>> spread([0.25, 0.5], 1.0)
    0.75
    """
    squares = math.fsum(value * value for value in weighted)
    return math.sqrt((1 - rho) * squares + rho * math.fsum(weighted) ** 2)


def direction_of(score: float, sd: float, confidence: float) -> Direction | None:
    """The word that the evidence carries: only if Phi(|S - 50| / sd) >= .80 (3.3).

    >>> direction_of(62.0, 10.0, 0.8)  # Phi(1.2) = .885
    'favourable'
    >>> direction_of(58.0, 10.0, 0.8) is None  # Phi(.8) = .788
    True
    """
    if score == 50 or certainty(score, sd) < confidence - TOLERANCE:
        return None
    return "favourable" if score > 50 else "unfavourable"


def certainty(score: float, sd: float) -> float:
    """Phi(|S - 50| / sd): how sure the side of 50 is, .5 to 1 (3.3).

    >>> round(certainty(58.31, 16.53), 2)  # worked example B
    0.69
    """
    if not sd:
        return 0.5 if score == 50 else 1.0
    return 0.5 * (1 + math.erf(abs(score - 50) / (sd * math.sqrt(2))))


def _computed_codes(rules: ConducivenessRules) -> list[str]:
    return [rule.code for rule in rules.factors if rule.kind == "computed"]


def _part(
    rule: FactorRule,
    readings: Sequence[Judged],
    observation: Observation | None,
    as_of: date,
    rules: ConducivenessRules,
) -> FactorPart:
    pairs = [(_share(reading, rules), reading.w) for reading in readings]
    ages = [reading.age for reading in readings]
    if observation is not None:
        pairs.append((observation.u, observation.w))
        ages += [months_between(observation.day, as_of)] if observation.day else []
    mean, sd = posterior(pairs, rules.kappa)
    omega = rules.omega[rule.code]
    return FactorPart(
        factor=rule.code,
        bundle=rule.bundle,
        hypotheses=rule.hypotheses,
        kind=rule.kind,
        weight=omega,
        mean=mean,
        sd=sd,
        strength=rules.kappa + math.fsum(w for _, w in pairs),
        contribution=100 * omega * (mean - 0.5),
        evidence_count=len(readings) + (len(observation.records) if observation else 0),
        newest_age=min(ages, default=None),
    )


def _share(judged: Judged, rules: ConducivenessRules) -> float:
    """Judged u = rating/4 (3.3)."""
    return judged.reading.rating / rules.top_rating


def _headline(
    parts: Sequence[FactorPart], blockers: Sequence[Blocker], rules: ConducivenessRules
) -> dict[str, Any]:
    uncapped = math.fsum([50.0, *(part.contribution for part in parts)])
    sd = 100 * spread([part.weight * part.sd for part in parts], rules.rho)
    reach = rules.z * sd
    top = rules.cap if blockers else 100.0
    score = min(uncapped, top)
    return {
        "score": score,
        "sd": sd,
        "low": min(max(uncapped - reach, 0.0), top),
        "high": min(uncapped + reach, top),
        "direction": None if blockers else direction_of(uncapped, sd, rules.confidence),
        "uncapped": uncapped,
        "blocked": score - uncapped,
    }


def _bundles(parts: Sequence[FactorPart], rules: ConducivenessRules) -> dict[str, BundlePart]:
    return {
        bundle.code: BundlePart(
            weight=bundle.weight,
            contribution=math.fsum(
                part.contribution for part in parts if part.bundle == bundle.code
            ),
        )
        for bundle in rules.bundles
    }


def _hypothesis(code: str, parts: Sequence[FactorPart]) -> float | None:
    """H_j: plain mean of m over the factors tagged with it (3.3); None where none is."""
    means = [part.mean for part in parts if code in part.hypotheses]
    return math.fsum(means) / len(means) if means else None


def _blockers(
    facts: DossierFacts, norm_readings: Sequence[Judged], as_of: date, method: Method
) -> list[Blocker]:
    """Blockers that stand at the date: those that stand by themselves, then those set by hand.

    A lifting dated on or after the day of the fact lifts it; a newer fact raises it again.
    """
    by_themselves = (
        _core_aim(norm_readings, method),
        _refused_by_top(facts.meetings, as_of, method),
        _unlawful(facts, as_of),
    )
    standing = [
        blocker
        for blocker in by_themselves
        if blocker is not None and not _is_lifted(blocker, facts.blockers, as_of)
    ]
    return standing + _by_hand(facts.blockers, as_of)


def _core_aim(readings: Sequence[Judged], method: Method) -> Blocker | None:
    """The newest GR2 reading is 0, B2 or better before ageing: denying the norm is a core aim.

    Of two of one day the better grade is taken as the newest, then the lower rating.
    """
    if not readings:
        return None
    newest = max(
        readings,
        key=lambda one: (one.day, one.reliability, -one.reading.rating, one.reading.source.id),
    )
    enough = method.grades.reliability[method.conduciveness.blocking_grade]
    if newest.reading.rating > HINDERS_STRONGLY or newest.reliability < enough - TOLERANCE:
        return None
    return Blocker("core_aim", newest.day, newest.reading.source, by_hand=False)


def _refused_by_top(meetings: Iterable[MeetingFact], as_of: date, method: Method) -> Blocker | None:
    """The newest interaction with L1 as highest level ended in hostility or was refused.

    Of two of one day the better grade is taken as the newest, then the refusal.
    """
    r = method.grades.reliability
    with_top = [
        (day, r[meeting.grade], _is_refusal(meeting), meeting.source.id, meeting)
        for meeting in meetings
        if meeting.highest_level == "L1"
        if (day := day_of(meeting.date, as_of)) is not None
    ]
    if not with_top:
        return None
    day, _, refused, _, meeting = max(with_top, key=lambda row: row[:4])
    return Blocker("refused_by_l1", day, meeting.source, by_hand=False) if refused else None


def _is_refusal(meeting: MeetingFact) -> bool:
    return meeting.outcome == HOSTILE or (meeting.outcome == NO_ANSWER and not meeting.held)


def _unlawful(facts: DossierFacts, as_of: date) -> Blocker | None:
    """Contact is a crime: the newest law in force (EN4)."""
    laws = criminalised_since(facts, as_of)
    if not laws:
        return None
    day, law = max(laws, key=lambda row: (row[0], row[1].source.id))
    since = None if day == date.min else day
    return Blocker("unlawful", since, law.source, by_hand=False)


def _is_lifted(blocker: Blocker, liftings: Iterable[BlockerFact], as_of: date) -> bool:
    return any(
        lifting.reason == blocker.reason
        and lifting.lifted_on is not None
        and (blocker.since or date.min) <= lifting.lifted_on <= as_of
        for lifting in liftings
    )


def _by_hand(blockers: Iterable[BlockerFact], as_of: date) -> list[Blocker]:
    raised = [
        Blocker(fact.reason, fact.raised_on, fact.source, by_hand=True)
        for fact in blockers
        if fact.raised_on is not None and fact.raised_on <= as_of
        if fact.lifted_on is None or fact.lifted_on > as_of
    ]
    return sorted(raised, key=lambda one: (one.reason, one.since or date.min, one.source.id))


def _rows(
    judged: Mapping[str, Sequence[Judged]],
    computed: Mapping[str, Observation | None],
    rules: ConducivenessRules,
) -> list[FactorRow]:
    rows = []
    for rule in rules.factors:
        newest_first = sorted(judged.get(rule.code, ()), key=_row_order, reverse=True)
        rows += [_judged_row(rule, reading, rules) for reading in newest_first]
        observation = computed.get(rule.code)
        if observation is not None:
            rows.append(_computed_row(rule, observation))
    return rows


def _row_order(judged: Judged) -> tuple[date, str, int, float]:
    return (judged.day, judged.reading.source.id, judged.reading.rating, judged.w)


def _judged_row(rule: FactorRule, judged: Judged, rules: ConducivenessRules) -> FactorRow:
    reading = judged.reading
    return {
        "factor": rule.code,
        "kind": "judged",
        "u": _share(judged, rules),
        "reliability": judged.reliability,
        "age_months": judged.age,
        "half_life": rule.half_life,
        "w": judged.w,
        "grade": reading.grade,
        "observed_on": str(reading.date),
        "source": _plain(reading.source),
        "basis": {"rating": reading.rating, "top_rating": rules.top_rating},
    }


def _computed_row(rule: FactorRule, observation: Observation) -> FactorRow:
    records = sorted(map(_plain, observation.records), key=lambda one: (one["kind"], one["id"]))
    return {
        "factor": rule.code,
        "kind": "computed",
        "u": observation.u,
        "reliability": observation.reliability,
        "age_months": None,
        "half_life": None,
        "w": observation.w,
        "grade": observation.grade,
        "observed_on": str(observation.observed_on) if observation.observed_on else None,
        "source": records[0] if len(records) == 1 else None,
        "basis": dict(observation.basis),
        "records": records,
    }


def _plain(source: Source) -> dict[str, str]:
    return {"kind": source.kind, "id": source.id}
