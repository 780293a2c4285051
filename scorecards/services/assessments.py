"""What an assessment says: its rules, how it is stored, and the states it goes through.

Who may do what, which records count as evidence and which scores move is for the caller.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone

from records.codes import load
from records.dates import PartialDate
from scorecards.models import (
    Assessment,
    CriterionRating,
    GateAnswer,
    RatingEvidence,
    ReturnNote,
)

CODES = load("scorecards")
CRITERIA = load("scorecards", "criteria.toml")["criteria"]
NA_ALLOWED = frozenset(CRITERIA.having("na_allowed"))
NOTHING_LINKED = 3  # level of a rating that rests on no record, as for meetings (section 0)
LONGEST = 4000
MOST_EVIDENCE = 100
EARLIEST = date(1900, 1, 1)

DRAFT, SUBMITTED, RETURNED, FINAL = "draft", "submitted", "returned", "final"
OPEN = (DRAFT, RETURNED)

Fault = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """A record that a rating or a gate rests on: interaction, incident or commitment."""

    kind: str
    record: UUID
    level: int


@dataclass(frozen=True, kw_only=True)
class RatingContent:
    """One criterion: 0-4, "na", or None = not assessed."""

    criterion: str
    rating: int | str | None
    grade: str = ""
    observed_on: PartialDate | None = None
    evidence: tuple[Evidence, ...] = ()
    note: str = ""

    @property
    def level(self) -> int:
        """The highest level among its evidence; 3 where nothing is linked."""
        return max((one.level for one in self.evidence), default=NOTHING_LINKED)


@dataclass(frozen=True, kw_only=True)
class GateContent:
    """A worded condition of the stage ladder: met, not met, or None = not answered."""

    gate: str
    met: bool | None
    evidence: tuple[Evidence, ...] = ()
    grade: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class AssessmentContent:
    """An assessment in the API's names."""

    as_of: date
    ratings: tuple[RatingContent, ...] = ()
    gates: tuple[GateContent, ...] = ()

    @property
    def evidence(self) -> list[Evidence]:
        rated = [one for rating in self.ratings for one in rating.evidence]
        return rated + [one for gate in self.gates for one in gate.evidence]

    @property
    def highest_level(self) -> int:
        """The level of what it quotes; 3 where a rating rests on nothing, or nothing is said."""
        linked = [one.level for gate in self.gates for one in gate.evidence]
        return max([rating.level for rating in self.ratings] + linked, default=NOTHING_LINKED)

    @property
    def lowest_level(self) -> int:
        """The lowest clearance at which one of its ratings counts."""
        return min((rating.level for rating in self.ratings), default=NOTHING_LINKED)


def faults_of(content: AssessmentContent) -> Iterator[Fault]:
    """What is wrong with it: field and a sentence."""
    today = timezone.localdate()
    if content.as_of > today:
        yield "as_of", "The date lies in the future. Choose today or earlier."
    if content.as_of < EARLIEST:
        yield "as_of", "The date lies before 1900. Check the year."
    if repeated := _repeated(rating.criterion for rating in content.ratings):
        yield "ratings", f"Rate each criterion once: {repeated} is there twice."
    if repeated := _repeated(gate.gate for gate in content.gates):
        yield "gates", f"Answer each condition once: {repeated} is there twice."
    for rating in content.ratings:
        for sentence in _rating_faults(rating, today):
            yield "ratings", sentence
    for gate in content.gates:
        for sentence in _gate_faults(gate):
            yield "gates", sentence


def _repeated(names: Iterable[str]) -> str:
    return next((name for name, count in Counter(names).items() if count > 1), "")


def _rating_faults(rating: RatingContent, today: date) -> Iterator[str]:
    name = rating.criterion
    if name not in CRITERIA:
        yield f"“{name}” is not a criterion of the scorecard."
        return
    if rating.rating == "na" and name not in NA_ALLOWED:
        yield f"{name} always applies. Rate it 0-4, or leave it not assessed."
    if rating.rating != "na" and not _is_rating(rating.rating):
        yield f"{name}: a rating is a whole number from 0 to 4, “na”, or nothing."
    if rating.observed_on and not EARLIEST <= rating.observed_on.first <= today:
        yield f"{name}: this was observed on a day to come, or before 1900. Check the date."
    yield from _common_faults(name, rating)


def _is_rating(rating: int | str | None) -> bool:
    return rating is None or (type(rating) is int and 0 <= rating <= 4)


def _gate_faults(gate: GateContent) -> Iterator[str]:
    if gate.gate not in CODES["gates"]:
        yield f"“{gate.gate}” is not a condition of the ladder."
        return
    yield from _common_faults(gate.gate, gate)


def _common_faults(name: str, part: RatingContent | GateContent) -> Iterator[str]:
    if len(part.note) > LONGEST:
        yield f"{name}: keep the note under {LONGEST} characters."
    if len(part.evidence) > MOST_EVIDENCE:
        yield f"{name}: link at most {MOST_EVIDENCE} records."
    if len({one.record for one in part.evidence}) < len(part.evidence):
        yield f"{name}: link each record once."


def write(assessment: Assessment, content: AssessmentContent) -> None:
    """Replace what a stored assessment says. Checks nothing."""
    assessment.as_of = content.as_of
    assessment.save()
    assessment.ratings.all().delete()
    assessment.gates.all().delete()
    ratings = [_rating_row(assessment, one) for one in content.ratings]
    CriterionRating.objects.bulk_create(ratings)
    RatingEvidence.objects.bulk_create(
        RatingEvidence(rating=row, kind=one.kind, record=one.record)
        for row, rating in zip(ratings, content.ratings, strict=True)
        for one in rating.evidence
    )
    GateAnswer.objects.bulk_create(_gate_row(assessment, one) for one in content.gates)


def _rating_row(assessment: Assessment, one: RatingContent) -> CriterionRating:
    row = CriterionRating(
        assessment=assessment,
        criterion=one.criterion,
        rating=one.rating if isinstance(one.rating, int) else None,
        not_applicable=one.rating == "na",
        grade=one.grade,
        note=one.note,
    )
    row.observed_on = one.observed_on
    return row


def _gate_row(assessment: Assessment, one: GateContent) -> GateAnswer:
    evidence = [{"kind": e.kind, "record": str(e.record)} for e in one.evidence]
    return GateAnswer(
        assessment=assessment,
        gate=one.gate,
        met=one.met,
        grade=one.grade,
        evidence=evidence,
        note=one.note,
    )


def said(assessment: Assessment) -> tuple[dict[str, Any], dict[str, Any]]:
    """Its structured part and its texts, as they are kept in a version."""
    ratings = list(assessment.ratings.prefetch_related("evidence"))
    gates = list(assessment.gates.all())
    body = {
        "dossier": str(assessment.dossier_id),
        "as_of": assessment.as_of.isoformat(),
        "stage": assessment.stage,
        "reviewer": assessment.reviewer_id and str(assessment.reviewer_id),
        "ratings": [_kept_rating(row) for row in ratings],
        "gates": [
            {"gate": row.gate, "met": row.met, "grade": row.grade, "evidence": row.evidence}
            for row in gates
        ],
    }
    notes = {row.criterion: row.note for row in ratings} | {row.gate: row.note for row in gates}
    words = {name: note for name, note in notes.items() if note}
    returned = {f"return_note.{row.dimension}": row.note for row in assessment.return_notes.all()}
    return body, words | {"return_note": assessment.return_note} | returned


def _kept_rating(row: CriterionRating) -> dict[str, Any]:
    return {
        "criterion": row.criterion,
        "rating": "na" if row.not_applicable else row.rating,
        "grade": row.grade,
        "observed_on": row.observed_on and str(row.observed_on),
        "evidence": [{"kind": e.kind, "record": str(e.record)} for e in row.evidence.all()],
    }


def submit(assessment: Assessment) -> None:
    """Hand a draft or a returned assessment to a reviewer."""
    if assessment.stage not in OPEN:
        raise ValidationError({"state": "Only a draft or a returned assessment is submitted."})
    if not assessment.ratings.exists() and not assessment.gates.exists():
        raise ValidationError({"ratings": "Rate at least one criterion before you submit."})
    assessment.stage = SUBMITTED
    assessment.handed_in_at = assessment.handed_in_at or timezone.now()
    assessment.save()


def give_back(
    assessment: Assessment, reviewer: Any, note: str, notes: Mapping[str, str] | None = None
) -> None:
    """Return a submitted assessment to its author: what is missing, in general (`note`) or by
    dimension (`notes`). Both replace what an earlier return said.
    """
    _require_submitted(assessment)
    told = {code: text.strip() for code, text in (notes or {}).items() if text.strip()}
    if faults := dict(_return_faults(note, told)):
        raise ValidationError(faults)
    assessment.stage, assessment.reviewer = RETURNED, reviewer
    assessment.return_note = note.strip()
    assessment.save()
    assessment.return_notes.all().delete()
    ReturnNote.objects.bulk_create(
        ReturnNote(assessment=assessment, dimension=code, note=text) for code, text in told.items()
    )


def _return_faults(note: str, notes: Mapping[str, str]) -> Iterator[Fault]:
    if (not note.strip() and not notes) or len(note) > LONGEST:
        yield "note", "Say what is missing, in a few sentences."
    for code, text in notes.items():
        if code not in CODES["dimensions"]:
            yield "return_notes", f"“{code}” is not a dimension of the scorecard."
        elif len(text) > LONGEST:
            yield "return_notes", f"Keep the note on {code} under {LONGEST} characters."


def finalise(assessment: Assessment, reviewer: Any) -> None:
    """Make a submitted assessment final: from now on it counts and is never edited."""
    _require_submitted(assessment)
    assessment.stage, assessment.reviewer = FINAL, reviewer
    assessment.finalised_at = timezone.now()
    assessment.save()


def _require_submitted(assessment: Assessment) -> None:
    if assessment.stage != SUBMITTED:
        raise ValidationError({"state": "Only a submitted assessment is reviewed."})
