from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import Q, UniqueConstraint


class DataKey(models.Model):
    """A wrapped data key. `compartment` is a context's id, or the organisation's nil id."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    compartment = models.UUIDField(editable=False)
    wrapped = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["compartment"],
                condition=Q(retired_at=None),
                name="datakey_one_in_use_per_context",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
