"""Row 18: a burst of meetings costs few recomputes, though each meeting asks for one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from engagements.bench.bars import Figure
from engagements.bench.client import Client, fresh_token, meeting_with
from engagements.bench.processes import (
    answers,
    beat_command,
    cpu_seconds,
    free_port,
    running,
    wait_until,
    web_command,
    worker_command,
)
from engagements.bench.rows import Here, row
from engagements.bench.rows.loop import with_redis
from engagements.models import Dossier
from records.models import Job

MEETINGS, DOSSIERS, CLIENTS = 1_000, 20, 4
SAMPLE = 3  # rounds of one meeting for each dossier, for what one task costs
PATIENCE = 120


@row(18)
def burst(here: Here) -> Iterator[Figure]:
    if here.engine == "sqlite":
        return  # without a broker the same jobs are done by the same code
    dossiers = list(Dossier.objects.filter(norm="GEN").order_by("id")[:DOSSIERS])
    keys = [str(dossier.pk) for dossier in dossiers]
    environment, port, token = with_redis(here), free_port(), fresh_token()
    with ExitStack() as stack:
        stack.enter_context(running(web_command(port), environment))
        stack.enter_context(running(beat_command(), environment))
        worker = stack.enter_context(running(worker_command(), environment))
        wait_until(lambda: answers(port), seconds=60, pause=0.2)
        tasks = Tasks(worker.pid, keys)
        send(port, token, dossiers, MEETINGS)
        runs, computing = tasks.since_then()
        single, apart = 0, 0.0
        for _ in range(SAMPLE):
            send(port, token, dossiers, DOSSIERS)
            more, cost = tasks.since_then()
            single, apart = single + more, apart + cost
    each = apart / single
    yield Figure("burst_runs", runs, f"{CLIENTS} clients over REST")
    note = f"one task costs {each * 1000:.0f} ms of the worker's time"
    yield Figure("burst_time", computing / (each * MEETINGS), note)


class Tasks:
    """Recomputes of some dossiers and the worker's computing time, from one look to the next."""

    def __init__(self, worker: int, keys: Sequence[str]) -> None:
        self.worker = worker
        self.jobs = Job.objects.filter(topic="score", key__in=keys)
        self.jobs.exclude(state=Job.State.WAITING).delete()
        self.done, self.cpu = self._look()

    def _look(self) -> tuple[int, float]:
        return self.jobs.filter(state=Job.State.DONE).count(), cpu_seconds(self.worker)

    def since_then(self) -> tuple[int, float]:
        """Wait until nothing is asked for any more, then how many and how many seconds."""
        wait_until(lambda: not self._unfinished(), seconds=PATIENCE, pause=0.1)
        before, (self.done, self.cpu) = (self.done, self.cpu), self._look()
        return self.done - before[0], self.cpu - before[1]

    def _unfinished(self) -> bool:
        return self.jobs.filter(state__in=[Job.State.WAITING, Job.State.RUNNING]).exists()


def send(port: int, token: str, dossiers: Sequence[Dossier], number: int) -> None:
    """So many meetings, to each dossier in turn, by some clients at once."""
    meetings = [
        meeting_with(str(dossiers[place % len(dossiers)].engagement_id), place)
        for place in range(number)
    ]

    def send_share(first: int) -> None:
        client = Client(port, token)
        for meeting in meetings[first::CLIENTS]:
            client.save(meeting)

    with ThreadPoolExecutor(CLIENTS) as clients:
        list(clients.map(send_share, range(CLIENTS)))
