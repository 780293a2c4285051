"""The outbox: work asked for in a transaction, done afterwards, once in effect.

`put_jobs` writes rows in the caller's transaction. `claimed` leases one row, runs the work and
marks it done in one transaction: whoever comes late, twice or with a run-out lease does nothing.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from records.models import Job

LEASE = timedelta(seconds=60)
MOST_TRIES = 3
KEEP_DONE = timedelta(days=2)

# Work that was done this often within five minutes is in a burst. It then waits until nobody has
# asked for a while, the longer the more often it was done, yet never longer than the patience:
# fifty meetings cost few recomputes, and the first of them show at once.
BURST = 3
BURST_WINDOW = timedelta(minutes=5)
QUIET = timedelta(seconds=2)
LONGEST_QUIET = timedelta(seconds=16)
PATIENCE = timedelta(seconds=60)
NO_WAIT = timedelta()

log = logging.getLogger(__name__)


class Asked(NamedTuple):
    """A job that was asked for, and how long it waits for quiet."""

    id: int
    wait: timedelta


def put_jobs(topic: str, keys: Iterable[str]) -> list[Asked]:
    """Ask for work in the current transaction; one waiting job per topic and key.

    The upsert locks a waiting row until commit: a worker can then not claim it, and read the
    facts, before this transaction's changes are there to be read. Keys are sorted so that two
    transactions lock in one order. Times are the database's: clocks of web servers may differ.
    """
    wanted = sorted({str(key) for key in keys})
    waiting, done = _lately(topic, wanted)
    waits = {key: _quiet(done[key]) for key in wanted if not waiting.get(key)}
    jobs = [
        Job(
            topic=topic,
            key=key,
            slot=f"{topic}:{key}",
            asked_at=Now(),
            due_at=Now() + waits.get(key, NO_WAIT),
        )
        for key in wanted
    ]
    made = Job.objects.bulk_create(
        jobs, update_conflicts=True, unique_fields=["slot"], update_fields=["due_at"]
    )
    return [Asked(job.pk, waits.get(job.key, NO_WAIT)) for job in made]


def _lately(topic: str, keys: list[str]) -> tuple[dict[str, bool], Counter[str]]:
    """The keys whose job waits already (True: out of patience), and how often each was done."""
    recent = Q(state=Job.State.WAITING) | Q(ended_at__gt=Now() - BURST_WINDOW)
    rows = (
        Job.objects.filter(recent, topic=topic, key__in=keys)
        .annotate(waited=Q(asked_at__lt=Now() - PATIENCE))
        .values_list("key", "state", "waited")
    )
    waiting = {key: waited for key, state, waited in rows if state == Job.State.WAITING}
    return waiting, Counter(key for key, state, _ in rows if state == Job.State.DONE)


def _quiet(done: int) -> timedelta:
    """How long it has to be quiet before work that was done so often is done again."""
    if done < BURST:
        return NO_WAIT
    return min(QUIET * (1 << min(done - BURST, 8)), LONGEST_QUIET)


def due_jobs(topic: str, *, at_most: int = 100) -> list[int]:
    """Jobs that could be claimed now: waiting and due, or held by somebody who went silent."""
    return list(
        _claimable()
        .filter(topic=topic)
        .order_by("due_at", "pk")
        .values_list("pk", flat=True)[:at_most]
    )


def _claimable() -> Any:
    waiting = Q(state=Job.State.WAITING, due_at__lte=Now())
    abandoned = Q(state=Job.State.RUNNING, lease_until__lt=Now())
    return Job.objects.filter(waiting | abandoned)


def claim(job_id: int) -> Job | None:
    """Lease the job, with the try counted before the work begins; None if it is not to be had."""
    with transaction.atomic():
        rows = _claimable().filter(pk=job_id)
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True)
        job: Job | None = rows.first()
        if job is None:
            return None
        if job.tries >= MOST_TRIES:
            _give_up(job, job.error or "The work ended without a word, three times.")
            return None
        Job.objects.filter(pk=job.pk).update(
            state=Job.State.RUNNING,
            slot=None,
            tries=F("tries") + 1,
            fence=F("fence") + 1,
            lease_until=Now() + LEASE,
        )
    job.refresh_from_db()
    return job


class LeaseLost(Exception):
    """Somebody else has taken this job over; nothing that was done here may stay."""


@contextmanager
def claimed(job_id: int) -> Iterator[Job | None]:
    """Run the block for a claimed job, in one transaction with "done"; or with None.

    An error in the block undoes its work, is kept on the row in plain words, and the job
    waits longer before each further try; after three it has failed and says so.
    """
    job = claim(job_id)
    if job is None:
        yield None
        return
    try:
        with transaction.atomic():
            yield job
            _finish(job)
    except LeaseLost:
        log.warning("job %s: lease lost, work undone", job.pk)
    except Exception as error:
        log.exception("job %s failed on try %s", job.pk, job.tries)
        _put_back(job, f"{type(error).__name__}")


def _finish(job: Job) -> None:
    done = Job.objects.filter(pk=job.pk, fence=job.fence, state=Job.State.RUNNING)
    if not done.update(state=Job.State.DONE, ended_at=Now(), lease_until=None, error=""):
        raise LeaseLost


def _put_back(job: Job, error: str) -> None:
    with transaction.atomic():
        mine = Job.objects.select_for_update().filter(pk=job.pk, fence=job.fence)
        if mine.filter(state=Job.State.RUNNING).first() is None:
            return
        if job.tries >= MOST_TRIES:
            _give_up(job, error)
            return
        slot = f"{job.topic}:{job.key}"
        if Job.objects.filter(slot=slot).exists():  # asked for again meanwhile: that row goes on
            mine.update(state=Job.State.DONE, ended_at=Now(), error=error, lease_until=None)
            return
        wait = timedelta(seconds=2 ** (2 * job.tries))
        mine.update(
            state=Job.State.WAITING, slot=slot, due_at=Now() + wait, error=error, lease_until=None
        )


def _give_up(job: Job, error: str) -> None:
    Job.objects.filter(pk=job.pk).update(
        state=Job.State.FAILED, slot=None, ended_at=Now(), error=error, lease_until=None
    )


def retry_failed(topic: str, key: str) -> list[Asked]:
    """Ask once more for work that was given up; the caller decides who may."""
    Job.objects.filter(topic=topic, key=str(key), state=Job.State.FAILED).update(
        state=Job.State.DONE, ended_at=Now()
    )
    return put_jobs(topic, [key])


def failed_jobs(topic: str, keys: Iterable[str]) -> dict[str, str]:
    """The keys whose newest job was given up, with its error."""
    rows = Job.objects.filter(topic=topic, key__in=[str(key) for key in keys])
    newest: dict[str, Job] = {row.key: row for row in rows.order_by("pk")}
    return {key: job.error for key, job in newest.items() if job.state == Job.State.FAILED}


def unfinished(topic: str, keys: Iterable[str]) -> int:
    """How many of these wait or are being done."""
    going_on = [Job.State.WAITING, Job.State.RUNNING]
    rows = Job.objects.filter(topic=topic, key__in=[str(key) for key in keys], state__in=going_on)
    return rows.values("key").distinct().count()


def was_asked(topic: str, key: str, *, undone: bool = False) -> bool:
    """Whether this work was asked for lately; `undone`: and has not ended well yet."""
    rows = Job.objects.filter(topic=topic, key=key)
    return (rows.exclude(state=Job.State.DONE) if undone else rows).exists()


def forget_done_jobs() -> int:
    """Delete jobs that ended well some time ago; failures stay until somebody looks."""
    old = Job.objects.filter(state=Job.State.DONE, ended_at__lt=Now() - KEEP_DONE)
    return old.delete()[0]
