"""The folded blocks of the meeting form, built from what each of them asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from actors.models.reference import CODES as ACTOR_CODES
from engagements.details import BLOCKS, CODES, LONGEST_TEXT, Many, One, Words
from engagements.forms.answers import Answers, first
from engagements.forms.choices import Choices, choices_of, one_of, pick, several, text

HEADINGS = dict(choices_of(CODES["form_blocks"]))

LABELS: Mapping[str, str] = {
    "iceberg-moved": "Did their position move?",
    "iceberg-position": "What they want",
    "iceberg-reasoning": "How they argue",
    "iceberg-values": "Why it matters to them",
    "island-fact_agreed": "Facts agreed",
    "island-fact_contested": "Facts contested",
    "island-norm_shared": "Rules shared",
    "island-norm_disputed": "Rules disputed",
    "objections-heard": "Objections heard",
    "objections-words": "In their words",
    "motives-named": "Also named",
    "manner-ticked": "What we did",
    "manner-interests": "Interest arguments used",
    "seen_as-ticked": "They see us as",
    "seen_as-words": "Words they used for us",
    "setting-politicised": "How political the setting was",
    "setting-publicity": "Publicity",
    "setting-other_party": "The other party",
    "setting-instrumentalisation": "Sign of being used",
    "violation_talk-reply": "Their reply",
    "violation_talk-incident": "About which incident",
    "violation_talk-words": "What was said",
    "context_change-changed": "Changed",
    "context_change-words": "In short",
    "security-guarantor": "Who guaranteed security",
    "security-event": "On the way",
    "security-words": "In short",
    "commitment-commitment": "Which commitment",
    "commitment-status": "Its status now",
    "commitment-words": "Clause discussed",
    "team-marks": "Kept within the team",
    "team-negotiator": "Negotiator (role, no name)",
    "team-support": "Support (role, no name)",
}
FIRST_MOTIVE = "Named first"
QUOTE_OR_NOT = "Quote or our inference"


def block_fields(linked: Mapping[str, Choices]) -> dict[str, forms.Field]:
    """Every question of every block as a field "<block>-<question>"; `linked` are the records
    that a question may point at, by the same name.
    """
    fields: dict[str, forms.Field] = {
        "motives-first": one_of(FIRST_MOTIVE, choices_of(CODES["motives"]))
    }
    for block, questions in BLOCKS.items():
        for question, kind in questions.items():
            name = f"{block}-{question}"
            fields[name] = _field(name, kind, linked.get(name, []))
        fields[f"{block}-answered"] = forms.BooleanField(required=False)
    return fields


def _field(name: str, kind: Any, linked: Choices) -> forms.Field:
    label = LABELS.get(name, QUOTE_OR_NOT)
    if isinstance(kind, Many):
        return several(label, choices_of(kind.codes))
    if isinstance(kind, Words):
        return text(label, LONGEST_TEXT)
    if isinstance(kind, One):
        choices = choices_of(kind.codes)
        return pick(label, choices, "not said") if len(choices) > 6 else one_of(label, choices)
    return pick(label, linked, "none chosen")


def opened_by(meeting_type: str, ngo_types: Iterable[str]) -> frozenset[str]:
    """The blocks that this type of meeting, held by an NGO of these types, brings with it."""
    kinds, types = CODES["interaction_types"], ACTOR_CODES["ngo_types"]
    opened = set(kinds[meeting_type].extra["opens"]) if meeting_type in kinds else set()
    if meeting_type in kinds and kinds[meeting_type].extra["opens"]:
        for ngo_type in ngo_types:
            opened |= set(types[ngo_type].extra["opens"]) if ngo_type in types else set()
    return frozenset(opened)


def types_opening(block: str, ngo_types: Iterable[str]) -> str:
    """The types of meeting that open this block for such an NGO, for the page's script."""
    kinds, known = CODES["interaction_types"].values(), list(ngo_types)
    return " ".join(str(kind) for kind in kinds if block in opened_by(str(kind), known))


@dataclass(frozen=True)
class Block:
    """One folded block as the page draws it."""

    code: str
    heading: str
    open: bool
    types: str
    fields: tuple[forms.BoundField, ...]
    answered: forms.BoundField | None = None
    rows: Any = None
    errors: tuple[str, ...] = ()


def names_in(block: str) -> list[str]:
    """The fields of a block in the order in which they are asked."""
    names = [f"{block}-{question}" for question in BLOCKS.get(block, ())]
    return ["motives-first", *names] if block == "motives" else names


def is_answered(answers: Answers, block: str) -> bool:
    named = [*names_in(block), f"{block}-answered"]
    return any(first(answers, name) for name in named) or any(
        key.startswith(f"{block}-") and key.split("-")[1].isdigit() for key in answers
    )
