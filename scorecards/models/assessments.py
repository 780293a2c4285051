from __future__ import annotations

from uuid import UUID, uuid4

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from records.codes import load
from records.fields import PartialDateField, SealedTextField, partial_date_constraint
from records.models.records import GuardedRecord, guarded_constraints, one_of

CODES = load("scorecards")
GRADE = r"^[A-F][1-6]$"


class Assessment(GuardedRecord):
    """A person's rating of a dossier against the criteria; final ones feed the scorecard."""

    kind = "assessment"

    # Points up the ladder by name: what is assessed lies in engagements.
    dossier = models.ForeignKey(
        "engagements.Dossier", on_delete=models.PROTECT, related_name="assessments"
    )
    as_of = models.DateField()
    stage = models.CharField(
        max_length=10, default="draft", choices=CODES["assessment_states"].choices()
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # The first time it was handed in: until then another rater's is hidden from its author.
    handed_in_at = models.DateTimeField(null=True)
    finalised_at = models.DateTimeField(null=True)
    return_note = SealedTextField()

    class Meta:
        verbose_name = "assessment"
        ordering = ["-as_of", "id"]
        indexes = [models.Index(fields=["dossier", "stage", "as_of"], name="assessment_by_dossier")]
        constraints = [
            *guarded_constraints("assessment"),
            one_of("assessment", "stage", CODES["assessment_states"].values()),
            CheckConstraint(
                condition=Q(stage="final", finalised_at__isnull=False)
                | (~Q(stage="final") & Q(finalised_at=None)),
                name="assessment_final_has_its_time",
            ),
            CheckConstraint(
                condition=Q(reviewer=None) | Q(author=None) | ~Q(reviewer=F("author")),
                name="assessment_reviewer_is_not_the_author",
            ),
        ]


class ReturnNote(models.Model):
    """What the reviewer missed in one dimension of an assessment that was given back."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    assessment = models.ForeignKey(
        Assessment, on_delete=models.CASCADE, related_name="return_notes"
    )
    dimension = models.CharField(max_length=10, choices=CODES["dimensions"].choices())
    note = SealedTextField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            one_of("returnnote", "dimension", CODES["dimensions"].values()),
            UniqueConstraint(
                fields=["assessment", "dimension"], name="returnnote_once_per_dimension"
            ),
        ]

    def __str__(self) -> str:
        return self.dimension

    @property
    def compartment(self) -> UUID | None:
        return self.assessment.context_id


class CriterionRating(models.Model):
    """One criterion in one assessment: 0-4, not applicable, or null = not assessed."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="ratings")
    criterion = models.CharField(max_length=4)
    rating = models.PositiveSmallIntegerField(null=True)
    not_applicable = models.BooleanField(default=False)
    grade = models.CharField(max_length=2, blank=True)
    observed_on = PartialDateField(null=True)
    note = SealedTextField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            UniqueConstraint(fields=["assessment", "criterion"], name="rating_once_per_criterion"),
            CheckConstraint(
                condition=Q(rating=None) | Q(rating__range=(0, 4), not_applicable=False),
                name="rating_is_0_to_4_or_not_applicable",
            ),
            CheckConstraint(
                condition=Q(grade__regex=GRADE) | Q(grade=""), name="rating_grade_is_a_grade"
            ),
            partial_date_constraint("rating", "observed_on"),
        ]

    def __str__(self) -> str:
        return self.criterion

    @property
    def compartment(self) -> UUID | None:
        return self.assessment.context_id


class RatingEvidence(models.Model):
    """What a rating rests on: a meeting, an incident, a commitment, by kind and public id."""

    rating = models.ForeignKey(CriterionRating, on_delete=models.CASCADE, related_name="evidence")
    kind = models.CharField(max_length=20)
    record = models.UUIDField()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["rating", "record"], name="ratingevidence_once_per_record")
        ]
        indexes = [models.Index(fields=["record"], name="ratingevidence_by_record")]

    def __str__(self) -> str:
        return f"{self.kind} {self.record}"


class GateAnswer(models.Model):
    """A worded condition of the stage ladder: met, not met, or not answered."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="gates")
    gate = models.CharField(max_length=40)
    met = models.BooleanField(null=True)
    grade = models.CharField(max_length=2, blank=True)
    evidence = models.JSONField(default=list, blank=True)
    note = SealedTextField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            UniqueConstraint(fields=["assessment", "gate"], name="gate_once_per_assessment")
        ]

    def __str__(self) -> str:
        return self.gate

    @property
    def compartment(self) -> UUID | None:
        return self.assessment.context_id
