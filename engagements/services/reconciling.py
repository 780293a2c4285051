"""Ask two raters who are far apart to agree, and close what they have settled (section 3.3).

Each function looks at what is stored now: it opens the tasks that an act gave reason for, and
closes those whose reason is gone. No number moves by a task.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from django.utils import timezone

from accounts.access import Viewer
from engagements.models import Dossier, Interaction
from engagements.selectors.raters import readings_of, same_day, sheets_of
from records.models.records import CURRENT
from scorecards.models import Assessment, ReviewTask
from scorecards.models.reviews import OPEN
from scorecards.scoring.agreement import Pair, Sheet, far_apart, pairs_of
from scorecards.services.reviews import close_task, open_tasks

RECONCILE = "reconcile"
AGREED = "The two lie less than 2 apart now."
SETTLED = "A later final assessment has settled it."
WITHDRAWN = "One of the two no longer counts."


def reconcile_ratings(viewer: Viewer, assessment: Assessment) -> None:
    """After an assessment was handed in, made final, withdrawn or restored; with the scores of
    its engagement held, for two raters may hand in at the same moment.

    A task is opened and closed by what is read at its own level: nothing above moves it.
    """
    rows = Assessment.objects.filter(dossier=assessment.dossier_id)
    sheets = sheets_of(rows).get(assessment.dossier_id, [])
    levels = {str(pk): level for pk, level in rows.values_list("pk", "level")}
    for level in sorted(set(levels.values())):
        seen = [sheet for sheet in sheets if levels[sheet.id] <= level]
        for pair in pairs_of(seen):
            ids = (pair.one.id, pair.other.id)
            # Who may read both may read that they differ.
            if max(levels[pk] for pk in ids) == level and str(assessment.pk) in ids:
                _open_ratings(assessment.dossier, pair, seen, level)
    for task in _open_tasks(assessment.dossier, Assessment.kind):
        _close_rating(viewer, task, [one for one in sheets if levels[one.id] <= task.level])


def _open_ratings(dossier: Dossier, pair: Pair, seen: Iterable[Sheet], level: int) -> None:
    if pair.is_waiting:
        return
    open_tasks(
        dossier,
        reason=RECONCILE,
        subjects=[one for one in pair.far_apart() if not _settled(one, pair, seen)],
        level=level,
        because=(Assessment.kind, UUID(pair.other.id)),
        on=timezone.localdate(),
    )


def _settled(subject: str, pair: Pair, seen: Iterable[Sheet]) -> bool:
    """A final assessment begun when both could be read has rated it since."""
    return any(
        sheet.final and sheet.begun >= pair.complete and subject in sheet.ratings for sheet in seen
    )


def _close_rating(viewer: Viewer, task: ReviewTask, seen: Sequence[Sheet]) -> None:
    about = [pair for pair in pairs_of(seen) if pair.other.id == str(task.because_record)]
    if not about:
        _close(viewer, task, WITHDRAWN)
    elif any(pair.is_waiting for pair in about):
        return
    elif all(task.subject not in pair.far_apart() for pair in about):
        _close(viewer, task, AGREED)
    elif all(_settled(task.subject, pair, seen) for pair in about):
        _close(viewer, task, SETTLED)


def reconcile_readings(viewer: Viewer, meeting: Interaction) -> None:
    """After a meeting was logged, corrected, withdrawn or restored."""
    dossier = Dossier.objects.filter(engagement=meeting.engagement_id, norm="GEN").first()
    if dossier is None:
        return
    for other, factors in _differing(meeting, list(same_day(meeting))):
        open_tasks(
            dossier,
            reason=RECONCILE,
            subjects=factors,
            level=max(meeting.level, other.level, dossier.level),
            because=(Interaction.kind, meeting.pk),
            on=timezone.localdate(),
        )
    for task in _open_tasks(dossier, Interaction.kind):
        _close_reading(viewer, task)


def _differing(
    meeting: Interaction, others: Sequence[Interaction]
) -> Iterator[tuple[Interaction, list[str]]]:
    """What others noted of the same day, with the factors read 2 or more apart."""
    if others:
        read = readings_of([meeting.pk, *(other.pk for other in others)])
        for other in others:
            yield other, far_apart(read.get(meeting.pk, {}), read.get(other.pk, {}))


def _close_reading(viewer: Viewer, task: ReviewTask) -> None:
    seen = Interaction.objects.filter(level__lte=task.level)
    meeting = seen.filter(pk=task.because_record, state=CURRENT).first()
    others = list(same_day(meeting).filter(level__lte=task.level)) if meeting else []
    if meeting is None or not others:
        _close(viewer, task, WITHDRAWN)
    elif all(task.subject not in factors for _, factors in _differing(meeting, others)):
        _close(viewer, task, AGREED)


def _open_tasks(dossier: Dossier, kind: str) -> Iterable[ReviewTask]:
    return ReviewTask.objects.select_for_update(of=("self",)).filter(
        dossier=dossier, reason=RECONCILE, because_kind=kind, progress=OPEN, state=CURRENT
    )


def _close(viewer: Viewer, task: ReviewTask, note: str) -> None:
    close_task(task, viewer.user, progress="done", note=note, on=timezone.localdate())
