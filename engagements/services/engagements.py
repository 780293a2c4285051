"""Change what an engagement or a dossier says of itself; both are opened in `dossiers`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.access import Viewer, readers_of
from accounts.models import User
from engagements.models import Dossier, Engagement
from engagements.services.changes import Ground, Noun, text
from engagements.services.levels import level_after_change
from engagements.services.raising import raise_dossiers, raise_engagements
from engagements.services.staleness import hold_scores
from records.dates import PartialDate
from records.versions import require_version
from scorecards.services.snapshots import lock_standings


@dataclass(frozen=True, kw_only=True)
class EngagementChange:
    """What can change of an engagement; NGO, group and context stay."""

    status: str
    started_on: PartialDate | None
    lead: User | None
    level: int | None = None


def _said(row: Engagement) -> tuple[dict[str, Any], dict[str, Any]]:
    body = {
        "ngo": str(row.ngo_id),
        "armed_group": str(row.armed_group_id),
        "status": row.status,
        "started_on": text(row.started_on),
        "lead": text(row.lead_id),
    }
    return body, {}


def _all_dossiers(row: Engagement) -> list[UUID]:
    return list(row.dossiers.values_list("pk", flat=True))


ENGAGEMENTS = Noun(Engagement, said=_said, touches=_all_dossiers)


@transaction.atomic
def change_engagement(
    viewer: Viewer,
    pk: UUID,
    content: EngagementChange,
    *,
    version: int | None = None,
    reason: str = "",
) -> Engagement:
    """Store a new version. What stands in the engagement is raised with it; its start feeds how
    early contact was made (EN3). Raises Http404, Conflict, ValidationError, PermissionDenied.
    """
    row = ENGAGEMENTS.locked(viewer, pk, "u")
    require_version(row, version)
    hold_scores(row.pk)
    ground: Any = Ground(row.context, max(row.armed_group.level, row.ngo.level))
    old_level = row.level
    level = level_after_change(viewer, row, content.level, within=ground, reason=reason)
    if content.lead != row.lead:
        _check_lead(content.lead, row, level)
    moved = content.started_on != row.started_on or level != old_level
    ENGAGEMENTS.keep(viewer, row, reason)
    row.status, row.started_on, row.lead = content.status, content.started_on, content.lead
    row.level = level
    row.save()
    touched = set(_all_dossiers(row))
    if level > old_level:
        touched |= raise_engagements(Engagement.objects.filter(pk=row.pk), level)
    if moved:
        ENGAGEMENTS.mark(row, touched, level=min(old_level, level))
    return row


def _check_lead(lead: User | None, row: Engagement, level: int) -> None:
    readers = {user.pk for user, _ in readers_of(row.context_id, level, "engagement")}
    if lead is not None and lead.pk not in readers:
        raise ValidationError({"lead": "Choose somebody who works in this context."})


def _dossier_said(row: Dossier) -> tuple[dict[str, Any], dict[str, Any]]:
    body = {
        "engagement": str(row.engagement_id),
        "norm": row.norm,
        "opened_on": row.opened_on.isoformat(),
        "closed_on": text(row.closed_on),
    }
    return body, {}


DOSSIERS = Noun(Dossier, said=_dossier_said, touches=lambda row: [row.pk])


@transaction.atomic
def change_dossier(
    viewer: Viewer,
    pk: UUID,
    *,
    opened_on: date,
    closed_on: date | None,
    level: int | None = None,
    version: int | None = None,
    reason: str = "",
) -> Dossier:
    """Correct the days of a dossier, close it or open it again: meetings held after its closing do
    not feed it. Raises Http404, Conflict, ValidationError, PermissionDenied.
    """
    row = DOSSIERS.locked(viewer, pk, "u")
    require_version(row, version)
    if closed_on is not None and closed_on < opened_on:
        raise ValidationError({"closed_on": "It was opened after this day. Check both days."})
    if opened_on > timezone.localdate():
        raise ValidationError({"opened_on": "This day has not come yet."})
    old_level = row.level
    after = level_after_change(viewer, row, level, within=row.engagement, reason=reason)
    DOSSIERS.keep(viewer, row, reason)
    moved = closed_on != row.closed_on
    row.opened_on, row.closed_on, row.level = opened_on, closed_on, after
    row.save()
    touched = {row.pk}
    if after > old_level:
        touched |= raise_dossiers(Dossier.objects.filter(pk=row.pk), after)
    lock_standings(list(touched))
    if moved or after != old_level:
        # What a closing cuts off may be of any level.
        DOSSIERS.mark(row, [row.pk], level=1)
        DOSSIERS.mark(row, touched - {row.pk}, level=old_level)
    return row
