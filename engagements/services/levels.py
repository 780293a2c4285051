"""The level of a record: never below its context's floor or what it stands in; sticky upwards."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from accounts.access import Viewer
from accounts.models import Role
from records.models import GuardedRecord

TOO_HIGH = "Your clearance here is {0}. Choose level {0} or lower, or ask your head of delegation."


def level_for_new(
    viewer: Viewer, wanted: int | None, *, default: int, within: GuardedRecord
) -> int:
    """The level a new record gets; ValidationError if its own author could not read it."""
    floor = max(within.context.floor, within.level)
    level = max(wanted or default, floor)
    clearance = viewer.clearance(within.context_id)
    if level > clearance:
        if wanted is None and floor <= clearance:
            return clearance  # the group's default is above this person: as high as they reach
        raise ValidationError({"level": TOO_HIGH.format(clearance)})
    return level


def level_after_change(
    viewer: Viewer, record: GuardedRecord, wanted: int | None, *, within: GuardedRecord, reason: str
) -> int:
    """The level after a change. Anyone who may change may raise; only a head lowers, with a reason,
    and never on a record of their own.
    """
    level = max(wanted or record.level, within.context.floor, within.level)
    if level > record.level and level > viewer.clearance(record.context_id):
        raise ValidationError({"level": TOO_HIGH.format(viewer.clearance(record.context_id))})
    if level < record.level:
        if viewer.role(record.context_id) != Role.HEAD:
            raise ValidationError({"level": "Only a head of delegation lowers a level."})
        if viewer.user is not None and record.created_by_id == viewer.user.pk:
            raise ValidationError({"level": "Ask another head: nobody lowers their own record."})
        if not reason.strip():
            raise ValidationError({"reason": "Say why the level is lowered."})
    return level
