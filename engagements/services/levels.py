"""The level of a record that stands in another: never below it, nor below its context's floor."""

from __future__ import annotations

from accounts.access import Viewer
from accounts.services.levels import level_after, level_of_new
from records.models import GuardedRecord


def level_for_new(
    viewer: Viewer, wanted: int | None, *, default: int, within: GuardedRecord
) -> int:
    """The level a new record gets; ValidationError if its own author could not read it."""
    return level_of_new(
        viewer, wanted, default=default, context=within.context, at_least=within.level
    )


def level_after_change(
    viewer: Viewer, record: GuardedRecord, wanted: int | None, *, within: GuardedRecord, reason: str
) -> int:
    """The level after a change; ValidationError if the rules forbid it."""
    return level_after(viewer, record, wanted, reason=reason, at_least=within.level)
