"""The shape of an interaction: what is sent, and what each viewer is shown of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from accounts.access import Viewer
from actors.access import counterparts_visible_to
from actors.models.reference import CODES as ACTOR_CODES
from engagements.access import (
    commitments_visible_to,
    engagements_visible_to,
    follow_ups_visible_to,
    incidents_visible_to,
    plans_visible_to,
)
from engagements.details import CODES, BadAnswer, checked_details, join_words
from engagements.models import (
    EvidenceNote,
    FollowUp,
    Interaction,
    Participant,
    PracticalItem,
    Reading,
)
from engagements.selectors.meeting_parts import meeting_parts
from engagements.serializers.parts import (
    Day,
    Flag,
    Id,
    KnownRow,
    Number,
    PlaceRow,
    Wants,
    WholeRow,
    children,
    coarse,
    no_place,
    own_part,
    place_part,
    pseudonymised,
    shown_day,
    told,
    words,
)
from records.dates import NotADate, PartialDate
from records.rest.inputs import (
    NO_SUCH,
    CodeInput,
    CodesInput,
    GradeInput,
    LevelInput,
    RecordInput,
    Row,
    Rows,
    Text,
)

PRECISIONS = ("day", "month", "season", "year")
LEVELS = ACTOR_CODES["organisational_levels"]
EVERY_LINK = {"violation_talk": "incident", "commitment": "commitment"}
LINK_SCOPES = {"violation_talk": incidents_visible_to, "commitment": commitments_visible_to}


class ParticipantRow(Row):
    counterpart = Id()
    mandate = CodeInput(CODES["mandate_answers"], allow_null=True, default=None)
    same_as_last = Flag(allow_null=True, default=None)


class NextStepRow(WholeRow):
    what = Text(max_length=4000)
    who = words(4000)
    due_on = Day(allow_null=True, default=None)
    side = CodeInput(CODES["sides"], default="ours")


class ReadingRow(Row):
    factor = Text(max_length=4)
    rating = Number(min_value=0, max_value=4)
    note = words(4000)


class EvidenceRow(Row):
    criterion = Text(max_length=4)
    rating = Number(min_value=0, max_value=4, allow_null=True, default=None)
    seen = words(4000)


class ItemRow(Row):
    item = Text(max_length=4000)
    state = CodeInput(CODES["practical_item_states"])
    side = CodeInput(CODES["sides"])


@extend_schema_field({"type": "object", "additionalProperties": {"type": "object"}})
class DetailsInput(serializers.Field):
    """One key per block of the form; each question of a block takes its codes, or text."""

    def to_internal_value(self, data: Any) -> dict[str, dict[str, Any]]:
        try:
            checked = checked_details(data)
        except BadAnswer as bad:
            error: Any = [bad.sentence]
            for name in reversed([name for name in bad.field.split(".") if name]):
                error = {name: error}
            raise serializers.ValidationError(error) from None
        self._check_links(checked)
        return checked

    def _check_links(self, details: Mapping[str, Mapping[str, Any]]) -> None:
        for block, question in EVERY_LINK.items():
            pk = details.get(block, {}).get(question)
            scope = LINK_SCOPES[block](self.context["viewer"])
            if pk and not scope.filter(pk=pk).exists():
                raise serializers.ValidationError({block: {question: [NO_SUCH]}})

    def to_representation(self, value: Any) -> Any:
        return value


EXAMPLE = {
    "engagement": "9f0c3c1e-7f0a-4c57-9a53-0d6a1f2b3c4d",
    "held_on": "2026-11-20",
    "type": "norm",
    "channel": "neutral_place",
    "place": {"country": "XV", "admin1": "North"},
    "highest_level": "L2",
    "levels": ["L2", "L3"],
    "topics": ["N11"],
    "outcome": 2,
    "trust": 3,
    "summary": "They named the age limit themselves.",
    "next_step": {"what": "Send the draft order", "who": "our office", "due_on": "2026-12-05"},
    "readings": [{"factor": "QI1", "rating": 3}],
    "evidence": [{"criterion": "D1", "rating": 2, "seen": "A draft of the order was shown."}],
    "practical_items": [{"item": "Visit to the clinic", "state": "agreed", "side": "theirs"}],
    "grade": "B2",
    "level": 3,
    "details": {"objections": {"heard": ["no_means"]}},
}


@extend_schema_serializer(examples=[OpenApiExample("A meeting", value=EXAMPLE, request_only=True)])
class InteractionInput(KnownRow):
    engagement = RecordInput(engagements_visible_to)
    plan = RecordInput(plans_visible_to, allow_null=True, default=None)
    joint = Id(allow_null=True, default=None, help_text="Shared by the groups at one table.")
    held_on = Text(max_length=10, help_text="A day, month or year; a season is its first month.")
    date_precision = serializers.ChoiceField(PRECISIONS, required=False)
    held = Flag(default=True)
    type = CodeInput(CODES["interaction_types"])
    channel = CodeInput(CODES["channels"], allow_null=True, default=None)
    place = PlaceRow(default=no_place)
    highest_level = CodeInput(LEVELS, allow_null=True, default=None)
    levels = CodesInput(LEVELS, default=list)
    participants = Rows(ParticipantRow, default=list)
    topics = CodesInput(CODES["norms"], default=list)
    outcome = CodeInput(CODES["outcomes"], allow_null=True, default=None)
    trust = CodeInput(CODES["trust"], allow_null=True, default=None)
    summary = words(20_000)
    next_step = NextStepRow(allow_null=True, default=None)
    readings = Rows(ReadingRow, default=list)
    evidence = Rows(EvidenceRow, default=list)
    practical_items = Rows(ItemRow, default=list)
    grade = GradeInput(default="B2")
    level = LevelInput(allow_null=True, default=None)
    details = DetailsInput(default=dict)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        precision = attrs.pop("date_precision", None)
        if "held_on" in attrs:
            attrs["held_on"] = _partial(attrs["held_on"], precision)
        elif precision:
            sentence = "Send held_on too: the precision belongs to it."
            raise serializers.ValidationError({"date_precision": sentence})
        return attrs

    def validate_participants(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The people who were met, all looked up at once."""
        ids = [row["counterpart"] for row in rows]
        scope = counterparts_visible_to(self.context["viewer"])
        known = {one.pk: one for one in scope.filter(pk__in=ids)} if ids else {}
        faults = [{} if pk in known else {"counterpart": [NO_SUCH]} for pk in ids]
        if any(faults):
            raise serializers.ValidationError(faults)
        return [{**row, "counterpart": known[row["counterpart"]]} for row in rows]


def _partial(text: str, precision: Any) -> PartialDate:
    try:
        return PartialDate.parse(text, precision)
    except NotADate as error:
        raise serializers.ValidationError({"held_on": str(error)}) from None


PARTS = ("topics", "readings", "evidence", "practical_items")

# --- Rows as they are read ------------------------------------------------------------------------


def interaction_rows(
    meetings: Sequence[Interaction], viewer: Viewer, wants: Wants
) -> list[dict[str, Any]]:
    """Each meeting as in the API, for this viewer; texts are left out for a reader without them."""
    parts = _Parts(meetings, viewer, wants)
    hidden = pseudonymised(viewer, Interaction.kind)
    return [parts.row(meeting, hidden=hidden(meeting)) for meeting in meetings]


def interaction_stamps(meetings: Sequence[Interaction], viewer: Viewer) -> Iterable[object]:
    """The next steps, people, plans and linked records that an answer with these meetings shows."""
    around = _around(meetings, viewer)
    for step in around.steps.values():
        yield step.pk, step.version
    met = (row.counterpart_id for rows in around.participants.values() for row in rows)
    yield sorted(map(str, {*met, *around.named}))


class _Around:
    """The guarded records around these meetings, as far as the viewer sees them: one statement for
    the people, one for next steps, one for all that is only named.
    """

    def __init__(self, meetings: Sequence[Interaction], viewer: Viewer) -> None:
        people = Participant.objects.filter(counterpart__in=counterparts_visible_to(viewer))
        self.participants = children(True, people, "interaction", meetings)
        self.steps = _steps_of(meetings, viewer)
        self.named = _named_by(meetings, viewer)


def _around(meetings: Sequence[Interaction], viewer: Viewer) -> _Around:
    """Read once per answer: first for its ETag, then for its rows."""
    first: Any = meetings[0]
    if not hasattr(first, "around"):
        first.around = _Around(meetings, viewer)
    found: _Around = first.around
    return found


class _Parts:
    """What hangs on these meetings and stands around them."""

    def __init__(self, meetings: Sequence[Interaction], viewer: Viewer, wants: Wants) -> None:
        parts = meeting_parts(meetings, (name for name in PARTS if wants(name)))
        self.topics, self.readings = parts["topics"], parts["readings"]
        self.evidence, self.items = parts["evidence"], parts["practical_items"]
        around = _around(meetings, viewer)
        self.participants, self.steps = around.participants, around.steps
        self.named = around.named

    def row(self, meeting: Interaction, *, hidden: bool) -> dict[str, Any]:
        pk, by_month = meeting.pk, coarse(meeting, hidden)
        step = self.steps.get(pk)
        return {
            **own_part(meeting, by_month=by_month),
            **_plain(meeting, hidden=hidden, by_month=by_month),
            "plan": meeting.plan_id if meeting.plan_id in self.named else None,
            "participants": [_participant(row) for row in self.participants.get(pk, ())],
            "topics": [row.norm for row in self.topics.get(pk, ())],
            "next_step": step and _step(step, hidden=hidden, by_month=by_month),
            "readings": [_reading(row, hidden=hidden) for row in self.readings.get(pk, ())],
            "evidence": [_evidence(row, hidden=hidden) for row in self.evidence.get(pk, ())],
            "practical_items": [_item(row, hidden=hidden) for row in self.items.get(pk, ())],
            "details": self._details(meeting, hidden=hidden),
        }

    def _details(self, meeting: Interaction, *, hidden: bool) -> dict[str, Any]:
        texts = {} if hidden else meeting.details_words
        told_of = join_words(meeting.details, texts)
        for block, question in EVERY_LINK.items():
            pk = told_of.get(block, {}).get(question)
            if pk and UUID(pk) not in self.named:
                told_of[block].pop(question)
        return told_of


def _steps_of(meetings: Sequence[Interaction], viewer: Viewer) -> dict[UUID, FollowUp]:
    rows = follow_ups_visible_to(viewer).filter(
        is_next_step=True, interaction__in=[one.pk for one in meetings]
    )
    return {row.interaction_id: row for row in rows if row.interaction_id}


def _named_by(meetings: Sequence[Interaction], viewer: Viewer) -> frozenset[UUID]:
    """The plans, incidents and commitments that these meetings name and the viewer sees."""
    named: dict[Any, set[UUID]] = {
        plans_visible_to: {one.plan_id for one in meetings if one.plan_id}
    }
    for block, question in EVERY_LINK.items():
        links = (one.details.get(block, {}).get(question) for one in meetings)
        named[LINK_SCOPES[block]] = {UUID(link) for link in links if link}
    scopes = [
        scope(viewer).filter(pk__in=ids).order_by().values_list("pk")
        for scope, ids in named.items()
        if ids
    ]
    if not scopes:
        return frozenset()
    return frozenset(pk for (pk,) in scopes[0].union(*scopes[1:], all=True))


def _plain(meeting: Interaction, *, hidden: bool, by_month: bool) -> dict[str, Any]:
    held_on: Any = meeting.held_on
    if by_month and held_on.precision == "day":
        held_on = replace(held_on, first=held_on.first.replace(day=1), precision="month")
    return {
        "engagement": meeting.engagement_id,
        "joint": meeting.joint,
        "held_on": told(held_on),
        "date_precision": held_on.precision,
        "held": meeting.held,
        "type": meeting.type,
        "channel": meeting.channel or None,
        "place": place_part(meeting, hidden=hidden),
        "highest_level": meeting.highest_level or None,
        "levels": meeting.levels,
        "outcome": meeting.outcome,
        "trust": meeting.trust,
        **({} if hidden else {"summary": meeting.summary}),
        "grade": meeting.grade,
        "state": meeting.state,
    }


def _participant(row: Participant) -> dict[str, Any]:
    return {
        "counterpart": row.counterpart_id,
        "mandate": row.mandate or None,
        "same_as_last": row.same_as_last,
    }


def _step(row: FollowUp, *, hidden: bool, by_month: bool) -> dict[str, Any]:
    texts = {} if hidden else {"what": row.what, "who": row.who}
    due_on = shown_day(row.due_on, by_month=by_month)
    return {**texts, "due_on": due_on, "side": row.side}


def _reading(row: Reading, *, hidden: bool) -> dict[str, Any]:
    note = {} if hidden else {"note": row.note}
    return {"factor": row.factor, "rating": row.rating, **note}


def _evidence(row: EvidenceNote, *, hidden: bool) -> dict[str, Any]:
    seen = {} if hidden else {"seen": row.seen}
    return {"criterion": row.criterion, "rating": row.rating, **seen}


def _item(row: PracticalItem, *, hidden: bool) -> dict[str, Any]:
    item = {} if hidden else {"item": row.item}
    return {**item, "state": row.progress, "side": row.side}
