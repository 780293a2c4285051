"""The answers of a form in words, piece by piece: for conflicts and for earlier versions.

A piece is what a person would choose as one: a date with its precision, a place, one reading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django import forms

from engagements.details import BLOCKS, CODES
from engagements.forms.meeting import MeetingForm
from engagements.forms.merge import Shape
from engagements.services.meeting_rules import FACTORS

ROWS = ("participants", "practical_items", "evidence")

# Fields that are one piece together, under the heading of the first.
TOGETHER = {
    "held_on": ("held_on", "date_precision", "not_held"),
    "place_country": ("place_country", "place_admin1", "place_detail"),
    "next_step_what": (
        "next_step_what",
        "next_step_who",
        "next_step_due_on",
        "next_step_side",
    ),
    "grade_source": ("grade_source", "grade_content"),
    "motives-named": ("motives-first", "motives-named"),
}
_HEAD_OF = {name: head for head, names in TOGETHER.items() for name in names}
HEADINGS = {
    "place_country": "Where",
    "grade_source": "Grade",
    "motives-named": "Why they might keep the rule",
    "participants": "Who was there",
    "practical_items": "Practical items",
    "evidence": "What we saw of their rules and training",
}
_ALONE = ("type", "channel", "highest_level", "levels", "topics", "outcome", "trust", "summary")


def piece_of(name: str) -> str | None:
    """The piece that an answer belongs to; None for what is no part of the meeting."""
    head, _, rest = name.partition("-")
    if name in _HEAD_OF:
        return _HEAD_OF[name]
    if name in (*_ALONE, "level"):
        return name
    if head in ROWS and re.match(r"\d", rest):
        return head
    if head == "reading" and not rest.endswith("-proposed"):
        return f"reading-{rest.removesuffix('-note')}"
    if head in BLOCKS and (rest in BLOCKS[head] or rest == "answered"):
        return name
    return None


SHAPE = Shape(piece_of=piece_of, rows=ROWS, lists=("levels", "topics"), texts=("summary",))


def heading_of(form: MeetingForm, piece: str) -> str:
    if piece in HEADINGS:
        return HEADINGS[piece]
    head, _, rest = piece.partition("-")
    block = {entry.code: entry.label() for entry in CODES["form_blocks"]}.get(head, "")
    if head == "reading":
        return f"Reading: {FACTORS.label(rest)}" if rest in FACTORS else "Reading"
    if rest == "answered":
        return f"{block}: gone through"
    label = str(form.fields[piece].label)
    return label if label == block or not block else f"{block}: {label}"


def told(form: Any, piece: str) -> str:
    """What the form's answers say of one piece, as text; empty if it was left open."""
    if piece in form.rows:
        return "\n".join(", ".join(_row_words(row)) for row in form.rows[piece].filled())
    if piece.startswith("reading-"):
        names: tuple[str, ...] = (piece, f"{piece}-note")
    else:
        names = TOGETHER.get(piece, (piece,))
    return ", ".join(filter(None, (_words(form[name]) for name in names)))


def _row_words(row: forms.Form) -> Iterator[str]:
    return filter(None, (_words(field) for field in row))


def _words(field: forms.BoundField) -> str:
    value = field.value()
    if isinstance(field.field, forms.BooleanField):
        return str(field.label) if value else ""
    choices = _labels(getattr(field.field, "choices", ()))
    given = value if isinstance(value, list) else [value]
    return ", ".join(choices.get(str(one), str(one)) for one in given if one)


def _labels(choices: Any) -> dict[str, str]:
    """Value -> words, headings of a list taken apart."""
    labels: dict[str, str] = {}
    for value, label in choices:
        if isinstance(label, list | tuple):
            labels |= _labels(label)
        elif value != "":
            labels[str(value)] = str(label)
    return labels


def differences(before: MeetingForm, after: MeetingForm) -> list[tuple[str, str, str]]:
    """(heading, before, after) of every piece that differs, in the order of the form."""
    changed = []
    for piece in in_order({**SHAPE.pieces(before.answers), **SHAPE.pieces(after.answers)}):
        old, new = told(before, piece), told(after, piece)
        if old != new:
            changed.append((heading_of(after, piece), old, new))
    return changed


_ORDER = (
    *("held_on", "type", "channel", "highest_level", "levels", "participants", "topics"),
    *("outcome", "trust", "summary", "next_step_what", "place_country"),
)


def in_order(found: dict[str, Any]) -> list[str]:
    places = {piece: place for place, piece in enumerate(_ORDER)}
    return sorted(found, key=lambda piece: (places.get(piece, len(places)), piece))
