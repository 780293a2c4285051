"""Celery's entry: an id in, one call. A message is a bell; the job row is the truth."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from engagements.scorer import rescore
from records.jobs import claimed, due_jobs, forget_done_jobs

SCORE = "score"


@shared_task
def run_job(job_id: int) -> None:
    """Rescore the dossier that the job names; a doubled or late message does nothing."""
    with claimed(job_id) as job:
        if job is not None:
            rescore(UUID(job.key), as_of=timezone.localdate())


@shared_task
def sweep_jobs() -> int:
    """Do what is due and was not heard: lost bells, backed-off tries, silent workers."""
    jobs = due_jobs(SCORE)
    for job_id in jobs:
        run_job(job_id)
    return len(jobs)


@shared_task
def tidy_jobs() -> None:
    """Forget jobs that ended well some days ago."""
    forget_done_jobs()
