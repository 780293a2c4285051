"""Celery's entry: an id in, one call. A message is a bell; the job row is the truth."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from engagements.ageing import look_again
from engagements.restating import restate
from engagements.scorer import rescore
from engagements.selectors.every_dossier import in_chunks, not_scored_on
from records.jobs import claimed, due_jobs, forget_done_jobs, put_jobs, was_asked

SCORE = "score"  # a dossier whose facts changed
AGE = "age"  # a dossier to be looked at because a day has passed
AGE_ALL = "age_all"  # a day on which all dossiers are to be looked at
RESTATE = "restate"  # a dossier whose past is to be computed by the set in force

# What is done first, and how much of it before the others have their turn again.
AT_ONCE = {SCORE: 100, AGE_ALL: 1, AGE: 5, RESTATE: 1}


@shared_task
def run_job(job_id: int) -> None:
    """Do what the job names; a doubled or late message does nothing."""
    with claimed(job_id) as job:
        if job is not None:
            _WORK[job.topic](job.key)


def _score(key: str) -> None:
    rescore(UUID(key), as_of=timezone.localdate())


def _age(key: str) -> None:
    look_again(UUID(key), as_of=timezone.localdate())


def _age_all(key: str) -> None:
    """One job per dossier that was not scored on that day yet."""
    for chunk in in_chunks(not_scored_on(date.fromisoformat(key))):
        put_jobs(AGE, chunk)


def _restate(key: str) -> None:
    restate(UUID(key))


_WORK: dict[str, Callable[[str], None]] = {
    SCORE: _score,
    AGE: _age,
    AGE_ALL: _age_all,
    RESTATE: _restate,
}


@shared_task
def sweep_jobs() -> int:
    """Do what is due and was not heard: lost bells, backed-off tries, silent workers.

    The most urgent kind alone: whoever sweeps until nothing is left does the others too, and
    looks in between whether a score is due.
    """
    for topic, most in AT_ONCE.items():
        if jobs := due_jobs(topic, at_most=most):
            for job_id in jobs:
                run_job(job_id)
            return len(jobs)
    return 0


@shared_task
def age_scores() -> bool:
    """Ask for the ageing of today, once, whoever asks: the schedule, a start, a worker."""
    today = timezone.localdate().isoformat()
    with transaction.atomic():
        if was_asked(AGE_ALL, today):
            return False
        put_jobs(AGE_ALL, [today])
    return True


@shared_task
def tidy_jobs() -> None:
    """Forget jobs that ended well some days ago."""
    forget_done_jobs()
