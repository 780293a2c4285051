"""The stage ladder as the method page tells it: words from its list, numbers from its gates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils import timezone

from records.codes import load
from scorecards.scoring import gates, moves, stages
from scorecards.scoring.facts import DossierFacts
from scorecards.scoring.gates import Gate, Known, entry_gates, falls
from scorecards.scoring.method import Method

CODES = load("scorecards")
DIMENSIONS, STAGES = CODES["dimensions"], CODES["stages"]
LOW = "_low"  # a dimension that pulls down is named so


@dataclass(frozen=True, slots=True)
class Rung:
    """A stage in words, and the limits among its conditions for entering and falling back."""

    level: int
    name: str
    enter: str
    falls: str
    needs: Sequence[str]
    pulls: Sequence[str]


@dataclass(frozen=True, slots=True)
class LadderRules:
    rungs: Sequence[Rung]
    second_person_from: int = moves.SECOND_PERSON_FROM
    held_days: int = moves.HELD_DAYS.days
    most_inherited: int = moves.MOST_INHERITED
    ordered_months: int = gates.ORDERED_MONTHS
    silent_months: int = stages.SILENT_MONTHS
    stale_months: int = stages.STALE_MONTHS


def ladder_rules(method: Method) -> LadderRules:
    """The conditions are asked of a dossier of which nothing is known: what they need is the same
    for all.
    """
    unknown = Known(DossierFacts("GEN"), timezone.localdate(), method)
    return LadderRules([_rung(level, unknown) for level in range(1, stages.TOP + 1)])


def _rung(level: int, unknown: Known) -> Rung:
    entry = STAGES[level]
    return Rung(
        level=level,
        name=entry.label(),
        enter=entry.extra["enter"],
        falls=entry.extra["falls"],
        needs=list(_limits(entry_gates(level, unknown), "{} {} or more")),
        pulls=list(_limits(falls(level, unknown).get(level, ()), "{} below {}")),
    )


def _limits(found: Iterable[Gate], words: str) -> Iterable[str]:
    for gate in found:
        if gate.kind in ("criterion", "value") and isinstance(gate.need, int | float):
            yield words.format(_name(gate.code.removesuffix(LOW)), f"{gate.need:g}")


def _name(code: str) -> str:
    if code in DIMENSIONS:
        return DIMENSIONS[code].label()
    return code.replace("_", " ").capitalize() if code.islower() else code
