"""What hangs on many meetings, read in one statement: topics, readings, evidence, practical items.

A list of meetings costs the same few statements, however many kinds of parts it shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet, SmallIntegerField, TextField, Value
from django.db.models.functions import Cast

from engagements.models import EvidenceNote, Interaction, InteractionTopic, PracticalItem, Reading
from records.fields import Ciphertext

Parts = dict[UUID, list[Any]]


class _Row(NamedTuple):
    """A part of any kind, in columns that fit all of them."""

    kind: str
    id: UUID
    meeting: UUID
    position: int
    code: str
    rating: int | None
    side: str
    sealed: bytes


def meeting_parts(meetings: Sequence[Interaction], names: Iterable[str]) -> Mapping[str, Parts]:
    """By their name in the API, then by meeting: the parts in their order, tied to the meeting.

    One statement; none where nothing is asked for. Texts stay sealed until they are read.
    """
    found: dict[str, Parts] = {name: {} for name in _COLUMNS}
    by_id = {meeting.pk: meeting for meeting in meetings}
    wanted = [_rows(name, list(by_id)) for name in _COLUMNS if name in set(names)]
    if not by_id or not wanted:
        return found
    rows = [_Row._make(row) for row in wanted[0].union(*wanted[1:], all=True)]
    for row in sorted(rows, key=lambda row: (row.position, row.code)):
        part = _MADE[row.kind](row, by_id[row.meeting])
        found[row.kind].setdefault(row.meeting, []).append(part)
    return found


_NO_PLACE = Value(0, SmallIntegerField())
_NO_RATING = Cast(Value(None), SmallIntegerField())
_NO_SIDE = Value("", TextField())
# Model, and its columns for id, position, code, rating, side and sealed text.
_COLUMNS: Mapping[str, tuple[type[Any], tuple[Any, ...]]] = {
    "readings": (Reading, ("pk", "position", "factor", "rating", _NO_SIDE, "note")),
    "evidence": (EvidenceNote, ("pk", "position", "criterion", "rating", _NO_SIDE, "seen")),
    "practical_items": (
        PracticalItem,
        ("pk", "position", "progress", _NO_RATING, "side", "item"),
    ),
    # A topic has no id of its own to show, and its code gives its place.
    "topics": (
        InteractionTopic,
        ("interaction", _NO_PLACE, "norm", _NO_RATING, _NO_SIDE, Value(b"")),
    ),
}


def _rows(name: str, meetings: list[UUID]) -> QuerySet[Any]:
    model, (pk, *rest) = _COLUMNS[name]
    columns: list[Any] = [Value(name, TextField()), pk, "interaction", *rest]
    rows = model._default_manager.filter(interaction__in=meetings).order_by()
    named: QuerySet[Any] = rows.values_list(*columns)
    return named


def _reading(row: _Row, meeting: Interaction) -> Reading:
    made = Reading(
        pk=row.id,
        interaction=meeting,
        position=row.position,
        factor=row.code,
        rating=row.rating or 0,
    )
    made.note = Ciphertext(row.sealed)
    return made


def _note(row: _Row, meeting: Interaction) -> EvidenceNote:
    made = EvidenceNote(
        pk=row.id, interaction=meeting, position=row.position, criterion=row.code, rating=row.rating
    )
    made.seen = Ciphertext(row.sealed)
    return made


def _item(row: _Row, meeting: Interaction) -> PracticalItem:
    made = PracticalItem(
        pk=row.id, interaction=meeting, position=row.position, progress=row.code, side=row.side
    )
    made.item = Ciphertext(row.sealed)
    return made


def _topic(row: _Row, meeting: Interaction) -> InteractionTopic:
    return InteractionTopic(interaction=meeting, norm=row.code)


_MADE: Mapping[str, Callable[[_Row, Interaction], Any]] = {
    "readings": _reading,
    "evidence": _note,
    "practical_items": _item,
    "topics": _topic,
}
