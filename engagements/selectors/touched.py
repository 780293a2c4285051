"""Which dossiers a change touches."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, Q, TextField
from django.db.models.functions import Cast

from engagements.models import (
    Commitment,
    Dossier,
    Incident,
    Interaction,
    InteractionTopic,
)
from engagements.models.dossiers import CODES
from records.models.records import CURRENT
from scorecards.models import GateAnswer, RatingEvidence, StageMoveEvidence


def dossiers_touched(meeting: Interaction, *, is_new: bool = False) -> list[UUID]:
    """The dossiers that the meeting feeds: GEN, and those of its topics, never one closed before.

    A meeting that is the first contact at its level touches every dossier of the engagement:
    how early contact was made counts for all of them (factor EN3). A dossier whose ratings rest
    on the meeting is touched too, whatever was talked about, and so is one that counts a promise
    which this meeting settled. Nothing rests on a new one yet: then that is not asked.
    """
    rows = Dossier.objects.filter(engagement=meeting.engagement_id)
    if not _may_be_first_contact(meeting):
        topics = [row.norm for row in meeting.topic_rows.all()]
        fed = Q(norm__in=["GEN", *topics])
        fed &= Q(closed_on=None) | Q(closed_on__gte=meeting.held_on.first)
        if not is_new:
            fed |= Q(pk__in=dossiers_resting_on(meeting.pk))
        rows = rows.filter(fed | _counting_what_it_settled(meeting))
    return list(rows.values_list("pk", flat=True))


def _counting_what_it_settled(meeting: Interaction) -> Q:
    """Dossiers of the engagement fed by a meeting whose promises this one settled."""
    promised = Interaction.objects.filter(claims__settled_by=meeting)
    topics = InteractionTopic.objects.filter(interaction__in=promised.values("pk"))
    in_general = Q(norm="GEN") & Q(Exists(promised))
    return in_general | Q(norm__in=topics.values("norm"))


def dossiers_resting_on(record: UUID) -> set[UUID]:
    """The dossiers with a rating, an answer to a condition of the ladder or a step on it that rests
    on this record.
    """
    rated = RatingEvidence.objects.filter(record=record)
    moved = StageMoveEvidence.objects.filter(record=record)
    answers = GateAnswer.objects.annotate(linked=Cast("evidence", TextField()))
    return {
        *rated.values_list("rating__assessment__dossier", flat=True),
        *moved.values_list("move__dossier", flat=True),
        # The links of an answer are one column of JSON: few rows, and the same on both engines.
        *answers.filter(linked__contains=str(record)).values_list("assessment__dossier", flat=True),
    }


def _may_be_first_contact(meeting: Interaction) -> bool:
    earlier = Interaction.objects.filter(
        engagement=meeting.engagement_id,
        level=meeting.level,
        held=True,
        state=CURRENT,
        held_on_first__lt=meeting.held_on.first,
    ).exclude(pk=meeting.pk)
    return meeting.held and not earlier.exists()


def dossiers_of_group(group: UUID, context: UUID | None = None) -> list[UUID]:
    """Every dossier on an armed group, in one context or in all."""
    rows = Dossier.objects.filter(engagement__armed_group=group)
    if context is not None:
        rows = rows.filter(context=context)
    return list(rows.values_list("pk", flat=True))


def dossiers_in_context(context: UUID) -> list[UUID]:
    """Every dossier in a context: what a fact of the context may touch."""
    return list(Dossier.objects.filter(context=context).values_list("pk", flat=True))


def dossiers_of_ngo(ngo: UUID, context: UUID) -> list[UUID]:
    """Every dossier of an NGO in a context: what its record of service may touch."""
    rows = Dossier.objects.filter(engagement__ngo=ngo, context=context)
    return list(rows.values_list("pk", flat=True))


def dossiers_beside(incident: Incident) -> list[UUID]:
    """The dossiers that show the incident beside their scores (section 1.6), or rest on it."""
    norms = {"GEN", *CODES["violation_categories"][incident.category].extra["norms"]}
    norms |= {"N11"} if incident.child_victim else set()
    for commitment in incident.commitments.all():
        norms |= set(commitment.norms)
    shown = Q(
        engagement__armed_group=incident.armed_group_id, context=incident.context_id, norm__in=norms
    )
    rows = Dossier.objects.filter(shown | Q(pk__in=dossiers_resting_on(incident.pk)))
    return list(rows.values_list("pk", flat=True))


def dossiers_bound_by(commitment: Commitment) -> list[UUID]:
    """The commitment's own dossiers, those whose panel shows an incident for it, and those with a
    rating that rests on it.
    """
    own = Q(commitments=commitment) | Q(pk__in=dossiers_resting_on(commitment.pk))
    incidents = Incident.objects.filter(commitments=commitment)
    if incidents.exists():
        own |= Q(
            context=commitment.context_id,
            engagement__armed_group__in=incidents.values("armed_group"),
            norm__in=commitment.norms,
        )
    return list(Dossier.objects.filter(own).values_list("pk", flat=True).distinct())
