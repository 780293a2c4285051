from __future__ import annotations

from django.db import models
from django.db.models import UniqueConstraint

from actors.models.reference import GradeField, grade_constraint
from engagements.models.dossiers import CODES, Dossier
from records.fields import CodesField, PartialDateField, partial_date_constraint
from records.models.records import GuardedRecord, guarded_constraints, one_of


class Commitment(GuardedRecord):
    """A text or undertaking by which a group binds itself. Titles and clauses are not sealed."""

    kind = "commitment"

    dossiers = models.ManyToManyField(Dossier, related_name="commitments")
    instrument = models.CharField(max_length=3, choices=CODES["instruments"].choices())
    title = models.CharField(max_length=300)
    signed_on = PartialDateField(null=True)
    in_force_from = PartialDateField(null=True)
    ended_on = PartialDateField(null=True)
    review_on = models.DateField(null=True, blank=True)
    parties = models.JSONField(default=list, blank=True)
    norms = CodesField()
    status = models.CharField(max_length=12, choices=CODES["commitment_statuses"].choices())
    legal_effect = models.CharField(
        max_length=10, blank=True, choices=CODES["legal_effects"].choices()
    )
    verification = models.CharField(
        max_length=2, default="V0", choices=CODES["verification"].choices()
    )
    conditions = models.TextField(blank=True)
    reservations = models.TextField(blank=True)
    note = models.TextField(blank=True)

    class Meta:
        verbose_name = "commitment"
        ordering = ["-signed_on_first", "id"]
        constraints = [
            *guarded_constraints("commitment"),
            one_of("commitment", "instrument", CODES["instruments"].values()),
            one_of("commitment", "status", CODES["commitment_statuses"].values()),
            one_of("commitment", "legal_effect", CODES["legal_effects"].values(), blank=True),
            one_of("commitment", "verification", CODES["verification"].values()),
            partial_date_constraint("commitment", "signed_on"),
            partial_date_constraint("commitment", "in_force_from"),
            partial_date_constraint("commitment", "ended_on"),
        ]


class CommitmentStatus(models.Model):
    """One dated step in the life of a commitment; the newest is its status. Never overwritten."""

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="statuses")
    status = models.CharField(max_length=12, choices=CODES["commitment_statuses"].choices())
    since = PartialDateField(null=True)
    recorded_on = models.DateField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            one_of("commitmentstatus", "status", CODES["commitment_statuses"].values()),
            partial_date_constraint("commitmentstatus", "since"),
        ]

    def __str__(self) -> str:
        return self.status


class CommitmentSource(models.Model):
    """Where the text or the fact is to be found, with its grade."""

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="sources")
    source = models.CharField(max_length=20, choices=CODES["source_kinds"].choices())
    reference = models.CharField(max_length=400)
    dated = PartialDateField(null=True)
    grade = GradeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            one_of("commitmentsource", "source", CODES["source_kinds"].values()),
            grade_constraint("commitmentsource"),
            partial_date_constraint("commitmentsource", "dated"),
        ]

    def __str__(self) -> str:
        return self.reference


class Clause(models.Model):
    """One clause of the text: which norm, to do or not to do, and where it stands now."""

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="clauses")
    position = models.PositiveSmallIntegerField()
    norm = models.CharField(max_length=3, choices=CODES["norms"].choices())
    obligation = models.CharField(max_length=6, choices=CODES["clause_obligations"].choices())
    text = models.TextField()
    progress = models.CharField(
        max_length=10, default="promised", choices=CODES["clause_states"].choices()
    )

    class Meta:
        ordering = ["position"]
        constraints = [
            UniqueConstraint(fields=["commitment", "position"], name="clause_once_per_position"),
            one_of("clause", "norm", CODES["norms"].values()),
            one_of("clause", "obligation", CODES["clause_obligations"].values()),
            one_of("clause", "progress", CODES["clause_states"].values()),
        ]

    def __str__(self) -> str:
        return f"{self.norm} {self.obligation}"


class ClauseState(models.Model):
    """One dated state of a clause. Never overwritten."""

    clause = models.ForeignKey(Clause, on_delete=models.CASCADE, related_name="states")
    progress = models.CharField(max_length=10, choices=CODES["clause_states"].choices())
    recorded_on = models.DateField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [one_of("clausestate", "progress", CODES["clause_states"].values())]

    def __str__(self) -> str:
        return self.progress
