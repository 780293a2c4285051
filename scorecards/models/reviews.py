from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from records.codes import load
from records.fields import SealedTextField
from records.models.records import GuardedRecord, guarded_constraints, one_of

CODES = load("scorecards")
OPEN = "open"


class ReviewTask(GuardedRecord):
    """Something on a scorecard that a person has to look at again; it changes no number itself.

    A setback asks to look at a neighbouring dimension (section 2.4), two raters far apart ask to
    agree on a criterion or factor (section 3.3). `subject` is the code of that dimension,
    criterion or factor; `because_kind` and `because_record` name the record that asked.
    """

    kind = "review_task"

    # Points up the ladder by name: what is reviewed lies in engagements.
    dossier = models.ForeignKey(
        "engagements.Dossier", on_delete=models.CASCADE, related_name="review_tasks"
    )
    reason = models.CharField(max_length=12, choices=CODES["review_reasons"].choices())
    subject = models.CharField(max_length=20)
    opened_on = models.DateField()
    because_kind = models.CharField(max_length=20)
    because_record = models.UUIDField()
    progress = models.CharField(
        max_length=8, default=OPEN, choices=CODES["review_progress"].choices()
    )
    closed_on = models.DateField(null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    note = SealedTextField()

    class Meta:
        verbose_name = "review task"
        ordering = ["opened_on", "id"]
        constraints = [
            *guarded_constraints("reviewtask"),
            one_of("reviewtask", "reason", CODES["review_reasons"].values()),
            one_of("reviewtask", "progress", CODES["review_progress"].values()),
            UniqueConstraint(
                fields=["dossier", "reason", "subject", "level"],
                condition=Q(progress=OPEN, state="current"),
                name="reviewtask_open_once",
            ),
            CheckConstraint(
                condition=Q(progress=OPEN, closed_on=None) | ~Q(progress=OPEN),
                name="reviewtask_open_has_no_end",
            ),
        ]
