"""Which engagements, dossiers, meetings and promises a viewer may see: one queryset for each."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from accounts.access import Viewer, visible
from engagements.models import (
    Blocker,
    Claim,
    Commitment,
    Dossier,
    Draft,
    Engagement,
    FollowUp,
    Incident,
    Interaction,
    Observation,
    Plan,
)
from scorecards.models import Assessment, ReviewTask


def engagements_visible_to(viewer: Viewer, *, verb: str = "r") -> QuerySet[Engagement]:
    return visible(viewer, Engagement.objects.all(), verb=verb)


def dossiers_visible_to(viewer: Viewer, *, verb: str = "r") -> QuerySet[Dossier]:
    return visible(viewer, Dossier.objects.all(), verb=verb)


def interactions_visible_to(viewer: Viewer, *, verb: str = "r") -> QuerySet[Interaction]:
    return visible(viewer, Interaction.objects.all(), verb=verb)


def plans_visible_to(viewer: Viewer, *, verb: str = "r") -> QuerySet[Plan]:
    return visible(viewer, Plan.objects.all(), verb=verb)


def claims_visible_to(viewer: Viewer, *, verb: str = "r") -> QuerySet[Claim]:
    return visible(viewer, Claim.objects.all(), verb=verb)


def follow_ups_visible_to(viewer: Viewer, *, verb: str = "r") -> QuerySet[FollowUp]:
    return visible(viewer, FollowUp.objects.all(), verb=verb)


def commitments_visible_to(viewer: Viewer, *, verb: str = "r") -> QuerySet[Commitment]:
    return visible(viewer, Commitment.objects.all(), verb=verb)


def incidents_visible_to(viewer: Viewer, *, verb: str = "r") -> QuerySet[Incident]:
    return visible(viewer, Incident.objects.all(), verb=verb)


def observations_visible_to(viewer: Viewer, *, verb: str = "r") -> QuerySet[Observation]:
    return visible(viewer, Observation.objects.all(), verb=verb)


def assessments_visible_to(viewer: Viewer, *, verb: str = "r") -> QuerySet[Assessment]:
    """Drafts and returned ones are their author's alone; submitted ones wait for a reviewer too."""
    rows = visible(viewer, Assessment.objects.all(), verb=verb)
    own = Q(author=viewer.user) if viewer.user else Q(pk__in=[])
    return rows.filter(own | Q(stage__in=["submitted", "final"]))


def blockers_visible_to(viewer: Viewer, *, verb: str = "r") -> QuerySet[Blocker]:
    return visible(viewer, Blocker.objects.all(), verb=verb)


def review_tasks_visible_to(viewer: Viewer, *, verb: str = "r") -> QuerySet[ReviewTask]:
    return visible(viewer, ReviewTask.objects.all(), verb=verb)


def drafts_of(viewer: Viewer) -> QuerySet[Draft]:
    """A person's own drafts; they never travel by token."""
    if viewer.user is None or viewer.token is not None:
        return Draft.objects.none()
    return Draft.objects.filter(owner=viewer.user)


def interaction_for(viewer: Viewer, pk: UUID, *, verb: str = "r") -> Interaction:
    """The meeting, or "not found": strangers should not learn that it exists."""
    row = interactions_visible_to(viewer, verb=verb).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def dossier_for(viewer: Viewer, pk: UUID, *, verb: str = "r") -> Dossier:
    """The dossier with its engagement, or "not found"."""
    rows = dossiers_visible_to(viewer, verb=verb).select_related(
        "engagement__ngo", "engagement__armed_group", "context"
    )
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row
