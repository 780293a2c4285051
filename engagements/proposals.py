"""From the form's answers to proposed readings (method, section 4.2b).

Proposals only: the delegate changes or removes each before saving, and what is saved as a
reading is what counts. A block that was never opened proposes nothing; one that was opened
and left empty is an answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from records.codes import Code, CodeList, load

CODES = load("engagements")

# (block, question) -> the list whose entries say what they propose.
_ASKED: tuple[tuple[str, str, CodeList], ...] = (
    ("iceberg", "moved", CODES["position_states"]),
    ("objections", "heard", CODES["objections"]),
    ("motives", "named", CODES["motives"]),
    ("manner", "ticked", CODES["manner"]),
    ("seen_as", "ticked", CODES["seen_as"]),
    ("setting", "politicised", CODES["politicised"]),
    ("setting", "instrumentalisation", CODES["instrumentalisation"]),
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A reading that an answer proposes: factor, rating 0-4, and the block it came from."""

    factor: str
    rating: int
    block: str


def propose_readings(
    *, trust: int | None, details: Mapping[str, Mapping[str, Any]]
) -> list[Proposal]:
    """All readings that these answers propose, at most one per factor."""
    found = [] if trust is None else list(_proposed("trust", CODES["trust"], [trust]))
    for block, question, codes in _ASKED:
        if block in details:
            found += _proposed(block, codes, _answers(block, question, details[block]))
    return list({proposal.factor: proposal for proposal in found}.values())


def _answers(block: str, question: str, given: Mapping[str, Any]) -> list[Any]:
    answer = given.get(question, [])
    answers = list(answer) if isinstance(answer, list) else [answer]
    if block == "manner" and given.get("interests") and "interest_argument" not in answers:
        answers.append("interest_argument")  # naming one of them is using one
    return answers


def _proposed(block: str, codes: CodeList, answers: list[Any]) -> Iterable[Proposal]:
    ticked = [codes[answer] for answer in answers]
    for wanted in codes.extra["proposals"]:
        rating = _rating(ticked, wanted["factor"], wanted["rule"])
        if rating is not None:
            yield Proposal(wanted["factor"], rating, block)


def _rating(ticked: list[Code], factor: str, rule: str) -> int | None:
    said = [code.extra["proposes"][factor] for code in ticked if _speaks(code, factor)]
    if rule == "sum":
        return sum(said)  # nothing ticked in an opened block says 0
    if not said:
        return None
    return min(said) if rule == "lowest" else said[0]


def _speaks(code: Code, factor: str) -> bool:
    return factor in code.extra.get("proposes", {})
