"""What was acknowledged is there, once, whatever died or came twice; no change is overwritten."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.server.client import agrees_with_its_evidence, meeting_with

pytestmark = pytest.mark.server

CLIENTS, EACH = 4, 12  # meetings in the ledger
KILL_AFTER = 8  # meetings


def test_no_acknowledged_meeting_is_lost_or_doubled_while_web_processes_are_killed(parley):
    mine = parley.take()
    ledger = [meeting_with(mine["id"], trust=n % 5) for n in range(CLIENTS * EACH)]
    saboteur = Saboteur(parley)
    with ThreadPoolExecutor(CLIENTS) as clients:
        answers = list(clients.map(saboteur.save, ledger))
    assert len(saboteur.killed) > 1
    assert {answer.status for answer in answers} <= {200, 201}
    assert [answer.body["id"] for answer in answers] == [sent["id"] for sent in ledger]
    assert stored(parley, mine) == Counter(sent["id"] for sent in ledger)
    assert readings(parley, mine) == Counter({sent["id"]: 1 for sent in ledger})
    score = parley.client.wait_for_score(mine["dossier"], facts=len(ledger), seconds=90)
    assert agrees_with_its_evidence(parley.client, mine["dossier"], score)


def test_meetings_acknowledged_before_all_of_web_is_killed_are_there_afterwards(parley):
    mine = parley.take()
    ledger = [meeting_with(mine["id"]) for _ in range(12)]
    acknowledged = [sent["id"] for sent in ledger if parley.client.save(sent).status == 201]
    parley.servers.kill("web")
    parley.servers.start("web")
    parley.mend()
    assert stored(parley, mine) == Counter(acknowledged)
    assert len(acknowledged) == len(ledger)


class Saboteur:
    """Saves meetings, and after every so many kills a process of the web server.

    The other clients are in the middle of a save then; the master starts another process.
    """

    def __init__(self, parley) -> None:
        self.parley = parley
        self.saved = 0
        self.killed: list[int] = []
        self.lock = threading.Lock()

    def save(self, meeting):
        answer = self.parley.client.save_until_acknowledged(meeting)
        with self.lock:
            self.saved += 1
            if self.saved % KILL_AFTER == KILL_AFTER // 2:
                self.kill()
        return answer

    def kill(self) -> None:
        if children := children_of(self.parley.servers.processes["web"].pid):
            self.killed.append(random.choice(children))
            os.kill(self.killed[-1], signal.SIGKILL)


def children_of(pid: int) -> list[int]:
    told = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    return [int(word) for word in told.stdout.split()]


def stored(parley, mine) -> Counter[str]:
    statement = "SELECT id FROM engagements_interaction WHERE engagement_id = %s"
    return Counter(str(pk) for (pk,) in parley.rows(statement, mine["id"]))


def readings(parley, mine) -> Counter[str]:
    statement = (
        "SELECT interaction_id FROM engagements_reading JOIN engagements_interaction i"
        " ON i.id = interaction_id WHERE i.engagement_id = %s"
    )
    return Counter(str(pk) for (pk,) in parley.rows(statement, mine["id"]))


def at_once(number, act):
    """Call `act` with 0, 1, ... in as many threads, let off together; their answers."""
    start = threading.Barrier(number)

    def run(turn):
        start.wait()
        return act(turn)

    with ThreadPoolExecutor(number) as threads:
        return list(threads.map(run, range(number)))


def test_twenty_identical_posts_at_once_make_one_meeting(parley):
    mine = parley.take()
    meeting = meeting_with(mine["id"], next_step={"what": "Send the text.", "due_on": "2026-11-30"})
    answers = at_once(20, lambda _: parley.client.save(meeting))
    assert Counter(answer.status for answer in answers) == Counter({200: 19, 201: 1})
    assert {answer.body["id"] for answer in answers} == {meeting["id"]}
    assert stored(parley, mine) == Counter([meeting["id"]])
    assert readings(parley, mine) == Counter([meeting["id"]])


def test_the_same_id_with_other_content_is_refused(parley):
    mine = parley.take()
    meeting = meeting_with(mine["id"])
    assert parley.client.save(meeting).status == 201
    assert parley.client.save(meeting | {"outcome": 1}).status == 409
    assert parley.client.get(f"/interactions/{meeting['id']}/")["outcome"] == meeting["outcome"]


def test_of_changes_sent_at_once_one_is_stored_and_the_others_are_told(parley):
    mine = parley.take()
    meeting = meeting_with(mine["id"], outcome=0)
    assert parley.client.save(meeting).status == 201
    path = f"/interactions/{meeting['id']}/"
    seen = parley.client.call("GET", path)
    answers = at_once(
        6,
        lambda turn: parley.client.call("PATCH", path, {"outcome": turn}, etag=seen.etag),
    )
    assert Counter(answer.status for answer in answers) == Counter({200: 1, 412: 5})
    (stored_one,) = [answer for answer in answers if answer.status == 200]
    now = parley.client.get(path)
    assert now["outcome"] == stored_one.body["outcome"]
    assert now["version"] == 2
