"""Add and change armed groups."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.access import Viewer
from actors.access import groups_visible_to
from actors.models import ArmedGroup, ExternalId, GroupName, Lineage, Listing
from actors.selectors.groups import group_rows
from actors.services.parts import (
    Told,
    keep,
    names_with,
    place_after,
    place_of_new,
    renamed,
    set_rows,
    set_state,
)
from records.versions import require_version

OWN = (
    "name",
    "countries",
    "structure",
    "motive",
    "active_from",
    "active_from_grade",
    "active_to",
    "default_level",
    "note",
)
SCORED = ("active_from", "active_from_grade", "listings")  # what factors EN3, EN4 and GR10 read
NOT_ITSELF = "A group has no lineage to itself."


@transaction.atomic
def create_group(
    viewer: Viewer, told: Told, *, pk: UUID | None = None, digest: str = ""
) -> ArmedGroup:
    """Add an armed group from its API content.

    Without `context` it goes on the reference list, which a head of delegation alone may do.
    """
    context, level = place_of_new(viewer, "armed_group", told, default=2)
    group = ArmedGroup(pk=pk or uuid4(), context=context, level=level, first_digest=digest)
    group.created_by = viewer.user
    _set_own(group, told)
    group.save(force_insert=True)
    _set_names(group, told.get("names", ()))
    _set_children(viewer, group, told)
    return group


@transaction.atomic
def change_group(
    viewer: Viewer,
    group: ArmedGroup,
    told: Told,
    *,
    reason: str = "",
    version: int | None = None,
) -> ArmedGroup:
    """Change the fields that are told. Lineage to groups that the viewer may not see stays."""
    group = ArmedGroup.objects.select_for_update().get(pk=group.pk)
    require_version(group, version)
    context, level = place_after(viewer, group, told, reason=reason)
    keep(group, group_rows([group], None)[0], viewer=viewer, reason=reason)
    names: Any = told.get("names")
    if names is None:
        names = [_stored(row) for row in group.names.all()]
        names = renamed(names, group.name, told.get("name", group.name))
    group.context, group.level = context, level
    _set_own(group, told)
    group.save()
    _set_names(group, names)
    _set_children(viewer, group, told)
    return group


def _set_own(group: ArmedGroup, told: Told) -> None:
    for field in OWN:
        if field in told:
            setattr(group, field, told[field])


def _stored(row: GroupName) -> dict[str, Any]:
    fields = ("name", "kind", "language", "source", "begun", "ended")
    return {field: getattr(row, field) for field in fields}


def _set_names(group: ArmedGroup, rows: Any) -> None:
    kept = names_with(group.name, "", rows)
    set_rows(group, "names", [GroupName(group=group, **row) for row in kept])


def _set_children(viewer: Viewer, group: ArmedGroup, told: Told) -> None:
    if "listings" in told:
        _set_listings(group, told["listings"])
    if "external_ids" in told:
        ids = [ExternalId(group=group, **row) for row in told["external_ids"]]
        set_rows(group, "external_ids", ids)
    if "lineage" in told:
        _set_lineage(viewer, group, told["lineage"])


def _set_listings(group: ArmedGroup, rows: Any) -> None:
    """Listings are sent as a whole; one that was there before keeps the moment it was entered."""
    entered = {(row.list, row.begun): row.created_at for row in group.listings.all()}
    found = [Listing(group=group, **row) for row in rows]
    for row in found:
        row.created_at = entered.get((row.list, row.begun), row.created_at)
    set_rows(group, "listings", found)


def _set_lineage(viewer: Viewer, group: ArmedGroup, rows: Any) -> None:
    if any(row["group"] == group for row in rows):
        raise ValidationError({"lineage": NOT_ITSELF})
    group.lineage.filter(other__in=groups_visible_to(viewer)).delete()
    kept = [{**row, "other": row["group"], "group": group} for row in rows]
    Lineage.objects.bulk_create([Lineage(**row) for row in kept])


def set_group_state(viewer: Viewer, group: ArmedGroup, state: str, *, reason: str) -> ArmedGroup:
    """Withdraw, restore or delete an armed group."""
    return set_state(group, state, group_rows([group], None)[0], viewer=viewer, reason=reason)
