"""Ask again for a recompute that was given up."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.access import Viewer, may
from engagements.models import Dossier
from engagements.services.staleness import rescore_after_commit
from engagements.tasks import SCORE
from records.jobs import retry_failed


@transaction.atomic
def ask_again(viewer: Viewer, dossier: Dossier) -> None:
    """Whoever may work on the dossier may try again; scores that are not behind stay."""
    if not may(viewer, "u", dossier):
        raise PermissionDenied
    retry_failed(SCORE, str(dossier.pk))
    rescore_after_commit([dossier.pk])
