from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils import timezone

from scorecards.models.weights import WeightSet

SCORECARD, SUCCESS_FACTORS = "scorecard", "success_factors"
KINDS = [(SCORECARD, "scorecard"), (SUCCESS_FACTORS, "success factors")]


class ScoreSnapshot(models.Model):
    """A computed result that never changes: these inputs, on this day, by this method.

    `result` is the computed part of the API's answer; `value` its headline (index or score).
    `contributions` are the points c_f of each success factor, unrounded: what a later move is
    split from (section 3.4). A scorecard has none.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(max_length=16, choices=KINDS)
    # Points up the ladder by name: the scored unit lies in engagements.
    dossier = models.ForeignKey(
        "engagements.Dossier", on_delete=models.CASCADE, related_name="snapshots"
    )
    as_of = models.DateField()
    weight_set = models.ForeignKey(WeightSet, on_delete=models.PROTECT)
    engine = models.CharField(max_length=20)
    inputs_digest = models.CharField(max_length=80)
    result = models.JSONField()
    value = models.FloatField(null=True)
    contributions = models.JSONField(default=dict)
    computed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["kind", "dossier", "as_of", "weight_set", "engine", "inputs_digest"],
                name="snapshot_same_inputs_same_row",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.dossier_id} {self.as_of}"


class Standing(models.Model):
    """One dossier at one clearance: its published scores, and whether they are behind the facts.

    `asked` counts the changes that reached this clearance, `scored` how many of them the
    published score has seen: they differ while a recompute is due. What lies above the
    clearance moves neither.
    """

    dossier = models.ForeignKey(
        "engagements.Dossier", on_delete=models.CASCADE, related_name="standings"
    )
    clearance = models.PositiveSmallIntegerField()
    scorecard = models.ForeignKey(
        ScoreSnapshot, null=True, on_delete=models.PROTECT, related_name="+"
    )
    success_factors = models.ForeignKey(
        ScoreSnapshot, null=True, on_delete=models.PROTECT, related_name="+"
    )
    asked = models.PositiveIntegerField(default=1)
    scored = models.PositiveIntegerField(default=0)
    # The newest change that asked: within this clearance, so its reader may be told of it.
    asked_by_kind = models.CharField(max_length=20, blank=True)
    asked_by_record = models.UUIDField(null=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["dossier", "clearance"], name="standing_once_per_clearance"),
            CheckConstraint(
                condition=Q(clearance__range=(1, 4)), name="standing_clearance_is_1_to_4"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} at {self.clearance}"

    @property
    def is_behind(self) -> bool:
        return self.asked != self.scored


class Publication(models.Model):
    """When a snapshot became what a clearance sees: the history, newest first."""

    kind = models.CharField(max_length=16, choices=KINDS)
    dossier = models.ForeignKey(
        "engagements.Dossier", on_delete=models.CASCADE, related_name="publications"
    )
    clearance = models.PositiveSmallIntegerField()
    snapshot = models.ForeignKey(ScoreSnapshot, on_delete=models.PROTECT)
    published_at = models.DateTimeField(default=timezone.now)
    because_kind = models.CharField(max_length=20, blank=True)
    because_record = models.UUIDField(null=True)

    class Meta:
        ordering = ["-published_at", "-pk"]
        indexes = [
            models.Index(
                fields=["dossier", "kind", "clearance", "-published_at", "-id"],
                name="publication_history",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.dossier_id} at {self.clearance}"
