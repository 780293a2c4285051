"""The stage in the shape of the API, and every condition of the ladder in a plain sentence."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from records.codes import load
from scorecards.scoring.gates import Gate
from scorecards.scoring.stages import Ladder

CODES = load("scorecards")
CRITERIA = load("scorecards", "criteria.toml")["criteria"]
UNPLACED: Mapping[str, Any] = {
    "level": None,
    "name": None,
    "since": None,
    "missing_for_next": [],
    "next_conditions": [],
    "pulling_down": [],
    "frozen": False,
    "flags": [],
    "provisional": False,
    "reason": None,
    "move": None,
    "proposed": None,
}


def stage_result(ladder: Ladder) -> dict[str, Any]:
    """`missing_for_next` are sentences; `next_conditions` says of each whether it is met."""
    stands = ladder.standing
    newest, proposed = stands.newest, ladder.proposed
    return {
        "level": stands.level,
        "name": name_of(stands.level),
        "since": stands.since and stands.since.isoformat(),
        "missing_for_next": [sentence(gate) for gate in ladder.missing],
        "next_conditions": [condition(gate) for gate in ladder.next_gates],
        "pulling_down": [condition(gate) for gate in ladder.pulling],
        "frozen": "frozen" in ladder.flags,
        "flags": list(ladder.flags),
        "provisional": bool({"inherited", "placed"} & set(ladder.flags)),
        "reason": newest and newest.reason,
        "move": newest and newest.source.id,
        "proposed": proposed
        and {
            "level": proposed.after,
            "name": name_of(proposed.after),
            "since": proposed.moved_on.isoformat(),
            "move": proposed.source.id,
        },
    }


def name_of(stage: int) -> str:
    return str(CODES["stages"][stage].extra["name"])


def condition(gate: Gate) -> dict[str, Any]:
    """`met` is null where nobody assessed it, or too little is known."""
    return {"code": gate.code, "kind": gate.kind, "met": gate.met, "text": sentence(gate)}


def sentence(gate: Gate) -> str:
    """The condition and how far it is met, for a reader who knows the field and not the code."""
    return _SENTENCES[gate.kind](gate)


def _meetings(gate: Gate) -> str:
    return (
        f"{gate.need} substantive meetings in twelve months with someone entitled to speak: "
        f"{gate.have} so far"
    )


def _levels(gate: Gate) -> str:
    return f"The rule explained at {gate.need} levels of command or more: {gate.have} so far"


def _answer(gate: Gate) -> str:
    words = CODES["gates"].label(gate.code)
    if gate.have == "no evidence":
        return f"{words}: answered yes, but no record is linked to it"
    if gate.have == "weak evidence":
        return f"{words}: answered yes, but graded below {gate.need}"
    said = {True: "yes", False: "answered no", None: "not answered yet"}[gate.met]
    return f"{words}: {said}"


def _criterion(gate: Gate) -> str:
    name = CRITERIA[gate.code].label()
    unrated = "not assessed" if gate.have is None else "does not apply"
    said = f"rated {gate.have}" if isinstance(gate.have, int) else unrated
    return f"{gate.code}, {name[0].lower()}{name[1:]}: {gate.need} or more of 4; {said}"


def _value(gate: Gate) -> str:
    """A value is cut, not rounded, so that .4999 never reads as a .50 that was reached."""
    low = gate.code.removesuffix("_low")
    words = " or ".join(CODES["dimensions"].label(code).lower() for code in low.split("_or_"))
    said = "not enough evidence" if gate.have is None else f"stands at {_cut(gate.have)}"
    asked = f"below {_cut(gate.need)}" if low != gate.code else f"at {_cut(gate.need)} or more"
    return f"{words[0].upper()}{words[1:]} {asked}; {said}"


def _pattern(gate: Gate) -> str:
    if gate.code == "ordered_breach":
        return "A breach was ordered by top or senior command in the last twelve months"
    if gate.code == "pattern":
        return "The violations of the last twelve months show a pattern"
    return "No pattern of violations in the last twelve months" + (
        "" if gate.met else ": there is one"
    )


def _time(gate: Gate) -> str:
    return f"{gate.need} months in stage 5: {math.floor(float(gate.have or 0))} so far"


def _verified(gate: Gate) -> str:
    said = "no commitment is verified" if gate.have is None else f"{gate.have} now"
    return f"A commitment verified by a third party or better ({gate.need}): {said}"


def _cut(value: Any) -> str:
    return f"{math.floor(value * 100 + 1e-7) / 100:.2f}"


_SENTENCES = {
    "meetings": _meetings,
    "levels": _levels,
    "answer": _answer,
    "criterion": _criterion,
    "value": _value,
    "pattern": _pattern,
    "time": _time,
    "verified": _verified,
}
