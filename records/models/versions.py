from __future__ import annotations

from uuid import UUID, uuid4

from django.conf import settings
from django.db import models
from django.db.models import UniqueConstraint
from django.utils import timezone

from records.fields import SealedJSONField, SealedTextField


class RecordVersion(models.Model):
    """What a record said in one version, kept when it was replaced. Never changed afterwards.

    `body` holds the structured part; `words` the sealed texts, under the record's own key.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(max_length=40)
    record = models.UUIDField()
    number = models.PositiveIntegerField()
    context = models.ForeignKey(  # points up by name: see GuardedRecord
        "accounts.Context", null=True, on_delete=models.PROTECT, related_name="+"
    )
    body = models.JSONField()
    words = SealedJSONField()
    reason = SealedTextField()
    replaced_at = models.DateTimeField(default=timezone.now)
    replaced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [UniqueConstraint(fields=["record", "number"], name="version_numbers_differ")]

    def __str__(self) -> str:
        return f"{self.kind} {self.record} version {self.number}"

    @property
    def compartment(self) -> UUID | None:
        return self.context_id
