"""Proposed readings: what the answers suggest, until the delegate says otherwise.

Beside each reading the form carries what was last proposed for it. A reading that still equals
its proposal follows the answers; one that the delegate changed or removed stays as they left it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms

from engagements.details import BLOCKS, CODES
from engagements.forms.answers import Answers, details_in, first
from engagements.forms.choices import line, pick
from engagements.proposals import propose_readings
from engagements.services.content import ReadingContent
from engagements.services.meeting_rules import FACTORS, JUDGED

NO_READING = "no reading"
TOP = frozenset({"L1", "L2"})


def reading_fields() -> dict[str, forms.Field]:
    """For each judged factor: the reading, a note, and what was proposed."""
    fields: dict[str, forms.Field] = {}
    for factor in FACTORS:
        if factor.code in JUDGED:
            words = [(str(rating), word) for rating, word in enumerate(factor.extra["ratings"])]
            fields[f"reading-{factor.code}"] = pick(factor.label(), words, NO_READING)
            fields[f"reading-{factor.code}-note"] = line("Why", 1000)
    return fields


def with_proposals(answers: Answers) -> Answers:
    """The answers with every untouched reading brought in step with what they now propose."""
    proposals = proposed(answers)
    settled = dict(answers)
    for factor in sorted(JUDGED):
        name, carried = f"reading-{factor}", f"reading-{factor}-proposed"
        if first(answers, name) == first(answers, carried):
            _put(settled, name, proposals.get(str(factor), ""))
        _put(settled, carried, proposals.get(str(factor), ""))
    return settled


def _put(answers: Answers, name: str, value: str) -> None:
    if value:
        answers[name] = [value]
    else:
        answers.pop(name, None)


def proposed(answers: Answers) -> dict[str, str]:
    """Factor -> rating that the answers propose; answers on no list propose nothing."""
    if "not_held" in answers:
        return {}
    trust = next((c.code for c in CODES["trust"] if str(c.code) == first(answers, "trust")), None)
    details = {block: _known(block, said) for block, said in details_in(answers).items()}
    found = propose_readings(trust=trust, details=details)  # type: ignore[arg-type]
    return {proposal.factor: str(proposal.rating) for proposal in found}


def _known(block: str, said: dict[str, Any]) -> dict[str, Any]:
    known: dict[str, Any] = {}
    for question, value in said.items():
        codes = getattr(BLOCKS[block][question], "codes", None)
        if codes is None:
            continue
        if isinstance(value, list):
            known[question] = [one for one in value if one in codes]
        elif value in codes:
            known[question] = value
    return known


def readings_in(said: dict[str, Any]) -> tuple[ReadingContent, ...]:
    """The readings of a checked form, in the order of the factors."""
    return tuple(
        ReadingContent(
            factor=str(factor.code),
            rating=int(said[f"reading-{factor.code}"]),
            note=said.get(f"reading-{factor.code}-note", ""),
        )
        for factor in FACTORS
        if said.get(f"reading-{factor.code}")
    )


@dataclass(frozen=True)
class ReadingLine:
    """One factor in the list of readings: its question, and where the reading comes from."""

    factor: str
    question: str
    rating: forms.BoundField
    note: forms.BoundField
    proposed: str
    origin: str
    asked: bool

    @property
    def shown(self) -> bool:
        return self.asked or bool(self.rating.value() or self.proposed or self.rating.errors)


def reading_lines(form: forms.Form, answers: Answers) -> list[ReadingLine]:
    """Every judged factor, those with a reading or a proposal or a question to answer first."""
    asked = TOP & {first(answers, "highest_level"), *answers.get("levels", [])}
    lines = [
        _line(form, answers, factor, bool(asked)) for factor in FACTORS if factor.code in JUDGED
    ]
    return sorted(lines, key=lambda line: not line.shown)


def _line(form: forms.Form, answers: Answers, factor: Any, top_met: bool) -> ReadingLine:
    name = f"reading-{factor.code}"
    suggested = first(answers, f"{name}-proposed")
    return ReadingLine(
        factor=str(factor.code),
        question=factor.extra["question"],
        rating=form[name],
        note=form[f"{name}-note"],
        proposed=suggested,
        origin=_origin(factor.extra["ratings"], suggested, first(answers, name)),
        asked=top_met and factor.code == "GR4",
    )


def _origin(ratings: Iterable[str], suggested: str, chosen: str) -> str:
    if not suggested:
        return ""
    if suggested == chosen:
        return "proposed from your answers"
    words = dict(enumerate(ratings))
    return f"yours; your answers proposed “{words.get(int(suggested), '')}”"
