"""Open an engagement and its dossiers."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.access import Viewer, may_in
from accounts.models import Context
from actors.models import ArmedGroup, Ngo
from engagements.models import Dossier, Engagement
from engagements.services.staleness import mark_stale
from records.dates import PartialDate
from scorecards.services.snapshots import open_standings

THERE_ALREADY = "This NGO already has an engagement with this armed group in this context."


def open_engagement(
    viewer: Viewer,
    *,
    ngo: Ngo,
    armed_group: ArmedGroup,
    context: Context,
    started_on: PartialDate | None = None,
    status: str = "active",
    level: int = 1,
    pk: UUID | None = None,
    digest: str = "",
) -> Engagement:
    """One per NGO, group and context; its first dossier, GEN, opens with it.

    Raises ValidationError if there is one, PermissionDenied where the role does not allow it.
    """
    if not may_in(viewer, "c", "engagement", context.pk):
        raise PermissionDenied
    engagement = Engagement(
        pk=pk or uuid4(),
        ngo=ngo,
        armed_group=armed_group,
        context=context,
        status=status,
        level=max(level, context.floor, armed_group.level, ngo.level),
        first_digest=digest,
        created_by=viewer.user,
        lead=viewer.user,
    )
    engagement.started_on = started_on
    try:
        with transaction.atomic():
            engagement.save(force_insert=True)
            open_dossier(viewer, engagement=engagement, norm="GEN")
    except IntegrityError:
        raise ValidationError({"armed_group": THERE_ALREADY}) from None
    return engagement


@transaction.atomic
def open_dossier(
    viewer: Viewer,
    *,
    engagement: Engagement,
    norm: str,
    opened_on: date | None = None,
    pk: UUID | None = None,
    digest: str = "",
) -> Dossier:
    """Open a dossier on a topic: earlier meetings on it count too. It is scored at once."""
    if not may_in(viewer, "c", "dossier", engagement.context_id, level=engagement.level):
        raise PermissionDenied
    if engagement.dossiers.filter(norm=norm).exists():
        raise ValidationError({"norm": "There is a dossier on this topic already."})
    dossier = Dossier(
        pk=pk or uuid4(),
        engagement=engagement,
        norm=norm,
        opened_on=opened_on or timezone.localdate(),
        context=engagement.context,
        level=engagement.level,
        first_digest=digest,
        created_by=viewer.user,
    )
    dossier.save(force_insert=True)
    open_standings(dossier.pk)
    mark_stale([dossier.pk], level=1, because=("dossier", dossier.pk))
    return dossier
