"""Workers may stop, die in the middle or be too many: each score arrives, and is applied once."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import contextmanager

import pytest

from tests.server.client import agrees_with_its_evidence, meeting_with
from tests.servers import wait_until

pytestmark = pytest.mark.server

TWO_MINUTES = 120.0


def test_meetings_saved_while_no_worker_runs_are_scored_when_it_is_back(parley):
    mine = parley.take()
    published = parley.client.published(mine["dossier"])
    parley.servers.stop("worker")
    for _ in range(6):
        assert parley.client.save(meeting_with(mine["id"])).status == 201
    assert parley.client.score(mine["dossier"])["state"] == "pending"
    parley.servers.start("worker")
    score = parley.client.wait_for_score(mine["dossier"], facts=6, seconds=30)
    assert agrees_with_its_evidence(parley.client, mine["dossier"], score)
    assert parley.client.published(mine["dossier"]) == published + 1


def test_a_job_whose_worker_is_killed_in_the_middle_is_done_once_within_two_minutes(parley):
    """First the pool's process alone, then all of the worker, each with a job in its hands."""
    first, second = parley.take(), parley.take()
    published = [parley.client.published(one["dossier"]) for one in (first, second)]
    with busy_on(parley, first):
        os.kill(pool_process_of(parley), signal.SIGKILL)
    with busy_on(parley, second):
        parley.servers.kill("worker")
    parley.servers.start("worker")
    for one, times in zip((first, second), published, strict=True):
        score = parley.client.wait_for_score(one["dossier"], facts=1, seconds=TWO_MINUTES)
        assert agrees_with_its_evidence(parley.client, one["dossier"], score)
        assert parley.client.published(one["dossier"]) == times + 1


@contextmanager
def busy_on(parley, mine):
    """A meeting is saved, and the worker stands in the middle of its job: it waits for a lock."""
    parley.servers.stop("worker")
    assert parley.client.save(meeting_with(mine["id"])).status == 201
    with parley.database() as connection:
        connection.execute(
            "SELECT 1 FROM scorecards_standing WHERE dossier_id = %s FOR UPDATE", [mine["dossier"]]
        )
        parley.servers.start("worker")
        wait_until(lambda: is_waiting_for_a_lock(parley), seconds=30, what="a worker at work")
        yield


def is_waiting_for_a_lock(parley) -> bool:
    return bool(waiting_backends(parley))


def waiting_backends(parley):
    return parley.rows(
        "SELECT pid, client_port FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )


def pool_process_of(parley) -> int:
    """The process of the worker's pool that holds the job: the one whose connection waits."""
    ((_, port),) = waiting_backends(parley)
    worker = parley.servers.processes["worker"].pid
    children = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(worker)], capture_output=True, text=True, check=True
    )
    for pid in map(int, children.stdout.split()):
        if port in local_ports(pid):
            return pid
    raise AssertionError("no process of the pool holds that connection")


def local_ports(pid: int) -> set[int]:
    """The local ports of a process's TCP connections."""
    open_sockets = set()
    for name in os.listdir(f"/proc/{pid}/fd"):
        try:
            open_sockets.add(os.readlink(f"/proc/{pid}/fd/{name}"))
        except OSError:
            continue
    with open(f"/proc/{pid}/net/tcp") as table:
        rows = [line.split() for line in table.readlines()[1:]]
    return {int(row[1].split(":")[1], 16) for row in rows if f"socket:[{row[9]}]" in open_sockets}


def test_two_workers_and_two_schedulers_do_each_job_once(parley, second):
    mine = [parley.take() for _ in range(4)]
    published = [parley.client.published(one["dossier"]) for one in mine]
    parley.servers.stop("worker")
    for one in mine:
        for _ in range(3):
            assert parley.client.save(meeting_with(one["id"])).status == 201
    second("worker")
    second("beat")
    parley.servers.start("worker")
    for one, times in zip(mine, published, strict=True):
        score = parley.client.wait_for_score(one["dossier"], facts=3, seconds=30)
        assert agrees_with_its_evidence(parley.client, one["dossier"], score)
        assert parley.client.published(one["dossier"]) == times + 1
