"""An assessment: its screens, what each criterion was rated before, and what it may rest on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from accounts.access import Viewer, reads_in_full
from engagements import access
from engagements.models import Dossier, EvidenceNote
from engagements.selectors.dossier_page import CRITERIA
from engagements.selectors.facts import rating_facts
from engagements.selectors.places import Place, as_shown, meeting_words, places_of
from records.codes import Code, load
from records.models.records import CURRENT
from scorecards.models import Assessment
from scorecards.scoring.facts import RatingFact

CODES = load("scorecards")
GATES = "conditions"
SCREENS: Mapping[str, str] = {
    **{str(entry.code): entry.label() for entry in CODES["dimensions"]},
    GATES: "Conditions of the stages",
}
MOST_CANDIDATES = 8
MOST_SEEN = 120  # characters of what was seen, as a reminder beside a candidate

Choice = tuple[str, str]


@dataclass(frozen=True, slots=True)
class RatingLine:
    """One criterion as it stands in an assessment."""

    code: str
    name: str
    rating: Any
    words: str
    grade: str
    observed_on: str
    note: str
    places: list[Place]


@dataclass(frozen=True, slots=True)
class Section:
    code: str
    name: str
    lines: list[RatingLine]
    asked: int

    @property
    def answered(self) -> int:
        return len(self.lines)


def criteria_of(screen: str) -> list[Code]:
    return [entry for entry in CRITERIA if entry.extra["dimension"] == screen]


def assessments_of(viewer: Viewer, dossier: Dossier) -> list[Assessment]:
    """The newest first; others' drafts are not among them."""
    rows = access.assessments_visible_to(viewer).filter(dossier=dossier)
    newest = rows.select_related("author", "reviewer").order_by("-as_of", "-created_at")
    return as_shown(viewer, newest, "as_of")


def own_open(viewer: Viewer, dossier: Dossier) -> Assessment | None:
    """The viewer's assessment of this dossier that is not handed in yet."""
    rows = access.assessments_visible_to(viewer, verb="u").filter(
        dossier=dossier, author=viewer.user, stage__in=("draft", "returned"), state=CURRENT
    )
    return rows.order_by("-created_at").first()


def sections_of(viewer: Viewer, assessment: Assessment) -> list[Section]:
    """What was rated, dimension by dimension, with the records it rests on."""
    rated = assessment.ratings.prefetch_related("evidence")
    rows = as_shown(viewer, rated, "observed_on", of=assessment)
    keys = {(link.kind, str(link.record)) for row in rows for link in row.evidence.all()}
    places = places_of(viewer, keys, assessment.dossier)
    in_full = reads_in_full(viewer, assessment)
    lines = {row.criterion: _line(row, places, in_full) for row in rows}
    return [
        Section(screen, name, [lines[code] for code in asked if code in lines], len(asked))
        for screen, name in SCREENS.items()
        if (asked := [str(entry.code) for entry in criteria_of(screen)])
    ]


def _line(row: Any, places: Mapping[Any, Place], in_full: bool) -> RatingLine:
    entry = CRITERIA[row.criterion]
    return RatingLine(
        code=row.criterion,
        name=entry.label(),
        rating="na" if row.not_applicable else row.rating,
        words=entry.extra["anchors"][row.rating] if row.rating is not None else "",
        grade=row.grade,
        observed_on=str(row.observed_on or ""),
        note=row.note if in_full else "",
        places=[places[(link.kind, str(link.record))] for link in row.evidence.all()],
    )


def gate_lines(viewer: Viewer, assessment: Assessment) -> list[tuple[str, str, str]]:
    """Question, answer in words and note of each worded condition that was answered."""
    in_full = reads_in_full(viewer, assessment)
    return [
        (
            CODES["gates"][row.gate].extra["question"],
            {True: "yes", False: "no", None: "no answer"}[row.met],
            row.note if in_full else "",
        )
        for row in assessment.gates.all()
        if row.gate in CODES["gates"]
    ]


def previous_words(viewer: Viewer, dossier: Dossier) -> dict[str, str]:
    """Criterion -> "Rated 2 on 2026-01-10.", by the newest final rating that the viewer may see."""
    clearance = viewer.clearance(dossier.context_id)
    newest: dict[str, RatingFact] = {}
    for fact in rating_facts(dossier):
        known = newest.get(fact.criterion)
        if fact.level <= clearance and (known is None or _when(fact) > _when(known)):
            newest[fact.criterion] = fact
    return {code: _rated(fact) for code, fact in newest.items()}


def _when(fact: RatingFact) -> tuple[Any, str]:
    return fact.as_of, fact.finalised


def _rated(fact: RatingFact) -> str:
    if fact.rating == "na":
        return f"Did not apply on {fact.as_of.isoformat()}."
    return f"Rated {fact.rating} on {fact.as_of.isoformat()}."


def candidates(
    viewer: Viewer, dossier: Dossier, criteria: Iterable[str]
) -> dict[str, list[Choice]]:
    """Per criterion what its rating may rest on: meetings that noted something, the newest first,
    then the commitments of the dossier.
    """
    codes = list(criteria)
    meetings = access.interactions_visible_to(viewer).filter(
        engagement=dossier.engagement, state=CURRENT
    )
    notes = EvidenceNote.objects.filter(
        Q(criterion__in=codes), interaction__in=meetings.order_by().values("pk")
    ).select_related("interaction")
    found: dict[str, list[Choice]] = {code: [] for code in codes}
    for note in notes.order_by("-interaction__held_on_first", "-interaction__pk")[:400]:
        if len(found[note.criterion]) < MOST_CANDIDATES:
            found[note.criterion].append(_candidate(viewer, note))
    texts = [
        (str(row.pk), row.title)
        for row in access.commitments_visible_to(viewer).filter(dossiers=dossier, state=CURRENT)
    ]
    return {code: list(dict(rows + texts).items()) for code, rows in found.items()}


def _candidate(viewer: Viewer, note: EvidenceNote) -> Choice:
    meeting = note.interaction
    words = meeting_words(viewer, meeting)
    if note.rating is not None:
        words += f", noted {note.rating} of 4"
    seen = note.seen if reads_in_full(viewer, meeting) else ""
    if seen:
        words += f": {seen[:MOST_SEEN]}{'…' if len(seen) > MOST_SEEN else ''}"
    return str(meeting.pk), words


def progress_words(sections: Iterable[Section]) -> str:
    parts = list(sections)
    rated, asked = sum(part.answered for part in parts), sum(part.asked for part in parts)
    return f"{rated} of {asked} assessed"
