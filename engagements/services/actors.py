"""Acts on contexts, NGOs, armed groups and counterparts: store, then mark scores as stale."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.access import Viewer
from accounts.models import Context
from actors.models import ArmedGroup, Counterpart, Ngo
from actors.selectors.groups import group_rows
from actors.selectors.ngos import ngo_rows
from actors.selectors.people import counterpart_rows
from actors.services import contexts, groups, ngos
from actors.services.dated import Touched
from actors.services.parts import Told
from engagements.models import Dossier, Engagement
from engagements.services.changes import Noun
from engagements.services.raising import raise_context, raise_dealings
from engagements.services.staleness import mark_stale
from records.models.records import DELETED

STILL_USED = "There are engagements with it, so it stays. Withdraw it instead."


def _kept(rows_of: Callable[..., list[dict[str, Any]]]) -> Callable[[Any], Any]:
    """What such a record says, as the history keeps it."""

    def said(record: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        content = json.dumps(rows_of([record], None)[0], cls=DjangoJSONEncoder)
        return json.loads(content), {}

    return said


# How their state is changed on pages. What was recorded of them stays in the scores.
GROUPS = Noun(ArmedGroup, said=_kept(group_rows), touches=lambda row: ())  # type: ignore[type-var]
NGOS = Noun(Ngo, said=_kept(ngo_rows), touches=lambda row: ())  # type: ignore[type-var]
COUNTERPARTS = Noun(Counterpart, said=_kept(counterpart_rows), touches=lambda row: ())


@transaction.atomic
def add_ngo(viewer: Viewer, told: Told, *, pk: UUID | None = None, digest: str = "") -> Ngo:
    """Add an NGO from its API content (actors.services.ngos.create_ngo)."""
    ngo, touched = ngos.create_ngo(viewer, told, pk=pk, digest=digest)
    _services_moved(ngo, touched)
    return ngo


@transaction.atomic
def correct_ngo(
    viewer: Viewer, ngo: Ngo, told: Told, *, reason: str = "", version: int | None = None
) -> Ngo:
    """Change the fields that are told; its services feed the factor of useful work (NG3)."""
    level = ngo.level
    ngo, touched = ngos.change_ngo(viewer, ngo, told, reason=reason, version=version)
    _services_moved(ngo, touched)
    if ngo.level > level:
        mark_stale(raise_dealings(ngo, ngo.level), level=level, because=(ngo.kind, ngo.pk))
    return ngo


def _services_moved(ngo: Ngo, touched: Iterable[Touched]) -> None:
    for service in touched:
        rows = Dossier.objects.filter(engagement__ngo=ngo, context=service.context_id)
        _stale(rows, service.level, ("ngo_service", service.id))


@transaction.atomic
def correct_context(
    viewer: Viewer, context: Context, told: Told, *, reason: str = "", version: int | None = None
) -> Context:
    """Change a context or its facts, which feed the factors of the surroundings (EN1-EN4). A floor
    lifts what stands below it.
    """
    floor = context.floor
    context, touched = contexts.change_context(
        viewer, context, told, reason=reason, version=version
    )
    if context.floor > floor:
        mark_stale(raise_context(context, context.floor), level=floor, because=None)
    for fact in touched:
        about = Q(engagement__armed_group=fact.armed_group_id) if fact.armed_group_id else Q()
        rows = Dossier.objects.filter(about, context=context)
        _stale(rows, fact.level, ("context_fact", fact.id))
    return context


def add_group(
    viewer: Viewer, told: Told, *, pk: UUID | None = None, digest: str = ""
) -> ArmedGroup:
    """Add an armed group from its API content; a new one has no dossiers yet."""
    return groups.create_group(viewer, told, pk=pk, digest=digest)


@transaction.atomic
def correct_group(
    viewer: Viewer, group: ArmedGroup, told: Told, *, reason: str = "", version: int | None = None
) -> ArmedGroup:
    """Change the fields that are told; start and listings feed factors (EN3, EN4, GR10). What is
    recorded of a group is at least as confidential as the group.
    """
    level = group.level
    group = groups.change_group(viewer, group, told, reason=reason, version=version)
    raised = raise_dealings(group, group.level) if group.level > level else set()
    if group.level != level or set(groups.SCORED) & set(told):
        touched = raised.union(_dossiers_on(group).values_list("pk", flat=True))
        mark_stale(touched, level=min(level, group.level), because=(group.kind, group.pk))
    return group


@transaction.atomic
def set_group_state(viewer: Viewer, group: ArmedGroup, state: str, *, reason: str) -> ArmedGroup:
    """Withdraw, restore or delete an armed group; one with engagements is not deleted."""
    if state == DELETED and _used(Q(armed_group=group)):
        raise ValidationError(STILL_USED)
    return groups.set_group_state(viewer, group, state, reason=reason)


@transaction.atomic
def set_ngo_state(viewer: Viewer, ngo: Ngo, state: str, *, reason: str) -> Ngo:
    """Withdraw, restore or delete an NGO; one with engagements is not deleted."""
    if state == DELETED and _used(Q(ngo=ngo)):
        raise ValidationError(STILL_USED)
    return ngos.set_ngo_state(viewer, ngo, state, reason=reason)


def delete_group(viewer: Viewer, pk: UUID, *, reason: str) -> ArmedGroup:
    """Ask for a group's deletion, or confirm it; one with engagements is not deleted."""
    if _used(Q(armed_group=pk)):
        raise ValidationError(STILL_USED)
    return GROUPS.delete(viewer, pk, reason=reason)


def delete_ngo(viewer: Viewer, pk: UUID, *, reason: str) -> Ngo:
    """Ask for an NGO's deletion, or confirm it; one with engagements is not deleted."""
    if _used(Q(ngo=pk)):
        raise ValidationError(STILL_USED)
    return NGOS.delete(viewer, pk, reason=reason)


def _dossiers_on(group: ArmedGroup) -> QuerySet[Dossier]:
    return Dossier.objects.filter(engagement__armed_group=group)


def _used(by: Q) -> bool:
    return Engagement.objects.filter(by).exclude(state=DELETED).exists()


def _stale(dossiers: QuerySet[Dossier], level: int, because: tuple[str, UUID]) -> None:
    mark_stale(dossiers.values_list("pk", flat=True), level=level, because=because)
