"""Server mode for the whole folder: started once, and found whole by every test."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest

from tests import machine
from tests.conftest import not_here
from tests.server.client import Client
from tests.servers import OwnRedis, ServerMode, wait_until

SERVICES = ("web", "worker", "beat")
JOBS_NOT_DONE = """
SELECT id, key, state, tries, fence, asked_at, due_at, lease_until, error FROM records_job
WHERE state <> 'done' OR ended_at > now() - interval '90 seconds' ORDER BY id DESC LIMIT 20
"""
SCORES_BEHIND = """
SELECT dossier_id, clearance, asked, scored FROM scorecards_standing WHERE asked <> scored LIMIT 20
"""


@dataclass
class Parley:
    """The running servers, a delegate's client, and engagements that nobody has used yet."""

    servers: ServerMode
    client: Client
    unused: list[dict[str, str]] = field(default_factory=list)

    def take(self) -> dict[str, str]:
        """An engagement of this test's own: `id`, and `dossier`, already scored."""
        taken = self.unused.pop()
        self.client.wait_for_score(taken["dossier"], facts=0, seconds=60)
        return taken

    def database(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self.servers.environment["PARLEY_DATABASE_URL"])

    def rows(self, statement: str, *values: Any) -> list[Any]:
        with self.database() as connection:
            return connection.execute(statement, values).fetchall()

    def standing(self) -> str:
        """Jobs not done and scores behind, in the database's own words."""
        told = [f"now {self.rows('SELECT now()')[0][0]}"]
        told += [f"job {row}" for row in self.rows(JOBS_NOT_DONE)]
        told += [f"score {row}" for row in self.rows(SCORES_BEHIND)]
        for name, process in self.servers.processes.items():
            told.append(f"{name}: {'runs' if process.poll() is None else 'has ended'}")
        return "\n".join(told)

    def mend(self) -> None:
        """Start again what a test has ended, so that the next one finds everything up."""
        self.servers.redis.thaw()
        if not self.servers.redis.answers():
            self.servers.redis.stop()
            self.servers.redis.start()
        for service in SERVICES:
            process = self.servers.processes.get(service)
            if process is None or process.poll() is not None:
                self.servers.start(service)
        wait_until(self.servers.is_ready, seconds=30, what="the pages to be ready")


@pytest.fixture(scope="session")
def running(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parley]:
    if not OwnRedis.possible():
        not_here(machine.NO_REDIS_SERVER)
    with ServerMode(postgres_url, tmp_path_factory.mktemp("server")) as servers:
        told = servers.manage("shell", "-c", "from tests.server.seed import seed; seed()")
        register = json.loads(told.splitlines()[-1])
        client = Client(servers.url, register["token"])
        yield Parley(servers, client, register["engagements"])


@pytest.fixture
def parley(running: Parley) -> Iterator[Parley]:
    running.mend()
    yield running
    running.mend()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: Any) -> Any:
    """A failure here is told with what the servers said and how their jobs stood."""
    report = yield
    parley = getattr(item, "funcargs", {}).get("parley")
    if call.when == "call" and report.failed and isinstance(parley, Parley):
        report.sections += [(name, parley.servers.said(name)[-4000:]) for name in SERVICES]
        report.sections.append(("jobs and scores", parley.standing()))
    return report


@pytest.fixture
def second(
    running: Parley, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], None]]:
    """Start one more worker or beat beside the first, as a careless administrator might."""
    started: list[str] = []

    def start(service: str) -> None:
        name = f"second {service}"
        folder = str(tmp_path_factory.mktemp("second"))  # two schedulers cannot share a file
        running.servers.start(service, name=name, PARLEY_VAR=folder)
        started.append(name)

    yield start
    for name in started:
        running.servers.stop(name)
