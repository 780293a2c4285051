"""Add and change NGOs."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from accounts.access import Viewer
from actors.models import ExternalId, Ngo, NgoName, NgoService, NgoType
from actors.selectors.ngos import ngo_rows
from actors.services.dated import Touched, set_dated
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

OWN = ("name", "acronym", "note")


@transaction.atomic
def create_ngo(
    viewer: Viewer, told: Told, *, pk: UUID | None = None, digest: str = ""
) -> tuple[Ngo, list[Touched]]:
    """Add an NGO from its API content; the services it brings are told back.

    Without `context` it goes on the reference list, which a head of delegation alone may do.
    """
    context, level = place_of_new(viewer, "ngo", told, default=1)
    ngo = Ngo(pk=pk or uuid4(), context=context, level=level, first_digest=digest)
    ngo.created_by = viewer.user
    for field in OWN:
        setattr(ngo, field, told.get(field, ""))
    ngo.save(force_insert=True)
    _set_types(ngo, told["types"])
    _set_names(ngo, told.get("names", ()))
    _set_external_ids(ngo, told.get("external_ids", ()))
    return ngo, set_services(viewer, ngo, told.get("service", []))


@transaction.atomic
def change_ngo(
    viewer: Viewer, ngo: Ngo, told: Told, *, reason: str = "", version: int | None = None
) -> tuple[Ngo, list[Touched]]:
    """Change the fields that are told. Services have levels of their own: those that the viewer
    may not see stay as they are, and a change of them alone leaves the NGO's version.
    """
    ngo = Ngo.objects.select_for_update().get(pk=ngo.pk)
    require_version(ngo, version)
    if set(told) - {"service"}:
        _change_own(viewer, ngo, told, reason)
    touched = set_services(viewer, ngo, told["service"]) if "service" in told else []
    return ngo, touched


def _change_own(viewer: Viewer, ngo: Ngo, told: Told, reason: str) -> None:
    context, level = place_after(viewer, ngo, told, reason=reason)
    before = ngo_rows([ngo], None)[0]
    keep(ngo, before, viewer=viewer, reason=reason)
    ngo.context, ngo.level = context, level
    names: Any = told.get("names")
    if names is None:
        names = [_stored(row) for row in ngo.names.all()]
        for field in ("name", "acronym"):
            names = renamed(names, before[field], told.get(field, before[field]))
    for field in OWN:
        setattr(ngo, field, told.get(field, getattr(ngo, field)))
    ngo.save()
    if "types" in told:
        _set_types(ngo, told["types"])
    if "external_ids" in told:
        _set_external_ids(ngo, told["external_ids"])
    _set_names(ngo, names)


def _stored(row: NgoName) -> dict[str, Any]:
    fields = ("name", "kind", "language", "source", "begun", "ended")
    return {field: getattr(row, field) for field in fields}


def _set_types(ngo: Ngo, rows: Any) -> None:
    set_rows(ngo, "types", [NgoType(ngo=ngo, **row) for row in rows])


def _set_names(ngo: Ngo, rows: Any) -> None:
    kept = names_with(ngo.name, ngo.acronym, rows)
    set_rows(ngo, "names", [NgoName(ngo=ngo, **row) for row in kept])


def _set_external_ids(ngo: Ngo, rows: Any) -> None:
    set_rows(ngo, "external_ids", [ExternalId(ngo=ngo, **row) for row in rows])


def set_services(viewer: Viewer, ngo: Ngo, rows: Any) -> list[Touched]:
    """Put these in the place of the services that the viewer sees; tells what was touched."""
    columns = {"kind": "service"}
    return set_dated(viewer, NgoService, {"ngo": ngo}, rows, columns=columns, field="service")


def set_ngo_state(viewer: Viewer, ngo: Ngo, state: str, *, reason: str) -> Ngo:
    """Withdraw, restore or delete an NGO."""
    return set_state(ngo, state, ngo_rows([ngo], None)[0], viewer=viewer, reason=reason)
