"""Review tasks: opened once by what asks for them, closed by a person who has looked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from scorecards.models import ReviewTask
from scorecards.models.reviews import OPEN

LONGEST = 4000
CLOSED = ("done", "dropped")


def open_task(
    dossier: Any,
    *,
    reason: str,
    subject: str,
    level: int,
    because: tuple[str, UUID],
    on: date,
) -> ReviewTask:
    """The open task for this dossier, reason, subject and level; made if there is none."""
    kind, record = because
    task, _ = ReviewTask.objects.get_or_create(
        dossier=dossier,
        reason=reason,
        subject=subject,
        level=level,
        progress=OPEN,
        state="current",
        defaults={
            "context_id": dossier.context_id,
            "opened_on": on,
            "because_kind": kind,
            "because_record": record,
        },
    )
    return task


def open_tasks(
    dossier: Any,
    *,
    reason: str,
    subjects: Iterable[str],
    level: int,
    because: tuple[str, UUID],
    on: date,
) -> None:
    """`open_task` for several subjects, in one statement. Those that are open already stay."""
    kind, record = because
    ReviewTask.objects.bulk_create(
        (
            ReviewTask(
                dossier=dossier,
                context_id=dossier.context_id,
                reason=reason,
                subject=subject,
                level=level,
                opened_on=on,
                because_kind=kind,
                because_record=record,
            )
            for subject in subjects
        ),
        ignore_conflicts=True,
    )


def close_task(task: ReviewTask, by: Any, *, progress: str, note: str, on: date) -> None:
    """Note that somebody has looked ("done") or that nobody needs to ("dropped"), and why."""
    if task.progress != OPEN:
        raise ValidationError({"progress": "Somebody has closed this task already."})
    if progress not in CLOSED:
        raise ValidationError({"progress": "Say whether somebody has looked, or nobody needs to."})
    if not note.strip() or len(note) > LONGEST:
        raise ValidationError({"note": "Say what you found, in a few words."})
    task.progress, task.note, task.closed_by, task.closed_on = progress, note.strip(), by, on
    task.version += 1
    task.save()
