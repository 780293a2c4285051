"""Copy, edit, retire and activate weight sets. A set comes into force by a second person's word."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404

from accounts.access import Viewer, grants_for
from engagements.services.staleness import mark_all_stale, put_for_all
from engagements.tasks import RESTATE
from scorecards.models import WeightSet
from scorecards.services import weights
from scorecards.services.weights import WeightContent

KIND = "method"
SECOND_PERSON = "Another head of delegation has to put this set into force: you wrote it."


@transaction.atomic
def copy_set(viewer: Viewer, base: UUID, content: WeightContent) -> WeightSet:
    """Begin a draft from any set that there is."""
    _require(viewer, "c")
    return weights.draft_weight_set(_set(base), content, viewer.user)


@transaction.atomic
def change_set(viewer: Viewer, pk: UUID, content: WeightContent, *, edition: int) -> WeightSet:
    """Edit a draft. Its author's alone, so that whoever activates it has written none of it."""
    _require(viewer, "u")
    if not is_author(viewer, _set(pk)):
        raise PermissionDenied
    return weights.change_weight_set(pk, content, edition=edition)


@transaction.atomic
def retire_set(viewer: Viewer, pk: UUID) -> WeightSet:
    """Put a draft aside: its author or another head."""
    _require(viewer, "u")
    return weights.retire_weight_set(_set(pk).pk)


@transaction.atomic
def activate_set(viewer: Viewer, pk: UUID, *, edition: int) -> WeightSet:
    """Put a set into force as the viewer read it (`edition`). Every dossier is behind from this
    moment, at every clearance; what was published before stays as it was.
    """
    _require(viewer, "a")
    if is_author(viewer, _set(pk)):
        raise ValidationError(SECOND_PERSON)
    row = weights.activate_weight_set(pk, viewer.user, edition=edition)
    mark_all_stale(because=("weight_set", row.pk))
    return row


@transaction.atomic
def restate_all(viewer: Viewer) -> None:
    """Ask for the past of every dossier under the set in force."""
    _require(viewer, "a")
    put_for_all(RESTATE)


def is_author(viewer: Viewer, row: WeightSet) -> bool:
    return viewer.user is not None and row.author_id == viewer.user.pk


def _require(viewer: Viewer, verb: str) -> None:
    if not grants_for(viewer, verb, KIND):
        raise PermissionDenied


def _set(pk: UUID) -> WeightSet:
    row = WeightSet.objects.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row
