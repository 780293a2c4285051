"""Which dossiers a change touches."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from engagements.models import Dossier, Interaction
from records.models.records import CURRENT


def dossiers_touched(meeting: Interaction) -> list[UUID]:
    """The dossiers that the meeting feeds: GEN, and those of its topics, never one closed before.

    A meeting that is the first contact at its level touches every dossier of the engagement:
    how early contact was made counts for all of them (factor EN3).
    """
    rows = Dossier.objects.filter(engagement=meeting.engagement_id)
    if not _may_be_first_contact(meeting):
        topics = [row.norm for row in meeting.topic_rows.all()]
        rows = rows.filter(norm__in=["GEN", *topics])
        rows = rows.filter(Q(closed_on=None) | Q(closed_on__gte=meeting.held_on.first))
    return list(rows.values_list("pk", flat=True))


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
