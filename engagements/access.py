"""Which engagements, dossiers, meetings and promises a viewer may see: one queryset for each."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import DateField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.http import Http404

from accounts.access import Grant, Viewer, matrix, visible
from accounts.models import Role
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
from records.models.records import CURRENT
from records.versions import versions_of
from scorecards.models import Assessment, ReviewTask, StageMove
from scorecards.scoring.agreement import PAIR_DAYS


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
    """Final ones; one's own; and what waits for a review, for those who review.

    Two raters on one dossier rate apart: whoever has an assessment of the same weeks open does
    not see the other's until one of their own is handed in, and then sees it whatever their role.
    """
    rows = visible(viewer, Assessment.objects.all(), verb=verb)
    if viewer.user is None:
        return rows.filter(stage="final")
    mine = _of_the_same_weeks(viewer)
    reviewing = [grant.context_id for grant in viewer.grants if reviews(grant)]
    handed_in = Exists(mine.filter(stage__in=["submitted", "final"]))
    rating = Exists(mine.filter(stage__in=["draft", "returned"]))
    may_compare = handed_in | (Q(context__in=reviewing) & ~rating)
    return rows.filter(
        Q(author=viewer.user) | Q(stage="final") | (Q(stage="submitted") & may_compare)
    )


def _of_the_same_weeks(viewer: Viewer) -> QuerySet[Assessment]:
    """The viewer's assessments that make a pair with the one of the outer query."""
    day, span = OuterRef("as_of"), timedelta(days=PAIR_DAYS)
    return Assessment.objects.filter(
        author=viewer.user,
        dossier=OuterRef("dossier"),
        state=CURRENT,
        as_of__gte=ExpressionWrapper(day - span, output_field=DateField()),
        as_of__lte=ExpressionWrapper(day + span, output_field=DateField()),
    )


def reviews(grant: Grant) -> bool:
    """A token that only reads sees what its owner reviews."""
    return "a" in matrix()[Assessment.kind].get(grant.role, "")


def blockers_visible_to(viewer: Viewer, *, verb: str = "r") -> QuerySet[Blocker]:
    return visible(viewer, Blocker.objects.all(), verb=verb)


def review_tasks_visible_to(viewer: Viewer, *, verb: str = "r") -> QuerySet[ReviewTask]:
    """Two raters' task is for those who may read both: while one rates apart, not for them."""
    rows = visible(viewer, ReviewTask.objects.all(), verb=verb)
    rows = rows.filter(dossier__in=dossiers_visible_to(viewer).order_by().values("pk"))
    for kind, read in (
        ("assessment", assessments_visible_to(viewer)),
        ("interaction", interactions_visible_to(viewer)),
    ):
        unread = ~Q(because_record__in=read.order_by().values("pk"))
        rows = rows.exclude(unread, reason="reconcile", because_kind=kind)
    return rows


def stage_moves_visible_to(viewer: Viewer, *, verb: str = "r") -> QuerySet[StageMove]:
    return visible(viewer, StageMove.objects.all(), verb=verb)


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


def confirms_deletion(viewer: Viewer, record: Any) -> bool:
    """A head of delegation confirms what somebody else asked for by withdrawing the record."""
    if viewer.role(record.context_id) != Role.HEAD:
        return False
    kept = versions_of(record)
    return (kept[0].replaced_by if kept else record.created_by) != viewer.user
