"""What every test may lean on. The cast stands in tests/cast.py."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest

from tests import machine
from tests.servers import OwnRedis, ServerMode

pytest_plugins = ["tests.cast"]

# Playwright runs an event loop in the test's own thread, where Django would refuse to work.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

pytest_plugins = ["tests.cast"]

TOUCHES_DATABASE = {"db", "transactional_db", "live_server", "django_db_reset_sequences"}

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# --- What runs, and what is said of the rest ------------------------------------------------------


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--second-engine",
        action="store_true",
        help="only what may differ between databases: no browser, no plain functions",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--second-engine"):
        return
    again = [item for item in items if differs_between_engines(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in again])
    items[:] = again


def differs_between_engines(item: pytest.Item) -> bool:
    if item.get_closest_marker("browser") or item.get_closest_marker("server"):
        return False
    if item.get_closest_marker("django_db"):
        return True
    return bool(TOUCHES_DATABASE & set(getattr(item, "fixturenames", ())))


def not_here(why: str) -> NoReturn:
    """In CI everything has to be there; on a person's machine the rest goes on and is told of."""
    if machine.IN_CI:
        pytest.fail(f"In CI nothing is left out, but there is {why}.", pytrace=False)
    pytest.skip(why)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: Any) -> Any:
    report = yield
    return forbid_skip_in_ci(report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: Any) -> Any:
    report = yield
    return forbid_skip_in_ci(report)


def forbid_skip_in_ci(report: Any) -> Any:
    if machine.IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"Skipped, which CI does not allow: {report.longrepr}"
    return report


def pytest_terminal_summary(terminalreporter: Any) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = Counter(report.longrepr[2].removeprefix("Skipped: ") for report in skipped)
    for why, count in sorted(reasons.items()):
        tests = "test" if count == 1 else "tests"
        terminalreporter.write_line(f"Left out: {count} {tests}, because {why}.")


# --- Services and browser -------------------------------------------------------------------------


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """A PostgreSQL where the test may create databases of its own."""
    return machine.postgresql_url() or not_here(machine.NO_POSTGRESQL)


@pytest.fixture(scope="session")
def redis_url() -> str:
    """A shared Redis: keep to a key prefix of your own, never flush it."""
    return machine.redis_url() or not_here(machine.NO_REDIS)


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[OwnRedis]:
    """A Redis that belongs to this test, to be stopped, frozen, flushed and started again."""
    if not OwnRedis.possible():
        not_here(machine.NO_REDIS_SERVER)
    with OwnRedis(tmp_path) as server:
        yield server


@pytest.fixture(scope="module")
def server_mode(
    postgres_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServerMode]:
    """Server mode with its tables made and its Redis up; the test starts web, worker and beat."""
    if not OwnRedis.possible():
        not_here(machine.NO_REDIS_SERVER)
    with ServerMode(postgres_url, tmp_path_factory.mktemp("server")) as servers:
        yield servers


@pytest.fixture(scope="session")
def chromium() -> str:
    return machine.chromium_path() or not_here(machine.NO_CHROMIUM)


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Any, live_server: Any) -> Iterator[Any]:
    """A phone-sized page on the running site; a script error or blocked resource fails the test."""
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": 360, "height": 780}, has_touch=True
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: note_refusal(said, complaints))
    yield page
    context.close()
    assert complaints == []


def note_refusal(said: Any, complaints: list[str]) -> None:
    if said.type == "error" and "Content Security Policy" in said.text:
        complaints.append(said.text)


# --- Between tests --------------------------------------------------------------------------------


@pytest.fixture(scope="session", autouse=True)
def emptied_by_delete() -> Iterator[None]:
    """Empty PostgreSQL's tables by DELETE: TRUNCATE makes a new file for each, two seconds a test.

    Every foreign key is deferred, so the order of the tables does not matter within the one
    transaction that Django runs these statements in.
    """
    from django.db.backends.postgresql.operations import DatabaseOperations

    def delete_all(self: Any, style: Any, tables: Any, **options: Any) -> list[str]:
        return [f"DELETE FROM {self.quote_name(table)}" for table in sorted(tables)]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", delete_all)
        yield


@pytest.fixture(autouse=True)
def forgotten_keys() -> None:
    """Keys that the last test opened went away with its rows."""
    from records.sealing import forget_keys

    forget_keys()
