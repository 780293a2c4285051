"""What happens to scores when facts change: they are behind, and a recompute is asked for."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from engagements.models import Dossier
from engagements.selectors.every_dossier import every_dossier, in_chunks
from engagements.tasks import SCORE, run_job
from records.bell import ring
from records.jobs import Asked, put_jobs
from scorecards.services.snapshots import ask, ask_all, hold_standings

SILENCE = 5.0  # seconds without trying Redis again after it did not answer

log = logging.getLogger(__name__)
_quiet_until = 0.0
_ringer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="bell")


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


def mark_all_stale(*, because: tuple[str, UUID]) -> None:
    """Every dossier is behind at every clearance: the method changed, not its facts."""
    ask_all(because=because)
    put_for_all(SCORE)


def put_for_all(topic: str) -> None:
    """One job per dossier, some hundreds a statement; the sweep does them, without a message for
    each.
    """
    for chunk in in_chunks(every_dossier()):
        put_jobs(topic, chunk)
    transaction.on_commit(ring, robust=True)


def rescore_after_commit(dossier_ids: Sequence[UUID]) -> None:
    """Put the jobs in this transaction, and nudge a worker once it has committed."""
    jobs = put_jobs(SCORE, [str(pk) for pk in dossier_ids])
    transaction.on_commit(lambda: _nudge(jobs), robust=True)


def _nudge(jobs: Sequence[Asked]) -> None:
    """Best effort, and the save does not wait for it: the sweep finds what no bell announced."""
    if settings.CELERY_BROKER_URL:
        _ringer.submit(_send, jobs)
    else:
        ring()


def _send(jobs: Sequence[Asked]) -> None:
    global _quiet_until
    if time.monotonic() < _quiet_until:
        return
    try:
        for job in jobs:
            if not job.wait:  # the sweep does those that wait for quiet
                run_job.apply_async((job.id,), retry=False)
    except Exception as error:  # absent, hung or full: the jobs are kept all the same
        _quiet_until = time.monotonic() + SILENCE
        reason = type(error).__name__
        log.warning("Redis takes no message (%s): the sweep will find the jobs", reason)


def hold_scores(engagement_id: UUID) -> None:
    """Take the locks of all the engagement's scores first, in one order: whoever then marks them
    stale piece by piece cannot stand crosswise to another writer.
    """
    hold_standings(Q(dossier__in=Dossier.objects.filter(engagement=engagement_id).values("pk")))
