"""Record, correct and withdraw what an armed group is reported to have done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.access import Viewer, may_in
from accounts.models import Context
from actors.models import ArmedGroup
from engagements.details import CODES
from engagements.models import Commitment, Incident
from engagements.selectors.touched import dossiers_beside
from engagements.services.changes import Ground, Noun, raise_faults
from engagements.services.content import Place
from engagements.services.levels import level_after_change, level_for_new
from engagements.services.meeting_rules import GRADES, is_country
from records.dates import PartialDate
from records.versions import require_version

LONGEST = 20_000
MOST_VICTIMS = 1_000_000
EARLIEST = date(1900, 1, 1)
OTHER_CONTEXT = "There is no such record, or it is not yours to see."

Fault = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class IncidentContent:
    """An incident in the API's names. `level` None asks for the default (the group's)."""

    context: Context
    armed_group: ArmedGroup
    category: str
    occurred_on: PartialDate
    place: Place = field(default_factory=Place)
    attribution: str = "unknown"
    standard: str = "alleged"
    response: str = "none"
    child_victim: bool = False
    victims: int | None = None
    grade: str = ""
    description: str = ""
    source: str = ""
    commitments: tuple[Commitment, ...] = ()
    level: int | None = None


CODED = {
    "category": "violation_categories",
    "attribution": "attributions",
    "standard": "incident_standards",
    "response": "group_responses",
}


def incident_content(incident: Incident) -> IncidentContent:
    """What the stored incident says now."""
    occurred: Any = incident.occurred_on
    return IncidentContent(
        context=incident.context,
        armed_group=incident.armed_group,
        category=incident.category,
        occurred_on=occurred,
        place=Place(
            country=incident.place_country,
            admin1=incident.place_admin1,
            detail=incident.place_detail,
        ),
        attribution=incident.attribution,
        standard=incident.standard,
        response=incident.response,
        child_victim=incident.child_victim,
        victims=incident.victims,
        grade=incident.grade,
        description=incident.description,
        source=incident.source,
        commitments=tuple(incident.commitments.all()),
        level=incident.level,
    )


def _said(incident: Incident) -> tuple[dict[str, Any], dict[str, Any]]:
    body = {
        "armed_group": str(incident.armed_group_id),
        **{name: getattr(incident, name) for name in CODED},
        "occurred_on": str(incident.occurred_on),
        "place": {"country": incident.place_country, "admin1": incident.place_admin1},
        "child_victim": incident.child_victim,
        "victims": incident.victims,
        "grade": incident.grade,
        "commitments": [str(one.pk) for one in incident.commitments.all()],
    }
    words = {
        "detail": incident.place_detail,
        "description": incident.description,
        "source": incident.source,
    }
    return body, words


INCIDENTS = Noun(Incident, said=_said, touches=dossiers_beside)


@transaction.atomic
def record_incident(
    viewer: Viewer, content: IncidentContent, *, pk: UUID | None = None, digest: str = ""
) -> Incident:
    """Store a new incident. Raises ValidationError (by field), PermissionDenied."""
    ground = ground_of(content.context, content.armed_group)
    if not may_in(viewer, "c", "incident", content.context.pk):
        raise PermissionDenied
    raise_faults(_faults(content))
    incident = Incident(
        pk=pk or uuid4(),
        context=content.context,
        level=level_for_new(
            viewer, content.level, default=content.armed_group.default_level, within=ground
        ),
        first_digest=digest,
        created_by=viewer.user,
    )
    _write(incident, content)
    incident.save(force_insert=True)
    incident.commitments.set(content.commitments)
    INCIDENTS.mark(incident, dossiers_beside(incident), level=incident.level)
    return incident


@transaction.atomic
def change_incident(
    viewer: Viewer, pk: UUID, content: IncidentContent, *, version: int | None, reason: str = ""
) -> Incident:
    """Store a new version; the old one is kept. Raises Http404, Conflict, ValidationError,
    PermissionDenied.
    """
    incident = INCIDENTS.locked(viewer, pk, "u")
    require_version(incident, version)
    if content.context.pk != incident.context_id:
        raise ValidationError({"context": "An incident stays in its context."})
    ground = ground_of(content.context, content.armed_group)
    raise_faults(_faults(content))
    touched, old_level = set(dossiers_beside(incident)), incident.level
    level = level_after_change(viewer, incident, content.level, within=ground, reason=reason)
    INCIDENTS.keep(viewer, incident, reason)
    _write(incident, content)
    incident.level = level
    incident.save()
    incident.commitments.set(content.commitments)
    touched |= set(dossiers_beside(incident))
    INCIDENTS.mark(incident, touched, level=min(old_level, level))
    return incident


def ground_of(context: Context, group: ArmedGroup) -> Any:
    """The context, at the level of a group that is known there alone; a group of another context
    is refused as an absent one is.
    """
    if group.context_id not in (None, context.pk):
        raise ValidationError({"armed_group": OTHER_CONTEXT})
    return Ground(context, group.level)


def _write(incident: Incident, content: IncidentContent) -> None:
    incident.armed_group = content.armed_group
    incident.occurred_on = content.occurred_on
    incident.place_country = content.place.country
    incident.place_admin1 = content.place.admin1
    incident.place_detail = content.place.detail
    for name in (*CODED, "child_victim", "victims", "grade", "description", "source"):
        setattr(incident, name, getattr(content, name))


def _faults(content: IncidentContent) -> Iterator[Fault]:
    for name, codes in CODED.items():
        if getattr(content, name) not in CODES[codes]:
            yield name, f"Choose one of: {', '.join(map(str, CODES[codes].values()))}."
    if content.occurred_on.first > timezone.localdate():
        yield "occurred_on", "The date lies in the future. Check it."
    if content.occurred_on.first < EARLIEST:
        yield "occurred_on", "The date lies before 1900. Check the year."
    if content.victims is not None and not 0 <= content.victims <= MOST_VICTIMS:
        yield "victims", f"Write a number from 0 to {MOST_VICTIMS}, or leave it open."
    if content.grade and content.grade not in GRADES:
        yield "grade", "A grade is a letter A-F and a figure 1-6, such as B2."
    if content.place.country and not is_country(content.place.country):
        yield "place", "Give the country as two capital letters, such as SD."
    if len(content.place.admin1) > 100:
        yield "place", "Keep the name of the area under 100 characters."
    for name, words in (
        ("description", content.description),
        ("source", content.source),
        ("place", content.place.detail),
    ):
        if len(words) > LONGEST:
            yield name, f"Keep this under {LONGEST} characters."
    if any(one.context_id != content.context.pk for one in content.commitments):
        yield "commitments", OTHER_CONTEXT
