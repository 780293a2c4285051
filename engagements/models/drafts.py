from __future__ import annotations

from uuid import UUID, uuid4

from django.conf import settings
from django.db import models
from django.utils import timezone

from records.fields import SealedJSONField


class Draft(models.Model):
    """What a person has typed and not yet saved; several at once, each with the id of its record.

    `id` becomes the meeting's id, so sending twice gives one meeting. `base_version` is the
    version of the meeting that a correction started from; 0 for a new one.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts"
    )
    context = models.ForeignKey(
        "accounts.Context", null=True, on_delete=models.CASCADE, related_name="+"
    )
    record = models.UUIDField(help_text="The meeting that this draft will become or corrects.")
    base_version = models.PositiveIntegerField(default=0)
    body = SealedJSONField()
    # Counts up with every save, so that a late autosave cannot overwrite a newer one.
    sequence = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(default=timezone.now)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-saved_at"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "record"], name="draft_once_per_record")
        ]

    def __str__(self) -> str:
        return f"draft {self.pk}"

    @property
    def compartment(self) -> UUID | None:
        return self.context_id
