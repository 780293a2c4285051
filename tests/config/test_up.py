"""`manage.py up`: the trial in one process, tried as a newcomer does."""

import os
import re
import signal
import stat
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import ROOT, free_port, wait_until

pytestmark = pytest.mark.server


class Up:
    """One start of `manage.py up --empty` in a folder of its own."""

    def __init__(self, var: Path, *options: str) -> None:
        self.port = free_port()
        self.log = var.parent / "up.log"
        inherited = {name: told for name, told in os.environ.items() if "PARLEY" not in name}
        inherited.pop("DJANGO_SETTINGS_MODULE", None)
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, ROOT / "manage.py", "up", "--empty", "--port", str(self.port)],
                cwd=var.parent,  # any other place than the working copy
                env=inherited | {"PARLEY_VAR": str(var)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def said(self) -> str:
        return self.log.read_text()

    def served(self) -> bool:
        assert self.process.poll() is None, self.said()
        return f"http://127.0.0.1:{self.port}" in self.said().splitlines()

    def get(self, path: str) -> bytes:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return answer.read()

    def end(self, by: signal.Signals) -> int:
        self.process.send_signal(by)
        return self.process.wait(20)


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("up") / "var"


@pytest.fixture
def up(var: Path) -> Iterator[Up]:
    started = Up(var)
    wait_until(started.served, seconds=90, what=f"up to serve; it said {started.log}")
    yield started
    if started.process.poll() is None:
        started.process.kill()
        started.process.wait()


def test_a_start_serves_pages_on_loopback_and_prints_the_address(up):
    assert up.get("/health/ready") == b'{"ready": true}'
    assert b"Parley" in up.get("/accounts/login/")


def test_keys_and_rows_are_readable_by_their_owner_alone(up, var):
    assert stat.S_IMODE(var.stat().st_mode) == 0o700
    assert {stat.S_IMODE(key.stat().st_mode) for key in (var / "keys").iterdir()} == {0o600}


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_cleanly_when_asked(up, by):
    assert up.end(by) == 0
    assert up.said().endswith("Stopped.\n")


def test_a_second_start_keeps_the_data_and_the_key(up, var):
    key = (var / "keys" / "kek").read_text()
    ask = "SELECT count(*) FROM django_migrations"
    rows = query(var, ask)
    up.end(signal.SIGTERM)
    again = Up(var)
    wait_until(again.served, seconds=60, what="the second start")
    again.end(signal.SIGTERM)
    assert (var / "keys" / "kek").read_text() == key
    assert query(var, ask) == rows


def query(var: Path, statement: str) -> object:
    import sqlite3

    connection = sqlite3.connect(var / "parley.sqlite3")
    try:
        return connection.execute(statement).fetchall()
    finally:
        connection.close()


def test_a_lost_key_is_not_replaced_beside_the_rows_it_sealed(up, var):
    up.end(signal.SIGTERM)
    kept = (var / "keys" / "kek").rename(var / "kek-elsewhere")
    refused = Up(var)
    assert refused.process.wait(60) != 0
    assert not (var / "keys" / "kek").exists()
    assert "Parley will not start" in refused.said()
    kept.rename(var / "keys" / "kek")


def test_a_port_that_is_taken_is_named_before_anything_is_waited_for(up, var):
    taken = subprocess.run(
        [sys.executable, ROOT / "manage.py", "up", "--empty", "--port", str(up.port)],
        env=os.environ
        | {"PARLEY_VAR": str(var), "DJANGO_SETTINGS_MODULE": "config.settings.local"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert taken.returncode == 1
    assert taken.stdout == ""
    assert re.fullmatch(r"Port \d+ is taken or not allowed\. Choose another, .*\n", taken.stderr)
