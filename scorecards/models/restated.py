from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils import timezone

from scorecards.models.snapshots import KINDS, ScoreSnapshot
from scorecards.models.weights import WeightSet


class RestatedScore(models.Model):
    """A past day's score under another weight set: beside what was published, never in its place.

    Computed from what was entered by the end of that day, as it is known when it is restated
    (section 3.6). Restating the day again points to the newer snapshot.
    """

    kind = models.CharField(max_length=16, choices=KINDS)
    # Points up the ladder by name: the scored unit lies in engagements.
    dossier = models.ForeignKey(
        "engagements.Dossier", on_delete=models.CASCADE, related_name="restated_scores"
    )
    clearance = models.PositiveSmallIntegerField()
    day = models.DateField()
    weight_set = models.ForeignKey(WeightSet, on_delete=models.PROTECT, related_name="+")
    snapshot = models.ForeignKey(ScoreSnapshot, on_delete=models.PROTECT, related_name="+")
    restated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["dossier", "weight_set", "kind", "clearance", "day"],
                name="restated_once_per_day_and_set",
            ),
            CheckConstraint(
                condition=Q(clearance__range=(1, 4)), name="restated_clearance_is_1_to_4"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.dossier_id} {self.day}"
