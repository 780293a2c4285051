"""The folded blocks of a meeting: which questions each asks, and which answers are text.

`details` has one key per block. A coded answer stays readable and can be filtered; text is
sealed. One place decides which is which: the specification below.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from records.codes import CodeList, load

CODES = load("engagements")
LONGEST_TEXT = 4000


class BadAnswer(ValueError):
    """An answer does not fit its question. `field` is its path: "objections.heard"."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field, self.sentence = field, sentence


@dataclass(frozen=True, slots=True)
class One:
    """One code of a list."""

    codes: CodeList

    def checked(self, value: Any, field: str) -> Any:
        if value not in self.codes:
            raise BadAnswer(field, f"Choose one of: {_words(self.codes)}.")
        return value


@dataclass(frozen=True, slots=True)
class Many:
    """Several codes of a list, in the order given."""

    codes: CodeList

    def checked(self, value: Any, field: str) -> list[Any]:
        values = value if isinstance(value, list) else [value]
        if not all(one in self.codes for one in values) or len(set(values)) != len(values):
            raise BadAnswer(field, f"Choose from, each once: {_words(self.codes)}.")
        return values


class Yes:
    """Ticked or not."""

    def checked(self, value: Any, field: str) -> bool:
        if not isinstance(value, bool):
            raise BadAnswer(field, "Answer true or false.")
        return value


class Link:
    """The id of another record."""

    def checked(self, value: Any, field: str) -> str:
        try:
            return str(UUID(str(value)))
        except ValueError:
            raise BadAnswer(field, "Give the id of a record.") from None


class Words:
    """Free text: sealed."""

    def checked(self, value: Any, field: str) -> str:
        if not isinstance(value, str):
            raise BadAnswer(field, "Write text here.")
        if len(value) > LONGEST_TEXT:
            raise BadAnswer(field, f"Keep this under {LONGEST_TEXT} characters.")
        return value.strip()


Question = One | Many | Yes | Link | Words

# Block -> question -> kind of answer. The first question may be answered without its name.
BLOCKS: Mapping[str, Mapping[str, Question]] = {
    "iceberg": {
        "moved": One(CODES["position_states"]),
        "position": Words(),
        "position_basis": One(CODES["iceberg_bases"]),
        "reasoning": Words(),
        "reasoning_basis": One(CODES["iceberg_bases"]),
        "values": Words(),
        "values_basis": One(CODES["iceberg_bases"]),
    },
    "island": {str(code): Words() for code in CODES["island_cells"].values()},
    "objections": {"heard": Many(CODES["objections"]), "words": Words()},
    "motives": {"named": Many(CODES["motives"])},
    "manner": {"ticked": Many(CODES["manner"]), "interests": Many(CODES["interest_arguments"])},
    "seen_as": {"ticked": Many(CODES["seen_as"]), "words": Words()},
    "setting": {
        "politicised": One(CODES["politicised"]),
        "publicity": One(CODES["publicity"]),
        "other_party": One(CODES["other_party"]),
        "instrumentalisation": One(CODES["instrumentalisation"]),
    },
    "violation_talk": {
        "reply": One(CODES["group_responses"]),
        "incident": Link(),
        "words": Words(),
    },
    "context_change": {"changed": Many(CODES["context_changes"]), "words": Words()},
    "security": {
        "guarantor": One(CODES["security_guarantors"]),
        "event": One(CODES["security_events"]),
        "words": Words(),
    },
    "commitment": {
        "commitment": Link(),
        "status": One(CODES["commitment_statuses"]),
        "words": Words(),
    },
    "team": {
        "marks": Many(CODES["team_marks"]),
        "negotiator": Words(),
        "support": Words(),
    },
}


def _words(codes: CodeList) -> str:
    return ", ".join(str(code) for code in codes.values())


def checked_details(details: Any) -> dict[str, dict[str, Any]]:
    """The details with every answer checked against its question; BadAnswer for the first fault.

    A block that was opened and left empty stays as {}: that is an answer.
    """
    if not isinstance(details, Mapping):
        raise BadAnswer("", "Give an object with one key per block.")
    return {str(block): _checked_block(str(block), given) for block, given in details.items()}


def _checked_block(block: str, given: Any) -> dict[str, Any]:
    questions = BLOCKS.get(block)
    if questions is None:
        raise BadAnswer(block, f"There is no such block. The blocks are: {', '.join(BLOCKS)}.")
    answers = given if isinstance(given, Mapping) else {next(iter(questions)): given}
    for name in answers:
        if name not in questions:
            known = ", ".join(questions)
            raise BadAnswer(f"{block}.{name}", f"This block asks only: {known}.")
    return {
        name: questions[name].checked(value, f"{block}.{name}")
        for name, value in answers.items()
        if value not in (None, "")
    }


def split_words(
    details: Mapping[str, Mapping[str, Any]],
) -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, str]]]:
    """Checked details as (coded answers, texts): what stays readable and what is sealed."""
    coded: dict[str, dict[str, Any]] = {block: {} for block in details}
    words: dict[str, dict[str, str]] = {}
    for block, answers in details.items():
        for name, value in answers.items():
            if isinstance(BLOCKS[block][name], Words):
                words.setdefault(block, {})[name] = value
            else:
                coded[block][name] = value
    return coded, words


def join_words(
    coded: Mapping[str, Mapping[str, Any]], words: Mapping[str, Mapping[str, str]]
) -> dict[str, dict[str, Any]]:
    """The inverse of `split_words`."""
    return {block: {**answers, **words.get(block, {})} for block, answers in coded.items()}
