"""What happens to scores when facts change: they are behind, and a recompute is asked for."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

from engagements.models import Dossier
from engagements.tasks import SCORE, run_job
from records.bell import ring
from records.jobs import put_jobs
from scorecards.services.snapshots import ask, lock_standings

SILENCE = 5.0  # seconds without trying Redis again after it did not answer

log = logging.getLogger(__name__)
_quiet_until = 0.0


def mark_stale(
    dossier_ids: Iterable[UUID], *, level: int, because: tuple[str, UUID] | None
) -> None:
    """Facts of this level changed: from that clearance up the scores are behind, and due.

    Call in the transaction that changes the facts. `because` is (kind, id) of the record.
    """
    wanted = sorted(set(dossier_ids))
    if wanted:
        ask(wanted, level=level, because=because)
        rescore_after_commit(wanted)


def rescore_after_commit(dossier_ids: Sequence[UUID]) -> None:
    """Put the jobs in this transaction, and nudge a worker once it has committed."""
    jobs = put_jobs(SCORE, [str(pk) for pk in dossier_ids])

    def nudge() -> None:
        _nudge(jobs)

    transaction.on_commit(nudge, robust=True)


def _nudge(jobs: Sequence[int]) -> None:
    """Best effort, and never long: the sweep finds what no bell announced."""
    global _quiet_until
    if not settings.CELERY_BROKER_URL:
        ring()
        return
    if time.monotonic() < _quiet_until:
        return
    try:
        for job_id in jobs:
            run_job.apply_async((job_id,), retry=False)
    except (OperationalError, OSError):
        _quiet_until = time.monotonic() + SILENCE
        log.warning("Redis does not answer; the sweep will find the jobs.")


def hold_scores(engagement_id: UUID) -> None:
    """Take the locks of all the engagement's scores first, in one order: whoever then marks them
    stale piece by piece cannot stand crosswise to another writer.
    """
    dossiers = Dossier.objects.filter(engagement=engagement_id)
    lock_standings(list(dossiers.values_list("pk", flat=True)))
