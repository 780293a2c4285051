"""Dated facts of contexts and years of service of NGOs, one at a time.

They feed the factors of the surroundings (EN1-EN4) and of useful work (NG3). Sent as a whole list,
with the record that they stand in, they are set by `engagements.services.actors`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

from accounts.access import Viewer, may_in
from accounts.models import Context
from actors.models import ArmedGroup, ContextFact, Ngo, NgoService
from actors.models.reference import CODES
from actors.services.dated import DEFAULT_LEVEL
from engagements.models import Dossier
from engagements.services.changes import Ground, Noun, raise_faults, text
from engagements.services.incidents import ground_of
from engagements.services.levels import level_after_change, level_for_new
from engagements.services.meeting_rules import GRADES
from records.dates import PartialDate
from records.versions import require_version

Fault = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class FactContent:
    """What holds in a context, of all groups or of one; `kind` and `value` as in the API."""

    kind: str
    value: str
    begun: PartialDate | None
    ended: PartialDate | None = None
    armed_group: ArmedGroup | None = None
    source: str = ""
    grade: str = ""
    level: int | None = None


@dataclass(frozen=True, kw_only=True)
class ServiceContent:
    """What an NGO did for people in a context, from when to when."""

    kind: str
    begun: PartialDate | None
    ended: PartialDate | None = None
    source: str = ""
    grade: str = ""
    level: int | None = None


SPAN = ("begun", "ended", "source", "grade")


def _told(row: Any) -> dict[str, Any]:
    return {
        "from": text(row.begun),
        "to": text(row.ended),
        "source": row.source,
        "grade": row.grade,
    }


def _fact_said(row: ContextFact) -> tuple[dict[str, Any], dict[str, Any]]:
    what = {"kind": row.fact, "value": row.value, "armed_group": text(row.armed_group_id)}
    return what | _told(row), {}


def _dossiers_under(row: ContextFact) -> list[UUID]:
    about = Q(engagement__armed_group=row.armed_group_id) if row.armed_group_id else Q()
    return list(Dossier.objects.filter(about, context=row.context_id).values_list("pk", flat=True))


def _dossiers_served(row: NgoService) -> list[UUID]:
    rows = Dossier.objects.filter(engagement__ngo=row.ngo_id, context=row.context_id)
    return list(rows.values_list("pk", flat=True))


FACTS = Noun(ContextFact, said=_fact_said, touches=_dossiers_under)
SERVICES = Noun(
    NgoService,
    said=lambda row: ({"kind": row.service} | _told(row), {}),
    touches=_dossiers_served,
    source="ngo_service",
)
D = TypeVar("D", ContextFact, NgoService)


@transaction.atomic
def record_fact(
    viewer: Viewer, context: Context, content: FactContent, *, pk: UUID | None = None
) -> ContextFact:
    """Store a new fact. Raises ValidationError (by field), PermissionDenied."""
    raise_faults(_fact_faults(content))
    row = ContextFact(pk=pk or uuid4(), context=context, created_by=viewer.user)
    _write_fact(row, content)
    return _stored(viewer, FACTS, row, content.level, _ground(row))


@transaction.atomic
def change_fact(
    viewer: Viewer, pk: UUID, content: FactContent, *, version: int | None, reason: str = ""
) -> ContextFact:
    """Store a new version of a fact, or end it. Raises Http404, Conflict, ValidationError,
    PermissionDenied.
    """
    row = FACTS.locked(viewer, pk, "u")
    require_version(row, version)
    raise_faults(_fact_faults(content))
    before = (set(_dossiers_under(row)), row.level)
    FACTS.keep(viewer, row, reason)
    _write_fact(row, content)
    return _changed(viewer, FACTS, row, content.level, _ground(row), before, reason)


@transaction.atomic
def record_service(
    viewer: Viewer, ngo: Ngo, context: Context, content: ServiceContent, *, pk: UUID | None = None
) -> NgoService:
    """Store years of service. Raises ValidationError (by field), PermissionDenied."""
    raise_faults(_service_faults(content))
    row = NgoService(pk=pk or uuid4(), ngo=ngo, context=context, created_by=viewer.user)
    _write_service(row, content)
    return _stored(viewer, SERVICES, row, content.level, Ground(context, ngo.level))


@transaction.atomic
def change_service(
    viewer: Viewer, pk: UUID, content: ServiceContent, *, version: int | None, reason: str = ""
) -> NgoService:
    """Store a new version; NGO and context stay. Raises Http404, Conflict, ValidationError,
    PermissionDenied.
    """
    row = SERVICES.locked(viewer, pk, "u")
    require_version(row, version)
    raise_faults(_service_faults(content))
    before = (set(_dossiers_served(row)), row.level)
    SERVICES.keep(viewer, row, reason)
    _write_service(row, content)
    ground = Ground(row.context, row.ngo.level)
    return _changed(viewer, SERVICES, row, content.level, ground, before, reason)


def _ground(row: ContextFact) -> Any:
    if row.armed_group is None:
        return Ground(row.context, 1)
    return ground_of(row.context, row.armed_group)


def _stored(viewer: Viewer, noun: Noun[D], row: D, wanted: int | None, ground: Any) -> D:
    row.level = level_for_new(viewer, wanted, default=DEFAULT_LEVEL, within=ground)
    if not may_in(viewer, "c", row.kind, row.context_id, level=row.level):
        raise PermissionDenied
    row.save(force_insert=True)
    noun.mark(row, noun.touches(row), level=row.level)
    return row


def _changed(
    viewer: Viewer,
    noun: Noun[D],
    row: D,
    wanted: int | None,
    ground: Any,
    before: tuple[set[UUID], int],
    reason: str,
) -> D:
    touched, old_level = before
    row.level = level_after_change(viewer, row, wanted, within=ground, reason=reason)
    row.save()
    noun.mark(row, touched | set(noun.touches(row)), level=min(old_level, row.level))
    return row


def _write_fact(row: ContextFact, content: FactContent) -> None:
    row.fact, row.value, row.armed_group = content.kind, content.value, content.armed_group
    for name in SPAN:
        setattr(row, name, getattr(content, name))


def _write_service(row: NgoService, content: ServiceContent) -> None:
    row.service = content.kind
    for name in SPAN:
        setattr(row, name, getattr(content, name))


def _fact_faults(content: FactContent) -> Iterator[Fault]:
    kinds = CODES["context_fact_kinds"]
    values = content.kind in kinds and kinds[content.kind].extra["values_from"]
    if content.kind not in kinds or (values and content.value not in CODES[values]):
        yield "kind", "Choose what holds from the list."
    elif not content.value.strip() or len(content.value) > 60:
        yield "value", "Say what changed, in at most 60 characters."
    yield from _span_faults(content)


def _service_faults(content: ServiceContent) -> Iterator[Fault]:
    if content.kind not in CODES["ngo_service_kinds"]:
        yield "kind", "Choose the kind of service from the list."
    yield from _span_faults(content)


def _span_faults(content: FactContent | ServiceContent) -> Iterator[Fault]:
    if content.begun is None:
        yield "begun", "Say from when, if only the year."
    elif content.ended and content.ended.last < content.begun.first:
        yield "ended", "The end lies before the beginning. Check both dates."
    if len(content.source) > 300:
        yield "source", "Keep this under 300 characters."
    if content.grade and content.grade not in GRADES:
        yield "grade", "A grade is a letter A-F and a figure 1-6, such as B2."
