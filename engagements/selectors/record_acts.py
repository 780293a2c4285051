"""What a reader may do with a record on its page, and what was done with it before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from accounts.access import Viewer, may, reads_in_full
from engagements.services.changes import confirms_deletion
from records.models import RecordVersion
from records.models.records import CURRENT

MOST_VERSIONS = 50


@dataclass(frozen=True, slots=True)
class RecordActs:
    """Addresses of what may be done ("" for what may not), and the earlier versions, newest first.

    `why` is the reason of the last change of state; those who read no words get neither it nor
    the versions.
    """

    correct: str
    withdraw: str
    restore: str
    delete: str
    why: str
    versions: list[RecordVersion]

    @property
    def any(self) -> bool:
        return bool(self.correct or self.withdraw or self.restore or self.delete)


def record_acts(viewer: Viewer, record: Any, name: str, *, verb: str = "d") -> RecordActs:
    """`name` begins the names of its addresses: "incident" for "incident_correct".

    `verb` is the right that withdrawing needs.
    """
    turns, current = may(viewer, verb, record), record.state == CURRENT
    in_full = reads_in_full(viewer, record)
    versions = _versions(record) if in_full else []

    def to(act: str, *, where: bool) -> str:
        return reverse(f"{name}_{act}", args=[record.pk]) if where else ""

    return RecordActs(
        correct=to("correct", where=may(viewer, "u", record)),
        withdraw=to("withdraw", where=turns and current),
        restore=to("restore", where=turns and not current),
        delete=to("delete", where=turns and not current and confirms_deletion(viewer, record)),
        why=versions[0].reason if versions and not current else "",
        versions=versions,
    )


def _versions(record: Any) -> list[RecordVersion]:
    rows = RecordVersion.objects.filter(record=record.pk).select_related("replaced_by")
    return list(rows.defer("body", "words").order_by("-number")[:MOST_VERSIONS])
