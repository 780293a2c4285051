"""Row 17: from the save to the new score in the page, as a person waits for it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from statistics import median

from engagements.bench.bars import Figure
from engagements.bench.client import Client, fresh_session, fresh_token, meeting_with
from engagements.bench.processes import (
    answers,
    free_port,
    running,
    up_command,
    wait_until,
    web_command,
    worker_command,
)
from engagements.bench.rows import Here, row
from engagements.bench.rows.recomputing import MEDIAN, dossier_of_about, dossiers_of_about

ROUNDS = 10
POLL = 1.0  # seconds between two looks of a page at a score that is being recomputed
NOTHING_NEW = 204  # what the page's own question for new scores is answered while it waits


@row(17)
def save_to_score(here: Here) -> Iterator[Figure]:
    if here.engine == "sqlite":
        with embedded() as client:
            yield Figure("embedded", *waited(client))
    else:
        with server_mode(here) as client:
            yield Figure("server", *waited(client))


def waited(client: Client) -> tuple[float, str]:
    """The median over some dossiers in turn: each save finds its dossier and the worker idle."""
    times, sizes = [], []
    for number, (dossier, meetings) in enumerate(dossiers_of_about(MEDIAN, ROUNDS)):
        page = f"/dossiers/{dossier.pk}/scores/"
        begun = time.monotonic()
        client.save(meeting_with(str(dossier.engagement_id), number))
        while is_pending(client, page):
            time.sleep(POLL)
        times.append(time.monotonic() - begun)
        sizes.append(meetings)
        time.sleep(1)
    note = f"{min(sizes)} to {max(sizes)} meetings; longest of {ROUNDS}: {max(times):.2f} s"
    return median(times), note


def is_pending(client: Client, page: str) -> bool:
    status, _ = client.ask("GET", page)
    if status not in (200, NOTHING_NEW):
        raise RuntimeError(f"{page} answered {status}")
    return status == NOTHING_NEW


@contextmanager
def embedded() -> Iterator[Client]:
    """`up`, as a first user has it: pages and jobs in one process."""
    port, token, session = free_port(), fresh_token(), fresh_session()
    with running(up_command(port), os.environ):
        wait_until(lambda: answers(port), seconds=60, pause=0.2)
        yield Client(port, token, session)


@contextmanager
def server_mode(here: Here) -> Iterator[Client]:
    """Web and worker with a Redis between them; no scheduler, so every bell has to be heard."""
    port, token, session = free_port(), fresh_token(), fresh_session()
    environment = with_redis(here)
    with ExitStack() as stack:
        stack.enter_context(running(web_command(port), environment))
        stack.enter_context(running(worker_command(), environment))
        wait_until(lambda: answers(port), seconds=60, pause=0.2)
        client = Client(port, token, session)
        dossier, _ = dossier_of_about(MEDIAN)
        client.save(meeting_with(str(dossier.engagement_id), 0))
        page = f"/dossiers/{dossier.pk}/scores/"
        wait_until(lambda: not is_pending(client, page), seconds=60, pause=0.2)
        yield client


def with_redis(here: Here) -> Mapping[str, str]:
    """Keys with a prefix of this run: nothing of another is heard, and nothing is flushed."""
    prefix = f"parley-bench-{os.getpid()}:"
    return {**os.environ, "PARLEY_REDIS_URL": here.redis, "PARLEY_REDIS_PREFIX": prefix}
