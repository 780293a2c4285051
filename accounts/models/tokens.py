from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.models.contexts import Context


class ApiToken(models.Model):
    """A key for a program, acting with its owner's rights, cut to contexts and to level 3.

    Only a digest is kept; the token itself is shown once.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tokens"
    )
    name = models.CharField(max_length=80, help_text="What uses it, for example “monthly report”.")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    contexts = models.ManyToManyField(Context, blank=True, help_text="None chosen: all of yours.")
    can_write = models.BooleanField(default=False)
    networks = models.TextField(blank=True, help_text="Addresses it may call from, one per line.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    last_used_on = models.DateField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name
