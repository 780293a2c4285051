"""The job table is the truth: whatever comes late, twice or dies, the work is done once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from records.jobs import (
    BURST,
    PATIENCE,
    QUIET,
    claim,
    claimed,
    due_jobs,
    failed_jobs,
    put_jobs,
    retry_failed,
)
from records.models import Job

pytestmark = pytest.mark.django_db(transaction=True)

TOPIC = "score"


def put(key: str = "a") -> int:
    with transaction.atomic():
        return put_jobs(TOPIC, [key])[0].id


def do(job_id: int, work: Callable[[], Any] = lambda: None) -> bool:
    with claimed(job_id) as job:
        if job is not None:
            work()
        return job is not None


def state_of(job_id: int) -> str:
    return Job.objects.get(pk=job_id).state


def make_due(job_id: int) -> None:
    Job.objects.filter(pk=job_id).update(due_at=timezone.now() - timedelta(seconds=1))


def let_lease_run_out(job_id: int) -> None:
    Job.objects.filter(pk=job_id).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_asking_often_makes_one_job():
    assert put("a") == put("a")
    assert Job.objects.count() == 1


def test_a_job_asked_for_in_a_lost_transaction_never_was():
    with transaction.atomic():
        put_jobs(TOPIC, ["a"])
        transaction.set_rollback(True)
    assert not due_jobs(TOPIC)


def test_a_doubled_message_does_the_work_once():
    job_id, done = put(), []
    assert do(job_id, lambda: done.append(1))
    assert not do(job_id, lambda: done.append(1))
    assert done == [1]


def test_what_is_asked_for_during_the_work_is_done_again_afterwards():
    first = put("a")
    # The handler has read its facts; somebody changes them now.
    do(first, lambda: put_jobs(TOPIC, ["a"]))
    (second,) = due_jobs(TOPIC)
    assert second != first


def test_work_that_fails_leaves_nothing_and_is_tried_again():
    job_id = put("a")

    def fail() -> None:
        put_jobs("other", ["x"])
        raise ValueError("secret words")

    do(job_id, fail)
    job = Job.objects.get(pk=job_id)
    assert job.state == Job.State.WAITING
    assert job.due_at > timezone.now()
    assert job.error == "ValueError"  # never what was in it
    assert not Job.objects.filter(topic="other").exists()


def test_after_three_failures_the_job_has_failed_and_says_so():
    job_id = put("a")

    def fail() -> None:
        raise ValueError

    for _ in range(3):
        make_due(job_id)
        do(job_id, fail)
    assert state_of(job_id) == Job.State.FAILED
    assert failed_jobs(TOPIC, ["a"]) == {"a": "ValueError"}
    assert not due_jobs(TOPIC)


def test_a_failed_job_can_be_asked_for_again():
    job_id = put("a")
    Job.objects.filter(pk=job_id).update(state=Job.State.FAILED, slot=None)
    (again,) = retry_failed(TOPIC, "a")
    assert due_jobs(TOPIC) == [again.id]
    assert not failed_jobs(TOPIC, ["a"])


def test_a_worker_that_went_silent_is_replaced():
    job_id = put()
    assert claim(job_id)
    assert not due_jobs(TOPIC)
    let_lease_run_out(job_id)
    assert due_jobs(TOPIC) == [job_id]
    assert do(job_id)


def test_a_task_that_kills_its_worker_is_given_up_after_three_tries():
    job_id = put()
    for _ in range(3):
        assert claim(job_id)  # the process dies here: no word, only the counted try
        let_lease_run_out(job_id)
    assert claim(job_id) is None
    assert state_of(job_id) == Job.State.FAILED


def test_a_worker_that_lost_its_lease_cannot_write():
    job_id = put()
    with claimed(job_id) as job:
        assert job is not None
        put_jobs("other", ["late"])
        Job.objects.filter(pk=job_id).update(fence=job.fence + 1)  # somebody took it over
    assert not Job.objects.filter(topic="other").exists()
    assert state_of(job_id) == Job.State.RUNNING


def do_often(key: str, times: int) -> None:
    for _ in range(times):
        do(put(key))


def test_a_burst_is_done_when_it_has_gone_quiet():
    do_often("a", BURST)
    (asked,) = put_jobs(TOPIC, ["a"])
    assert asked.wait == QUIET
    assert not due_jobs(TOPIC)
    make_due(asked.id)
    assert do(asked.id)


def test_the_longer_a_burst_the_longer_the_quiet_that_it_waits_for():
    waits = []
    for _ in range(7):
        (asked,) = put_jobs(TOPIC, ["a"])
        waits.append(asked.wait.total_seconds())
        make_due(asked.id)
        do(asked.id)
    assert waits == [0, 0, 0, 2, 4, 8, 16]


def test_asking_again_in_a_burst_makes_no_second_job():
    do_often("a", BURST)
    first, second = put_jobs(TOPIC, ["a"]) + put_jobs(TOPIC, ["a"])
    assert first.id == second.id


def test_a_burst_that_never_goes_quiet_is_done_all_the_same():
    do_often("a", BURST)
    job_id = put("a")
    Job.objects.filter(pk=job_id).update(asked_at=timezone.now() - PATIENCE - QUIET)
    put("a")
    assert due_jobs(TOPIC) == [job_id]


def test_a_burst_on_one_key_holds_up_no_other():
    do_often("a", BURST)
    a, b = put_jobs(TOPIC, ["a", "b"])
    assert (a.wait, b.wait) == (QUIET, timedelta())
    assert due_jobs(TOPIC) == [b.id]


def test_a_server_whose_clock_is_wrong_delays_no_job(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: datetime.now(UTC) + timedelta(days=1))
    job_id = put("a")
    monkeypatch.undo()
    assert due_jobs(TOPIC) == [job_id]


def in_threads(work: Callable[[], Any], number: int) -> list[Any]:
    start, results = threading.Barrier(number), []

    def run() -> None:
        try:
            start.wait()
            results.append(work())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_many_workers_at_once_do_a_job_once():
    job_id = put()
    assert in_threads(lambda: do(job_id), 6).count(True) == 1


def test_many_writers_at_once_ask_for_one_job():
    assert len(set(in_threads(lambda: put("a"), 6))) == 1
    assert Job.objects.count() == 1


def test_a_job_cannot_be_claimed_before_the_change_behind_it_is_there_to_be_read():
    """Or a worker would read the old facts, and nobody would come back for the new ones."""
    if not connection.features.has_select_for_update_skip_locked:
        return  # SQLite has one writer at a time: the claim waits for the commit by itself
    job_id = put("a")
    claims: list[Any] = []
    with transaction.atomic():
        put_jobs(TOPIC, ["a"])  # a second change touches the waiting job, uncommitted
        claims += in_threads(lambda: claim(job_id), 1)
    assert claims == [None]
    assert due_jobs(TOPIC) == [job_id]
