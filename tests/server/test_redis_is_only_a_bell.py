"""Redis may stop, hang, forget or lie: saving goes on, and each score arrives, once."""

from __future__ import annotations

import statistics

import pytest

from tests.server.client import agrees_with_its_evidence, meeting_with

pytestmark = pytest.mark.server

SLOWER = 1.0  # seconds that a save may take longer than usual
SWEEP = 15.0  # seconds in which the sweep has found what no bell announced


def usual_seconds(parley, engagement: str) -> float:
    answers = [parley.client.save(meeting_with(engagement)) for _ in range(5)]
    assert {answer.status for answer in answers} == {201}
    return statistics.median(answer.seconds for answer in answers)


def save_five(parley, engagement: str) -> list[float]:
    answers = [parley.client.save(meeting_with(engagement)) for _ in range(5)]
    assert {answer.status for answer in answers} == {201}
    return [answer.seconds for answer in answers]


def test_redis_stopped_while_saving_and_started_again(parley):
    mine = parley.take()
    usual = usual_seconds(parley, mine["id"])
    parley.servers.redis.stop()
    seconds = save_five(parley, mine["id"])
    assert max(seconds) < usual + SLOWER
    assert parley.client.score(mine["dossier"])["state"] == "pending"
    parley.servers.redis.start()
    score = parley.client.wait_for_score(mine["dossier"], facts=10, seconds=60)
    assert agrees_with_its_evidence(parley.client, mine["dossier"], score)


def test_redis_frozen_while_saving_and_thawed(parley):
    mine = parley.take()
    usual = usual_seconds(parley, mine["id"])
    parley.servers.redis.freeze()
    seconds = save_five(parley, mine["id"])
    parley.servers.redis.thaw()
    assert max(seconds) < usual + SLOWER
    score = parley.client.wait_for_score(mine["dossier"], facts=10, seconds=60)
    assert agrees_with_its_evidence(parley.client, mine["dossier"], score)


def test_redis_flushed_with_the_messages_still_in_it(parley):
    mine = parley.take()
    parley.servers.stop("worker")
    assert parley.client.save(meeting_with(mine["id"])).status == 201
    parley.servers.redis.flush()
    parley.servers.start("worker")
    score = parley.client.wait_for_score(mine["dossier"], facts=1, seconds=SWEEP)
    assert agrees_with_its_evidence(parley.client, mine["dossier"], score)


def test_redis_out_of_memory(parley):
    mine = parley.take()
    parley.servers.redis.limit_memory("1mb")
    assert parley.client.save(meeting_with(mine["id"])).status == 201
    parley.servers.redis.limit_memory("0")
    parley.client.wait_for_score(mine["dossier"], facts=1, seconds=SWEEP)


def test_doubled_late_and_forged_messages_do_nothing_twice(parley):
    mine = parley.take()
    published = parley.client.published(mine["dossier"])
    assert parley.client.save(meeting_with(mine["id"])).status == 201
    parley.client.wait_for_score(mine["dossier"], facts=1, seconds=5)
    before = parley.rows("SELECT id, state, fence FROM records_job ORDER BY id")
    parley.servers.manage("shell", "-c", RING_FOR_EVERYTHING)
    assert parley.client.save(meeting_with(mine["id"])).status == 201
    parley.client.wait_for_score(mine["dossier"], facts=2, seconds=30)
    after = parley.rows("SELECT id, state, fence FROM records_job ORDER BY id")
    assert after[: len(before)] == before
    assert parley.client.published(mine["dossier"]) == published + 2


RING_FOR_EVERYTHING = """
from engagements.tasks import run_job, sweep_jobs
from records.models import Job
from config.celery import app
for pk in Job.objects.values_list("pk", flat=True):
    run_job.delay(pk)
    run_job.delay(pk)
run_job.delay(999_999_999)
run_job.delay("no number")
app.send_task("engagements.tasks.run_job")
app.send_task("engagements.tasks.no_such_task")
for _ in range(3):
    sweep_jobs.delay()
"""
