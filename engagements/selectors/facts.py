"""Read everything that a dossier's scores rest on, as plain facts with their levels.

One query per kind of record, each by the engagement; nothing here depends on who is reading:
the method cuts the facts to a clearance.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import F, Model, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Cast

from actors.models import ContextFact, Listing, NgoService
from engagements.models import (
    Blocker,
    Claim,
    Commitment,
    Dossier,
    FollowUp,
    Incident,
    Interaction,
    InteractionTopic,
    Observation,
    PracticalItem,
    Reading,
)
from engagements.models.dossiers import CODES
from engagements.selectors.assessed import gate_facts, rating_facts
from engagements.selectors.stage_facts import inherited_facts, mandate_facts, move_facts
from records.dates import PartialDate
from records.fields import has_code
from records.models.records import CURRENT
from scorecards.scoring.facts import (
    CLEARANCES,
    BlockerFact,
    CommitmentFact,
    ContactFact,
    DossierFacts,
    GroupStart,
    IncidentFact,
    ItemFact,
    MeetingFact,
    ObservationFact,
    PromiseFact,
    ReadingFact,
    ServiceFact,
    Source,
    StateFact,
)

M = TypeVar("M", bound=Model)


def dossier_facts(dossier: Dossier, entered_by: datetime | None = None) -> DossierFacts:
    """The facts of one dossier at every level. Expects `engagement__armed_group` at hand.

    With `entered_by`: those of records entered by that moment, as they stand now (3.4). What
    was read at a meeting was entered with it, a rating when its assessment became final.
    """
    return replace(
        conditions_facts(dossier, entered_by),
        ratings=tuple(rating_facts(dossier, entered_by)),
        commitments=tuple(_commitments(dossier, entered_by)),
        incidents=tuple(incident_facts(dossier, entered_by)),
        observations=tuple(observation_facts(dossier, entered_by)),
        gates=tuple(gate_facts(dossier, entered_by)),
        mandates=tuple(mandate_facts(entered(interactions_feeding(dossier), entered_by))),
        inherited=tuple(inherited_facts(dossier)),
        moves=tuple(move_facts(dossier, entered_by)),
    )


def conditions_facts(dossier: Dossier, entered_by: datetime | None = None) -> DossierFacts:
    """Those of `dossier_facts` on which the success factors rest."""
    engagement, by = dossier.engagement, entered_by
    fed_by = entered(interactions_feeding(dossier), by)
    meetings = tuple(_meetings(fed_by))
    return DossierFacts(
        norm=dossier.norm,
        group_start=_group_start(engagement.armed_group, by),
        contacts=tuple(contact_facts(engagement, by)),
        meetings=meetings,
        readings=tuple(_readings(fed_by, meetings)),
        items=tuple(_items(fed_by)),
        promises=tuple(_promises(fed_by, by)),
        states=tuple(state_facts(engagement, by)),
        services=tuple(_services(engagement, by)),
        blockers=tuple(_blockers(dossier, by)),
    )


def entered(rows: QuerySet[M], by: datetime | None) -> QuerySet[M]:
    """Those rows that were entered by a moment; all without one."""
    return rows if by is None else rows.filter(created_at__lte=by)


def interactions_feeding(dossier: Dossier) -> QuerySet[Interaction]:
    """Current interactions that count: all for GEN, else those that touched the topic.

    Also those held before the dossier was opened, never those held after its closing.
    """
    rows = Interaction.objects.filter(engagement=dossier.engagement_id, state=CURRENT)
    if dossier.norm != "GEN":
        rows = rows.filter(topic_rows__norm=dossier.norm)
    if dossier.closed_on:
        rows = rows.filter(held_on_first__lte=dossier.closed_on)
    return rows


def _date(first: Any, precision: Any) -> PartialDate:
    return PartialDate(first, precision)


def _group_start(group: Any, by: datetime | None) -> GroupStart | None:
    if group.active_from is None or (by is not None and group.created_at > by):
        return None
    grade = group.active_from_grade or None
    return GroupStart(group.active_from, grade, Source("armed_group", str(group.pk)))


def contact_facts(engagement: Any, by: datetime | None) -> Iterator[ContactFact]:
    """The engagement's own start, and its earliest held interaction at each level."""
    if engagement.started_on is not None and (by is None or engagement.created_at <= by):
        source = Source("engagement", str(engagement.pk))
        yield ContactFact(engagement.started_on, None, engagement.level, source)
    held = Interaction.objects.filter(engagement=engagement, state=CURRENT, held=True)
    held = entered(held, by).order_by()
    earliest = Q()
    for level in CLEARANCES:
        first = held.filter(level=level).order_by("held_on_first", "pk").values("pk")[:1]
        earliest |= Q(pk=Subquery(first))
    named = ("pk", "held_on_first", "held_on_precision", "grade", "level")
    for pk, day, precision, grade, level in held.filter(earliest).values_list(*named):
        yield ContactFact(
            _date(day, precision), grade or None, level, Source("interaction", str(pk))
        )


def _meetings(fed_by: QuerySet[Interaction]) -> Iterator[MeetingFact]:
    topics: dict[str, set[str]] = {}
    touched = InteractionTopic.objects.filter(interaction__in=fed_by.values("pk"))
    for interaction, norm in touched.order_by().values_list(_text_of("interaction"), "norm"):
        topics.setdefault(interaction, set()).add(norm)
    rows = fed_by.order_by().values_list(
        _text_of("pk"), "held_on_first", "held_on_precision", "type", "held", "highest_level",
        "levels", "outcome", "grade", "level",
    )  # fmt: skip
    for pk, first, precision, type_, held, highest, levels, outcome, grade, level in rows:
        yield MeetingFact(
            date=_date(first, precision),
            type=type_,
            held=held,
            highest_level=highest or None,
            levels=frozenset(levels) | ({highest} if highest else frozenset()),
            topics=frozenset(topics.get(pk, ())),
            outcome=outcome,
            grade=grade or None,
            level=level,
            source=Source("interaction", _dashed(pk)),
        )


def _text_of(column: str) -> Cast:
    """An id as text: a dossier may rest on thousands of rows, and a UUID object is slow to make."""
    return Cast(column, TextField())


def _dashed(pk: str) -> str:
    """The id in its usual form, whether the engine keeps it so (PostgreSQL) or without dashes."""
    return pk if "-" in pk else f"{pk[:8]}-{pk[8:12]}-{pk[12:16]}-{pk[16:20]}-{pk[20:]}"


_OF_ITS_MEETING = (
    "interaction__held_on_first",
    "interaction__held_on_precision",
    "interaction__level",
    "interaction",
)


def _readings(
    fed_by: QuerySet[Interaction], meetings: Iterable[MeetingFact]
) -> Iterator[ReadingFact]:
    """What was read at these meetings; date, grade, level and source are the meeting's own."""
    known = {meeting.source.id: meeting for meeting in meetings}
    rows = Reading.objects.filter(interaction__in=fed_by.values("pk")).order_by()
    for factor, rating, pk in rows.values_list("factor", "rating", _text_of("interaction")):
        of = known[_dashed(pk)]
        yield ReadingFact(factor, rating, of.grade, of.date, of.level, of.source)


def _items(fed_by: QuerySet[Interaction]) -> Iterator[ItemFact]:
    rows = PracticalItem.objects.filter(interaction__in=fed_by.values("pk")).order_by()
    for state, first, precision, level, pk in rows.values_list("progress", *_OF_ITS_MEETING):
        yield ItemFact(state, _date(first, precision), level, Source("interaction", str(pk)))


def _promises(fed_by: QuerySet[Interaction], by: datetime | None) -> Iterator[PromiseFact]:
    """Promises and next steps with a due date, both sides. A claim's follow-up is not another."""
    claims = Claim.objects.filter(
        interaction__in=fed_by.values("pk"), claim="promise", state=CURRENT, due_on__isnull=False
    ).select_related("settled_by")
    claim: Any
    for claim in entered(claims.defer("text"), by):
        source = Source("claim", str(claim.pk))
        # A settling meeting that was withdrawn settles nothing.
        held = claim.settled_by if claim.settled_by and claim.settled_by.state == CURRENT else None
        settled = claim.settlement if held or claim.settlement == "unclear" else "open"
        day = held.held_on if held else None
        yield PromiseFact(claim.due_on, _KEPT[settled], day, claim.level, source)
    steps = FollowUp.objects.filter(
        interaction__in=fed_by.values("pk"), claim=None, state=CURRENT, due_on__isnull=False
    )
    step: Any
    for step in entered(steps.defer("what", "who", "done_note"), by):
        done = PartialDate(step.done_on) if step.done_on else None
        source = Source("follow_up", str(step.pk))
        yield PromiseFact(step.due_on, _DONE[step.progress], done, step.level, source)


_DONE: dict[str, Any] = {"done": "kept", "open": "not_kept", "dropped": "not_kept"}
_KEPT: dict[str, Any] = {
    "kept": "kept",
    "broken": "not_kept",
    "open": "not_kept",
    "unclear": "unclear",
}


def state_facts(engagement: Any, by: datetime | None = None) -> Iterator[StateFact]:
    """Facts of the context, for this group or for all, and the lists that name the group."""
    group = engagement.armed_group
    facts = ContextFact.objects.filter(
        Q(armed_group=None) | Q(armed_group=group), context=engagement.context_id, state=CURRENT
    )
    for fact in entered(facts, by):
        yield _state(fact.fact, fact.value, fact, fact.level, Source("context_fact", str(fact.pk)))
    for listing in entered(Listing.objects.filter(group=group), by):
        source = Source("armed_group", str(group.pk))
        yield _state("listing", listing.list, listing, group.level, source)


def _state(kind: str, value: str, row: Any, level: int, source: Source) -> StateFact:
    return StateFact(kind, value, row.begun, row.ended, row.grade or None, level, source)


def _services(engagement: Any, by: datetime | None) -> Iterator[ServiceFact]:
    rows = NgoService.objects.filter(
        ngo=engagement.ngo_id, context=engagement.context_id, state=CURRENT
    )
    for row in entered(rows, by):
        source = Source("ngo_service", str(row.pk))
        yield ServiceFact(row.begun, row.ended, row.grade or None, row.level, source)


def _blockers(dossier: Dossier, by: datetime | None) -> Iterator[BlockerFact]:
    rows = Blocker.objects.filter(dossier=dossier, state=CURRENT)
    for row in entered(rows.defer("note"), by):
        source = Source("blocker", str(row.pk))
        yield BlockerFact(row.reason, row.raised_on, row.lifted_on, row.level, source)


def _commitments(dossier: Dossier, by: datetime | None) -> Iterator[CommitmentFact]:
    for row in entered(dossier.commitments.filter(state=CURRENT), by):
        yield CommitmentFact(
            status=row.status,
            instrument=row.instrument,
            verification=row.verification,
            signed_on=row.signed_on,
            level=row.level,
            source=Source("commitment", str(row.pk)),
        )


def incidents_beside(dossier: Dossier) -> QuerySet[Incident]:
    """The incidents of the dossier's panel (section 1.6): all of the group for GEN, else those of
    the topic's categories, those with a child victim for N11, and those linked to a commitment
    on the topic.
    """
    engagement = dossier.engagement
    rows = Incident.objects.filter(
        context=engagement.context_id, armed_group=engagement.armed_group_id, state=CURRENT
    )
    if dossier.norm == "GEN":
        return rows
    shown = Q(category__in=_categories_of(dossier.norm))
    if dossier.norm == "N11":
        shown |= Q(child_victim=True)
    linked = Commitment.objects.filter(has_code("norms", dossier.norm), state=CURRENT)
    # A commitment above the incident's level must not move what a reader of the incident sees.
    shown |= Q(commitments__in=linked, commitments__level__lte=F("level"))
    return rows.filter(shown).distinct()


def _categories_of(norm: str) -> list[str]:
    categories = CODES["violation_categories"]
    return [str(entry.code) for entry in categories if norm in entry.extra["norms"]]


def incident_facts(dossier: Dossier, by: datetime | None = None) -> Iterator[IncidentFact]:
    """The incidents of the dossier's panel, at every level."""
    rows = incidents_beside(dossier).defer("place_detail", "description", "source")
    for row in entered(rows, by):
        yield IncidentFact(
            category=row.category,
            standard=row.standard,
            attribution=row.attribution,
            response=row.response,
            date=row.occurred_on,
            level=row.level,
            source=Source("incident", str(row.pk)),
        )


def observation_facts(dossier: Dossier, by: datetime | None = None) -> Iterator[ObservationFact]:
    """How much the armed group was watched in the dossier's context; the same for every topic."""
    engagement = dossier.engagement
    rows = Observation.objects.filter(
        context=engagement.context_id, armed_group=engagement.armed_group_id, state=CURRENT
    )
    for row in entered(rows.defer("source"), by):
        yield ObservationFact(
            date=PartialDate(row.quarter, "season"),
            location_months=float(row.location_months),
            level=row.level,
            source=Source("observation", str(row.pk)),
        )
