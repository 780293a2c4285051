"""The level of a record: never below its context's floor; up by anyone, down by a head alone."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

from accounts.access import Viewer
from accounts.models import Context, Role

TOO_HIGH = "Your clearance here is {0}. Choose level {0} or lower, or ask your head of delegation."


def level_of_new(
    viewer: Viewer,
    wanted: int | None,
    *,
    default: int,
    context: Context,
    at_least: int = 1,
    field: str = "level",
) -> int:
    """The level that a new record of this context gets; `at_least` that of what it stands in.

    ValidationError (on `field`) if its own author could not read it.
    """
    clearance = viewer.clearance(context.pk)
    level = max(wanted or min(default, clearance), context.floor, at_least)
    if level > clearance:
        raise ValidationError({field: TOO_HIGH.format(clearance)})
    return level


def level_after(
    viewer: Viewer,
    record: Any,
    wanted: int | None,
    *,
    reason: str,
    at_least: int = 1,
    field: str = "level",
) -> int:
    """The level of a context's record after a change; ValidationError if the rules forbid it.

    Anyone who may change may raise, up to their own clearance; only a head lowers, with a
    reason, and never on a record of their own.
    """
    level: int = max(wanted or record.level, record.context.floor, at_least)
    if level > record.level and level > viewer.clearance(record.context_id):
        raise ValidationError({field: TOO_HIGH.format(viewer.clearance(record.context_id))})
    if level < record.level:
        _may_lower(viewer, record, reason, field)
    return level


def _may_lower(viewer: Viewer, record: Any, reason: str, field: str) -> None:
    if viewer.role(record.context_id) != Role.HEAD:
        raise ValidationError({field: "Only a head of delegation lowers a level."})
    if viewer.user is not None and record.created_by_id == viewer.user.pk:
        raise ValidationError({field: "Ask another head: nobody lowers their own record."})
    if not reason.strip():
        raise ValidationError({"reason": "Say why the level is lowered."})
