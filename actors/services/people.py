"""Add and change counterparts: people of an armed group by code."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.access import Viewer, grants_for, may_in
from accounts.models import Context
from accounts.services.levels import level_after, level_of_new
from actors.models import Counterpart
from actors.selectors.people import counterpart_rows
from actors.services.parts import Told, keep, set_state
from records.versions import require_version

KIND = "counterpart"
COLUMNS = {
    "armed_group": "armed_group",
    "code": "code",
    "role": "role",
    "level": "rank",
    "active_from": "active_from",
    "active_to": "active_to",
}


@transaction.atomic
def create_counterpart(
    viewer: Viewer, told: Told, *, pk: UUID | None = None, digest: str = ""
) -> Counterpart:
    """Add a counterpart. Without `context` it is the group's, or the only one of the viewer."""
    context = told.get("context") or told["armed_group"].context or _only_context(viewer)
    level = level_of_new(
        viewer, told.get("sensitivity"), default=3, context=context, field="sensitivity"
    )
    if not may_in(viewer, "c", KIND, context.pk, level=level):
        raise PermissionDenied("Your role does not let you add counterparts in that context.")
    person = Counterpart(pk=pk or uuid4(), context=context, level=level, first_digest=digest)
    person.created_by = viewer.user
    _set(person, told)
    person.save(force_insert=True)
    return person


def _only_context(viewer: Viewer) -> Context:
    grants = grants_for(viewer, "c", KIND)
    if len(grants) != 1:
        raise ValidationError({"context": "Choose the context in which you meet this person."})
    return Context.objects.get(pk=grants[0].context_id)


@transaction.atomic
def change_counterpart(
    viewer: Viewer,
    person: Counterpart,
    told: Told,
    *,
    reason: str = "",
    version: int | None = None,
) -> Counterpart:
    """Change the fields that are told; the context stays."""
    person = Counterpart.objects.select_for_update().get(pk=person.pk)
    require_version(person, version)
    if told.get("context", person.context) != person.context:
        raise ValidationError({"context": "A counterpart stays in the context where it was made."})
    wanted = told.get("sensitivity")
    level = level_after(viewer, person, wanted, reason=reason, field="sensitivity")
    keep(person, counterpart_rows([person], None)[0], viewer=viewer, reason=reason)
    person.level = level
    _set(person, told)
    person.save()
    return person


def _set(person: Counterpart, told: Told) -> None:
    for field, column in COLUMNS.items():
        if field in told:
            setattr(person, column, told[field])


def set_counterpart_state(
    viewer: Viewer, person: Counterpart, state: str, *, reason: str
) -> Counterpart:
    """Withdraw, restore or delete a counterpart."""
    content = counterpart_rows([person], None)[0]
    return set_state(person, state, content, viewer=viewer, reason=reason)
