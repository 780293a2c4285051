"""An assessment: its screens, what each criterion was rated before, and what it may rest on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from accounts.access import Viewer, reads_in_full
from engagements import access
from engagements.models import Dossier, EvidenceNote
from engagements.selectors.assessment_before import (
    change_of,
    change_words,
    counted_words,
    previous_ratings,
    previous_words,
)
from engagements.selectors.dossier_page import CRITERIA
from engagements.selectors.facts import incidents_beside
from engagements.selectors.places import Place, as_shown, meeting_words, places_of
from records.codes import Code, load
from records.models.records import CURRENT
from scorecards.models import Assessment
from scorecards.scoring.facts import RatingFact
from scorecards.services.assessments import GateContent, RatingContent

CODES = load("scorecards")
GATES = "conditions"
SCREENS: Mapping[str, str] = {
    **{str(entry.code): entry.label() for entry in CODES["dimensions"]},
    GATES: "Conditions of the stages",
}
MOST_CANDIDATES = 8  # of each kind
RECENT_MEETINGS = 5
# Where an incident may bear on a rating: what is done about breaches, and what is fought with.
INCIDENTS_BEAR_ON = ("sanctions", "equipment")
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
    change: str
    changed: str


@dataclass(frozen=True, slots=True)
class Section:
    """A dimension: its ratings, and what a reviewer who gave the assessment back missed in it."""

    code: str
    name: str
    lines: list[RatingLine]
    asked: int
    returned: str = ""

    @property
    def answered(self) -> int:
        """What was rated or does not apply; a note alone is no assessment."""
        return sum(line.rating is not None for line in self.lines)


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
    before = previous_ratings(viewer, assessment)
    lines = {
        row.criterion: _line(row, places, before.get(row.criterion), in_full=in_full)
        for row in rows
    }
    missed = return_notes(viewer, assessment)
    return [
        Section(
            screen,
            name,
            [lines[code] for code in asked if code in lines],
            len(asked),
            missed.get(screen, ""),
        )
        for screen, name in SCREENS.items()
        if (asked := [str(entry.code) for entry in criteria_of(screen)])
    ]


def return_notes(viewer: Viewer, assessment: Assessment) -> dict[str, str]:
    """Dimension -> what its reviewer missed when the assessment was given back."""
    if not reads_in_full(viewer, assessment):
        return {}
    return {row.dimension: row.note for row in assessment.return_notes.all()}


def _line(
    row: Any, places: Mapping[Any, Place], before: RatingFact | None, *, in_full: bool
) -> RatingLine:
    entry = CRITERIA[row.criterion]
    rating = "na" if row.not_applicable else row.rating
    return RatingLine(
        code=row.criterion,
        name=entry.label(),
        rating=rating,
        words=entry.extra["anchors"][row.rating] if row.rating is not None else "",
        grade=row.grade,
        observed_on=str(row.observed_on or ""),
        note=row.note if in_full else "",
        places=[places[(link.kind, str(link.record))] for link in row.evidence.all()],
        change=change_of(rating, before),
        changed=change_words(rating, before),
    )


def previous_lines(viewer: Viewer, assessment: Assessment, section: Section) -> dict[str, str]:
    """Criterion -> what it was rated before, and what the saved rating makes of that."""
    words = previous_words(viewer, assessment, previous_ratings(viewer, assessment))
    for line in section.lines:
        if line.change and line.code in words:
            words[line.code] += f" Now {line.changed}."
    return words


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


def candidates(
    viewer: Viewer, dossier: Dossier, criteria: Iterable[str]
) -> dict[str, list[Choice]]:
    """Per criterion what its rating may rest on: meetings that noted something on it, the newest
    first; the newest other meetings; incidents, where they bear on it; commitments.
    """
    codes = list(criteria)
    noted = _noted(viewer, _meetings(viewer, dossier), codes)
    recent = _recent(viewer, dossier, RECENT_MEETINGS)
    seen = _incidents(viewer, dossier) if _may_rest_on_incidents(codes) else []
    texts = _texts(viewer, dossier)
    found = {}
    for code in codes:
        beside = seen if _may_rest_on_incidents([code]) else []
        # What was noted says more than the bare meeting: the first of two entries stays.
        found[code] = _once([*noted[code], *recent, *beside, *texts])
    return found


def gate_candidates(viewer: Viewer, dossier: Dossier) -> list[Choice]:
    """What an answer to a condition of the ladder may rest on: meetings, incidents, commitments."""
    recent = _recent(viewer, dossier, MOST_CANDIDATES)
    return _once([*recent, *_incidents(viewer, dossier), *_texts(viewer, dossier)])


def _meetings(viewer: Viewer, dossier: Dossier) -> Any:
    return access.interactions_visible_to(viewer).filter(
        engagement=dossier.engagement, state=CURRENT
    )


def _recent(viewer: Viewer, dossier: Dossier, number: int) -> list[Choice]:
    held = _meetings(viewer, dossier).filter(held=True).order_by("-held_on_first", "-pk")
    return [(str(row.pk), meeting_words(viewer, row)) for row in held[:number]]


def _texts(viewer: Viewer, dossier: Dossier) -> list[Choice]:
    bound = access.commitments_visible_to(viewer).filter(dossiers=dossier, state=CURRENT)
    return [(str(row.pk), row.title) for row in bound]


def _once(choices: Iterable[Choice]) -> list[Choice]:
    kept: dict[str, str] = {}
    for pk, words in choices:
        kept.setdefault(pk, words)
    return list(kept.items())


def _noted(viewer: Viewer, meetings: Any, codes: list[str]) -> dict[str, list[Choice]]:
    notes = EvidenceNote.objects.filter(
        Q(criterion__in=codes), interaction__in=meetings.order_by().values("pk")
    ).select_related("interaction")
    found: dict[str, list[Choice]] = {code: [] for code in codes}
    for note in notes.order_by("-interaction__held_on_first", "-interaction__pk")[:400]:
        if len(found[note.criterion]) < MOST_CANDIDATES:
            found[note.criterion].append(_candidate(viewer, note))
    return found


def _may_rest_on_incidents(codes: Iterable[str]) -> bool:
    return any(CRITERIA[code].extra["dimension"] in INCIDENTS_BEAR_ON for code in codes)


def _incidents(viewer: Viewer, dossier: Dossier) -> list[Choice]:
    """The newest incidents of the dossier's panel that the viewer may read."""
    rows = access.incidents_visible_to(viewer).filter(pk__in=incidents_beside(dossier).values("pk"))
    newest = rows.defer("place_detail", "description", "source").order_by("-occurred_on_first")
    return [
        (str(row.pk), f"Incident: {row.get_category_display().lower()}, {row.occurred_on}")
        for row in newest[:MOST_CANDIDATES]
    ]


def _candidate(viewer: Viewer, note: EvidenceNote) -> Choice:
    meeting = note.interaction
    words = meeting_words(viewer, meeting)
    if note.rating is not None:
        words += f", noted {note.rating} of 4"
    seen = note.seen if reads_in_full(viewer, meeting) else ""
    if seen:
        words += f": {seen[:MOST_SEEN]}{'…' if len(seen) > MOST_SEEN else ''}"
    return str(meeting.pk), words


def linked_words(
    viewer: Viewer, dossier: Dossier, ratings: Iterable[RatingContent | GateContent]
) -> list[Choice]:
    """The records that ratings or answers rest on already, as their reader calls them."""
    keys = {(piece.kind, str(piece.record)) for one in ratings for piece in one.evidence}
    return [(pk, place.text) for (_, pk), place in places_of(viewer, keys, dossier).items()]


def progress_words(sections: Iterable[Section]) -> str:
    parts = list(sections)
    rated, asked = sum(part.answered for part in parts), sum(part.asked for part in parts)
    return f"{rated} of {asked} assessed"


def changes_words(sections: Iterable[Section]) -> str:
    """ "3 raised, 1 lowered, 20 as before": against what was rated before."""
    return counted_words(line.change for section in sections for line in section.lines)
