"""Row 25: how long until a fresh process answers, and until a fresh database has its tables."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from engagements.bench.bars import Figure
from engagements.bench.processes import (
    answers,
    cpu_seconds,
    free_port,
    running,
    up_command,
    wait_until,
    web_command,
)
from engagements.bench.registers import drop_database, empty_database, environment_of, run
from engagements.bench.rows import Here, row
from engagements.bench.timing import seconds

STARTS = 3


@row(25)
def cold_start(here: Here) -> Iterator[Figure]:
    """`up` on the embedded default, the web server of server mode on PostgreSQL."""
    starts = [first_answer(here) for _ in range(STARTS)]
    computing = median(cpu for _, cpu in starts)
    note = f"median of {STARTS}; {computing:.1f} s of it computing"
    yield Figure("cold_start", median(wall for wall, _ in starts), note)


def first_answer(here: Here) -> tuple[float, float]:
    """Seconds until the process answers, and its computing time until then."""
    port = free_port()
    command = up_command(port) if here.engine == "sqlite" else web_command(port)
    with running(command, os.environ) as process:
        wall = wait_until(lambda: answers(port, "/health/live"), seconds=60)
        return wall, cpu_seconds(process.pid)


@row(25)
def first_migrate(here: Here) -> Iterator[Figure]:
    with empty_place(here) as environment:
        time = seconds(lambda: run("migrate", "--verbosity", "0", environment=environment))
    yield Figure("migrate", time, "start of the command included")


@contextmanager
def empty_place(here: Here) -> Iterator[dict[str, str]]:
    folder, database = Path(tempfile.mkdtemp(prefix="parley-bench-")), f"parley_empty_{os.getpid()}"
    empty_database(here.engine, folder, here.postgres, database)
    try:
        yield {**os.environ, **environment_of(here.engine, folder, here.postgres, database)}
    finally:
        drop_database(here.engine, here.postgres, database)
        shutil.rmtree(folder, ignore_errors=True)
