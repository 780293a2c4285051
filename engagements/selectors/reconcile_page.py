"""Two raters far apart, side by side: what each said, on what it rests, and the anchors between."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from accounts.access import Viewer, reads_in_full
from engagements.access import (
    assessments_visible_to,
    interactions_visible_to,
    review_tasks_visible_to,
)
from engagements.models import Dossier, Interaction, Reading
from engagements.selectors.dossier_page import CRITERIA, FACTORS
from engagements.selectors.places import Place, as_shown, meeting_words, page_of, places_of
from engagements.selectors.raters import same_day, sheets_of
from records.models.records import CURRENT
from scorecards.models import Assessment, CriterionRating, ReviewTask
from scorecards.models.reviews import OPEN
from scorecards.scoring.agreement import pairs_of


@dataclass(frozen=True, slots=True)
class Side:
    """What one of the two said."""

    who: str
    author: Any
    place: Place
    state: str
    rating: int
    words: str
    grade: str
    observed_on: str
    note: str
    rests_on: list[Place]
    records: list[UUID]


@dataclass(frozen=True, slots=True)
class Reconciling:
    """A task with its two sides; fewer where one is with its author again, or was withdrawn."""

    task: ReviewTask
    name: str
    question: str
    anchors: list[str]
    sides: list[Side]

    @property
    def is_criterion(self) -> bool:
        return self.task.subject in CRITERIA

    def is_rater(self, viewer: Viewer) -> bool:
        return viewer.user is not None and viewer.user.pk in [side.author for side in self.sides]


def reconciling(viewer: Viewer, task: ReviewTask) -> Reconciling:
    """Expects a task that the viewer may read."""
    on_criterion = task.subject in CRITERIA
    entry = (CRITERIA if on_criterion else FACTORS)[task.subject]
    sides = _raters(viewer, task) if on_criterion else _readers(viewer, task)
    return Reconciling(
        task=task,
        name=f"{entry.code} {entry.label()}",
        question=entry.extra["question"],
        anchors=list(entry.extra.get("anchors", ())),
        sides=list(sides),
    )


def open_reconciling(viewer: Viewer, dossier: Dossier) -> list[tuple[Any, str]]:
    """The open tasks of a dossier on which two are to agree: id, and what it is about."""
    rows = review_tasks_visible_to(viewer).filter(
        dossier=dossier, reason="reconcile", progress=OPEN, state=CURRENT
    )
    return [(row.pk, subject_words(row.subject)) for row in rows.order_by("opened_on", "subject")]


def subject_words(subject: str) -> str:
    """ "D1 Rule in the texts" """
    entry = (CRITERIA if subject in CRITERIA else FACTORS)[subject]
    return f"{entry.code} {entry.label()}"


def _raters(viewer: Viewer, task: ReviewTask) -> Iterable[Side]:
    because = str(task.because_record)
    sheets = sheets_of(Assessment.objects.filter(dossier=task.dossier_id))
    ids = {because}
    for pair in pairs_of(sheets.get(task.dossier_id, [])):
        if pair.other.id == because and task.subject in pair.far_apart():
            ids.add(pair.one.id)
    read = assessments_visible_to(viewer).filter(pk__in=ids).order_by().values("pk")
    rows = CriterionRating.objects.filter(
        assessment__in=read, criterion=task.subject, rating__isnull=False
    ).order_by("assessment__handed_in_at", "assessment")
    named = rows.select_related("assessment__author").prefetch_related("evidence")
    found = list(named)
    keys = {(link.kind, str(link.record)) for row in found for link in row.evidence.all()}
    places = places_of(viewer, keys, task.dossier)
    return [_rated(viewer, row, places) for row in found]


def _rated(viewer: Viewer, row: Any, places: Mapping[Any, Place]) -> Side:
    of = as_shown(viewer, [row.assessment], "as_of")[0]
    as_shown(viewer, [row], "observed_on", of=of)
    return Side(
        who=of.author.name if of.author else "",
        author=of.author_id,
        place=Place(f"Assessment of {of.as_of}", page_of("assessment", of.pk)),
        state=of.get_stage_display().lower(),
        rating=row.rating,
        words=CRITERIA[row.criterion].extra["anchors"][row.rating],
        grade=row.grade,
        observed_on=str(row.observed_on or ""),
        note=row.note if reads_in_full(viewer, of) else "",
        rests_on=[places[(link.kind, str(link.record))] for link in row.evidence.all()],
        records=[link.record for link in row.evidence.all()],
    )


def _readers(viewer: Viewer, task: ReviewTask) -> Iterable[Side]:
    """Readings of the day's meetings that the viewer may read."""
    meeting = Interaction.objects.filter(pk=task.because_record).first()
    ids = [meeting.pk, *same_day(meeting).values_list("pk", flat=True)] if meeting else []
    read = interactions_visible_to(viewer).filter(pk__in=ids).order_by().values("pk")
    rows = Reading.objects.filter(interaction__in=read, factor=task.subject)
    named = rows.select_related("interaction__created_by")
    return [_read(viewer, row) for row in named.order_by("interaction__created_at", "pk")]


def _read(viewer: Viewer, row: Any) -> Side:
    meeting = row.interaction
    return Side(
        who=meeting.created_by.name if meeting.created_by else "",
        author=meeting.created_by_id,
        place=Place(meeting_words(viewer, meeting), page_of("interaction", meeting.pk)),
        state="",
        rating=row.rating,
        words="",
        grade=meeting.grade,
        observed_on="",
        note=row.note if reads_in_full(viewer, meeting) else "",
        rests_on=[],
        records=[],
    )
