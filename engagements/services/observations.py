"""Record how much was watched: the effort without which a count of incidents says little.

Rates and trends of every dossier on the group in that context rest on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.access import Viewer, may_in
from accounts.models import Context
from actors.models import ArmedGroup
from engagements.models import Observation
from engagements.selectors.touched import dossiers_of_group
from engagements.services.changes import Noun, raise_faults
from engagements.services.incidents import ground_of
from engagements.services.levels import level_after_change, level_for_new
from records.dates import PartialDate
from records.versions import require_version

LONGEST = 4000
MOST_EFFORT = Decimal("99999.99")

Fault = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class ObservationContent:
    """Location-months watched in one calendar quarter (a partial date of precision "season")."""

    context: Context
    armed_group: ArmedGroup
    quarter: PartialDate
    location_months: Decimal
    source: str = ""
    level: int | None = None


def observation_content(row: Observation) -> ObservationContent:
    """What the stored observation says now."""
    return ObservationContent(
        context=row.context,
        armed_group=row.armed_group,
        quarter=PartialDate(row.quarter, "season"),
        location_months=row.location_months,
        source=row.source,
        level=row.level,
    )


def _said(row: Observation) -> tuple[dict[str, Any], dict[str, Any]]:
    body = {
        "armed_group": str(row.armed_group_id),
        "quarter": row.quarter.isoformat()[:7],
        "location_months": str(row.location_months),
    }
    return body, {"source": row.source}


def _touched(row: Observation) -> list[UUID]:
    return dossiers_of_group(row.armed_group_id, row.context_id)


OBSERVATIONS = Noun(Observation, said=_said, touches=_touched)


@transaction.atomic
def record_observation(
    viewer: Viewer, content: ObservationContent, *, pk: UUID | None = None, digest: str = ""
) -> Observation:
    """Store how much was watched. Raises ValidationError (by field), PermissionDenied."""
    ground = ground_of(content.context, content.armed_group)
    if not may_in(viewer, "c", "observation", content.context.pk):
        raise PermissionDenied
    raise_faults(_faults(content))
    row = Observation(
        pk=pk or uuid4(),
        context=content.context,
        level=level_for_new(
            viewer, content.level, default=content.armed_group.default_level, within=ground
        ),
        first_digest=digest,
        created_by=viewer.user,
    )
    _write(row, content)
    row.save(force_insert=True)
    OBSERVATIONS.mark(row, _touched(row), level=row.level)
    return row


@transaction.atomic
def change_observation(
    viewer: Viewer, pk: UUID, content: ObservationContent, *, version: int | None, reason: str = ""
) -> Observation:
    """Store a new version. Raises Http404, Conflict, ValidationError, PermissionDenied."""
    row = OBSERVATIONS.locked(viewer, pk, "u")
    require_version(row, version)
    if content.context.pk != row.context_id:
        raise ValidationError({"context": "An observation stays in its context."})
    ground = ground_of(content.context, content.armed_group)
    raise_faults(_faults(content))
    touched, old_level = set(_touched(row)), row.level
    level = level_after_change(viewer, row, content.level, within=ground, reason=reason)
    OBSERVATIONS.keep(viewer, row, reason)
    _write(row, content)
    row.level = level
    row.save()
    touched |= set(_touched(row))
    OBSERVATIONS.mark(row, touched, level=min(old_level, level))
    return row


def _write(row: Observation, content: ObservationContent) -> None:
    row.armed_group = content.armed_group
    row.quarter = content.quarter.first
    row.location_months = content.location_months
    row.source = content.source


def _faults(content: ObservationContent) -> Iterator[Fault]:
    if content.quarter.first > timezone.localdate():
        yield "quarter", "This quarter has not begun."
    if not 0 <= content.location_months <= MOST_EFFORT:
        yield "location_months", f"Write a number from 0 to {MOST_EFFORT}."
    if len(content.source) > LONGEST:
        yield "source", f"Keep this under {LONGEST} characters."
