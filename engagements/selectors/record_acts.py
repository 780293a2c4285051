"""What a reader may do with a record on its page, and what was done with it before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from accounts.access import Viewer, may, reads_in_full
from engagements.access import confirms_deletion
from records.models import RecordVersion
from records.models.records import CURRENT

MOST_VERSIONS = 50


@dataclass(frozen=True, slots=True)
class LineActs:
    """What may be done with a record that is one line of a page: addresses, "" for what may not."""

    correct: str
    withdraw: str
    restore: str


def line_acts(viewer: Viewer, record: Any, name: str, *, verb: str = "d") -> LineActs:
    """Needs no query. `name` begins the names of the addresses: "fact" for "fact_correct"; `verb`
    is the right that withdrawing needs.
    """
    turns, current = may(viewer, verb, record), record.state == CURRENT
    return LineActs(
        correct=_to(name, "correct", record, where=may(viewer, "u", record)),
        withdraw=_to(name, "withdraw", record, where=turns and current),
        restore=_to(name, "restore", record, where=turns and not current),
    )


def _to(name: str, act: str, record: Any, *, where: bool) -> str:
    return reverse(f"{name}_{act}", args=[record.pk]) if where else ""


@dataclass(frozen=True, slots=True)
class RecordActs:
    """What may be done with a record on its own page, and its earlier versions, newest first.

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
    """The same for the record's own page, which also offers to confirm a deletion."""
    line = line_acts(viewer, record, name, verb=verb)
    in_full = reads_in_full(viewer, record)
    versions = _versions(record) if in_full else []
    confirms = bool(line.restore) and confirms_deletion(viewer, record)
    return RecordActs(
        correct=line.correct,
        withdraw=line.withdraw,
        restore=line.restore,
        delete=_to(name, "delete", record, where=confirms),
        why=versions[0].reason if versions and record.state != CURRENT else "",
        versions=versions,
    )


def _versions(record: Any) -> list[RecordVersion]:
    rows = RecordVersion.objects.filter(record=record.pk).select_related("replaced_by")
    return list(rows.defer("body", "words").order_by("-number")[:MOST_VERSIONS])
