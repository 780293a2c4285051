"""Change a context and its dated facts."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.access import Viewer, may
from accounts.models import Context
from actors.models import ContextFact
from actors.selectors.contexts import context_rows
from actors.services.dated import Touched, set_dated
from actors.services.parts import Told, keep
from records.versions import require_version

OWN = ("name", "countries", "floor")


@transaction.atomic
def change_context(
    viewer: Viewer, context: Context, told: Told, *, reason: str = "", version: int | None = None
) -> tuple[Context, list[Touched]]:
    """Change the fields that are told. Facts have levels of their own: those that the viewer may
    not see stay as they are, and a change of them alone leaves the context's version.
    """
    context = Context.objects.select_for_update().get(pk=context.pk)
    require_version(context, version)
    own = {name: told[name] for name in OWN if name in told}
    own = {name: value for name, value in own.items() if value != getattr(context, name)}
    if own:
        _change_own(viewer, context, own, reason)
    touched = set_facts(viewer, context, told["facts"]) if "facts" in told else []
    return context, touched


def _change_own(viewer: Viewer, context: Context, own: Told, reason: str) -> None:
    if not may(viewer, "u", context):
        raise PermissionDenied("Only a head of delegation changes the context itself.")
    if own.get("floor", context.floor) < context.floor:
        raise ValidationError({"floor": "A floor can be raised here, never lowered."})
    keep(context, context_rows([context], None)[0], viewer=viewer, reason=reason)
    for name, value in own.items():
        setattr(context, name, value)
    context.save()


def set_facts(viewer: Viewer, context: Context, rows: Any) -> list[Touched]:
    """Put these in the place of the facts that the viewer sees; tells what was touched."""
    parent = {"context": context}
    return set_dated(viewer, ContextFact, parent, rows, columns={"kind": "fact"}, field="facts")
